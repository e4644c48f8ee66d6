"""The day a story is meant to appear: a plan of the desk, no part of its text."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import reviewing, workflow
from articles.models import Article
from articles.publishing import FARTHEST
from articles.recording import Actor


@transaction.atomic
def plan(article: Article, day: date | None, *, by: Actor) -> Article:
    """Keeps the day the story is meant to appear (None: no day); raises workflow.MoveRefused.

    Raises Article.DoesNotExist when it was thrown away.
    """
    article = reviewing.locked(article.pk)
    if refusal := why_not(article, by=by):
        raise workflow.MoveRefused(refusal)
    today = timezone.localdate()
    if day and day != article.planned_on and not today <= day <= today + FARTHEST:
        raise workflow.MoveRefused(_("Choose today or a later day, within a year."))
    Article.objects.filter(pk=article.pk).update(planned_on=day)
    article.planned_on = day
    return article


def why_not(article: Article, *, by: Actor) -> str:
    """Why this person may not plan it now, as a sentence; "" when they may."""
    if not workflow.can(by.account, "plan", article):
        return _("Editors of the unit and channel plan the day of a story.")
    if article.is_published:
        return _("It is published or scheduled already; its day is that of the publication.")
    return ""
