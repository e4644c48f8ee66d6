"""The read API: what it tells, how it goes on, what it says of questions it cannot answer."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from articles import publishing
from articles.models import Article, ArticleViews, DailyViews, Edition
from articles.portal import api_answers, api_questions
from tests.conftest import SHANGHAI
from tests.factories import (
    figure,
    make_article,
    make_attachment,
    make_channel,
    make_department,
    make_edition,
    make_image,
)

pytestmark = pytest.mark.django_db

STORIES = "/api/v1/stories/"


def ids(answer) -> list[int]:
    return [story["id"] for story in answer.json()["stories"]]


class TestStories:
    def test_are_told_newest_first(self, client, editor):
        now = timezone.now()
        older, newer = (make_edition(by=editor, at=now - timedelta(days=n)) for n in (2, 1))
        answer = client.get(STORIES)
        assert ids(answer) == [newer.pk, older.pk]
        assert answer.json()["next"] is None
        story = answer.json()["stories"][0]
        assert story["url"] == f"http://testserver{newer.get_absolute_url()}"
        assert story["channel"] == {"slug": newer.channel.slug, "name": "集团新闻"}
        assert story["unit"]["name"] == newer.source_name
        assert story["authors"] == ["王芳"]

    def test_are_read_to_the_end_whatever_is_published_meanwhile(self, client, editor):
        now = timezone.now()
        made = [make_edition(by=editor, at=now - timedelta(days=n)).pk for n in range(1, 6)]
        read, address = [], f"{STORIES}?limit=2"
        while address:
            answer = client.get(address)
            read += ids(answer)
            address = answer.json()["next"]
            make_edition(by=editor)
        assert read == made

    def test_are_narrowed_by_channel_unit_tag_and_period(self, client, editor):
        above, group = make_channel(slug="news"), make_department(name="集团")
        wanted = make_edition(
            by=editor,
            channel=make_channel(slug="group-news", parent=above),
            source_department=make_department(name="一矿", parent=group),
            tags=["安全"],
            at=datetime(2026, 3, 1, 0, 0, tzinfo=SHANGHAI),
        )
        make_edition(by=editor, at=datetime(2026, 2, 28, 23, 59, tzinfo=SHANGHAI))
        for query in (
            "channel=news",
            "channel=group-news",
            f"unit={group.pk}",
            "tag=安全",
            "since=2026-03-01",
            "since=2026-02-28T16:00:00Z",
            "since=2026-03-01T00:00:00+08:00",
            f"channel=news&unit={group.pk}&tag=安全&since=2026-03-01&until=2026-03-02",
        ):
            assert ids(client.get(f"{STORIES}?{query}")) == [wanted.pk], query
        for query in ("tag=没有", "until=2026-02-01", "since=2999-01-01", "since=0001-01-01"):
            assert client.get(f"{STORIES}?{query}").status_code == 200
        assert ids(client.get(f"{STORIES}?until=2026-02-01")) == []

    def test_hold_nothing_that_readers_do_not_see(self, client, editor):
        make_article(by=editor, title="草稿")
        later, gone, over = (make_edition(by=editor) for _ in range(3))
        now = timezone.now()
        Edition.objects.filter(pk=later.pk).update(published_at=now + timedelta(days=1))
        Edition.objects.filter(pk=over.pk).update(
            published_at=now - timedelta(days=2), expires_at=now - timedelta(days=1)
        )
        publishing.withdraw(Article.objects.get(pk=gone.pk), by=editor, reason="有误")
        assert ids(client.get(STORIES)) == []
        for row, status in ((later, 404), (over, 404), (gone, 410)):
            answer = client.get(f"{STORIES}{row.pk}/")
            assert answer.status_code == status
            assert answer.headers["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize("number", [1, 12])
    def test_cost_the_same_however_many(self, client, editor, number, django_assert_num_queries):
        for _ in range(number):
            make_edition(by=editor, body=figure(make_image(by=editor)))
        with django_assert_num_queries(7):
            client.get(STORIES)


class TestStory:
    def test_is_told_whole(self, client, editor):
        body = "<p>正文。</p>" + figure(make_image(by=editor), "职工合影。", credit="王建")
        file = make_attachment(by=editor, title="材料")
        edition = make_edition(by=editor, body=body, attachments=[file])
        ArticleViews.objects.filter(article_id=edition.pk).update(base=12)
        story = client.get(f"{STORIES}{edition.pk}/").json()
        assert "正文。" in story["body_html"]
        assert 'src="http://testserver/media/public/' in story["body_html"]
        picture = story["pictures"][0]
        assert (picture["caption"], picture["credit"]) == ("职工合影。", "王建")
        assert (picture["width"], picture["height"]) == (960, 640)
        assert picture["src"].startswith("http://testserver/media/public/")
        assert story["attachments"][0]["url"] == f"http://testserver/attachments/{file.pk}/"
        assert story["views"] == 12

    def test_tells_all_pictures_of_a_group(self, client, editor):
        first, second = make_image(by=editor), make_image(by=editor)
        group = json.dumps([{"image": image.pk, "credit": "王建"} for image in (first, second)])
        caption = "<figcaption>合影。</figcaption>"
        edition = make_edition(by=editor, body=f"<figure data-group='{group}'>{caption}</figure>")
        pictures = client.get(f"{STORIES}{edition.pk}/").json()["pictures"]
        assert [picture["caption"] for picture in pictures] == ["合影。", "合影。"]
        assert [picture["credit"] for picture in pictures] == ["王建", "王建"]


class TestSearch:
    def test_finds_and_goes_on(self, client, editor, monkeypatch):
        monkeypatch.setattr("articles.searching.finding.PAGE_SIZE", 2)
        now = timezone.now()
        made = [
            make_edition(by=editor, title=f"安全生产{n}", at=now - timedelta(days=n)).pk
            for n in range(1, 4)
        ]
        first = client.get("/api/v1/search/?q=安全")
        assert ids(first) == made[:2]
        assert first.json()["total"] == 3
        make_edition(by=editor, title="安全新闻")
        assert ids(client.get(first.json()["next"])) == made[2:]

    def test_a_cursor_from_the_future_shows_nothing_early(self, client, editor):
        from articles.listing.cursors import Place

        later = make_edition(by=editor, title="安全")
        Edition.objects.filter(pk=later.pk).update(published_at=timezone.now() + timedelta(days=1))
        cursor = Place(timezone.now() + timedelta(days=9), 1)
        assert ids(client.get(f"/api/v1/search/?q=安全&cursor={cursor}")) == []

    @pytest.mark.parametrize("offset", ["+23:59", "-23:59"])
    def test_any_offset_of_a_moment_is_understood(self, client, offset):
        for name in ("since", "until"):
            asked = {name: f"2026-01-01T00:00:00{offset}"}
            assert client.get(STORIES, asked).status_code == 200

    def test_a_cursor_from_the_past_counts_nothing_that_has_expired(self, client, editor):
        from articles.listing.cursors import Place
        from articles.searching import indexing

        now = timezone.now()
        over = make_edition(by=editor, title="机密", at=now - timedelta(days=3))
        over.expires_at = now - timedelta(days=1)
        over.save()
        indexing.index_edition(over)
        cursor = Place(now - timedelta(days=2), 1)
        for words in ("机密", "机密。"):
            asked = {"q": words, "cursor": str(cursor)}
            assert client.get("/api/v1/search/", asked).json()["total"] == 0

    def test_a_cursor_from_the_past_shows_nothing_that_has_expired(self, client, editor):
        from articles.listing.cursors import Place

        now = timezone.now()
        over = make_edition(by=editor, title="安全", at=now - timedelta(days=3))
        Edition.objects.filter(pk=over.pk).update(expires_at=now - timedelta(days=1))
        cursor = Place(now - timedelta(days=2), 1)
        assert ids(client.get(f"/api/v1/search/?q=安全&cursor={cursor}")) == []


class TestTrees:
    def test_of_channels_and_units(self, client, editor):
        above = make_channel(name="新闻中心", slug="news")
        make_channel(name="集团新闻", slug="group-news", parent=above)
        group = make_department(name="集团")
        make_department(name="一矿", parent=group)
        channels = client.get("/api/v1/channels/").json()["channels"]
        assert channels[0]["beneath"][0]["slug"] == "group-news"
        assert channels[0]["feed_url"] == "http://testserver/channels/news/feed.json"
        units = client.get("/api/v1/units/").json()["units"]
        assert units[0]["beneath"][0]["name"] == "一矿"
        assert client.get(units[0]["stories_url"]).status_code == 200


class TestHotList:
    def test_is_ranked_by_the_views_of_a_week(self, client, editor):
        today = timezone.localdate()
        rows = [make_edition(by=editor) for _ in range(3)]
        for row, views, days in ((rows[0], 5, 0), (rows[1], 9, 6), (rows[2], 99, 7)):
            DailyViews.objects.create(
                article_id=row.pk, day=today - timedelta(days=days), views=views
            )
            ArticleViews.objects.filter(article_id=row.pk).update(total=views)
        answer = client.get("/api/v1/hot/")
        assert ids(answer) == [rows[1].pk, rows[0].pk]
        assert answer.json()["stories"][0]["views"] == 9
        assert ids(client.get("/api/v1/hot/?limit=1")) == [rows[1].pk]
        assert answer.json()["period"] == "week"
        assert ids(client.get("/api/v1/hot/?period=day")) == [rows[0].pk]
        assert ids(client.get("/api/v1/hot/?period=month")) == [row.pk for row in rows[::-1]]

    def test_of_late_has_no_first_day(self, client, editor):
        story = make_edition(by=editor)
        ArticleViews.objects.filter(article_id=story.pk).update(heat=1200)
        answer = client.get("/api/v1/hot/?period=lately")
        assert ids(answer) == [story.pk]
        assert answer.json()["from"] is None
        assert answer.json()["to"] == timezone.localdate().isoformat()


class TestQuestionsThatCannotBeAnswered:
    @pytest.mark.parametrize(
        ("address", "parameter"),
        [
            (f"{STORIES}?limit=0", "limit"),
            (f"{STORIES}?limit=101", "limit"),
            (f"{STORIES}?limit=１", "limit"),
            (f"{STORIES}?limit=", "limit"),
            (f"{STORIES}?unit=-1", "unit"),
            (f"{STORIES}?unit={'9' * 40}", "unit"),
            (f"{STORIES}?channel=../x", "channel"),
            (f"{STORIES}?tag={'标' * 3000}", "tag"),
            (f"{STORIES}?tag=", "tag"),
            (f"{STORIES}?since=yesterday", "since"),
            (f"{STORIES}?since=2026-02-30", "since"),
            (f"{STORIES}?until=2026-13-01T00:00:00Z", "until"),
            (f"{STORIES}?until=2026-01-01T25:00:00Z", "until"),
            (f"{STORIES}?cursor=x", "cursor"),
            (f"{STORIES}?cursor={'A' * 9000}", "cursor"),
            (f"{STORIES}?cursor=机", "cursor"),
            ("/api/v1/search/", "q"),
            (f"/api/v1/search/?q={'a' * 10_000}", "q"),
            ("/api/v1/hot/?limit=31", "limit"),
        ],
    )
    def test_name_the_parameter(self, client, address, parameter):
        answer = client.get(address)
        assert answer.status_code == 400
        assert answer.headers["Content-Type"] == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == 400
        assert [error["parameter"] for error in problem["errors"]] == [parameter]

    @pytest.mark.parametrize(
        "address",
        [
            "/api/v1/",
            "/api/v2/stories/",
            f"{STORIES}0/",
            f"{STORIES}999999/",
            f"{STORIES}{'9' * 40}/",
            f"{STORIES}?channel=nothing",
            f"{STORIES}?unit=999999",
            "/api/v1/stories",
        ],
    )
    def test_lead_nowhere(self, client, address):
        answer = client.get(address)
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"

    def test_are_answered_in_the_language_of_the_address(self, client):
        english = client.get("/en/api/v1/stories/?limit=x").json()
        assert english["title"] == "The request cannot be understood"
        assert "whole number from 1 to 100" in english["errors"][0]["detail"]

    @pytest.mark.parametrize("words", ["'", '"', "* OR", "a:b", "\u202e安", "🙂", "%_\\", "NEAR("])
    def test_odd_words_are_searched_for(self, client, editor, words):
        make_edition(by=editor)
        assert client.get("/api/v1/search/", {"q": words}).status_code == 200
        assert client.get(STORIES, {"tag": words}).status_code == 200


class TestEveryAnswer:
    ADDRESSES = (STORIES, "/api/v1/hot/", "/api/v1/channels/", "/api/openapi.json", "/api/x")

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_is_for_pages_of_any_site_and_depends_on_no_cookie(self, as_editor, address):
        answer = as_editor.get(address)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert not answer.cookies
        assert "cookie" not in answer.headers.get("Vary", "").lower()

    def test_is_not_sent_twice(self, client, editor):
        make_edition(by=editor)
        first = client.get(STORIES)
        again = client.get(STORIES, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert again.headers["Access-Control-Allow-Origin"] == "*"
        make_edition(by=editor)
        later = client.get(STORIES, headers={"If-None-Match": first.headers["ETag"]})
        assert later.status_code == 200

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_is_to_get_and_head_only(self, client, method):
        from django.test import Client

        answer = getattr(Client(enforce_csrf_checks=True), method)(STORIES)
        assert answer.status_code == 405
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
        assert client.head(STORIES).status_code == 200
        assert client.options(STORIES).headers["Access-Control-Allow-Methods"]

    def test_is_refused_to_those_who_ask_too_often(self, client, editor, monkeypatch):
        monkeypatch.setattr(api_answers, "MOST_A_MINUTE", 3)
        monkeypatch.setattr(api_answers, "ALLOWANCE", api_answers.Allowance())
        make_edition(by=editor)
        asked = [client.get(f"{STORIES}?limit={n}").status_code for n in range(1, 6)]
        assert asked == [200, 200, 200, 429, 429]
        assert client.get(f"{STORIES}?limit=9").headers["Retry-After"] == "60"
        # What is kept costs nothing.
        assert client.get(f"{STORIES}?limit=1").status_code == 200


class TestMoments:
    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("2026-03-01", datetime(2026, 3, 1, tzinfo=SHANGHAI)),
            ("2026-03-01T08:00:00Z", datetime(2026, 3, 1, 16, tzinfo=SHANGHAI)),
            ("2026-03-01t08:00:00.123456789z", datetime(2026, 3, 1, 16, 0, 0, 123456, SHANGHAI)),
            ("2026-03-01T08:00:00 08:00", datetime(2026, 3, 1, 8, tzinfo=SHANGHAI)),
            ("0001-01-01T00:00:00+14:00", api_questions.FIRST),
            ("9999-12-31T23:59:59-14:00", api_questions.LAST),
        ],
    )
    def test_are_read_as_they_are_written(self, text, moment):
        assert api_questions.moment(text) == moment


class TestThePage:
    def test_names_every_address_and_parameter(self, client):
        page = client.get("/api/").content.decode()
        for name in ("/stories/{id}/", "/hot/", "cursor", "since", "atom.xml", "body_html"):
            assert name in page

    def test_the_document_names_the_server_of_its_language(self, client):
        chinese = client.get("/api/openapi.json").json()
        english = client.get("/en/api/openapi.json").json()
        assert chinese["servers"][0]["url"] == "http://testserver/api/v1"
        assert english["servers"][0]["url"] == "http://testserver/en/api/v1"
        assert chinese["paths"].keys() == english["paths"].keys()
