"""Public pages: what they show, what they cost, what they never carry."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from articles import publishing
from articles.models import Article, Edition
from tests.conftest import SHANGHAI
from tests.factories import figure, make_channel, make_department, make_edition, make_image

pytestmark = pytest.mark.django_db


class TestArticlePage:
    def test_shows_the_whole_headline_set_and_the_meta_line(self, client, editor):
        edition = make_edition(
            by=editor,
            kicker="“岳行致远”主题宣讲",
            title="讲清来路 讲实本领 讲亮前程",
            subtitle="课堂设到井口",
            source_department=make_department(name="党委宣传部（企业文化部）"),
            at=datetime(2023, 11, 21, 21, 42, 0, tzinfo=SHANGHAI),
            tags=["安全生产"],
        )
        html = client.get(edition.get_absolute_url()).content.decode()
        for shown in (
            "“岳行致远”主题宣讲",
            "讲清来路 讲实本领 讲亮前程",
            "——课堂设到井口",
            "党委宣传部（企业文化部）",
            "2023/11/21 21:42:00",
            "王芳",
            "安全生产",
        ):
            assert shown in html

    def test_shows_captions_in_figures_with_the_size_of_the_picture(self, client, editor):
        image = make_image(by=editor)
        body = "<p>一</p>" + figure(image, "职工在井口合影。", credit="王建")
        edition = make_edition(by=editor, body=body)
        html = client.get(edition.get_absolute_url()).content.decode()
        assert "<figcaption>职工在井口合影。" in html
        assert 'width="960" height="640"' in html
        assert "王建" in html

    def test_leads_to_the_neighbours_in_its_channel_only(self, client, editor):
        channel, now = make_channel(), timezone.now()
        older, middle, newer = (
            make_edition(by=editor, title=title, channel=channel, at=now - timedelta(days=days))
            for title, days in (("较早的一篇", 3), ("中间的一篇", 2), ("较新的一篇", 1))
        )
        make_edition(by=editor, title="别的栏目", at=now - timedelta(days=2, minutes=1))
        html = client.get(middle.get_absolute_url()).content.decode()
        assert older.get_absolute_url() in html
        assert newer.get_absolute_url() in html
        assert "别的栏目" not in html

    def test_a_draft_and_an_unknown_story_are_the_same_404(self, client, editor):
        from tests.factories import make_article

        draft = make_article(by=editor, title="不可外传的草稿")
        answers = [client.get(f"/articles/{number}/") for number in (draft.pk, 999_999)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert "不可外传的草稿" not in answers[0].content.decode()

    def test_a_withdrawn_story_answers_410_and_shows_nothing_of_it(self, client, editor):
        edition = make_edition(by=editor, title="要撤的稿子", body="<p>错误的正文</p>")
        publishing.withdraw(
            Article.objects.get(pk=edition.pk), by=editor, reason="数字有误，内部原因"
        )
        answer = client.get(edition.get_absolute_url())
        assert answer.status_code == 410
        html = answer.content.decode()
        assert "该信息已撤回" in html
        for hidden in ("要撤的稿子", "错误的正文", "数字有误"):
            assert hidden not in html

    @pytest.mark.parametrize(
        "change",
        [
            {"published_at": timezone.now() + timedelta(days=1)},
            {
                "published_at": timezone.now() - timedelta(days=2),
                "expires_at": timezone.now() - timedelta(days=1),
            },
        ],
    )
    def test_scheduled_and_expired_stories_are_404(self, client, editor, change):
        edition = make_edition(by=editor)
        Edition.objects.filter(pk=edition.pk).update(**change)
        assert client.get(edition.get_absolute_url()).status_code == 404

    def test_shows_script_in_every_field_as_text(self, client, editor):
        evil = "<script>alert(1)</script>"
        image = make_image(by=editor)
        edition = make_edition(
            by=editor,
            title=evil,
            kicker=evil,
            subtitle=evil,
            summary=evil,
            outside_source=evil,
            tags=["<b>标签</b>"],
            body=f"<p>正文{evil}</p>" + figure(image, "图注&lt;script&gt;alert(2)&lt;/script&gt;"),
        )
        html = client.get(edition.get_absolute_url()).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html
        assert "<b>标签</b>" not in html

    def test_costs_as_many_queries_with_many_pictures_and_neighbours(
        self, client, editor, django_assert_num_queries
    ):
        channel = make_channel()
        body = "".join(figure(make_image(by=editor)) for _ in range(6))
        story = make_edition(by=editor, channel=channel, body=body)
        for days in (-1, 1):
            at = story.published_at - timedelta(days=days)
            make_edition(by=editor, channel=channel, at=at)
        with django_assert_num_queries(13):
            client.get(story.get_absolute_url())


class TestChannelPage:
    def test_shows_twenty_a_page_newest_first(self, client, editor):
        channel, now = make_channel(slug="group-news"), timezone.now()
        for days in range(45):
            make_edition(
                by=editor, title=f"第{days}天前", channel=channel, at=now - timedelta(days=days)
            )
        pages = [
            client.get(f"/channels/group-news/?page={number}").content.decode()
            for number in (1, 2, 3)
        ]
        assert "第0天前" in pages[0]
        assert "第19天前" in pages[0]
        assert "第20天前" not in pages[0]
        assert "第44天前" in pages[2]

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("", 200),
            ("?page=1", 200),
            ("?page=99999", 200),
            ("?page=999999999999999999999999", 200),
            ("?page=abc", 404),
            ("?page=0", 404),
            ("?page=-1", 404),
            ("?page=1.5", 404),
            ("?page=", 404),
            ("?page=%00", 400),
            ("?page=%ff", 400),
            ("?page=１", 404),
        ],
    )
    def test_answers_every_page_number(self, client, query, status):
        make_channel(slug="group-news")
        assert client.get(f"/channels/group-news/{query}").status_code == status

    def test_shows_the_last_page_when_there_are_fewer(self, client, editor):
        channel = make_channel(slug="group-news")
        make_edition(by=editor, title="唯一的一篇", channel=channel)
        html = client.get("/channels/group-news/?page=99999").content.decode()
        assert "唯一的一篇" in html

    def test_gathers_the_channels_beneath_it(self, client, editor):
        top = make_channel(name="新闻中心", slug="news")
        beneath = make_channel(name="集团新闻", slug="group-news", parent=top)
        make_edition(by=editor, title="下级栏目的稿子", channel=beneath)
        assert "下级栏目的稿子" in client.get("/channels/news/").content.decode()

    def test_an_unknown_channel_is_404(self, client):
        assert client.get("/channels/x/?page=abc").status_code == 404

    def test_costs_as_many_queries_with_many_stories(
        self, client, editor, django_assert_num_queries
    ):
        channel = make_channel(slug="group-news")
        for _ in range(12):
            make_edition(by=editor, channel=channel)
        with django_assert_num_queries(11):
            client.get("/channels/group-news/")


class TestFrontPage:
    def test_teaches_when_nothing_is_published(self, client):
        assert client.get("/").status_code == 200

    def test_leads_with_the_newest_story_that_has_a_picture(self, client, editor):
        now = timezone.now()
        make_edition(by=editor, title="较新但无图", at=now - timedelta(hours=1))
        lead = make_edition(
            by=editor,
            title="有图的头条",
            body=figure(make_image(by=editor)),
            at=now - timedelta(hours=2),
        )
        front = client.get("/").context["front"]
        assert front.lead == lead

    def test_shows_the_newest_of_each_channel(self, client, editor):
        news, notices = make_channel(name="集团新闻"), make_channel(name="通知公告", order=1)
        make_edition(by=editor, title="一条新闻", channel=news)
        make_edition(by=editor, title="一则通知", channel=notices)
        html = client.get("/").content.decode()
        assert "一条新闻" in html
        assert "一则通知" in html

    def test_costs_as_many_queries_with_many_channels(
        self, client, editor, django_assert_num_queries
    ):
        for _ in range(6):
            channel = make_channel()
            for _ in range(3):
                make_edition(by=editor, channel=channel)
        with django_assert_num_queries(10):
            client.get("/")

    def test_never_shows_a_draft_a_withdrawn_or_a_scheduled_story(self, client, editor):
        from tests.factories import make_article

        make_article(by=editor, title="草稿甲")
        gone = make_edition(by=editor, title="撤稿乙")
        publishing.withdraw(Article.objects.get(pk=gone.pk), by=editor, reason="有误")
        later = make_edition(by=editor, title="定时丙")
        Edition.objects.filter(pk=later.pk).update(published_at=timezone.now() + timedelta(hours=1))
        html = client.get("/").content.decode()
        for hidden in ("草稿甲", "撤稿乙", "定时丙"):
            assert hidden not in html


class TestEveryPublicPage:
    @pytest.fixture
    def addresses(self, editor) -> list[str]:
        channel = make_channel(slug="group-news")
        edition = make_edition(by=editor, channel=channel)
        return ["/", "/channels/group-news/", edition.get_absolute_url(), "/articles/999999/"]

    def test_sets_no_cookie_and_depends_on_none(self, as_editor, addresses):
        for address in addresses:
            answer = as_editor.get(address)
            assert "Set-Cookie" not in answer.headers
            assert not answer.cookies
            assert "cookie" not in answer.headers.get("Vary", "").lower()

    def test_is_asked_for_again_each_time(self, client, addresses):
        """Else browsers guess, and show “withdrawn” long after a story is back."""
        for address in addresses:
            assert client.get(address).headers["Cache-Control"] == "no-cache"

    def test_is_read_with_get_and_head_only(self, client, addresses):
        for address in addresses[:3]:
            assert client.head(address).status_code == 200
            assert client.post(address).status_code == 405

    def test_carries_the_strict_policy(self, client, addresses):
        for address in addresses:
            policy = client.get(address).headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "script-src 'self';" in policy + ";"
            assert "unsafe" not in policy
            assert "nonce" not in policy

    @pytest.mark.parametrize("address", ["/articles/0/", "/articles/-1/", "/articles/1%00/"])
    def test_odd_addresses_are_no_error(self, client, address):
        assert client.get(address).status_code in (400, 404)

    def test_a_number_no_database_can_hold_is_404(self, client):
        assert client.get("/articles/99999999999999999999999/").status_code == 404
