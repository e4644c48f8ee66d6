"""How staff are told where a story stands: what readers have of it, and who has the text."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.models import Article, Stage


@dataclass(frozen=True)
class Badge:
    """`kind`: part of the name of its style."""

    kind: str
    label: str


def badges(article: Article) -> list[Badge]:
    """At most two: of a draft its stage says all there is to say."""
    status = Badge(article.status, status_label(article))
    if article.stage == Stage.WRITING:
        return [status]
    stage = Badge(f"stage stage-{article.stage}", article.get_stage_display())
    return [stage] if article.status == Article.Status.DRAFT else [status, stage]


def status_label(article: Article) -> str:
    """What readers have of a story, with the moment where one is to come or was."""
    if article.status == Article.Status.DRAFT:
        return article.get_status_display()
    edition = article.edition
    if article.status == Article.Status.WITHDRAWN:
        return article.get_status_display() if edition.is_gone else _("schedule cancelled")
    if edition.is_waiting:
        moment = date_format(timezone.localtime(edition.published_at), "Y-m-d H:i")
        return _("scheduled for %(when)s") % {"when": moment}
    if edition.has_expired and edition.expires_at:
        moment = date_format(timezone.localtime(edition.expires_at), "Y-m-d H:i")
        return _("ended %(when)s") % {"when": moment}
    if article.is_changed_since_published:
        return _("published, with changes not yet published")
    return article.get_status_display()
