"""Taking away what nobody will ask for again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from articles import binning, exposing, placing, renditions
from articles.listing import keeping
from articles.models import (
    Article,
    ArticleImage,
    Attachment,
    Edition,
    Presence,
    SaveReceipt,
    Video,
)
from articles.videos import showing
from articles.visits import ledger, salts

# An upload whose form was never saved; a form stays open for a working day at most.
UPLOAD_LIFE = timedelta(days=2)
RECEIPT_LIFE = timedelta(days=7)
# How long a deleted draft can be taken back.
BIN_LIFE = timedelta(days=30)
PRESENCE_LIFE = timedelta(days=1)
LEFTOVERS_CHECKED = timedelta(days=30)

Upload = ArticleImage | Attachment | Video
# What was uploaded → the columns that name its files.
FILES: dict[type[Upload], tuple[str, ...]] = {
    Video: ("file",),
    Attachment: ("file",),
    ArticleImage: ("original", "file"),
}


@dataclass(frozen=True)
class Swept:
    uploads: int
    receipts: int
    salts: int
    views: int
    binned: int = 0


def sweep(now: datetime) -> Swept:
    """Deletes drafts that lay long in the bin, orphan uploads with their files, old receipts,
    old salts."""
    # Before the uploads: the files of these drafts become orphans.
    binned = sum(_discard(article) for article in _long_binned(now))
    uploads = sum(
        _delete(upload) for kind in FILES for upload in kind.objects.orphaned(now - UPLOAD_LIFE)
    )
    receipts, _rows = SaveReceipt.objects.filter(saved_at__lt=now - RECEIPT_LIFE).delete()
    Presence.objects.filter(seen_at__lt=now - PRESENCE_LIFE).delete()
    _conceal_leftovers(now)
    placing.conceal_over(now)
    keeping.clear_expired(now)
    return Swept(
        uploads,
        receipts,
        salts.destroy_old(now),
        ledger.forget_old(now),
        binned,
    )


def _long_binned(now: datetime) -> list[Article]:
    binned = Article.objects.binned().filter(deleted_at__lt=now - BIN_LIFE)
    return list(binned.only("deleted_at"))


def _discard(article: Article) -> bool:
    """Whether it still lay in the bin, and is gone now."""
    try:
        binning.discard(article)
    except Article.DoesNotExist:
        return False
    return True


def _conceal_leftovers(now: datetime) -> None:
    """Makes good what a process left in public that was killed while it published or withdrew."""
    recent = now - LEFTOVERS_CHECKED
    editions = Edition.objects.filter(Q(withdrawn_at__gt=recent) | Q(reprinted_at__gt=recent))
    shows_something = Exists(ArticleImage.objects.filter(article=OuterRef("pk"))) | Exists(
        Video.objects.filter(article=OuterRef("pk"))
    )
    drafts = Article.objects.drafts().filter(shows_something, updated_at__gt=recent)
    touched = {*editions.values_list("pk", flat=True), *drafts.values_list("pk", flat=True)}
    for article_id in sorted(touched):
        exposing.conceal_what_readers_do_not_see(article_id)


def _delete(upload: Upload) -> bool:
    """Whether it was still an orphan, and is gone now."""
    kind = type(upload)
    with transaction.atomic():
        still = kind.objects.select_for_update(of=("self",)).filter(pk=upload.pk, article=None)
        if not still.exists():
            return False
        upload.delete()
        # The row first: a file without a row is waste, a row without a file is a hole.
        transaction.on_commit(lambda: _delete_files(upload))
    return True


def _delete_files(upload: Upload) -> None:
    if type(upload).objects.filter(file=upload.file.name).exists():
        # A copied story has rows of its own on the files of the one it was copied from.
        return
    if isinstance(upload, ArticleImage):
        renditions.conceal([upload])
    if isinstance(upload, Video):
        showing.conceal([upload])
    for column in FILES[type(upload)]:
        getattr(upload, column).delete(save=False)
