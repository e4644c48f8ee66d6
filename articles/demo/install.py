"""Puts the demo into an empty newsroom: people, departments, channels, stories, pictures.

All of it or nothing, in one transaction; a second run only renews the passwords it prints.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from io import BytesIO

from django.contrib.auth.models import Group, Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from articles import attachments, pictures, publishing, renditions, writing
from articles.demo import corrections, doubts, files, home, topics, views
from articles.demo.organisation import CHANNELS, DEPARTMENTS
from articles.demo.pictures import draw
from articles.demo.stories import DemoPicture, DemoStory, body_html, load_stories
from articles.models import Article, ArticleImage, Channel, Department
from articles.videos import intake

QUALITY = 92


class NotEmpty(Exception):
    """The newsroom holds articles of its own; the demo would mix with them."""


@dataclass(frozen=True)
class DemoPerson:
    username: str
    family_name: str
    given_name: str
    role: str


@dataclass(frozen=True)
class LogIn:
    username: str
    name: str
    role: str


WRITER, EDITOR, ADMINISTRATOR = "通讯员", "编辑", "系统管理员"
PEOPLE = (
    DemoPerson("editor", "沈", "知远", EDITOR),
    DemoPerson("writer", "陆", "青禾", WRITER),
    DemoPerson("admin", "温", "玉衡", ADMINISTRATOR),
)
WRITING = ("view_article", "add_article", "change_article", "delete_article")
ROLES = {
    WRITER: WRITING,
    EDITOR: (
        *WRITING,
        "publish_article",
        "withdraw_article",
        "view_channel",
        "add_channel",
        "change_channel",
        "view_department",
        "add_department",
        "change_department",
        "view_placement",
        "add_placement",
        "change_placement",
        "delete_placement",
        "view_greyperiod",
        "add_greyperiod",
        "change_greyperiod",
        "view_sitelink",
        "add_sitelink",
        "change_sitelink",
        "delete_sitelink",
        "view_topic",
        "add_topic",
        "change_topic",
        "delete_topic",
        "view_series",
        "add_series",
        "change_series",
        "delete_series",
        "view_searchmiss",
        "view_viewhold",
        "change_viewhold",
        "view_suspicion",
        "change_suspicion",
        "add_viewcorrection",
        "view_statistics",
        "view_pointrule",
        "add_pointrule",
        "change_pointrule",
        "delete_pointrule",
        "view_tag",
        "change_tag",
        "view_storytemplate",
        "add_storytemplate",
        "change_storytemplate",
        "delete_storytemplate",
    ),
}
DRAFTS = (
    ("units", "rail", "机务段入冬前完成首轮车辆体检", "数字与车号待机务段核对。"),
    ("group-news", "publicity", "澜岳集团职工运动会下月开幕", "开幕式时间定稿后补写导语。"),
)


def install(password: str) -> list[LogIn]:
    """Installs what is missing; returns the log-ins. Raises NotEmpty where it does not belong."""
    if not is_installed():
        names = [person.username for person in PEOPLE]
        if Article.objects.exists() or User.objects.filter(username__in=names).exists():
            raise NotEmpty
        _Installation(password).run()
    for user in User.objects.filter(username__in=[person.username for person in PEOPLE]):
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])
    return [
        LogIn(person.username, person.family_name + person.given_name, person.role)
        for person in PEOPLE
    ]


def is_installed() -> bool:
    """Whether this is the demo: its three people in their roles, its group at the top."""
    people = User.objects.filter(username__in=[person.username for person in PEOPLE])
    roles = set(people.values_list("groups__name", flat=True))
    top = Department.objects.filter(parent=None, name=DEPARTMENTS[0].name)
    return people.count() == len(PEOPLE) and set(ROLES) <= roles and top.exists()


class _Installation:
    def __init__(self, password: str):
        self.password = password
        self.stories = load_stories()

    def run(self) -> None:
        drawn = self._draw()
        with transaction.atomic():
            self.people = {person.username: self._person(person) for person in PEOPLE}
            self.departments = _plant_departments()
            self.channels = _plant_channels(self.departments)
            images = {wanted: self._file(wanted, drawn[wanted]) for wanted in drawn}
            _prepare(images.values())
            published = {
                story.key: self._publish(story, images) for story in reversed(self.stories)
            }
            for draft in DRAFTS:
                self._keep_draft(*draft)
            home.arrange(published, _midnight())
            corrections.write(published, self.people["editor"])
            topics.arrange(published, _midnight())
            views.write(self.stories, published, timezone.now())
            doubts.write(published, timezone.now(), by=self.people["admin"])

    def _draw(self) -> dict[DemoPicture, bytes]:
        wanted = [picture for story in self.stories for picture in story.pictures]
        # Pillow works outside Python's lock, so threads do help.
        with ThreadPoolExecutor() as pool:
            return dict(zip(wanted, pool.map(_drawn, wanted), strict=True))

    def _person(self, person: DemoPerson) -> User:
        administrator = person.role == ADMINISTRATOR
        user = User.objects.create_user(
            person.username,
            password=self.password,
            last_name=person.family_name,
            first_name=person.given_name,
            is_staff=True,
            is_superuser=administrator,
        )
        if not administrator:
            user.groups.add(_role(person.role))
        return user

    def _file(self, wanted: DemoPicture, content: bytes) -> ArticleImage:
        upload = SimpleUploadedFile(f"{wanted.motif}-{wanted.seed}.jpg", content)
        return pictures.accept(upload, by=self.people["editor"])

    def _publish(self, story: DemoStory, images: dict[DemoPicture, ArticleImage]) -> int:
        """The number of the story it published."""
        article = self._keep(
            Article(
                kicker=story.kicker,
                title=story.title,
                subtitle=story.subtitle,
                short_title=story.short_title,
                summary=story.summary,
                channel=self.channels[story.channel],
                source_department=self.departments.get(story.source),
                outside_source=story.outside_source,
                byline=story.byline,
                cover=images[story.cover] if story.cover else None,
            ),
            body=body_html(story, lambda group: _figure(group, images))
            + self._video(story, images),
            tags=list(story.tags),
            attachments=self._attachments(story),
        )
        day = timezone.localdate() - timedelta(days=story.days_ago)
        publishing.publish(article, by=self.people["editor"], at=_moment(day, story))
        return article.pk

    def _attachments(self, story: DemoStory) -> list[writing.AttachmentLine]:
        lines = []
        for title, content in files.documents_of(story).items():
            upload = SimpleUploadedFile(f"{title}.docx", content)
            row = attachments.accept(upload, by=self.people["editor"])
            lines.append(writing.AttachmentLine(row.pk, title))
        return lines

    def _video(self, story: DemoStory, images: dict[DemoPicture, ArticleImage]) -> str:
        """The figure of the story's video, its last picture being the poster; "" for most."""
        content, caption = files.film_of(story, lambda picture: draw(picture.motif, picture.seed))
        if not content:
            return ""
        upload = SimpleUploadedFile(f"{story.key}.mp4", content)
        video = intake.accept(upload, by=self.people["editor"])
        poster = images[story.pictures[-1]].pk
        words = f"<figcaption>{escape(caption)}</figcaption>"
        return f'<figure data-video="{video.pk}" data-poster="{poster}">{words}</figure>'

    def _keep_draft(self, channel: str, source: str, title: str, text: str) -> None:
        article = Article(
            title=title,
            channel=self.channels[channel],
            source_department=self.departments[source],
        )
        self._keep(article, body=f"<p>{text}</p>", tags=[])

    def _keep(
        self,
        article: Article,
        *,
        body: str,
        tags: list[str],
        attachments: list[writing.AttachmentLine] | None = None,
    ) -> Article:
        by = self.people["editor"]
        return writing.keep(article, body=body, tags=tags, by=by, attachments=attachments)


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def _moment(day: date, story: DemoStory) -> datetime:
    return timezone.make_aware(datetime.combine(day, story.time))


