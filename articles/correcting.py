"""更正说明: a dated note above a published story that says what was wrong in it."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles import text, workflow
from articles.models import Article, Correction

LONGEST_NOTE = 300


def correct(article: Article, *, by: User, words: str) -> Correction:
    """Readers see the note at once. Raises workflow.MoveRefused with the reason why not."""
    workflow.require(by, "correct", article)
    words = text.tidy_line(words.replace("\0", ""))
    if not words:
        raise workflow.MoveRefused(_("Write what was wrong and what is right."))
    if len(words) > LONGEST_NOTE:
        raise workflow.MoveRefused(_("The note is longer than 300 characters. Shorten it."))
    return Correction.objects.create(edition_id=article.pk, text=words, made_by=by)


def take_back(correction: Correction, *, by: User) -> None:
    """Takes a note from the page, such as one with a mistake of its own."""
    workflow.require(by, "correct", correction.edition.article)
    correction.delete()
