"""Every live story that contains the phrases is found, and no other; in which order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import publishing, writing
from articles.models import Article, Edition, EditionEntry
from articles.searching import entries, finding, indexing, watching
from articles.searching.normal import normal
from articles.searching.query import parse
from tests.factories import figure, make_article, make_edition, make_image

pytestmark = pytest.mark.django_db


def found(typed: str, **facets) -> list[str]:
    return [edition.title for edition in finding.find(parse(typed, **facets)).editions]


def total(typed: str) -> int:
    return finding.find(parse(typed)).total


class TestFind:
    @pytest.mark.parametrize(
        "typed",
        [
            "井",
            "井口",
            "井口合影",
            "安全生产月",
            "岳行致远",
            "讲清来路 讲实本领",
            "课堂设到",
            "王芳",
            "先进典型",
            "工程公司",
            "HXD3C",
            "hxd3c",
            "ＨＸＤ３Ｃ",
            "98.6",
            "98.6%",
            "澜岳集團",
            "職工在井口",
            "“讲清来路 讲实本领”",
            "王芳 HXD3C",
            "岳",
            "3",
            "D3",
            "𠮷野",
        ],
    )
    def test_finds_what_stands_anywhere_in_a_story(self, editor, typed):
        image = make_image(by=editor)
        make_edition(
            by=editor,
            kicker="“岳行致远”主题宣讲",
            title="讲清来路 讲实本领 讲亮前程",
            subtitle="课堂设到矿区",
            body="<p>澜岳集团安全生产月，HXD3C机车完好率98.6%。𠮷野家。</p>"
            + figure(image, "职工在井口合影。"),
            tags=["先进典型"],
        )
        assert found(typed) == ["讲清来路 讲实本领 讲亮前程"]

    @pytest.mark.parametrize("typed", ["安产", "全安", "井口职工", "HXD3D", "路讲", "来路讲实"])
    def test_finds_nothing_that_is_not_there(self, editor, typed):
        make_edition(
            by=editor, title="讲清来路 讲实本领", body="<p>安全生产，职工在井口，HXD3C。</p>"
        )
        assert found(typed) == []

    def test_needs_every_word(self, editor):
        make_edition(by=editor, title="甲", body="<p>安全生产</p>")
        make_edition(by=editor, title="乙", body="<p>安全</p><p>生产</p>")
        assert set(found("安全 生产")) == {"甲", "乙"}
        assert found("安全生产") == ["甲"]

    def test_title_before_text_and_recent_before_old(self, editor):
        now = timezone.now()
        for title, body, days in (
            ("旧标题有运输", "无", 9),
            ("新正文", "讲的是运输", 1),
            ("旧正文", "讲的是运输", 8),
            ("新标题有运输", "无", 2),
        ):
            make_edition(
                by=editor, title=title, body=f"<p>{body}</p>", at=now - timedelta(days=days)
            )
        assert found("运输") == ["新标题有运输", "旧标题有运输", "新正文", "旧正文"]

    def test_title_before_text_for_long_phrases_too(self, editor):
        now = timezone.now()
        make_edition(by=editor, title="重载运输线", at=now - timedelta(days=9))
        make_edition(
            by=editor, title="运输重载", body="<p>重载运输线</p>", at=now - timedelta(days=1)
        )
        assert found("重载运输线") == ["重载运输线", "运输重载"]

    def test_of_one_moment_all_are_found(self, editor):
        at = timezone.now() - timedelta(days=1)
        for number in range(5):
            make_edition(by=editor, title=f"同一时刻第{number}篇", at=at)
        assert total("同一") == 5

    def test_pages_hold_each_story_once(self, editor):
        now = timezone.now()
        for number in range(27):
            where = {"title": f"风电{number}"} if number % 2 else {"body": "<p>风电</p>"}
            make_edition(by=editor, at=now - timedelta(hours=number), **where)
        for typed in ("风电", "风"):
            pages = [finding.find(parse(typed), page) for page in (1, 2, 3)]
            ids = [edition.pk for page in pages for edition in page.editions]
            assert [len(page.editions) for page in pages] == [20, 7, 0]
            assert len(set(ids)) == 27
            assert {page.total for page in pages} == {27}

    def test_counts_so_many_of_a_long_phrase(self, editor, monkeypatch):
        monkeypatch.setattr(finding, "MOST_COUNTED", 3)
        for _number in range(5):
            make_edition(by=editor, title="重载运输线")
        answer = finding.find(parse("重载运输线"))
        assert (len(answer.editions), answer.total, answer.is_more) == (3, 3, True)


class TestOnlyWhatIsLive:
    def test_a_draft_is_not_found_nor_what_was_changed_since(self, editor):
        make_article(by=editor, title="不可外传的草稿")
        edition = make_edition(by=editor, title="已经发布的稿子")
        article = Article.objects.get(pk=edition.pk)
        article.title = "尚未发布的新标题"
        writing.keep(article, body=article.body, tags=[], by=editor, based_on=article.version)
        assert found("外传") == found("尚未") == found("不可外传的草稿") == []
        assert found("已经发布") == ["已经发布的稿子"]

    def test_a_withdrawn_story_is_not_found_until_it_is_back(self, editor):
        edition = make_edition(by=editor, title="要撤的稿子")
        article = Article.objects.get(pk=edition.pk)
        publishing.withdraw(article, by=editor, reason="数字有误")
        assert found("要撤") == []
        publishing.publish(article, by=editor)
        assert found("要撤") == ["要撤的稿子"]

    def test_a_story_is_found_as_it_was_printed_last(self, editor):
        edition = make_edition(by=editor, title="第一版标题")
        article = Article.objects.get(pk=edition.pk)
        article.title = "第二版标题"
        writing.keep(article, body=article.body, tags=[], by=editor, based_on=article.version)
        publishing.publish(article, by=editor)
        assert found("第一版") == []
        assert found("第二版") == ["第二版标题"]
        assert EditionEntry.objects.count() == 1

    def test_scheduled_and_expired_stories_are_neither_found_nor_counted(self, editor):
        now = timezone.now()
        later, over = (
            make_edition(by=editor, title="定时丙"),
            make_edition(by=editor, title="过期丙"),
        )
        make_edition(by=editor, title="在线丙")
        Edition.objects.filter(pk=later.pk).update(published_at=now + timedelta(hours=1))
        Edition.objects.filter(pk=over.pk).update(
            published_at=now - timedelta(hours=2), expires_at=now - timedelta(hours=1)
        )
        for row in (later, over):
            indexing.index_edition(Edition.objects.get(pk=row.pk))
        for typed in ("丙", "在线丙", "时丙"):
            assert all(edition.is_live() for edition in finding.find(parse(typed)).editions)
        assert total("丙") == 1
        at = now + timedelta(hours=2)
        assert finding.find(parse("丙"), at=at).total == 2
        assert finding.find(parse("丙"), at=now - timedelta(minutes=90)).total == 1

    def test_what_was_changed_past_the_index_never_leaks(self, editor):
        edition = make_edition(by=editor, title="忽然过期的稿子")
        Edition.objects.filter(pk=edition.pk).update(
            published_at=timezone.now() - timedelta(days=2),
            expires_at=timezone.now() - timedelta(days=1),
        )
        assert found("忽然") == []


WORDS = st.text(alphabet="安全生产 aBé0５，。繁體全" + "\U00020bb7", min_size=0, max_size=14)


class TestProperty:
    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        titles=st.lists(WORDS, min_size=1, max_size=6),
        texts=st.lists(WORDS, min_size=6, max_size=6),
        phrases=st.lists(WORDS, min_size=1, max_size=12),
    )
    def test_finds_exactly_what_contains_the_phrase(self, sample, titles, texts, phrases):
        """Against Python's own `in` on normal forms, for words as random as they come."""
        EditionEntry.objects.all().delete()
        editions = sample[: len(titles)]
        for edition, title, text in zip(editions, titles, texts, strict=False):
            edition.title, edition.plain_text, edition.summary = title, text, ""
        indexing.index_new(editions, [])
        forms = {edition.pk: entries.of_edition(edition).text for edition in editions}
        for phrase in phrases:
            query = parse(f"“{phrase}”")
            if not query.phrases:
                continue
            wanted = {row for row, form in forms.items() if normal(phrase) in form}
            answer = finding.find(query)
            assert {edition.pk for edition in answer.editions} == wanted, phrase
            assert answer.total == len(wanted)

    @pytest.fixture
    def sample(self, editor) -> list[Edition]:
        return [make_edition(by=editor, title=f"样本{number}") for number in range(6)]


