"""The demo's topic: a lecture tour with its banner, sections, materials and seven comments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ImageOps

from articles import own_pictures
from articles.demo.pictures import draw
from articles.models import Channel, Edition, Series, Topic, TopicMaterial, TopicSection
from articles.topics import arranging, installments

BANNER = (1800, 600)
QUALITY = 88
Feed = TopicSection.Feed

INTRODUCTION = (
    "“岳行致远”主题宣讲活动走进七家权属企业，186名宣讲员把课堂设到井口、车间和塔筒下，"
    "用身边人的故事讲安全、讲改革、讲技能。\n\n"
    "七篇系列评论员文章与宣讲同步刊发，宣讲提纲、案例汇编和记录表可在本页下载。"
)
BY_HAND = ("lecture-campaign", "open-day", "library", "award")
COMMENTS = tuple(f"comment-{number}" for number in range(1, 8))


def arrange(articles: dict[str, int], today: datetime) -> None:
    """Opens the topic; `articles` maps the keys of stories to their numbers."""
    topic = arranging.keep(
        Topic(
            title="岳行致远 讲清来路 讲亮前程",
            slug="yuexing-zhiyuan",
            introduction=INTRODUCTION,
            starts_at=today - timedelta(days=31),
        ),
        banner=own_pictures.clean(_banner()),
    )
    told = TopicSection(topic=topic, title="宣讲走到哪里")
    safety = TopicSection(topic=topic, title="身边的安全课", feed=Feed.RULE, tag="安全", shown=6)
    units = Channel.objects.get(slug="units")
    at_work = TopicSection(
        topic=topic, title="权属企业在行动", feed=Feed.RULE, channel=units, shown=6
    )
    for section in (told, safety, at_work):
        arranging.append(section)
    for edition in _editions(BY_HAND, articles):
        arranging.choose(told, edition)
    _number_comments(topic, articles)
    for file in arranging.files_offered(topic):
        arranging.append(TopicMaterial(topic=topic, title=file["title"], attachment_id=file["id"]))
    arranging.append(
        TopicMaterial(topic=topic, title="岳言：全部评论", address="/channels/commentary/")
    )


def _number_comments(topic: Topic, articles: dict[str, int]) -> None:
    series = Series.objects.create(
        name="“岳行致远”系列评论员文章", planned=len(COMMENTS), topic=topic
    )
    for edition in _editions(COMMENTS, articles):
        installments.add(series, edition)


def _editions(keys: Iterable[str], articles: dict[str, int]) -> list[Edition]:
    """In the order of the keys; those of a smaller demo that it holds."""
    return [Edition.objects.get(pk=articles[key]) for key in keys if key in articles]


def _banner() -> SimpleUploadedFile:
    buffer = BytesIO()
    drawn = draw("lecture_podium", 11).convert("RGB")
    ImageOps.fit(drawn, BANNER, centering=(0.5, 0.45)).save(buffer, "JPEG", quality=QUALITY)
    return SimpleUploadedFile("banner.jpg", buffer.getvalue())
