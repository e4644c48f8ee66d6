"""Taking away what nobody will ask for again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from articles import publishing
from articles.models import ArticleImage, Edition, SaveReceipt
from articles.visits import ledger

# An upload whose form was never saved; a form stays open for a working day at most.
UPLOAD_LIFE = timedelta(days=2)
RECEIPT_LIFE = timedelta(days=7)
WITHDRAWAL_CHECKED = timedelta(days=30)


@dataclass(frozen=True)
class Swept:
    uploads: int
    receipts: int
    salts: int
    views: int


def sweep(now: datetime) -> Swept:
    """Deletes orphan uploads with their files, old save receipts and old salts."""
    uploads = list(ArticleImage.objects.orphaned(now - UPLOAD_LIFE))
    deleted = sum(_delete(upload) for upload in uploads)
    receipts, _rows = SaveReceipt.objects.filter(saved_at__lt=now - RECEIPT_LIFE).delete()
    _conceal_withdrawn(now)
    return Swept(deleted, receipts, ledger.destroy_old_salts(now), ledger.forget_old_views(now))


def _conceal_withdrawn(now: datetime) -> None:
    """Makes good what a process killed right after a withdrawal left in public."""
    recent = Edition.objects.filter(withdrawn_at__gt=now - WITHDRAWAL_CHECKED)
    for article_id in recent.values_list("pk", flat=True):
        publishing.conceal_what_readers_do_not_see(article_id)


def _delete(upload: ArticleImage) -> bool:
    """Whether it was still an orphan, and is gone now."""
    with transaction.atomic():
        still = ArticleImage.objects.select_for_update().filter(pk=upload.pk, article=None)
        if not still.exists():
            return False
        upload.delete()
        # The row first: a file without a row is waste, a row without a file is a hole.
        transaction.on_commit(lambda: _delete_files(upload))
    return True


def _delete_files(upload: ArticleImage) -> None:
    if ArticleImage.objects.filter(file=upload.file.name).exists():
        # Synthetic stories share the files of an upload.
        return
    upload.original.delete(save=False)
    upload.file.delete(save=False)
