"""Corrections of views: rows with a reason, reversible; the counted number is never edited."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import text
from articles.models import ArticleViews, Edition, ViewCorrection
from articles.visits import figures, ledger

LONGEST_REASON = 200
# What nobody types on purpose.
MOST = 10_000_000


class CorrectionRefused(Exception):
    """Why a correction cannot be made; its sentence is for staff."""


class MadeAlready(CorrectionRefused):
    """A second click: it stands, or is reversed, already."""


def correct(article_id: int, n: int, *, day: date, by: User, reason: str) -> ViewCorrection:
    """Adds views to what was counted, or takes some away (n < 0). Raises CorrectionRefused."""
    reason = _checked(reason)
    if not n or abs(n) > MOST:
        raise CorrectionRefused(_("Write how many views, for example -120; zero changes nothing."))
    if day > timezone.localdate():
        raise CorrectionRefused(_("The day lies in the future. Choose today or an earlier day."))
    if not Edition.objects.filter(pk=article_id).exists():
        raise CorrectionRefused(_("This story was never published and has no views."))
    with transaction.atomic():
        _add(article_id, n)
        _refuse_twin(article_id, day, n, reason)
        return ViewCorrection.objects.create(
            article_id=article_id, day=day, n=n, reason=reason, made_by=by
        )


def reverse(correction: ViewCorrection, *, by: User, reason: str) -> None:
    """Takes a correction back; both stay on record. Raises CorrectionRefused."""
    reason = _checked(reason)
    with transaction.atomic():
        row = ViewCorrection.objects.select_for_update().get(pk=correction.pk)
        if row.reversed_at:
            raise MadeAlready(_("This correction was reversed already."))
        _add(row.article_id, -row.n)
        row.reversed_at, row.reversed_by, row.reversal_reason = timezone.now(), by, reason
        row.save(update_fields=["reversed_at", "reversed_by", "reversal_reason"])


def _add(article_id: int, n: int) -> None:
    ledger.open_account(article_id)
    ArticleViews.objects.select_for_update().get(pk=article_id)
    if figures.views(article_id) + n < 0:
        raise CorrectionRefused(_("The story has fewer views than that. Take away fewer."))
    ArticleViews.objects.filter(pk=article_id).update(corrected=F("corrected") + n)


def _refuse_twin(article_id: int, day: date, n: int, reason: str) -> None:
    """The row of sums is locked, so that of two clicks at once one sees what the other made."""
    standing = ViewCorrection.objects.filter(article_id=article_id, reversed_at=None)
    if standing.filter(day=day, n=n, reason=reason).exists():
        raise MadeAlready(_("This correction stands already. It was not made twice."))


def _checked(reason: str) -> str:
    reason = text.tidy_line(reason.replace("\0", ""))
    if not reason:
        raise CorrectionRefused(_("Write why, so that everybody can see it later."))
    if len(reason) > LONGEST_REASON:
        raise CorrectionRefused(_("The reason is longer than 200 characters. Shorten it."))
    return reason
