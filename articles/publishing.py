"""Printing an Edition: the body, its pictures and its plain text are rendered once, here."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import attachments, figures, markup, renditions, text, workflow
from articles.models import Article, ArticleImage, Edition, Revision, Video
from articles.renditions import Photograph
from articles.videos import showing
from articles.videos.showing import Film
from articles.visits import ledger

# Two lines of a phone: 100 half columns each.
SUMMARY_WIDTH = 200
LONGEST_REASON = 200

logger = logging.getLogger(__name__)


def publish(
    article: Article, *, by: User, version: int | None = None, at: datetime | None = None
) -> Edition:
    """Prints the newest revision for readers; raises workflow.MoveRefused with the reasons.

    `version` is the one the person has seen: when somebody saved since, nothing is published.
    The publication time is the server's, and stays when a story is printed again. `at` is for
    content that was published elsewhere before (demo, imports), never for a form. Pictures the
    story no longer shows lose their public names.
    """
    workflow.require(by, "publish", article)
    _prepare(article)
    with _nothing_left_in_public(article.pk), transaction.atomic():
        article = _locked(article.pk)
        workflow.require(by, "publish", article)
        if version is not None and article.version != version:
            raise workflow.MoveRefused(
                _("Somebody saved this article meanwhile. Read the new text, then publish it.")
            )
        gaps = workflow.publishing_gaps(article)
        if gaps:
            raise workflow.MoveRefused(*gaps)
        images = shown_images(article)
        films = list(article.videos.filter(order__gt=0))
        _lock_shared_files(ArticleImage, images, article.pk)
        _lock_shared_files(Video, films, article.pk)
        edition = _print(article, images, at or timezone.now())
        Article.objects.filter(pk=article.pk).update(status=workflow.MOVES["publish"].to_status)
        ledger.open_account(article.pk)
        _conceal_after_commit(article.pk)
        # Last, when nothing but the commit can fail: a file outlives a transaction undone.
        renditions.expose(images, cover_of(article, images))
        showing.expose(films)
    return edition


def withdraw(article: Article, *, by: User, reason: str) -> Edition:
    """Takes the story from every page at once; address and views stay for a re-publication.

    Raises workflow.MoveRefused; a reason is required.
    """
    reason = text.tidy_line(reason.replace("\0", ""))
    if not reason:
        raise workflow.MoveRefused(_("Write why the story is withdrawn."))
    if len(reason) > LONGEST_REASON:
        raise workflow.MoveRefused(_("The reason is longer than 200 characters. Shorten it."))
    with transaction.atomic():
        article = _locked(article.pk)
        workflow.require(by, "withdraw", article)
        edition = Edition.objects.select_for_update(of=("self",)).get(article=article)
        edition.withdrawn_at = timezone.now()
        edition.withdrawal_reason = reason
        edition.save(update_fields=["withdrawn_at", "withdrawal_reason"])
        Article.objects.filter(pk=article.pk).update(status=workflow.MOVES["withdraw"].to_status)
        _conceal_after_commit(article.pk)
    return edition


def _locked(article_id: int) -> Article:
    return (
        Article.objects.select_for_update(of=("self",))
        .select_related("source_department")
        .get(pk=article_id)
    )


def shown_images(article: Article) -> list[ArticleImage]:
    """The pictures of the text in order, then those shown before its videos play."""
    placed = list(article.images.filter(order__gt=0))
    posters = article.videos.filter(order__gt=0, poster__order=0).values_list("poster_id")
    return placed + (list(article.images.filter(pk__in=posters)) if posters else [])


def _prepare(article: Article) -> None:
    """Makes missing renditions: slow, so before any lock is held."""
    images = shown_images(article)
    cover = cover_of(article, images)
    for place, image in enumerate(images, start=1):
        try:
            renditions.prepare(image, is_cover=image == cover)
        except (OSError, ValueError) as error:
            raise workflow.MoveRefused(
                _("Picture %(place)d cannot be read. Remove it and insert it again.")
                % {"place": place}
            ) from error


@contextmanager
def _nothing_left_in_public(article_id: int) -> Iterator[None]:
    """Hides again what an attempt to publish exposed before it failed."""
    try:
        yield
    except workflow.MoveRefused:
        # Refused before any file was touched.
        raise
    except BaseException:
        try:
            conceal_what_readers_do_not_see(article_id)
        except Exception:
            logger.warning("Story %s may have left public files to the sweep.", article_id)
        raise


def expose_all() -> int:
    """Gives the files of all live stories their public names again, after a restored backup.

    Returns how many stories it went through.
    """
    editions = Edition.objects.live().select_related("revision").defer("body", "plain_text")
    exposed = 0
    for edition in editions.iterator(chunk_size=200):
        images = _as_printed(edition)
        renditions.expose(images, _cover(edition.revision.content.get("cover_id"), images))
        films = [video["id"] for video in edition.revision.content.get("videos", [])]
        showing.expose(Video.objects.filter(pk__in=films))
        exposed += 1
    return exposed


def _as_printed(edition: Edition) -> list[ArticleImage]:
    """The pictures of an edition in the frames it shows, whatever their rows say by now."""
    content = edition.revision.content
    snapshots = list(content["images"])
    placed = {snapshot["id"] for snapshot in snapshots}
    named = [film["poster"] for film in content.get("videos", []) if film["poster"]]
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


def cover_of(article: Article, images: list[ArticleImage]) -> ArticleImage | None:
    """The picture lists show: the chosen one, else the first of `images`."""
    return _cover(article.cover_id, images)


def _cover(chosen: int | None, images: list[ArticleImage]) -> ArticleImage | None:
    first = images[0] if images else None
    return next((image for image in images if image.pk == chosen), first)


def _conceal_after_commit(article_id: int) -> None:
    # Robust: the move is made; what fails here is made good by the daily sweep.
    transaction.on_commit(lambda: conceal_what_readers_do_not_see(article_id), robust=True)


@transaction.atomic
def conceal_what_readers_do_not_see(article_id: int) -> None:
    """Hides pictures (and older frames of them) and videos of a story that its edition lacks.

    Under the article's lock: a publication at the same moment is seen, or waits.
    """
    article = _locked(article_id)
    images = list(article.images.all())
    films = list(article.videos.all())
    shared = _lock_shared_files(ArticleImage, images, article_id)
    shared_films = _lock_shared_files(Video, films, article_id)
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

    def is_played(film: Video) -> bool:
        name, file = showing.public_name(film), film.file.name
        if name in page:
            return True
        # By file first, so that only the bodies of its few stories are read.
        elsewhere = editions.filter(article__videos__file=file, body__contains=name)
        return file in shared_films and elsewhere.exists()

    renditions.conceal(images, is_shown)
    showing.conceal(film for film in films if not is_played(film))


def _page(edition: Edition) -> str:
    """All that names files of an edition: what it was printed with decides, not what is now."""
    return f"{edition.body} {json.dumps(edition.cover)}"


def _lock_shared_files(
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


def _print(article: Article, images: list[ArticleImage], now: datetime) -> Edition:
    photographs = renditions.photographs(images)
    shown = cover_of(article, images)
    cover = renditions.cover_photograph(shown) if shown else None
    revision = article.revisions.get(number=article.version)
    edition = Edition.objects.filter(article=article).first() or Edition(
        article=article, published_at=now
    )
    edition.revision = revision
    edition.reprinted_at = now
    edition.withdrawn_at, edition.withdrawal_reason = None, ""
    for name, value in printed_values(article, photographs, cover=cover).items():
        setattr(edition, name, value)
    edition.save()
    return edition


def printed_values(
    article: Article,
    photographs: dict[int, Photograph],
    *,
    cover: Photograph | None = None,
    tags: list[str] | None = None,
    films: dict[int, Film] | None = None,
    files: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """What an edition shows of an article: its words, rendered body and names, as columns.

    Works on an article that is not saved, too, when `tags` are given. `films` and `files` (see
    `attachments.printed`) are those of the saved article unless told.
    """
    if films is None:
        films = films_of(article, photographs)
    if files is None:
        named = article.attachments.filter(order__gt=0) if article.pk else []
        files = attachments.printed(named)
    words = markup.plain_text(article.body)
    draw = figures.photograph_printer(photographs)
    return {
        "kicker": article.kicker,
        "title": article.title,
        "subtitle": article.subtitle,
        "short_title": article.short_title,
        "summary": article.summary or text.excerpt(words, SUMMARY_WIDTH),
        "body": markup.render(article.body, draw, showing.film_printer(films)),
        "plain_text": words,
        "channel_id": article.channel_id,
        "department_id": article.source_department_id,
        "source_name": article.source_name,
        "byline": article.byline,
        "tag_names": sorted(article.tags.names() if tags is None else tags),
        "cover": cover.as_dict() if cover else None,
        "attachments": files,
    }


def films_of(
    article: Article,
    photographs: dict[int, Photograph],
    address: showing.Address | None = None,
) -> dict[int, Film]:
    """The videos in the text of a saved article, each with its poster among `photographs`."""
    videos = article.videos.filter(order__gt=0) if article.pk else []
    posters = {row: photograph.source for row, photograph in photographs.items()}
    return showing.films(videos, posters, address)
