"""The form of an article with forty pictures, against the same form without a picture."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import writing
from articles.models import Article, ArticleImage, Channel, Department
from benchmarks import scratch
from benchmarks.plan import Plan
from benchmarks.report import Line, Report
from newsroom.authentication import BACKEND

PICTURES = 40
CAPTION = re.compile("<figcaption>.*?</figcaption>")
PARAGRAPH = f"<p>{'职工在井口合影，矿灯照亮巷道。' * 10}</p>"
# Pictures may be looked up in a bounded number of further queries, never in one each.
MORE_QUERIES = 6
REPETITIONS = 20


@dataclass(frozen=True)
class Job:
    """One thing an editor does with an article: `ready` gives the request, only that is timed."""

    name: str
    ready: Callable[[Article], Callable[[], None]]


def measure(plan: Plan) -> Report:
    editor = _editor()
    plain, pictured = _story(editor, 0), _story(editor, PICTURES)
    desk = _Desk(editor)
    jobs = [
        Job("open the form", desk.open),
        Job("save", desk.save),
        Job("autosave", desk.autosave),
    ]
    report = Report(
        f"desk, an article with {PICTURES} pictures",
        "the same step with an article of the same text without pictures, steps per second",
    )
    for job in jobs:
        _add(report, job, plain, pictured, plan.rounds)
    return report


def _add(report: Report, job: Job, plain: Article, pictured: Article, rounds: int) -> None:
    few, many = _queries(job, plain), _queries(job, pictured)
    ratios = []
    for _ in range(rounds):
        bare = _seconds(job, plain)
        ratios.append(bare / _seconds(job, pictured))
    report.lines.append(Line(job.name, ratios, f"queries: {few} without pictures, {many} with"))
    if many - few > MORE_QUERIES:
        report.faults.append(f"{job.name}: {many - few} more queries with {PICTURES} pictures")


def _queries(job: Job, article: Article) -> int:
    job.ready(article)()
    request = job.ready(article)
    with CaptureQueriesContext(connection) as captured:
        request()
    return len(captured)


def _seconds(job: Job, article: Article) -> float:
    seconds = 0.0
    for _ in range(REPETITIONS):
        request = job.ready(article)
        start = monotonic()
        request()
        seconds += monotonic() - start
    return seconds


def _editor() -> User:
    return User.objects.create_superuser(f"editor-{uuid4().hex[:8]}")


def _story(editor: User, pictures: int) -> Article:
    """A draft of forty paragraphs with so many pictures between them."""
    scratch.stock(1)
    source = ArticleImage.objects.all()[0]
    rows = []
    for _ in range(pictures):
        source.pk, source.article, source.order, source.uploaded_by = None, None, 0, editor
        source.save(force_insert=True)
        rows.append(source.pk)
    body = "".join(
        PARAGRAPH
        + (
            f'<figure data-image="{rows[place]}"><figcaption>第{place}张。</figcaption></figure>'
            if place < pictures
            else ""
        )
        for place in range(PICTURES)
    )
    article = Article(
        title="四十张照片",
        channel=Channel.objects.first(),
        source_department=Department.objects.first(),
    )
    return writing.keep(article, body=body, tags=["安全生产"], by=editor)


class _Desk:
    """The form as a browser uses it: opened, headline and every caption changed, sent."""

    def __init__(self, editor: User):
        self.client = Client(SERVER_NAME="127.0.0.1")
        self.client.force_login(editor, backend=BACKEND)
        self.editor = editor
        self.words = 0

    def open(self, article: Article) -> Callable[[], None]:
        address = self._address("change", article)
        return lambda: _expect(200, self.client.get(address))

    def save(self, article: Article) -> Callable[[], None]:
        address, typed = self._address("change", article), self._typed(article)
        return lambda: _expect(302, self.client.post(address, typed))

    def autosave(self, article: Article) -> Callable[[], None]:
        address, typed = self._address("autosave", article), self._typed(article)
        typed |= {"_autosave": "1", "_writer": str(self.editor.pk)}
        return lambda: _expect(200, self.client.post(address, typed))

    def _address(self, name: str, article: Article) -> str:
        return reverse(f"admin:articles_article_{name}", args=[article.pk])

    def _typed(self, article: Article) -> dict[str, Any]:
        """What the form sends. Each caption is another one, so each picture's row is written."""
        self.words += 1
        article = Article.objects.get(pk=article.pk)
        caption = f"<figcaption>第{self.words}次改的说明。</figcaption>"
        body, captions = CAPTION.subn(caption, writing.body_for_editor(article))
        if captions != article.images.count():
            raise SystemExit("A picture of the measured article has no caption to change.")
        return {
            "title": f"四十张照片{self.words}",
            "body": body,
            "channel": article.channel_id,
            "source_department": article.source_department_id,
            "tags": "安全生产",
            "based_on": article.version,
            "receipt": str(uuid4()),
            "sitting": "0" * 32,
            "_save": "1",
        }


def _expect(status: int, response: Any) -> None:
    if response.status_code != status:
        raise SystemExit(f"The desk answered {response.status_code}, not {status}.")
