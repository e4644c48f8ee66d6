"""The configuration of nginx, as it stands here, run on other ports and folders.

For tests and measures: the files are the ones that are installed, only names of places change.
A place that no longer occurs in them is an error, so that nothing is tried that nobody runs.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PATIENCE = 20
MAIN = """\
daemon off;
{user}
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    sendfile on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/newsroom.conf;
}}
"""


@dataclass(frozen=True)
class Places:
    """Where things lie in a trial. Without `tls` (a folder) everything is plain HTTP."""

    folder: Path
    node: str
    static: Path
    media: Path
    port: int
    redirecting_port: int
    tls: Path | None = None

    def names(self) -> dict[str, str]:
        """Place in the files → place in the trial."""
        secure = " ssl http2" if self.tls else ""
        return {
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.port}{secure};",
            "listen [::]:443 ssl http2;": f"listen [::1]:{self.port}{secure};" * has_ipv6(),
            "listen 80;": f"listen 127.0.0.1:{self.redirecting_port};",
            "listen [::]:80;": "",
            "server_name news.example.com;": "server_name localhost;",
            "/etc/nginx/newsroom/": f"{self.folder}/",
            "/etc/newsroom/tls/": f"{self.tls}/",
            "/opt/newsroom/.static/": f"{self.static}/",
            "/var/lib/newsroom/media/": f"{self.media}/",
            "/var/cache/newsroom": f"{self.folder}/cache",
            "/var/log/nginx/": f"{self.folder}/",
        }


def render(places: Places) -> Path:
    """Writes everything nginx needs into the folder; returns the file it is started with."""
    text = (HERE / "nginx/newsroom.conf").read_text(encoding="utf-8")
    for here, there in places.names().items():
        if here not in text:
            raise LookupError(f"newsroom.conf no longer holds “{here}”")
        text = text.replace(here, there)
    if not places.tls:
        text = re.sub(r"^\s*ssl_.*\n", "", text, flags=re.MULTILINE)
    (places.folder / "newsroom.conf").write_text(text, encoding="utf-8")
    (places.folder / "nodes.conf").write_text(f"server {places.node};\n", encoding="utf-8")
    shutil.copytree(HERE / "nginx/pages", places.folder / "pages", dirs_exist_ok=True)
    # What a test writes belongs to the user of the test.
    user = "user root root;" if os.geteuid() == 0 else ""
    main = places.folder / "nginx.conf"
    main.write_text(MAIN.format(user=user, folder=places.folder), encoding="utf-8")
    return main


@contextmanager
def serving(places: Places) -> Iterator[int]:
    """nginx, until the block ends; yields the number of its process."""
    command = [nginx() or "nginx", "-c", str(render(places)), "-p", str(places.folder)]
    with subprocess.Popen([*command, "-e", str(places.folder / "error.log")]) as server:  # noqa: S603 - our own words
        try:
            _await(places, server)
            yield server.pid
        finally:
            server.terminate()


def nginx() -> str | None:
    """Debian puts it where only root looks."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def _await(places: Places, server: subprocess.Popen) -> None:
    until = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", places.port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    log = places.folder / "error.log"
    raise RuntimeError(log.read_text(encoding="utf-8") if log.exists() else "nginx did not start")