def _drawn(picture: DemoPicture) -> bytes:
    buffer = BytesIO()
    draw(picture.motif, picture.seed).convert("RGB").save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def _prepare(images: Iterable[ArticleImage]) -> None:
    with ThreadPoolExecutor() as pool:
        list(pool.map(renditions.prepare, images))


def _figure(group: tuple[DemoPicture, ...], images: dict[DemoPicture, ArticleImage]) -> str:
    """A photograph or a group of them, as the editor submits it."""
    facts = json.dumps(
        [
            {
                "image": images[picture].pk,
                "credit": picture.credit,
                "alt": picture.alternative,
                "rights": ArticleImage.Rights.OWN,
                "crop": picture.crop,
                "focus": picture.focus,
            }
            for picture in group
        ]
    )
    caption = escape(group[0].caption)
    return f'<figure data-group="{escape(facts)}"><figcaption>{caption}</figcaption></figure>'


def _role(name: str) -> Group:
    group, _created = Group.objects.get_or_create(name=name)
    group.permissions.set(Permission.objects.filter(codename__in=ROLES[name]))
    return group


def _plant_departments() -> dict[str, Department]:
    planted: dict[str, Department] = {}
    for order, row in enumerate(DEPARTMENTS, start=1):
        planted[row.key] = Department.objects.create(
            name=row.name,
            short_name=row.short_name,
            parent=planted.get(row.parent),
            order=order,
        )
    return planted


def _plant_channels(departments: dict[str, Department]) -> dict[str, Channel]:
    planted: dict[str, Channel] = {}
    for order, row in enumerate(CHANNELS, start=1):
        planted[row.slug] = Channel.objects.create(
            name=row.name,
            slug=row.slug,
            description=row.description,
            owner=departments[row.owner],
            parent=planted.get(row.parent),
            order=order,
        )
    return planted
