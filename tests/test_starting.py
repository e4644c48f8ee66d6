"""Beginning with a template or a copy; what was used before."""

from __future__ import annotations

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import binning, gaps, publishing, starting, workflow, writing
from articles.models import Article, ArticleImage, StoryTemplate, Video
from articles.models.story_template import COPY_MARK
from tests.factories import figure, make_article, make_edition, make_image

pytestmark = pytest.mark.django_db


def make_template(**fields) -> StoryTemplate:
    return StoryTemplate.objects.create(**{"name": "活动", "title": "【活动】举行", **fields})


def make_video(*, by, **fields) -> Video:
    """The row of a film; there is no file to it."""
    facts = {"file": "videos/a.mp4", "width": 1280, "height": 720, "duration": 3, "size": 9}
    return Video.objects.create(**{**facts, "uploaded_by": by, **fields})


class TestTheFirstTemplates:
    def test_come_with_the_installation(self):
        names = list(StoryTemplate.objects.values_list("name", flat=True))
        assert names == ["通知", "会议报道", "图片新闻"]
        for template in StoryTemplate.objects.all():
            assert StoryTemplate.objects.unfilled(template.title)
            assert template.body == starting.without_figures(template.body)

    def test_are_not_added_twice(self):
        migration = importlib.import_module("articles.migrations.0003_first_templates")
        StoryTemplate.objects.filter(name="通知").update(title="我们自己的")
        migration.add(apps, SimpleNamespace(connection=connection))
        assert StoryTemplate.objects.count() == 3
        assert StoryTemplate.objects.get(name="通知").title == "我们自己的"