class TestRebuild:
    def test_finds_the_same_afterwards_and_heals(self, editor):
        make_edition(by=editor, title="安全生产")
        draft = make_article(by=editor, title="未发布的安全")
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(
                    "INSERT INTO articles_editionentry_grams (rowid, grams) VALUES (1, '安全')"
                )
            else:
                cursor.execute("UPDATE articles_editionentry SET grams = NULL")
        assert total("安全") != 1
        assert list(indexing.rebuild()) == [2]
        assert (found("安全"), total("安全")) == (["安全生产"], 1)
        drafts = finding.articles(parse("未发布"), Article.objects.all())
        assert [article.pk for article in drafts] == [draft.pk]

    def test_a_story_without_entry_is_indexed_once(self, editor):
        make_edition(by=editor, title="安全生产")
        EditionEntry.objects.all().delete()
        assert total("安全") == 0
        assert list(indexing.index_missing()) == [1]
        assert list(indexing.index_missing()) == []
        assert total("安全") == 1

    def test_a_migration_leaves_very_many_to_people(self, editor, monkeypatch, caplog):
        for number in range(3):
            make_edition(by=editor, title=f"安全{number}")
        EditionEntry.objects.all().delete()
        monkeypatch.setattr(indexing, "BATCH", 1)
        monkeypatch.setattr(watching, "PATIENCE", -1)
        watching._migrated(plan=["a migration"])
        assert total("安全") == 1
        assert "manage.py index_search" in caplog.text
        monkeypatch.setattr(watching, "PATIENCE", 60)
        watching._migrated(plan=["a migration"])
        assert total("安全") == 3

    def test_many_of_one_second_have_places_of_their_own(self, editor):
        at = timezone.now() - timedelta(days=3)
        editions = [make_edition(by=editor, title=f"安全{number}", at=at) for number in range(4)]
        EditionEntry.objects.all().delete()
        indexing.index_new(editions[:2], [])
        indexing.index_new(editions[2:], [])
        assert total("安全") == 4
