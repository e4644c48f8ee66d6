"""An earlier revision as the present text: a new version that never touches status or counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles import writing
from articles.models import Article, ArticleImage, Attachment, Channel, Department, Video

# What is set on the article itself; the rest goes through `writing.keep`.
FIELDS = tuple(name for name in writing.KEPT_FIELDS if name != "body")


@dataclass(frozen=True)
class Restored:
    """The article as it is now; what could not come back, as sentences."""

    article: Article
    missing: list[str]
    is_new_version: bool


@transaction.atomic
def restore(article: Article, number: int, *, by: User, based_on: int) -> Restored:
    """Makes a new version with the words, pictures, attachments and tags of revision `number`.

    Status, views and the edition stay as they are. Nothing new is made when it says what the
    present text says. Raises writing.StaleForm when somebody saved after `based_on`, and
    Revision.DoesNotExist.
    """
    content = article.revisions.get(number=number).content
    fitting, missing = fit(article, content, by)
    before = article.version
    put(article, fitting, by=by, based_on=based_on, restored_from=number)
    return Restored(article, missing, is_new_version=article.version != before)


def fit(article: Article, content: dict[str, Any], by: User) -> tuple[dict[str, Any], list[str]]:
    """What of a revision's content can be had today, and sentences about the rest."""
    missing: list[str] = []
    fitting = content | _fitting_places(article, content, missing)
    rows = ArticleImage.objects.usable_in(article, by)
    fitting["images"] = _there(rows, content.get("images", []), missing, _picture_gone)
    videos = Video.objects.usable_in(article, by)
    fitting["videos"] = _there(videos, content.get("videos", []), missing, _video_gone)
    files = Attachment.objects.usable_in(article, by)
    lines = content.get("attachments", [])
    fitting["attachments"] = _there(files, lines, missing, _attachment_gone)
    return fitting, missing


def put(
    article: Article,
    content: dict[str, Any],
    *,
    by: User,
    based_on: int,
    restored_from: int | None = None,
) -> Article:
    """Saves a revision's content as the working copy; raises writing.StaleForm."""
    for name in FIELDS:
        setattr(article, name, content.get(name, writing.ABSENT.get(name)))
    return writing.keep(
        article,
        body=writing.with_words(content["body"], content["images"], content.get("videos", [])),
        tags=content["tags"],
        by=by,
        based_on=based_on,
        attachments=[
            writing.AttachmentLine(line["id"], line["title"])
            for line in content.get("attachments", [])
        ],
        restored_from=restored_from,
    )


def _fitting_places(
    article: Article, content: dict[str, Any], missing: list[str]
) -> dict[str, Any]:
    """Channel and source, as far as they are still there."""
    places: dict[str, Any] = {}
    channel, department = content["channel_id"], content["source_department_id"]
    if not Channel.objects.filter(pk=channel).exists():
        places["channel_id"] = article.channel_id
        missing.append(_("The channel of that version was deleted; the present one stays."))
    if department and not Department.objects.filter(pk=department).exists():
        places["source_department_id"] = None
        missing.append(_("The source department of that version was deleted. Choose another one."))
    return places


def _there(
    rows: Any,
    lines: list[dict[str, Any]],
    missing: list[str],
    sentence: Any,
) -> list[dict[str, Any]]:
    """The lines whose row and file are there. Files in use now are not looked for."""
    found = rows.in_bulk([line["id"] for line in lines])
    kept = []
    for place, line in enumerate(lines, start=1):
        row = found.get(line["id"])
        if row is None or not (row.order or row.file.storage.exists(row.file.name)):
            missing.append(sentence(place, line))
        else:
            kept.append(line)
    return kept


def _picture_gone(place: int, line: dict[str, Any]) -> str:
    return _("Picture %(place)d of that version is gone and stays away: %(caption)s") % {
        "place": place,
        "caption": line.get("caption") or _("no caption"),
    }


def _video_gone(place: int, line: dict[str, Any]) -> str:
    return _("A video of that version is gone and stays away: %(caption)s") % {
        "caption": line["caption"] or _("no caption")
    }


def _attachment_gone(place: int, line: dict[str, Any]) -> str:
    return _("The attachment “%(title)s” is gone and stays away.") % {"title": line["title"]}
