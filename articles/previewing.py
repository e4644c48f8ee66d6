"""The page as readers will get it, before they do: for the desk, and by a link for guests.

It is composed by what prints an edition and shown by the portal's own templates, but nothing is
stored and nothing is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from django.core import signing
from django.db import Error as DatabaseError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import attachments, markup, printing, related, renditions, text, workflow, writing
from articles.listing import neighbours
from articles.models import (
    Article,
    ArticleImage,
    Attachment,
    Channel,
    Correction,
    Edition,
    PreviewLink,
    Video,
)
from articles.models.appointment import reaches
from articles.models.tree import Tree
from articles.videos import showing
from articles.visits import figures

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

# How many days a link may lead somewhere.
LIFETIMES = (1, 3, 7, 30)
USUAL_LIFETIME = 3
# More are never handed out on purpose.
MOST_OPEN_LINKS = 50
# “Last opened” is for people; a reload a second later is the same opening.
OPENED_AGAIN_AFTER = timedelta(minutes=1)


def signer(key: str | None = None) -> signing.Signer:
    """With a dot, because chat programs end an address at a colon."""
    return signing.Signer(key=key, salt="articles.previewing.link", sep=".")


class LinkRefused(Exception):
    """A preview link that is not made; the message is a sentence staff can read."""


# The page ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Addresses:
    """Where the browser of whoever looks at a preview finds the files of the story."""

    picture: renditions.Address
    video: showing.Address
    # The number of an attachment → its address.
    file: Callable[[int], str]


@dataclass
class _Shown:
    """The rows a page shows, in order."""

    images: list[ArticleImage]
    videos: list[Video]
    files: list[Attachment]
    posters: list[ArticleImage]
    tags: list[str]


def saved_page(article: Article, addresses: Addresses) -> dict[str, Any]:
    """What the template of a story needs to show the newest saved text. Stores nothing."""
    if not article.pk:
        return _page(article, _Shown([], [], [], [], []), addresses)
    videos = list(article.videos.filter(order__gt=0))
    named = [video.poster_id for video in videos if video.poster_id]
    shown = _Shown(
        images=list(article.images.filter(order__gt=0)),
        videos=videos,
        files=list(article.attachments.filter(order__gt=0)),
        posters=list(article.images.filter(pk__in=named)) if named else [],
        tags=list(article.tags.names()),
    )
    return _page(article, shown, addresses)


def typed_page(
    article: Article,
    *,
    body: str,
    tags: list[str],
    files: list[writing.AttachmentLine] | None,
    by: User,
    addresses: Addresses,
) -> dict[str, Any]:
    """The same for words that are not saved: `article` carries them, `body` is cleaned.

    Pictures and files of other stories and of other people's uploads are left out, as they are
    when the story is kept. `files` None shows the saved ones.
    """
    figures = markup.read_figures(body)
    rows = _rows_of(ArticleImage, article, by, _named_images(figures))
    videos = _rows_of(Video, article, by, [figure.video for figure in figures if figure.video])
    usable = writing.usable_figures(figures, rows, videos)
    article.body = markup.emptied(markup.with_figures(body, usable))
    shown = _Shown([], [], _files(article, files, by), [], tags)
    for figure in markup.read_figures(markup.with_figures(article.body, usable)):
        if figure.video:
            video = videos[figure.video]
            video.caption, video.credit = figure.caption, figure.credit
            video.poster_id = figure.poster or None
            shown.videos.append(video)
            shown.posters += [rows[figure.poster]] if video.poster_id else []
        for picture, caption in figure.captioned:
            row = rows[picture.image]
            row.caption = caption
            row.show_as(picture)
            shown.images.append(row)
    page = _page(article, shown, addresses)
    return page | {"standing": "changed" if article.is_published else article.status}


def _named_images(figures: Iterable[markup.Figure]) -> list[int]:
    return [row for figure in figures for row in (*figure.images, figure.poster) if row]


def _rows_of(model: Any, article: Article, by: User, named: list[int]) -> dict[int, Any]:
    return model.objects.usable_in(article, by).in_bulk(named) if named else {}


def _files(
    article: Article, lines: list[writing.AttachmentLine] | None, by: User
) -> list[Attachment]:
    if lines is None:
        return list(article.attachments.filter(order__gt=0)) if article.pk else []
    rows = _rows_of(Attachment, article, by, [line.attachment for line in lines])
    files = []
    for line in lines:
        if row := rows.get(line.attachment):
            row.title = line.title
            files.append(row)
    return files


def _page(article: Article, shown: _Shown, addresses: Addresses) -> dict[str, Any]:
    printed_at, printed_version = _last_printed(article)
    edition = Edition(article_id=article.pk or 0, published_at=printed_at or timezone.now())
    photographs = renditions.photographs(shown.images, addresses.picture)
    posters = renditions.photographs(shown.posters, addresses.picture)
    values = printing.printed_values(
        article,
        photographs,
        tags=shown.tags,
        films=showing.films(
            shown.videos, {row: poster.source for row, poster in posters.items()}, addresses.video
        ),
        files=[
            entry | {"address": addresses.file(row.pk), "downloads": row.downloads}
            for entry, row in zip(attachments.printed(shown.files), shown.files, strict=True)
        ],
    )
    for name, value in values.items():
        setattr(edition, name, value)
    edition.title = edition.title or _("(no title yet)")
    edition.source_name = edition.source_name or _("(no source yet)")
    channels = Tree(Channel.objects.all())
    now = timezone.now()
    newer, older = neighbours.of(edition, now)
    return {
        "channels": channels.children(),
        "path": channels.path_to(article.channel_id) or [_no_channel()],
        "edition": edition,
        "views": figures.views(article.pk) if article.pk else 0,
        "newer": newer,
        "older": older,
        "corrections": list(Correction.objects.filter(edition=article.pk)) if article.pk else [],
        "related": related.stories(edition, now, besides=[row.pk for row in (newer, older) if row]),
        "standing": _standing(article, printed_version),
    }


def _last_printed(article: Article) -> tuple[datetime | None, int]:
    """When the story was first published and which version was printed last; (None, 0): never."""
    editions = Edition.objects.filter(article=article.pk) if article.pk else Edition.objects.none()
    return editions.values_list("published_at", "revision__number").first() or (None, 0)


def _standing(article: Article, printed_version: int) -> str:
    """What readers have of it: "draft", "changed" since published, "published", "withdrawn"."""
    is_changed = article.is_published and article.version != printed_version
    return "changed" if is_changed else article.status


def _no_channel() -> Channel:
    """Stands in the breadcrumb until a channel is chosen."""
    return Channel(name=_("(no channel yet)"), slug="-")


# Links ------------------------------------------------------------------------------------


def make_link(article: Article, *, by: User, note: str, days: int) -> PreviewLink:
    """Lets whoever has the link look at the article for some days; raises LinkRefused."""
    note = text.tidy_line(note.replace("\0", ""))
    if not workflow.can(by, "edit", article):
        raise LinkRefused(_("You may not do this. Ask a colleague who writes this article."))
    if days not in LIFETIMES:
        raise LinkRefused(_("Choose how long the link works: 1, 3, 7 or 30 days."))
    if len(note) > 100:
        raise LinkRefused(_("“For whom” is longer than 100 characters. Shorten it."))
    if PreviewLink.objects.open().filter(article=article).count() >= MOST_OPEN_LINKS:
        raise LinkRefused(_("This article has 50 working links. Revoke some that nobody needs."))
    return PreviewLink.objects.create(
        article=article,
        note=note,
        created_by=by,
        expires_at=timezone.now() + timedelta(days=days),
    )


def may_revoke(user: User | AnonymousUser, link: PreviewLink) -> bool:
    """Whoever made the link, and whoever may publish the article."""
    return link.created_by_id == user.pk or reaches(user, "publish", link.article)


def revoke(link: PreviewLink) -> bool:
    """From now on the link leads nowhere. Whether it did until now; repeating changes nothing."""
    open_links = PreviewLink.objects.filter(pk=link.pk, revoked_at=None)
    return open_links.update(revoked_at=timezone.now()) > 0


def token_of(link: PreviewLink) -> str:
    """What stands in the address of a link: its row, signed; nobody can make up another."""
    return signer().sign(str(link.pk))


def open_link(token: str) -> PreviewLink | None:
    """The link of this token with its article; None when it leads nowhere, for whatever reason."""
    try:
        row = int(signer().unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    related = ("article__channel", "article__source_department", "created_by")
    link = PreviewLink.objects.open().select_related(*related).filter(pk=row).first()
    return link if link and may_still_share(link) else None


def may_still_share(link: PreviewLink) -> bool:
    """Whether whoever made the link might make it today: a link outlives no right."""
    # Says no to everybody whose account is switched off.
    return workflow.can(link.created_by, "edit", link.article)


def note_opening(link: PreviewLink) -> None:
    """Remembers when the link was last opened, at most once a minute; may fail unnoticed."""
    now = timezone.now()
    if link.opened_at and now - link.opened_at < OPENED_AGAIN_AFTER:
        return
    try:
        # Of its own: a busy database must cost the guest neither the page nor its transaction.
        with transaction.atomic():
            PreviewLink.objects.filter(pk=link.pk).update(opened_at=now)
    except DatabaseError:
        return


class Shared(Protocol):
    """A link whose holder sees an article."""

    @property
    def article(self) -> Article: ...


def video_for_guests(link: Shared, video_id: int) -> Video | None:
    """A video in the text of this link's story; None for any other."""
    return link.article.videos.filter(order__gt=0, pk=video_id).first()


def file_for_guests(link: Shared, attachment_id: int) -> Attachment | None:
    """An attachment this link's story names; None for any other."""
    return link.article.attachments.filter(order__gt=0, pk=attachment_id).first()


def picture_for_guests(link: Shared, image_id: int) -> ArticleImage | None:
    """A picture the story of this link shows; None for any other."""
    shown = models.Q(order__gt=0) | models.Q(
        pk__in=link.article.videos.filter(order__gt=0).values("poster_id")
    )
    return link.article.images.filter(shown, pk=image_id).first()
