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

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from articles import appointing, attachments, pictures, publishing, renditions, writing
from articles.demo import corrections, doubts, files, home, people, process, topics, views
from articles.demo.organisation import CHANNELS, DEPARTMENTS
from articles.demo.pictures import draw
from articles.demo.stories import DemoPicture, DemoStory, body_html, load_stories
from articles.models import Article, ArticleImage, Channel, Department
from articles.videos import intake

QUALITY = 92


class NotEmpty(Exception):
    """The newsroom holds articles of its own; the demo would mix with them."""


@dataclass(frozen=True)
class LogIn:
    username: str
    name: str
    role: str


DRAFTS = (
    ("units", "rail", "机务段入冬前完成首轮车辆体检", "数字与车号待机务段核对。"),
    ("group-news", "publicity", "澜岳集团职工运动会下月开幕", "开幕式时间定稿后补写导语。"),
)


def install(password: str) -> list[LogIn]:
    """Installs what is missing; returns the log-ins. Raises NotEmpty where it does not belong."""
    if not is_installed():
        names = [person.username for person in people.PEOPLE]
        if Article.objects.exists() or User.objects.filter(username__in=names).exists():
            raise NotEmpty
        _Installation(password).run()
    elif process.is_missing() and _is_as_planted():
        _add_process(password)
    posts = {person.username: person for person in people.PEOPLE}
    accounts = User.objects.filter(username__in=posts).in_bulk(field_name="username")
    for user in accounts.values():
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])
    return [
        LogIn(name, person.name, person.role) for name, person in posts.items() if name in accounts
    ]


def is_installed() -> bool:
    """Whether this is the demo: its first three people in their roles, its group at the top."""
    first = User.objects.filter(username__in=[person.username for person in people.FIRST])
    roles = set(first.values_list("groups__name", flat=True))
    expected = {appointing.GROUPS[post.role] for each in people.FIRST for post in each.posts[:1]}
    top = Department.objects.filter(parent=None, name=DEPARTMENTS[0].name)
    is_whole = first.distinct().count() == len(people.FIRST)
    return is_whole and expected <= roles and top.exists()


def _is_as_planted() -> bool:
    """Whether nobody took away or renamed what the stories stand in."""
    departments = set(Department.objects.values_list("name", flat=True))
    channels = set(Channel.objects.values_list("slug", flat=True))
    return {row.name for row in DEPARTMENTS} <= departments and {
        row.slug for row in CHANNELS
    } <= channels


@transaction.atomic
def _add_process(password: str) -> None:
    """For a demo from before there were reviews: the people it lacks, and stories on their way."""
    known = User.objects.filter(username__in=[person.username for person in people.FIRST])
    accounts = {user.username: user for user in known}
    accounts |= {each.username: people.create(each, password) for each in people.LATER}
    names = {department.name: department for department in Department.objects.all()}
    departments = {row.key: names[row.name] for row in DEPARTMENTS}
    channels = {channel.slug: channel for channel in Channel.objects.all()}
    process.write(accounts, departments, channels)


class _Installation:
    def __init__(self, password: str):
        self.password = password
        self.stories = load_stories()

    def run(self) -> None:
        drawn = self._draw()
        with transaction.atomic():
            self.people = {
                person.username: people.create(person, self.password) for person in people.PEOPLE
            }
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
            # Last: from here on rights end where somebody is appointed, and reviews are needed.
            process.write(self.people, self.departments, self.channels)

    def _draw(self) -> dict[DemoPicture, bytes]:
        wanted = [picture for story in self.stories for picture in story.pictures]
        # Pillow works outside Python's lock, so threads do help.
        with ThreadPoolExecutor() as pool:
            return dict(zip(wanted, pool.map(_drawn, wanted), strict=True))

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
