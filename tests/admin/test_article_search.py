"""Searching the list of articles in the admin: drafts too, within rights; misses are shown."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from articles import binning, writing
from articles.models import Article, ArticleEntry, SearchMiss
from tests.factories import figure, make_article, make_edition, make_image
from tests.portal.test_search import NASTY

pytestmark = pytest.mark.django_db


def found(client, typed: str) -> set[str]:
    answer = client.get(reverse("admin:articles_article_changelist"), {"q": typed})
    assert answer.status_code == 200
    return {article.title for article in answer.context["cl"].result_list}


class TestArticleList:
    @pytest.mark.parametrize(
        "typed",
        [
            "稿",
            "未发布",
            "没人见过",
            "没人见过的正文",
            "井口",
            "王芳",
            "先进",
            "沒人見過",
            "稿 井口",
        ],
    )
    def test_finds_a_draft_by_any_of_its_words(self, as_writer, writer, typed):
        body = "<p>没人见过的正文</p>" + figure(make_image(by=writer), "职工在井口合影。")
        make_article(by=writer, title="未发布的稿子", body=body, tags=["先进典型"])
        assert found(as_writer, typed) == {"未发布的稿子"}

    def test_finds_what_is_written_not_what_is_printed(self, as_editor, editor):
        article = Article.objects.get(pk=make_edition(by=editor, title="已发布的标题").pk)
        article.title = "正在改的标题"
        writing.keep(article, body=article.body, tags=[], by=editor, based_on=article.version)
        assert found(as_editor, "正在改") == {"正在改的标题"}
        assert found(as_editor, "已发布") == set()

    def test_who_may_see_nothing_finds_nothing(self, as_outsider, writer):
        make_article(by=writer, title="未发布的稿子")
        answer = as_outsider.get(reverse("admin:articles_article_changelist"), {"q": "未发布"})
        assert answer.status_code == 403

    def test_what_lies_in_the_bin_is_not_found(self, as_writer, writer):
        article = make_article(by=writer, title="未发布的稿子")
        binning.throw_away(article, by=writer)
        assert found(as_writer, "未发布") == set()
        binning.take_back(article)
        assert found(as_writer, "未发布") == {"未发布的稿子"}

    def test_what_is_discarded_leaves_nothing(self, as_writer, writer):
        article = make_article(by=writer, title="未发布的稿子")
        binning.throw_away(article, by=writer)
        article.refresh_from_db()
        binning.discard(article)
        make_article(by=writer, title="别的")
        assert not ArticleEntry.objects.filter(title__contains="未发布").exists()
        assert found(as_writer, "未发布") == set()

    @pytest.mark.parametrize("typed", NASTY)
    def test_every_phrase_is_answered(self, as_writer, writer, typed):
        make_article(by=writer, title="安全")
        found(as_writer, typed)


class TestSearchesWithoutResult:
    def test_staff_with_the_right_see_words_days_and_times(self, as_writer, writer):
        SearchMiss.objects.create(phrase="巷道支护", day=date(2026, 6, 1), times=7)
        address = reverse("admin:articles_searchmiss_changelist")
        assert as_writer.get(address).status_code == 403
        writer.user_permissions.add(Permission.objects.get(codename="view_searchmiss"))
        html = as_writer.get(address).content.decode()
        assert "巷道支护" in html
        assert ">7<" in html
        assert as_writer.get(reverse("admin:articles_searchmiss_add")).status_code == 403
