"""更正说明: a dated note above a published story that says what was wrong in it."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles import text, workflow
from articles.models import Article, Correction, Edition

LONGEST_NOTE = 300


@transaction.atomic
def correct(article: Article, *, by: User, words: str) -> Correction:
    """Readers see the note at once. Raises workflow.MoveRefused with the reason why not.

    Sent twice it is one note all the same.
    """
    workflow.require(by, "correct", article)
    words = text.tidy_line(words.replace("\0", ""))
    if not words:
        raise workflow.MoveRefused(_("Write what was wrong and what is right."))
    if len(words) > LONGEST_NOTE:
        raise workflow.MoveRefused(_("The note is longer than 300 characters. Shorten it."))
    # One after the other: the second click of two waits, and finds what the first one wrote.
    list(Edition.objects.select_for_update().filter(pk=article.pk).values_list("pk"))
    newest = Correction.objects.filter(edition=article.pk).first()
    if newest and newest.text == words:
        return newest
    return Correction.objects.create(edition_id=article.pk, text=words, made_by=by)


def take_back(correction: Correction, *, by: User) -> None:
    """Takes a note from the page, such as one with a mistake of its own."""
    workflow.require(by, "correct", correction.edition.article)
    correction.delete()
