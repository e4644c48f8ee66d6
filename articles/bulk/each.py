"""What a run and its undo share: whose rights count for a story, and why one was left alone."""

from __future__ import annotations

import logging
from dataclasses import replace

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles.models import Article
from articles.recording import Actor
from articles.workflow import MoveRefused

logger = logging.getLogger(__name__)


def as_of_now(by: Actor) -> Actor:
    """The same person with the rights and appointments of this moment: a run takes minutes."""
    return replace(by, user=User.objects.get(pk=by.account.pk))


def find(number: int, by: Actor) -> Article | None:
    """The story as it is now, if this person may open it."""
    visible = Article.objects.visible_to(by.account)
    return visible.select_related("channel", "edition__revision").filter(pk=number).first()


def reasons(error: Exception, number: int) -> list[str]:
    """Why nothing was done to a story, as sentences. What nobody foresaw is logged: one story
    with a damaged file must not keep the others from their turn."""
    if isinstance(error, MoveRefused):
        return error.reasons
    if isinstance(error, Article.DoesNotExist):
        return [_("It was deleted meanwhile.")]
    logger.error("A bulk action failed at article %s.", number, exc_info=error)
    return [_("This could not be done. Look at the article, then try it by itself.")]