class TestBlanks:
    @pytest.mark.parametrize(
        ("words", "left"),
        [
            ("", []),
            ("集团召开会议", []),
            ("【活动】举行", ["【活动】"]),
            ("【活动】举行 【活动】圆满", ["【活动】"]),
            ("【单位】举行【活动】", ["【单位】", "【活动】"]),
            ("【新春走基层】矿灯亮起", []),
            ("【副本】矿灯亮起", ["【副本】"]),
            ("【没有合上", []),
            ("【】", []),
        ],
    )
    def test_of_a_template_are_found_and_brackets_of_writers_left_alone(self, words, left):
        make_template(body="<p>【单位】</p>")
        assert StoryTemplate.objects.unfilled(words) == left

    def test_cost_no_query_without_brackets(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            StoryTemplate.objects.unfilled("集团召开会议")

    def test_in_a_headline_hold_the_publication(self, editor):
        make_template()
        article = make_article(by=editor, title="【活动】举行")
        (gap,) = gaps.publishing(article)
        assert "【活动】" in gap

    def test_in_a_headline_of_ones_own_do_not(self, editor):
        make_template()
        assert make_edition(by=editor, title="【新春走基层】矿灯亮起").is_live()


class TestTemplate:
    def test_of_an_article_holds_its_words_without_pictures(self, editor):
        body = "<p>一</p>" + figure(make_image(by=editor)) + "<p>二</p>"
        article = make_article(by=editor, body=body, tags=["会议", "安全"])
        fields = starting.as_template(article)
        assert fields["body"] == "<p>一</p><p>二</p>"
        assert fields["title"] == article.title
        assert sorted(fields["tags"].split("、")) == ["会议", "安全"]
        assert fields["channel"] == article.channel_id


class TestCopy:
    def test_has_the_words_facts_and_tags_and_is_a_draft(self, writer, editor):
        source = make_edition(
            by=editor, subtitle="副题", summary="摘要", short_title="短", tags=["会议"]
        ).article
        copy = starting.copy(source, by=writer)
        copy.refresh_from_db()
        assert copy.title == f"{COPY_MARK}{source.title}"
        for name in starting.COPIED_FIELDS:
            if name != "title":
                assert getattr(copy, name) == getattr(source, name), name
        assert list(copy.tags.names()) == ["会议"]
        assert (copy.status, copy.version, copy.created_by) == ("draft", 1, writer)
        assert copy.body == source.body
        assert not hasattr(copy, "edition")

    def test_leaves_the_source_as_it_was(self, editor):
        source = make_article(by=editor, body="<p>一</p>" + figure(make_image(by=editor)))
        before = writing.snapshot(source)
        starting.copy(source, by=editor)
        source.refresh_from_db()
        assert writing.snapshot(source) == before
        assert source.version == 1

    def test_shows_the_pictures_as_rows_of_its_own_on_the_same_files(self, writer, editor):
        first, second, third = (make_image(by=editor) for _ in range(3))
        group = (
            f'<figure data-group=\'[{{"image":{second.pk},"credit":"李明","turn":"90"}},'
            f'{{"image":{third.pk},"crop":"0.1,0.1,0.5,0.5"}}]\'>'
            "<figcaption>两张一组。</figcaption></figure>"
        )
        source = make_article(by=editor, body=figure(first, "第一张。", "王建") + group)
        source.cover = second
        writing.keep(source, body=writing.body_for_editor(source), tags=[], by=editor, based_on=1)
        copy = starting.copy(source, by=writer)
        old, new = list(source.images.all()), list(copy.images.all())
        assert [row.file.name for row in new] == [row.file.name for row in old]
        assert [row.original.name for row in new] == [row.original.name for row in old]
        assert not {row.pk for row in new} & {row.pk for row in old}
        facts = ("order", "caption", "credit", "turn", "crop", "width", "height", "sha256")
        for name in facts:
            assert [getattr(row, name) for row in new] == [getattr(row, name) for row in old], name
        assert copy.cover_id == new[1].pk
        assert {row.uploaded_by for row in new} == {writer}
        assert copy.body == (
            f'<figure data-image="{new[0].pk}"></figure>'
            f'<figure data-image="{new[1].pk},{new[2].pk}"></figure>'
        )

    def test_shows_the_videos_too(self, editor):
        poster = make_image(by=editor)
        film = make_video(by=editor)
        body = (
            f'<p>一</p><figure data-video="{film.pk}" data-poster="{poster.pk}" data-credit="王建">'
            "<figcaption>井口。</figcaption></figure>"
        )
        source = make_article(by=editor, body=body)
        copy = starting.copy(source, by=editor)
        twin = copy.videos.get()
        assert (twin.file.name, twin.caption, twin.credit) == ("videos/a.mp4", "井口。", "王建")
        assert twin.poster.article == copy
        assert twin.poster.file.name == poster.file.name
        assert twin.pk != film.pk

    def test_leaves_unplaced_pictures_behind(self, editor):
        image = make_image(by=editor)
        source = make_article(by=editor, body=figure(image))
        writing.keep(source, body="<p>没有照片了</p>", tags=[], by=editor, based_on=1)
        assert not starting.copy(source, by=editor).images.exists()

    def test_of_a_copy_is_marked_once_and_a_long_title_cut(self, editor):
        source = make_article(by=editor, title="长" * 200)
        copy = starting.copy(starting.copy(source, by=editor), by=editor)
        assert copy.title == (COPY_MARK + "长" * 200)[:200]

    def test_is_not_published_under_the_marked_title(self, editor):
        copy = starting.copy(make_article(by=editor), by=editor)
        with pytest.raises(workflow.MoveRefused):
            publishing.publish(copy, by=editor)

    def test_keeps_its_pictures_when_the_source_is_withdrawn(self, editor):
        source = make_edition(by=editor, body=figure(make_image(by=editor))).article
        copy = starting.copy(source, by=editor)
        copy.title = "新的题目"
        writing.keep(copy, body=writing.body_for_editor(copy), tags=[], by=editor, based_on=1)
        publishing.publish(copy, by=editor)
        publishing.withdraw(Article.objects.get(pk=source.pk), by=editor, reason="数字有误")
        storage = ArticleImage.objects.first().file.storage
        shown = Article.objects.get(pk=copy.pk).edition.cover["source"]
        assert storage.exists(shown.removeprefix("/media/"))

    def test_costs_the_same_with_many_pictures(self, editor):
        def cost(pictures: int) -> int:
            body = "".join(figure(make_image(by=editor)) for _ in range(pictures))
            source = make_article(by=editor, body=body)
            with CaptureQueriesContext(connection) as queries:
                starting.copy(source, by=editor)
            return len(queries)

        assert cost(6) == cost(2)


class TestEarlierArticles:
    def test_are_ones_own_newest_until_words_are_given(self, writer, editor):
        own = [make_article(by=writer, title=f"自己的{number}") for number in range(2)]
        other = make_article(by=editor, title="别人的稿件")
        assert starting.earlier_articles(writer, "") == own[::-1]
        assert starting.earlier_articles(writer, "稿件 别人") == [other]
        assert starting.earlier_articles(writer, "没有") == []

    def test_never_lie_in_the_bin(self, writer):
        article = make_article(by=writer)
        binning.throw_away(article, by=writer)
        assert starting.earlier_articles(writer, "") == []
        assert starting.earlier_articles(writer, "同心同向") == []

    def test_come_without_their_texts(self, writer):
        make_article(by=writer)
        (found,) = starting.earlier_articles(writer, "")
        assert {"body", "summary"} <= found.get_deferred_fields()


class TestWhatWasUsedBefore:
    def make(self, by, byline="", source=""):
        article = make_article(by=by, outside_source=source)
        Article.objects.filter(pk=article.pk).update(byline=byline)

    def test_offers_own_bylines_first_then_the_newest(self, writer, editor):
        for by, byline in [(writer, "王芳"), (editor, "李明"), (editor, "王建 李明")]:
            self.make(by, byline)
        assert starting.earlier_bylines(writer, "") == ["王芳", "王建 李明", "李明"]
        assert starting.earlier_bylines(editor, "") == ["王建 李明", "李明", "王芳"]

    def test_puts_what_begins_with_the_typed_words_before_what_contains_them(self, writer, editor):
        self.make(editor, "李明 王芳")
        self.make(writer, "张王")
        assert starting.earlier_bylines(writer, "王") == ["张王", "李明 王芳"]
        assert starting.earlier_bylines(writer, "李") == ["李明 王芳"]

    def test_completes_the_last_name_of_a_byline(self, writer):
        self.make(writer, "王芳 李明")
        self.make(writer, "王芳")
        assert starting.earlier_bylines(writer, "张强 李") == ["张强 李明"]
        assert starting.earlier_bylines(writer, "李明、王") == ["李明、王芳"]
        assert starting.earlier_bylines(writer, "王芳") == ["王芳 李明"]

    def test_knows_media_and_photographers(self, writer, editor):
        self.make(editor, source="新华网")
        make_article(by=editor, body=figure(make_image(by=editor), credit="王建"))
        make_image(by=editor, credit="没有用过")
        assert starting.earlier_sources(writer, "新") == ["新华网"]
        assert starting.earlier_credits(writer, "") == ["王建"]
        binning.throw_away(Article.objects.latest("pk"), by=editor)
        assert starting.earlier_credits(writer, "") == []

    def test_offers_a_handful(self, writer):
        for number in range(12):
            self.make(writer, f"王{number}")
        assert len(starting.earlier_bylines(writer, "王")) == starting.OFFERED

    def test_forgets_what_lies_in_the_bin(self, writer):
        article = make_article(by=writer)
        binning.throw_away(article, by=writer)
        assert starting.earlier_bylines(writer, "王") == []

    @pytest.mark.parametrize("field", starting.EARLIER)
    def test_reads_a_bounded_part_along_an_index(self, writer, field):
        """100,000 stories cost what 2,000 do: one query with a limit, and nothing is sorted."""
        with CaptureQueriesContext(connection) as queries:
            starting.EARLIER[field](writer, "王")
        limited = f"LIMIT {starting.NEWEST}"
        (statement,) = (each["sql"] for each in queries if limited in each["sql"])
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
                plan = " ".join(str(row) for row in cursor.fetchall())
            assert "TEMP B-TREE" not in plan
