"""Rows for tests: keyword-only, valid by default."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from articles import appointing, attachments, pictures, placing, publishing, reviewing, writing
from articles.models import (
    Appointment,
    Article,
    ArticleImage,
    Attachment,
    Channel,
    Department,
    Edition,
    Placement,
    ReviewChain,
    Series,
    Topic,
    TopicSection,
    Video,
)
from articles.recording import Actor
from articles.topics import arranging, installments
from articles.videos import intake
from tests.files.documents import PDF
from tests.files.films import real_film

_numbers = count(1)


def make_department(*, name: str = "", **fields: Any) -> Department:
    name = name or f"第{next(_numbers)}工程公司"
    return Department.objects.create(name=name, short_name=name[:20], **fields)


def make_channel(*, name: str = "集团新闻", slug: str = "", **fields: Any) -> Channel:
    return Channel.objects.create(name=name, slug=slug or f"channel-{next(_numbers)}", **fields)


def make_article(
    *, by, title: str = "同心同向 实干争先", body: str = "<p>正文第一段。</p>", **fields: Any
) -> Article:
    """A saved draft that lacks nothing for publishing."""
    tags = fields.pop("tags", [])
    fields.setdefault("channel", None)
    channel = fields.pop("channel") or make_channel()
    if not fields.get("outside_source"):
        fields.setdefault("source_department", make_department())
    lines = [writing.AttachmentLine(row.pk, row.title) for row in fields.pop("attachments", [])]
    article = Article(title=title, channel=channel, byline="王芳", **fields)
    return writing.keep(article, body=body, tags=tags, by=by, attachments=lines or None)


def make_edition(*, by, at: datetime | None = None, **fields: Any) -> Edition:
    """A published story; `at` puts its publication into the past."""
    return publishing.publish(make_article(by=by, **fields), by=by, at=at)


def photograph(
    name: str = "照片.jpg", *, size: tuple[int, int] = (1200, 800), kind: str = "JPEG", **options
) -> SimpleUploadedFile:
    """An upload that is a real picture."""
    content = _gradient(size, kind) if not options else _written(size, kind, **options)
    return SimpleUploadedFile(name, content, content_type=f"image/{kind.lower()}")


def _written(size: tuple[int, int], kind: str, **options: Any) -> bytes:
    buffer = BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(buffer, kind, **options)
    return buffer.getvalue()


_gradient = cache(_written)


def make_image(*, by, **fields: Any) -> ArticleImage:
    """A fresh upload of this person."""
    image = pictures.accept(photograph(), by=by)
    for name, value in fields.items():
        setattr(image, name, value)
    if fields:
        image.save(update_fields=list(fields))
    return image


def figure(image: ArticleImage, caption: str = "职工在井口合影。", credit: str = "") -> str:
    """A photograph as the editor submits it."""
    return (
        f'<figure data-image="{image.pk}" data-credit="{credit}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def make_attachment(
    *, by, name: str = "材料.pdf", content: bytes = PDF, title: str = "", **fields: Any
) -> Attachment:
    """A fresh upload of this person."""
    row = attachments.accept(SimpleUploadedFile(name, content), by=by)
    for field, value in (fields | ({"title": title} if title else {})).items():
        setattr(row, field, value)
    row.save()
    return row


def make_video(*, by, content: bytes = b"", **fields: Any) -> Video:
    """A fresh upload of this person: two seconds that really play."""
    upload = SimpleUploadedFile("片.mp4", content or real_film(), content_type="video/mp4")
    video = intake.accept(upload, by=by)
    for field, value in fields.items():
        setattr(video, field, value)
    if fields:
        video.save()
    return video


def video_figure(video: Video, caption: str = "井下运输皮带正在检修。", poster: int = 0) -> str:
    """A video as the editor submits it."""
    still = f' data-poster="{poster}"' if poster else ""
    return f'<figure data-video="{video.pk}"{still}><figcaption>{caption}</figcaption></figure>'


def framed(image: ArticleImage, *, crop: str = "", turn: str = "", caption="合影。") -> str:
    """A photograph as the editor submits it, framed."""
    return (
        f'<figure data-image="{image.pk}" data-crop="{crop}" data-turn="{turn}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def rewrite(edition: Edition, *, by, **changes) -> Article:
    """The article of an edition, saved once more with changes readers do not see yet."""
    article = Article.objects.get(pk=edition.pk)
    body = changes.pop("body", None)
    for name, value in changes.items():
        setattr(article, name, value)
    body = writing.body_for_editor(article) if body is None else body
    tags = list(article.tags.names())
    return writing.keep(article, body=body, tags=tags, by=by, based_on=article.version)


def make_placement(
    *, slot: str = Placement.Slot.LEAD, picture: bool = False, **fields: Any
) -> Placement:
    """A placement that stands since yesterday; of an address unless a story is given."""
    if not fields.get("edition"):
        fields = {"address": "/channels/news/", "title": "一个链接"} | fields
    fields.setdefault("starts_at", timezone.now() - timedelta(days=1))
    own = placing.clean_picture(photograph()) if picture else None
    return placing.keep(Placement(slot=slot, **fields), picture=own)


def make_topic(*, title: str = "", banner: bool = False, **fields: Any) -> Topic:
    """A topic that is open since yesterday."""
    number = next(_numbers)
    fields = {"slug": f"topic-{number}", "starts_at": timezone.now() - timedelta(days=1)} | fields
    own = placing.clean_picture(photograph()) if banner else None
    return arranging.keep(Topic(title=title or f"第{number}个专题", **fields), banner=own)


def make_section(*, topic: Topic, stories: Sequence[Edition] = (), **rule: Any) -> TopicSection:
    """A section by hand with these stories; by rule if one is given."""
    feed = TopicSection.Feed.RULE if set(rule) - {"title"} else TopicSection.Feed.HAND
    section = TopicSection(topic=topic, feed=feed, **({"title": "一个板块"} | rule))
    arranging.append(section)
    for edition in stories:
        arranging.choose(section, edition)
    return section


def make_series(*, stories: Sequence[Edition] = (), **fields: Any) -> Series:
    """A series whose installments are these, numbered from 1."""
    series = Series.objects.create(**({"name": "系列评论"} | fields))
    for edition in stories:
        installments.add(series, edition)
    return series


def make_colleague(username: str, role: str = "", **place: Any) -> User:
    """Somebody who may log in to the desk, appointed to a role in a department or channel."""
    person = User.objects.create_user(
        username, password=f"{username}-password", is_staff=True, last_name=username
    )
    if role:
        appoint(person, role, **place)
    return person


def appoint(person: User, role: str, **place: Any) -> Appointment:
    """As an administrator does it, who stays unnamed."""
    row = Appointment(user=person, role=role, **place)
    return appointing.appoint(row, by=User(is_superuser=True))


def make_chain(*, channel: Channel | None = None, **stages: bool) -> ReviewChain:
    """`make_chain(channel=…, first=True)`: the reviews of what stands in a channel."""
    switches = {f"has_{stage}": is_on for stage, is_on in stages.items()}
    return ReviewChain.objects.create(channel=channel, **switches)


def move(name: str, article: Article, *, by: User, reason: str = "") -> Article:
    """The article after one of the moves of the process, made on its newest version."""
    now = Article.objects.get(pk=article.pk)
    person = User.objects.get(pk=by.pk)
    reviewing.make(name, now, by=Actor(person), version=now.version, reason=reason)
    return Article.objects.get(pk=article.pk)
