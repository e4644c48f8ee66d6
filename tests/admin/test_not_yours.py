"""What somebody may not see is not there: every address of the desk, by every way of asking.

The addresses are read from the desk itself, so that a new one is asked here by itself.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client

from articles import binning, correcting, previewing, publishing, writing
from articles.models import Article, BulkRun, Comment, Revision, Role, Stage, Transition
from tests.editorial import appoint, at_stage, make_chain, manuscript
from tests.factories import (
    figure,
    make_attachment,
    make_channel,
    make_department,
    make_image,
    make_video,
    video_figure,
)

# Who sees which rows is asked on both databases by `tests/test_permissions.py`.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

CANARY = "金丝雀稿件"
NOWHERE = 987_654
# One row of the story for each kind of number in an address.
SLUGS = {
    "format_name": "thumb",
    "action": "publish",
    "slug": "send-back",
    "name": "publish",
}
# What a form would send; an address takes of it what it wants.
SENT: dict[str, Any] = {
    "title": "改写",
    "body": "<p>改写</p>",
    "reason": "测试",
    "based_on": 1,
    "version": 1,
    "words": "测试",
    "move": "approve",
    "seen": 0,
    "days": 1,
}


def patterns() -> list[tuple[str, list[str]]]:
    """(route, its parameters) of each address of an article, or of what belongs to one."""
    found = []
    for pattern in admin.site._registry[Article].get_urls():
        route = str(pattern.pattern)
        names = re.findall(r"<(?:\w+:)?(\w+)>", route)
        if names:
            found.append((route, names))
    return found


@pytest.fixture
def story(editor, django_user_model) -> dict[str, Article]:
    """A draft, one under review and a published one with pictures and files, of another unit."""
    department, channel = make_department(name="西河发电有限公司"), make_channel()
    make_chain(Stage.UNIT, Stage.FIRST, Stage.SECOND, Stage.FINAL)
    author = appoint("author", Role.CORRESPONDENT, department)
    printer = django_user_model.objects.create_superuser("printer")
    stories = {}
    for name in ("draft", "first", "published"):
        image, video = make_image(by=author), make_video(by=author)
        stories[name] = manuscript(
            author,
            department,
            channel,
            title=f"{CANARY}{name}",
            body=figure(image, f"{CANARY}图注") + video_figure(video, f"{CANARY}视频"),
            attachments=[make_attachment(by=author)],
        )
        Comment.objects.create(article=stories[name], revision=1, words=CANARY, made_by=author)
        previewing.make_link(stories[name], by=author, note=CANARY, days=1)
    stories["binned"] = manuscript(author, department, channel, title=f"{CANARY}回收站")
    binning.throw_away(stories["binned"], by=author)
    stories["first"] = at_stage(stories["first"], Stage.FIRST)
    publishing.publish(at_stage(stories["published"], Stage.APPROVED), by=printer)
    published = Article.objects.get(pk=stories["published"].pk)
    correcting.correct(published, by=printer, words=f"{CANARY}更正")
    writing.keep(published, body="<p>第二版</p>", tags=[], by=author, based_on=published.version)
    lines = [{"article": published.pk, "title": CANARY, "done": False, "why": [CANARY]}]
    BulkRun.objects.create(action="publish", made_by=printer, lines=lines)
    return {name: Article.objects.get(pk=row.pk) for name, row in stories.items()}


def numbers(article: Article) -> dict[str, int]:
    """The rows of a story by the name addresses have for them."""
    rows = {
        "object_id": article.pk,
        "article_id": article.pk,
        "number": 1,
        "image_id": article.images.values_list("pk", flat=True).first(),
        "video_id": article.videos.values_list("pk", flat=True).first(),
        "attachment_id": article.attachments.values_list("pk", flat=True).first(),
        "link_id": article.preview_links.values_list("pk", flat=True).first(),
        "comment_id": article.comments.values_list("pk", flat=True).first(),
        "correction_id": 1,
        "run_id": BulkRun.objects.values_list("pk", flat=True).first(),
    }
    return {name: row or 1 for name, row in rows.items()}


def address(route: str, values: dict[str, Any]) -> str:
    filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), route)
    return f"/admin/articles/article/{filled}"


def asked(client: Client, method: str, where: str) -> tuple[int, str]:
    answer = client.get(where) if method == "GET" else client.post(where, SENT)
    assert not answer.streaming, where
    assert CANARY not in answer.content.decode(errors="replace"), where
    leads = answer.headers.get("Location", "")
    return answer.status_code, leads.replace(where.split("/")[4], "…")


def state() -> tuple[Any, ...]:
    """What must be as before after whatever was denied."""
    return (
        list(Article.objects.order_by("pk").values_list("pk", "title", "stage", "status")),
        Revision.objects.count(),
        Transition.objects.count(),
        LogEntry.objects.count(),
        list(Comment.objects.order_by("pk").values_list("pk", "outcome")),
    )


STRANGERS = {
    "editor of another unit": (Role.EDITOR,),
    "correspondent of the same unit": (Role.CORRESPONDENT,),
    "publisher and reviewer of another unit": (
        Role.PUBLISHER,
        Role.UNIT_REVIEWER,
        Role.FIRST_REVIEWER,
        Role.FINAL_REVIEWER,
    ),
    "chief of another unit": (Role.CHIEF,),
    "auditor of another unit": (Role.AUDITOR,),
    "administrator": (Role.ADMINISTRATOR,),
}


@pytest.mark.parametrize("stranger", STRANGERS)
def test_not_yours_answers_as_not_there(story, stranger, client):
    unit = story["draft"].source_department if "same unit" in stranger else make_department()
    for role in STRANGERS[stranger]:
        person = appoint("stranger", role, unit)
    client.force_login(person)
    before = state()
    nowhere = dict.fromkeys(numbers(story["draft"]), NOWHERE) | SLUGS | {"number": 1}
    not_there = cache(lambda method, route: asked(client, method, address(route, nowhere)))
    for name, article in story.items():
        values = {**numbers(article), **SLUGS}
        for route, parameters in patterns():
            unknown = set(parameters) - set(values)
            assert not unknown, f"say here what {unknown} of {route} is"
            for method in ("GET", "POST"):
                theirs = asked(client, method, address(route, values))
                assert theirs == not_there(method, route), (name, method, route)
                # Words sent to a story that is gone are shown as those of a new one.
                kept = {200} if (method, route) == ("POST", "<path:object_id>/change/") else set()
                assert theirs[0] in {302, 403, 404, 405} | kept, (name, method, route, theirs)
    assert state() == before


def test_the_same_addresses_answer_whoever_may(story, chief, client):
    """Otherwise nothing above would mean anything."""
    client.force_login(chief)
    answered = set()
    for article in story.values():
        values = {**numbers(article), **SLUGS}
        for route, _parameters in patterns():
            if client.get(address(route, values)).status_code == 200:
                answered.add(route)
    missing = {route for route, _names in patterns()} - answered
    # Those that only take a POST, and those of the bin.
    assert len(missing) < len(patterns()) / 2, missing
