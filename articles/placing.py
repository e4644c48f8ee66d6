"""Staff arrange the front page: what is placed, in which order, until when.

A placement's own picture has public names from the moment it is placed until it is over; those
that ended by time alone lose them at the next sweep.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from articles import freshness, own_pictures
from articles.models import Edition, Placement, PlacementPicture

# Stories a search for words of their titles offers.
STORIES_OFFERED = 10
MOST_WORDS = 10
WORDS_AND_TIME = ("slot", "edition", "address", "title", "starts_at", "ends_at")


def clean_picture(upload: UploadedFile) -> ContentFile:
    """The upload as it may be kept; raises pictures.PictureRefused."""
    return own_pictures.clean(upload)


@transaction.atomic
def keep(
    placement: Placement, *, picture: ContentFile | None = None, without_picture: bool = False
) -> Placement:
    """Saves a placement, a new one as the first of its slot; `picture` is a clean copy."""
    if placement._state.adding:
        placement.order = 0
        Placement.objects.filter(slot=placement.slot).update(order=F("order") + 1)
        placement.save()
    else:
        # In the order the slot has by now.
        placement.save(update_fields=WORDS_AND_TIME)
    if picture or without_picture:
        _drop_picture(placement)
    if picture:
        own_pictures.keep(PlacementPicture(placement=placement), picture)
    _show_picture(placement)
    return placement


@transaction.atomic
def take_down(placement: Placement) -> None:
    """From now on it stands no more; one that never stood goes without a trace."""
    now = timezone.now()
    if placement.starts_at >= now:
        remove(placement)
    elif not placement.is_over(now):
        placement.ends_at = now
        placement.save(update_fields=["ends_at"])
        _show_picture(placement)


@transaction.atomic
def remove(placement: Placement) -> None:
    """As if it had never been."""
    _drop_picture(placement)
    placement.delete()


@transaction.atomic
def reorder(slot: str, ids: Sequence[int]) -> None:
    """Puts these placements of a slot first, in this order; the others keep theirs behind."""
    rows = list(Placement.objects.select_for_update().filter(slot=slot).in_order())
    wanted = {pk: place for place, pk in enumerate(ids)}
    rows.sort(key=lambda row: wanted.get(row.pk, len(wanted)))
    for place, row in enumerate(rows):
        row.order = place
    Placement.objects.bulk_update(rows, ["order"])
    freshness.changed(freshness.NO_MARK)


def stories_with(words: str) -> list[Edition]:
    """The newest stories whose titles hold all the words; scheduled ones too."""
    found = Edition.objects.filter(withdrawn_at=None)
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(title__icontains=word)
    return list(found.newest_first().for_lists().select_related("channel")[:STORIES_OFFERED])


def conceal_over(now: datetime) -> None:
    """Takes the public names of pictures away whose placements ended."""
    own_pictures.conceal(PlacementPicture.objects.filter(placement__ends_at__lte=now))


def expose_all() -> int:
    """Gives the pictures of all placements that are not over their public names again.

    Returns how many.
    """
    own = PlacementPicture.objects.filter(placement__in=Placement.objects.not_over())
    for picture in own:
        own_pictures.expose(picture)
    return len(own)


def _own_picture(placement: Placement) -> PlacementPicture | None:
    return PlacementPicture.objects.filter(placement=placement).first()


def _show_picture(placement: Placement) -> None:
    """Public names for its own picture unless it is over."""
    own = _own_picture(placement)
    if own is None:
        return
    if placement.is_over():
        transaction.on_commit(lambda: own_pictures.conceal([own]), robust=True)
    else:
        own_pictures.expose(own)


def _drop_picture(placement: Placement) -> None:
    own = _own_picture(placement)
    if own is not None:
        own_pictures.drop(own)
