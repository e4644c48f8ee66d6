"""Forty photographs of 8 MB in a row, as the article form sends them: memory and answers.

The largest a worker has ever been is what Linux calls its high-water mark. It covers whatever
was going on at the same time: the upload, the copy that is kept, renditions in the background
thread, and the desk asking for each picture right after it arrived.
"""

from __future__ import annotations

import http.client
import json
import secrets
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from PIL import Image

from articles.models import ArticleImage
from articles.models.rendition_formats import DESK_FORMATS, FORMATS
from benchmarks.plan import Plan
from benchmarks.report import Line, Report
from benchmarks.server import serving
from newsroom.authentication import BACKEND

UPLOADS = 40
# 24 megapixels, which a good camera files in about 8 MB.
SIZE, QUALITY = (6_000, 4_000), 85
MOST_MEMORY = 400
PATIENCE = 300
BOUNDARY = "photograph"


def measure(plan: Plan) -> Report:
    """Each worker's peak against the limit."""
    report = Report(f"uploads, {UPLOADS} photographs in a row", f"{MOST_MEMORY} MB for a worker")
    photographs = list(_photographs())
    with serving() as port:
        desk = _Desk(port)
        before = desk.peaks()
        seconds = [desk.upload(photographs[number % len(photographs)]) for number in range(UPLOADS)]
        _await_renditions()
        after = desk.peaks()
    for place, peak in enumerate(sorted(after.values()), start=1):
        report.lines.append(Line(f"worker {place}", [peak / MOST_MEMORY], f"{peak:.0f} MB"))
        if peak > MOST_MEMORY:
            report.faults.append(f"a worker took {peak:.0f} MB")
    size = sum(map(len, photographs)) / len(photographs) / 1_000_000
    report.notes.append(f"before the first: {max(before.values()):.0f} MB; a file: {size:.1f} MB")
    alone = _making()
    report.notes.append(
        f"an answer: {sum(seconds) / UPLOADS:.2f} s on average, {max(seconds):.2f} s at most; "
        f"a picture's renditions, made afterwards: {alone:.2f} s"
    )
    return report


def _photographs() -> Iterator[bytes]:
    """Noise on a soft ground: compresses about as badly as leaves and gravel do. Two differ."""
    for place in range(2):
        noise = Image.effect_noise(SIZE, 28)
        ground = Image.linear_gradient("L").resize(SIZE)
        bands = [noise, Image.blend(noise, ground, 0.5), ground]
        buffer = BytesIO()
        Image.merge("RGB", bands[place:] + bands[:place]).save(buffer, "JPEG", quality=QUALITY)
        yield buffer.getvalue()


class _Desk:
    """Somebody who writes, and one browser's connection."""

    def __init__(self, port: int):
        user = User.objects.create_superuser(f"uploader-{secrets.token_hex(4)}")
        browser = Client()
        browser.force_login(user, backend=BACKEND)
        session = browser.cookies[settings.SESSION_COOKIE_NAME].value
        token = secrets.token_hex(16)
        self.headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; "
            f"{settings.CSRF_COOKIE_NAME}={token}",
            "X-CSRFToken": token,
        }
        self.port = port
        self.workers: set[int] = set()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def upload(self, content: bytes) -> float:
        """Sends it, then looks at it as the page does; returns how long the answer took."""
        head = (
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
            'name="file"; filename="photograph.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        )
        body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        start = monotonic()
        status, answer = self._ask("POST", reverse("admin:articles_article_upload"), body, kind)
        seconds = monotonic() - start
        assert status == 201, answer
        picture = reverse("admin:articles_article_picture", args=[json.loads(answer)["id"]])
        for address in (picture, f"{picture}thumb/"):
            status, answer = self._ask("GET", address)
            assert status == 200, answer
        return seconds

    def peaks(self) -> dict[int, float]:
        """The number of each worker met so far → the most memory it ever took, in MB."""
        for _question in range(8):
            # A new connection each time: an idle one was closed, a kept one knows one worker.
            self.connection.close()
            status, worker = self._ask("GET", "/bare/")
            assert status == 200
            self.workers.add(int(worker))
        return {worker: _peak(worker) for worker in self.workers}

    def _ask(
        self, method: str, address: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        self.connection.request(method, address, body, self.headers | (headers or {}))
        response = self.connection.getresponse()
        return response.status, response.read()


def _peak(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def _await_renditions() -> None:
    """Until the background threads have made what readers will get."""
    until = monotonic() + PATIENCE
    images = list(ArticleImage.objects.all())
    missing = [image.file.rendition_name("fallback") for image in images]
    storage = images[0].file.storage
    while missing and monotonic() < until:
        missing = [name for name in missing if not storage.exists(name)]
        sleep(0.5)
    if missing:
        raise SystemExit(f"{len(missing)} pictures were never prepared")


def _making() -> float:
    """Seconds that making one picture's renditions takes."""
    image = ArticleImage.objects.latest("pk")
    start = monotonic()
    for name in [*DESK_FORMATS, *FORMATS]:
        image.file.process(name, force=True)
    return monotonic() - start
