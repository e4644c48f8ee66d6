"""The start page of an article, its templates, copies and suggestions."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import binning, starting, writing
from articles.models import Article, StoryTemplate
from tests.factories import figure, make_article, make_channel, make_edition, make_image

pytestmark = pytest.mark.django_db

START = "/admin/articles/article/start/"
ADD = "/admin/articles/article/add/"
SUGGESTIONS = "/admin/articles/article/suggestions/"
TEMPLATES = "/admin/articles/storytemplate/"


def copy_url(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/copy/"


def initial(answer) -> dict[str, object]:
    form = answer.context["adminform"].form
    return {name: form[name].value() for name in form.fields}


@pytest.fixture
def as_keeper(as_writer, writer):
    """A writer who keeps the templates."""
    rights = Permission.objects.filter(content_type__model="storytemplate")
    writer.user_permissions.add(*rights)
    return as_writer


class TestStart:
    def test_is_one_click_from_the_desk_and_the_list(self, as_writer):
        for page in ("/admin/", "/admin/articles/article/"):
            assert f'href="{START}"' in as_writer.get(page).content.decode()

    def test_offers_a_blank_page_templates_and_own_articles(self, as_writer, writer):
        article = make_article(by=writer, title="去年的会议")
        html = as_writer.get(START).content.decode()
        assert f'href="{ADD}"' in html
        for template in StoryTemplate.objects.all():
            assert f'href="{ADD}?template={template.pk}"' in html
            assert template.purpose in html
        assert f'action="{copy_url(article)}"' in html

    def test_finds_articles_of_colleagues_by_title(self, as_writer, editor):
        article = make_article(by=editor, title="安全生产 月度例会")
        assert copy_url(article) not in as_writer.get(START).content.decode()
        assert copy_url(article) in as_writer.get(START, {"q": "例会 安全"}).content.decode()

    def test_costs_the_same_with_many_articles(
        self, as_writer, writer, django_assert_max_num_queries
    ):
        for number in range(12):
            make_article(by=writer, title=f"稿件{number}")
        as_writer.get(START)
        with django_assert_max_num_queries(9):
            as_writer.get(START, {"q": "稿件"})

    @pytest.mark.parametrize("words", ["%", "'", "词 " * 500, "长" * 5000])
    def test_survives_any_words(self, as_writer, words):
        assert as_writer.get(START, {"q": words}).status_code == 200

    def test_is_for_those_who_may_write(self, as_outsider, editor):
        article = make_article(by=editor)
        assert as_outsider.get(START).status_code == 403
        assert as_outsider.get(SUGGESTIONS, {"field": "byline"}).status_code == 403
        assert as_outsider.post(copy_url(article)).status_code == 403
        assert Article.objects.count() == 1

    def test_says_where_templates_are_changed_to_those_who_may(self, as_keeper):
        assert f'href="{TEMPLATES}"' in as_keeper.get(START).content.decode()

    def test_says_nothing_of_it_to_others(self, as_writer):
        assert f'href="{TEMPLATES}"' not in as_writer.get(START).content.decode()


class TestTemplate:
    def test_fills_in_the_form_and_writes_nothing(self, as_writer):
        template = StoryTemplate.objects.get(name="会议报道")
        channel = make_channel()
        StoryTemplate.objects.filter(pk=template.pk).update(channel=channel, kicker="引题")
        form = initial(as_writer.get(ADD, {"template": template.pk}))
        assert form["title"] == template.title
        assert form["body"] == template.body
        assert form["tags"] == "会议"
        assert (form["channel"], form["kicker"]) == (channel.pk, "引题")
        assert not Article.objects.exists()

    @pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30, "１", "1 OR 1"])
    def test_that_is_not_there_gives_a_blank_page_and_a_sentence(self, as_writer, number):
        answer = as_writer.get(ADD, {"template": number})
        assert answer.status_code == 200
        assert len(list(answer.context["messages"])) == 1
        assert not initial(answer)["title"]

    def test_is_all_an_address_can_fill_in(self, as_writer):
        form = initial(as_writer.get(ADD, {"title": "诱饵", "body": "<p>诱饵</p>"}))
        assert not form["title"]
        assert not form["body"]


class TestCopy:
    def test_makes_a_draft_and_opens_it(self, as_writer, writer, editor):
        source = make_edition(by=editor).article
        answer = as_writer.post(copy_url(source))
        copy = Article.objects.get(created_by=writer)
        assert answer.url == f"/admin/articles/article/{copy.pk}/change/"
        assert copy.status == "draft"

    def test_is_never_made_by_looking(self, as_writer, writer):
        source = make_article(by=writer)
        assert as_writer.get(copy_url(source)).status_code == 405
        assert Article.objects.count() == 1

    def test_of_what_is_not_there_is_not_found(self, as_writer, writer):
        source = make_article(by=writer)
        binning.throw_away(source, by=writer)
        assert as_writer.post(copy_url(source)).status_code == 404
        assert as_writer.post(f"/admin/articles/article/{'9' * 30}/copy/").status_code == 404


class TestSuggestions:
    def test_answer_what_was_used_before(self, as_writer, writer):
        make_article(by=writer, body=figure(make_image(by=writer), credit="王建"))
        for field, words in [("byline", ["王芳"]), ("credit", ["王建"]), ("outside_source", [])]:
            answer = as_writer.get(SUGGESTIONS, {"field": field, "q": "王"})
            assert answer.json() == {"suggestions": words}

    def test_know_no_other_field(self, as_writer):
        assert as_writer.get(SUGGESTIONS, {"field": "title", "q": "王"}).status_code == 404
        assert as_writer.post(SUGGESTIONS, {"field": "byline"}).status_code == 405


class TestTheDeskForTemplates:
    def fields(self, **given) -> dict[str, str]:
        return {"name": "活动", "order": "9", "title": "【活动】举行", "body": "<p>一</p>", **given}

    def test_is_for_those_with_the_right(self, as_writer):
        assert as_writer.get(TEMPLATES).status_code == 403

    def test_keeps_a_template_cleaned(self, as_keeper):
        sent = self.fields(body="<p>一</p><script>alert(1)</script>", tags="会议，安全;会议")
        assert as_keeper.post(f"{TEMPLATES}add/", sent).status_code == 302
        template = StoryTemplate.objects.get(name="活动")
        assert (template.body, template.tags) == ("<p>一</p>", "会议、安全")

    def test_refuses_pictures_and_keeps_what_was_typed(self, as_keeper, writer):
        sent = self.fields(body="<p>一</p>" + figure(make_image(by=writer)))
        answer = as_keeper.post(f"{TEMPLATES}add/", sent)
        assert "body" in answer.context["adminform"].form.errors
        assert not StoryTemplate.objects.filter(name="活动").exists()

    def test_begins_with_the_words_of_an_article(self, as_keeper, writer):
        article = make_article(by=writer, body="<p>年度会议</p>")
        form = initial(as_keeper.get(f"{TEMPLATES}add/", {"article": article.pk}))
        assert (form["title"], form["body"]) == (article.title, "<p>年度会议</p>")

    def test_gives_nothing_away_of_what_one_may_not_see(self, as_keeper, writer):
        article = make_article(by=writer)
        binning.throw_away(article, by=writer)
        for number in (article.pk, "x", "9" * 40):
            assert not initial(as_keeper.get(f"{TEMPLATES}add/", {"article": number}))["title"]

    def test_is_offered_in_the_form_of_a_saved_article(self, as_keeper, writer):
        article = make_article(by=writer)
        html = as_keeper.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
        assert f"{TEMPLATES}add/?article={article.pk}" in html
        assert f"{TEMPLATES}add/?article" not in as_keeper.get(ADD).content.decode()


class TestPublishing:
    def test_is_refused_while_blanks_are_left_in_the_text(self, as_editor, editor):
        template = StoryTemplate.objects.get(name="会议报道")
        article = make_article(by=editor, body="<p>【会议名称】召开。</p>", title="会议召开")
        assert "【会议名称】" in template.body
        answer = as_editor.get(f"/admin/articles/article/{article.pk}/change/")
        form = answer.context["adminform"].form
        sent = {name: form[name].value() or "" for name in form.fields} | {"_publish": "1"}
        sent["tags"] = ""
        answer = as_editor.post(f"/admin/articles/article/{article.pk}/change/", sent, follow=True)
        article.refresh_from_db()
        assert not article.is_published
        assert any("【会议名称】" in str(each) for each in answer.context["messages"])


class TestTheList:
    LIST = "/admin/articles/article/"

    def test_of_a_channel_holds_those_beneath(self, as_writer, writer):
        above = make_channel(name="新闻中心")
        beneath = make_channel(name="集团新闻", parent=above)
        deep = make_channel(name="会议", parent=beneath)
        other = make_channel(name="岳言")
        for channel in (above, beneath, deep, other):
            make_article(by=writer, title=channel.name, channel=channel)
        answer = as_writer.get(self.LIST, {"channel__id__exact": above.pk})
        titles = {article.title for article in answer.context["cl"].result_list}
        assert titles == {"新闻中心", "集团新闻", "会议"}

    @pytest.mark.parametrize("channel", ["x", "0", "-1", "9" * 12])
    def test_of_no_channel_at_all_leads_back(self, as_writer, channel):
        make_channel()
        answer = as_writer.get(self.LIST, {"channel__id__exact": channel})
        assert answer.status_code == 302
        assert "e=1" in answer.url

    def test_reads_no_text(self, as_writer, editor):
        make_edition(by=editor)
        (article,) = as_writer.get(self.LIST).context["cl"].result_list
        assert {"body", "summary"} <= article.get_deferred_fields()
        assert {"body", "plain_text"} <= article.edition.get_deferred_fields()
        assert article.edition.revision.get_deferred_fields() == {"content"}

    def test_costs_the_same_with_many_articles(self, as_writer, editor):
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                as_writer.get(self.LIST)
            return len(queries)

        make_edition(by=editor)
        few = cost()
        for _ in range(5):
            make_edition(by=editor)
        assert cost() == few

    def test_is_read_along_its_index_and_not_sorted(self, writer):
        """The bin is in no index that SQLite would take for “not deleted”."""
        if connection.vendor != "sqlite":
            pytest.skip("plans of PostgreSQL follow its statistics")
        plan = Article.objects.visible_to(writer)[:50].explain()
        assert "article_by_updated" in plan
        assert "TEMP B-TREE" not in plan

    def test_calls_new_what_is_new(self, as_chief):
        for page in ("/admin/", "/admin/articles/channel/", "/admin/articles/channel/add/"):
            assert "增加 " not in as_chief.get(page).content.decode(), page


def test_every_copied_field_is_one_a_revision_keeps():
    assert set(starting.COPIED_FIELDS) < set(writing.KEPT_FIELDS)
