"""One nginx with the configuration of deploy/, one gunicorn behind it, for all tests here.

Both are real processes, with TLS in front, so a test commits what it makes.
"""

from __future__ import annotations

import http.client
import os
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from articles.models import Edition
from deploy import trial
from tests.factories import make_edition

ROOT = Path(__file__).resolve().parent.parent.parent
MISSING = "nginx or openssl is missing. To get them: sudo apt-get install nginx openssl"
GUNICORN = [sys.executable, "-m", "gunicorn", "newsroom.wsgi"]
GUNICORN += ["--config", "deploy/gunicorn.conf.py", "--log-level", "warning"]


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def __getitem__(self, name: str) -> str:
        return self.headers.get(name, "")

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Site:
    """The newsroom as it is reached from outside, and the folders behind it."""

    places: trial.Places
    gunicorn: int

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, *, source="", **headers
    ) -> Answer:
        """One request from an address of this machine; `if_none_match="…"` is a header."""
        line = http.client.HTTPSConnection(
            "localhost",
            self.places.port,
            timeout=30,
            context=ssl.create_default_context(cafile=f"{self.places.tls}/fullchain.pem"),
            source_address=(source or "127.0.0.1", 0),
        )
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            line.request(method, path, body, named)
            response = line.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            line.close()

    @property
    def origin(self) -> str:
        return f"https://localhost:{self.places.port}"

    @property
    def log(self) -> str:
        return (self.places.folder / "access.log").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if not (trial.nginx() and shutil.which("openssl")):
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(f"{MISSING} (REQUIRE_ALL=1)", pytrace=False)
        pytest.skip(MISSING)
    folder = tmp_path_factory.mktemp("nginx")
    places = trial.Places(
        folder=folder,
        node=f"unix:{folder}/gunicorn.sock",
        static=_folder(folder / "static"),
        media=_folder(folder / "media"),
        port=trial.free_port(),
        redirecting_port=trial.free_port(),
        tls=_certified(folder / "tls"),
    )
    with _gunicorn(places) as process, trial.serving(places):
        yield Site(places, process)


@pytest.fixture(autouse=True)
def house_rules(house_rules: None, site: Site, settings) -> None:
    """The files of these tests are those that nginx and gunicorn know."""
    settings.MEDIA_ROOT = site.places.media
    settings.STATIC_ROOT = site.places.static


@pytest.fixture
def story(chief) -> Edition:
    return make_edition(by=chief, title="原来的标题")


@pytest.fixture
def address(story) -> str:
    return story.get_absolute_url()


@contextmanager
def _gunicorn(places: trial.Places) -> Iterator[int]:
    path = places.node.removeprefix("unix:")
    command = [*GUNICORN, "--bind", places.node, "--workers", "1"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | _environment(places)) as server:
        try:
            until = time.monotonic() + trial.PATIENCE
            while not Path(path).exists():
                assert server.poll() is None, "gunicorn did not start"
                assert time.monotonic() < until, "gunicorn takes too long"
                time.sleep(0.02)
            yield server.pid
        finally:
            server.terminate()


def _environment(places: trial.Places) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "tests.deploy.settings",
        "TRIAL_STATIC_ROOT": str(places.static),
        "MEDIA_ROOT": str(places.media),
        "KEPT_PAGES_DIR": str(places.folder / "kept"),
        "DATABASE_URL": _database(),
        "ALLOWED_HOSTS": "localhost",
        "HTTPS": "True",
        "PROXY_COUNT": "1",
        "PYTHONPATH": str(ROOT),
    }


def _database() -> str:
    """The address of the database the tests write into."""
    named = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{named['NAME']}"
    person = quote(named["USER"]) + (f":{quote(named['PASSWORD'])}" if named["PASSWORD"] else "")
    port = f":{named['PORT']}" if named["PORT"] else ""
    return f"postgres://{person}{'@' if person else ''}{named['HOST']}{port}/{named['NAME']}"


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _certified(folder: Path) -> Path:
    """A folder with a certificate that the tests trust."""
    folder.mkdir()
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", f"{folder}/privkey.pem", "-out", f"{folder}/fullchain.pem"]
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    command = ["openssl", "req", "-x509", *key, *files, *subject]
    subprocess.run(command, check=True, capture_output=True)
    return folder
