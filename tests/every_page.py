"""A newsroom in which every kind of page has something to show, for whatever must hold on all."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from articles import previewing, publishing
from articles.models import Article, Correction, DailyViews, Edition, SiteLink
from tests.factories import (
    figure,
    make_article,
    make_attachment,
    make_channel,
    make_department,
    make_edition,
    make_image,
    make_placement,
    make_section,
    make_series,
    make_topic,
    make_video,
    video_figure,
)

# One more than a page of a list shows.
STORIES = 21


def publish_everything(by: User) -> dict[str, str]:
    """The addresses of the pages by what they are, in Chinese."""
    channel = make_channel(name="新闻中心", slug="news", description="集团要闻")
    make_channel(name="集团新闻", slug="empty", parent=channel)
    unit = make_department(name="煤业公司")
    make_department(name="栎坪煤矿", parent=unit)
    rows = _plain_stories(by, channel)
    story = _full_story(by, channel, unit)
    reprint = make_edition(by=by, outside_source="某报", tags=["安全"], channel=channel)
    withdrawn = make_edition(by=by, channel=channel)
    publishing.withdraw(Article.objects.get(pk=withdrawn.pk), by=by, reason="有误")
    topic = _topic(rows)
    _arrange_front_page(by, story)
    link = previewing.make_link(make_article(by=by, channel=channel), by=by, note="李总", days=3)
    today = timezone.localdate()
    return {
        "home": "/",
        "list": channel.get_absolute_url(),
        "last page": f"{channel.get_absolute_url()}?page=2",
        "narrowed list": f"{channel.get_absolute_url()}?unit={unit.pk}&tag=安全",
        "list without hits": f"{channel.get_absolute_url()}?year=1999",
        "empty list": "/channels/empty/",
        "unit": unit.get_absolute_url(),
        "tag": "/tags/安全/",
        "author": "/authors/王芳/",
        "pictures": "/pictures/",
        "hot": "/hot/",
        "archive": "/archive/",
        "month": f"/archive/{today.year}/{today.month}/",
        "search": "/search/",
        "hits": "/search/?q=标题",
        "narrowed hits": f"/search/?q=正文&unit={unit.pk}",
        "no hits": "/search/?q=天方夜谭",
        "story": story.get_absolute_url(),
        "reprint": reprint.get_absolute_url(),
        "installment": rows[1].get_absolute_url(),
        "withdrawn": withdrawn.get_absolute_url(),
        "topic": topic.get_absolute_url(),
        "topics": "/topics/",
        "developers": "/api/",
        "preview": reverse("preview", args=[previewing.token_of(link)]),
        "broken link": "/preview/nothing/",
        "not found": "/articles/999999/",
    }


def status_of(name: str) -> int:
    return {"withdrawn": 410, "not found": 404, "broken link": 404}.get(name, 200)


def _plain_stories(by: User, channel) -> list[Edition]:
    return [
        make_edition(
            by=by,
            title=f"第{number}篇 写了一行半那么长的标题 看它在手机上怎样折行",
            channel=channel,
            body=f"<p>正文。</p>{figure(make_image(by=by)) if number % 10 == 0 else ''}",
            outside_source="新华社",
            tags=["保供"],
            at=timezone.now() - timedelta(hours=number + 1),
        )
        for number in range(STORIES)
    ]


def _full_story(by: User, channel, unit) -> Edition:
    """With all that a body may hold, a note, files, a summary."""
    first, second, alone = (make_image(by=by) for _ in range(3))
    group = f'[{{"image":{first.pk}}},{{"image":{second.pk}}}]'
    story = make_edition(
        by=by,
        kicker="引题",
        subtitle="副题",
        summary="两行摘要说清今天最要紧的事。",
        tags=["安全", "a/b c"],
        channel=channel,
        source_department=unit,
        body=(
            "<p>正文<strong>一</strong><em>二</em><a href='https://example.com/'>链接</a>。</p>"
            "<h2>小标题</h2><h3>小小标题</h3><ul><li>一</li></ul><ol><li>一</li></ol>"
            "<blockquote><p>引文</p></blockquote><hr>"
            "<table><tbody><tr><th>项目</th></tr><tr><td>1</td></tr></tbody></table>"
            f"<figure data-group='{group}'><figcaption>一组。</figcaption></figure>"
            f"{figure(alone, credit='王建')}{video_figure(make_video(by=by))}"
        ),
        attachments=[make_attachment(by=by)],
    )
    Correction.objects.create(edition=story, text="已改正。", made_by=by)
    return story


def _topic(rows: list[Edition]):
    topic = make_topic(title="岳行致远 讲亮前程", introduction="讲清来路。", banner=True)
    make_topic(title="没有题图的专题")
    make_section(topic=topic, title="宣讲走到哪里", stories=rows[:3])
    make_section(topic=topic, title="身边的安全课", tag="保供", shown=2)
    make_series(topic=topic, name="系列评论员文章", planned=7, stories=rows[:3])
    return topic


def _arrange_front_page(by: User, lead: Edition) -> None:
    notices = make_channel(name="通知公告", slug="notices", block="notices", order=5)
    weighty = make_channel(name="岳言", slug="commentary", block="wide", order=6)
    for channel in (notices, weighty):
        for _ in range(3):
            row = make_edition(by=by, channel=channel)
            DailyViews.objects.create(article_id=row.pk, day=timezone.localdate(), views=9)
    make_placement(slot="lead", edition=lead)
    make_placement(slot="topics", title="温暖过冬", picture=True)
    make_placement(slot="topics", title="只有文字的专题")
    SiteLink.objects.create(name="国资委", address="https://www.example.com/")
