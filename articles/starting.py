"""Ways to begin a story: a template, a copy of an earlier one; words that were used before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db import models, transaction

from articles import markup, text, writing
from articles.models import Article, ArticleImage, StoryTemplate, Video
from articles.models.story_template import COPY_MARK

# Names in use are among the newest rows. Reading these along an index and counting them here
# costs the same few milliseconds with a thousand articles and with a million; DISTINCT or LIKE
# over the whole table would not.
NEWEST = 2_000
OFFERED = 8
EARLIER_ARTICLES = 20
# What separates two people in a byline.
BETWEEN_NAMES = re.compile(r"[\s、，,]+")
# Facts of an upload that belong to this row of it alone.
NOT_COPIED = frozenset({"id", "article_id", "order", "uploaded_by_id", "uploaded_at", "poster_id"})
COPIED_FIELDS = tuple(name for name in writing.KEPT_FIELDS if name not in ("body", "cover_id"))


# Templates ------------------------------------------------------------------------------------


def template_fields(template: StoryTemplate) -> dict[str, Any]:
    """What the form of a new article begins with, by field."""
    words = {name: getattr(template, name) for name in ("kicker", "title", "body", "tags")}
    return words | {"channel": template.channel_id}


def as_template(article: Article) -> dict[str, Any]:
    """What the form of a new template begins with when an article is the model for it."""
    return {
        "kicker": article.kicker,
        "title": article.title,
        "channel": article.channel_id,
        "body": without_figures(article.body),
        "tags": text.join_tags(article.tags.all()),
    }


def without_figures(body: str) -> str:
    """A cleaned body that holds words only: pictures belong to one story."""
    return markup.clean(markup.with_figures(markup.clean(body), []))


# Copies ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Twins:
    """Row of the source → row of the copy."""

    images: dict[int, ArticleImage]
    videos: dict[int, Video]


@transaction.atomic
def copy(source: Article, *, by: User) -> Article:
    """A new draft with the words, facts, tags, pictures and videos of another article.

    Pictures and videos are rows of their own on the same files. Attachments, views, versions
    and the edition stay with the source. The title is marked, so that nobody publishes it as
    it is.
    """
    article = Article(**{name: getattr(source, name) for name in COPIED_FIELDS})
    article.title = _marked(source.title)
    twins = _twins(source, by)
    if source.cover_id in twins.images:
        article.cover_id = twins.images[source.cover_id].pk
    return writing.keep(
        article, body=_renumbered(source.body, twins), tags=list(source.tags.names()), by=by
    )


def _marked(title: str) -> str:
    longest = Article._meta.get_field("title").max_length or 0
    return f"{COPY_MARK}{title.removeprefix(COPY_MARK)}"[:longest]


def _twins(source: Article, by: User) -> _Twins:
    """Copies of the rows the text shows. Locked: a sweep must see them before it takes a file."""
    originals = list(source.videos.select_for_update().filter(order__gt=0))
    posters = [video.poster_id for video in originals if video.poster_id]
    shown = models.Q(order__gt=0) | models.Q(pk__in=posters) | models.Q(pk=source.cover_id)
    photographs = list(source.images.select_for_update().filter(shown))
    images = ArticleImage.objects.bulk_create(
        ArticleImage(**_facts(row, by)) for row in photographs
    )
    new_images = {row.pk: twin for row, twin in zip(photographs, images, strict=True)}
    videos = [Video(**_facts(video, by)) for video in originals]
    for video, twin in zip(originals, videos, strict=True):
        twin.poster = new_images.get(video.poster_id)  # type: ignore[arg-type]
    Video.objects.bulk_create(videos)
    return _Twins(new_images, {row.pk: twin for row, twin in zip(originals, videos, strict=True)})


def _facts(row: ArticleImage | Video, by: User) -> dict[str, Any]:
    """Column → value of an upload of this person that is like the row, its files included."""
    fields = [field for field in row._meta.concrete_fields if field.attname not in NOT_COPIED]
    facts = {
        field.attname: field.get_prep_value(field.value_from_object(row))  # files as their names
        for field in fields
    }
    return facts | {"uploaded_by": by}


def _renumbered(body: str, twins: _Twins) -> str:
    """The stored body as the editor would send it, naming the rows of the copy."""

    def pictures(rows: tuple[int, ...]) -> str:
        named = ",".join(str(twins.images[row].pk) for row in rows if row in twins.images)
        return f'<figure data-image="{named}"></figure>' if named else ""

    def video(row: int) -> str:
        twin = twins.videos.get(row)
        return f'<figure data-video="{twin.pk}"></figure>' if twin else ""

    return writing.with_words(
        markup.render(body, pictures, video),
        [image.snapshot() for image in twins.images.values()],
        [twin.snapshot() for twin in twins.videos.values()],
    )


def earlier_articles(user: User | AnonymousUser, words: str) -> list[Article]:
    """Articles this person may open whose title holds these words; without words the newest own.

    Newest first, without their texts, at most EARLIER_ARTICLES.
    """
    related = ("channel", "updated_by", "edition__revision")
    articles = Article.objects.visible_to(user).select_related(*related)
    looked_for = words.split()[:10]
    for word in looked_for:
        articles = articles.filter(title__icontains=word)
    if not looked_for:
        articles = articles.filter(created_by=user.pk)
    wide = ("body", "summary", "edition__body", "edition__plain_text", "edition__revision__content")
    return list(articles.defer(*wide)[:EARLIER_ARTICLES])


# What was used before -------------------------------------------------------------------------


def earlier_bylines(user: User | AnonymousUser, typed: str) -> list[str]:
    """Bylines as they were printed; behind a name already typed, further names."""
    lines = list(_newest(user, "byline"))
    offered = _ranked(lines, typed)
    *before, last = BETWEEN_NAMES.split(typed)
    if before and last:
        names = [(name, own) for line, own in lines for name in BETWEEN_NAMES.split(line)]
        start = typed[: len(typed) - len(last)]
        offered += [start + name for name in _ranked(names, last) if name not in before]
    return [line for line in dict.fromkeys(offered) if line != typed][:OFFERED]


def earlier_sources(user: User | AnonymousUser, typed: str) -> list[str]:
    """Media that stories were taken from."""
    return _offered(_ranked(_newest(user, "outside_source"), typed), typed)


def earlier_credits(user: User | AnonymousUser, typed: str) -> list[str]:
    """Photographers."""
    rows = ArticleImage.objects.exclude(article=None).order_by("-pk")
    newest = list(rows.values_list("credit", "uploaded_by_id", "article_id")[:NEWEST])
    # Asked apart: joined, the database would sort the pictures of all articles.
    stories = Article.objects.visible_to(user).filter(pk__in={story for *_rest, story in newest})
    visible = set(stories.order_by().values_list("pk", flat=True))
    named = [
        (credit, person == user.pk)
        for credit, person, story in newest
        if credit and story in visible
    ]
    return _offered(_ranked(named, typed), typed)


def _newest(user: User | AnonymousUser, field: str) -> list[tuple[str, bool]]:
    """(words, whether in an own story) of the stories saved last, newest first."""
    rows = Article.objects.visible_to(user).order_by("-updated_at", "-id")
    newest = rows.values_list(field, "created_by_id")[:NEWEST]
    return [(words, person == user.pk) for words, person in newest if words]


def _ranked(rows: Iterable[tuple[str, bool]], typed: str) -> list[str]:
    """Those that contain what was typed: beginning with it first, then own ones, then newest."""
    found: dict[str, bool] = {}
    wanted = typed.casefold()
    for words, is_own in rows:
        if wanted in words.casefold():
            found[words] = found.get(words, False) or is_own
    # Sorting keeps the order of equals: newest first.
    return sorted(
        found, key=lambda words: (not words.casefold().startswith(wanted), not found[words])
    )


def _offered(ranked: list[str], typed: str) -> list[str]:
    return [words for words in ranked if words != typed][:OFFERED]


EARLIER = {
    "byline": earlier_bylines,
    "outside_source": earlier_sources,
    "credit": earlier_credits,
}
