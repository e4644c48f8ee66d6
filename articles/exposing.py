"""Which files of stories lie under public names: those that live editions show."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from articles import printing, renditions
from articles.models import Article, ArticleImage, Edition, Revision, Video
from articles.videos import showing

logger = logging.getLogger(__name__)


def expose_all() -> int:
    """Gives the files of all live stories their public names again, after a restored backup.

    Returns how many stories it went through.
    """
    editions = Edition.objects.live().select_related("revision").defer("body", "plain_text")
    exposed = 0
    for edition in editions.iterator(chunk_size=200):
        content, images = edition.revision.content, _as_printed(edition)
        renditions.expose(images, printing.cover_among(images, content.get("cover_id")))
        videos = [video["id"] for video in content.get("videos", [])]
        showing.expose(Video.objects.filter(pk__in=videos))
        exposed += 1
    return exposed


def _as_printed(edition: Edition) -> list[ArticleImage]:
    """The pictures of an edition in the frames it shows, whatever their rows say by now."""
    content = edition.revision.content
    snapshots = list(content["images"])
    placed = {snapshot["id"] for snapshot in snapshots}
    named = [video["poster"] for video in content.get("videos", []) if video["poster"]]
    posters = [poster for poster in dict.fromkeys(named) if poster not in placed]
    rows = ArticleImage.objects.in_bulk([*placed, *posters])
    images = []
    for snapshot in snapshots:
        if image := rows.get(snapshot["id"]):
            image.frame_as(snapshot)
            images.append(image)
    found = [rows[poster] for poster in posters if poster in rows]
    return images + [poster for poster in found if _frame_as_printed(poster, edition)]


def _frame_as_printed(poster: ArticleImage, edition: Edition) -> bool:
    """Frames a poster as its edition shows it; whether the frame is known.

    A revision keeps the frames of the pictures in its text only. The names of files tell which
    of the frames the picture ever had it was.
    """
    page = _page(edition)

    def names_in_page(snapshot: dict[str, Any]) -> int:
        """2: poster and cover, 1: the poster, 0: neither."""
        poster.frame_as(snapshot)
        files = [poster.file.rendition_name(name) for name in ("fallback", "cover")]
        is_there = [file.rpartition("/")[2] in page for file in files]
        return sum(is_there) if is_there[0] else 0

    kept = Revision.objects.filter(article=edition.pk).values_list("content__images", flat=True)
    ever = [poster.snapshot(), {}]
    ever += [image for images in kept for image in images if image["id"] == poster.pk]
    printed = max(ever, key=names_in_page)
    if not names_in_page(printed):
        logger.warning("Story %s: the frame of poster %s is lost.", edition.pk, poster.pk)
        return False
    return True


@transaction.atomic
def conceal_what_readers_do_not_see(article_id: int) -> None:
    """Hides pictures (and older frames of them) and videos of a story that its edition lacks.

    Under the article's lock: a publication at the same moment is seen, or waits.
    """
    article = Article.objects.select_for_update(of=("self",)).get(pk=article_id)
    images = list(article.images.all())
    videos = list(article.videos.all())
    shared = lock_shared_files(ArticleImage, images, article_id)
    shared_videos = lock_shared_files(Video, videos, article_id)
    editions = Edition.objects.filter(withdrawn_at=None)
    own = editions.filter(article=article).first()
    page = _page(own) if own else ""

    def is_shown(image: ArticleImage, name: str) -> bool:
        if name in page:
            return True
        named = Q(body__contains=name) | Q(cover__source__icontains=name)
        named |= Q(cover__source_set__icontains=name)
        file = image.file.name
        return file in shared and editions.filter(named, article__images__file=file).exists()

    def is_played(video: Video) -> bool:
        name, file = showing.public_name(video), video.file.name
        if name in page:
            return True
        # By file first, so that only the bodies of its few stories are read.
        elsewhere = editions.filter(article__videos__file=file, body__contains=name)
        return file in shared_videos and elsewhere.exists()

    renditions.conceal(images, is_shown)
    showing.conceal(video for video in videos if not is_played(video))


def conceal_after_commit(article_id: int) -> None:
    """The same, once the move that is being made is made."""
    # Robust: the move is made; what fails here is made good by the daily sweep.
    transaction.on_commit(lambda: conceal_what_readers_do_not_see(article_id), robust=True)


def _page(edition: Edition) -> str:
    """All that names files of an edition: what it was printed with decides, not what is now."""
    return f"{edition.body} {json.dumps(edition.cover)}"


def lock_shared_files(
    kind: type[ArticleImage | Video], uploads: Sequence[ArticleImage | Video], article_id: int
) -> set[str]:
    """The files that other stories show too (copies do), one row of each locked.

    Of two stories that share a file, one gives it public names while the other takes them away:
    one after the other.
    """
    rows = kind.objects.filter(file__in={upload.file.name for upload in uploads})
    shared = set(rows.exclude(article=article_id).values_list("file", flat=True).distinct())
    for file in sorted(shared):
        list(rows.filter(file=file).select_for_update().order_by("pk").values_list("pk")[:1])
    return shared
