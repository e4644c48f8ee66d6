"""What the editor's link dialogue is told: which stories there are, and which readers can open."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles import binning, publishing
from articles.admin import article_link_search
from articles.models import Article
from tests.factories import make_article, make_edition

ADDRESS = "/admin/articles/article/link-search/"


def titles(response) -> list[str]:
    return [each["title"] for each in response.json()["articles"]]


class TestLinks:
    def test_names_a_story_with_all_one_needs_to_know_it(self, as_editor, editor, noon):
        edition = make_edition(by=editor, title="矿山救援队 连续奋战三昼夜")
        (line,) = as_editor.get(ADDRESS, {"q": "救援队"}).json()["articles"]
        assert line == {
            "id": edition.pk,
            "title": "矿山救援队 连续奋战三昼夜",
            "url": reverse("article", args=[edition.pk]),
            "channel": "集团新闻",
            "date": "2026-06-15",
            "state": "已发布",
            "is_live": True,
        }

    def test_wants_every_word_somewhere_in_the_headline(self, as_editor, editor):
        make_article(by=editor, title="安全生产月启动", kicker="一号工程")
        make_article(by=editor, title="安全大检查")
        assert titles(as_editor.get(ADDRESS, {"q": "安全 一号"})) == ["安全生产月启动"]
        assert titles(as_editor.get(ADDRESS, {"q": "100%"})) == []
        assert len(titles(as_editor.get(ADDRESS, {"q": "  "}))) == 2

    def test_puts_own_published_stories_first_and_drafts_last(self, as_editor, editor, chief):
        make_article(by=editor, title="草稿")
        make_edition(by=chief, title="别人的")
        make_edition(by=editor, title="自己的")
        make_edition(by=chief, title="别人新的")
        assert titles(as_editor.get(ADDRESS)) == ["自己的", "别人新的", "别人的", "草稿"]

    def test_looks_at_the_newest_when_nothing_is_typed(self, as_editor, editor, monkeypatch):
        monkeypatch.setattr(article_link_search, "NEWEST", 2)
        for title in ("甲", "乙", "丙"):
            make_article(by=editor, title=title)
        assert titles(as_editor.get(ADDRESS)) == ["丙", "乙"]
        assert titles(as_editor.get(ADDRESS, {"q": "甲"})) == ["甲"]

    def test_finds_a_story_by_its_address_and_leaves_out_the_one_being_written(
        self, as_editor, editor
    ):
        story, other = make_article(by=editor, title="甲"), make_article(by=editor, title="乙")
        address = f"https://news.example/articles/{story.pk}/"
        assert titles(as_editor.get(ADDRESS, {"q": address})) == ["甲"]
        assert titles(as_editor.get(ADDRESS, {"not": story.pk})) == ["乙"]
        assert titles(as_editor.get(ADDRESS, {"not": "x", "q": other.title})) == ["乙"]
        assert titles(as_editor.get(ADDRESS, {"q": f"/articles/{10**18 - 1}/"})) == []

    def test_says_what_readers_cannot_open(self, as_editor, editor):
        withdrawn = make_edition(by=editor, title="撤下的").article
        publishing.withdraw(withdrawn, by=editor, reason="有误")
        make_article(by=editor, title="没发的")
        lines = as_editor.get(ADDRESS).json()["articles"]
        assert {line["title"]: line["is_live"] for line in lines} == {
            "撤下的": False,
            "没发的": False,
        }

    def test_keeps_the_recycle_bin_and_outsiders_out(self, as_editor, editor, as_outsider):
        story = make_article(by=editor)
        assert as_outsider.get(ADDRESS).status_code == 403
        as_editor.force_login(editor, backend="newsroom.authentication.OneStatementBackend")
        assert len(titles(as_editor.get(ADDRESS))) == 1
        binning.throw_away(story, by=editor)
        assert titles(as_editor.get(ADDRESS)) == []
        assert as_editor.post(ADDRESS).status_code == 405

    def test_asks_as_little_for_many_as_for_one(
        self, as_editor, editor, django_assert_max_num_queries
    ):
        for number in range(15):
            make_edition(by=editor, title=f"第{number}期")
        with django_assert_max_num_queries(6):
            assert len(titles(as_editor.get(ADDRESS))) == 12


class TestBody:
    """What is too much is refused with a sentence, and the text stays in the form."""

    @pytest.fixture
    def post(self, as_editor, editor):
        article = make_article(by=editor)
        address = reverse("admin:articles_article_change", args=[article.pk])
        data = {
            "title": article.title,
            "channel": article.channel_id,
            "source_department": article.source_department_id,
            "based_on": article.version,
            "receipt": "00000000-0000-4000-8000-000000000001",
            "attachments": "[]",
        }
        return lambda body: as_editor.post(address, {**data, "body": body})

    @pytest.mark.parametrize(
        ("body", "sentence"),
        [
            pytest.param("<p>" + "字" * 1_750_000 + "</p>", "正文太长", id="5 MB"),
            pytest.param("<p>" + "x" * 5_000_000 + "</p>", "正文太长", id="5 million letters"),
            pytest.param(
                "".join(f'<figure data-image="{row}"></figure>' for row in range(1, 502)),
                "500",
                id="501 pictures",
            ),
            pytest.param("<p>字</p>" * 10_001, "10001", id="too many paragraphs"),
            pytest.param("<table><tr><td>" * 40 + "字", "嵌套", id="deep tables"),
            pytest.param("<ul><li>" * 50_000 + "字", "嵌套", id="deeper lists"),
            pytest.param("<div>" * 150_000 + "字", "嵌套", id="deepest"),
        ],
    )
    def test_that_is_too_much_gets_a_sentence(self, post, body, sentence):
        response = post(body)
        assert response.status_code == 200
        errors = response.context["adminform"].form.errors["body"]
        assert sentence in " ".join(errors)
        assert response.context["adminform"].form["body"].value() == body
        assert Article.objects.get().version == 1

    def test_is_sent_as_it_is(self, as_editor, editor):
        address = reverse("admin:articles_article_add")
        assert 'enctype="multipart/form-data"' in as_editor.get(address).content.decode()
