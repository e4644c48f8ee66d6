"""Related stories named by hand: typed in the form, kept as a version, printed, shown."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import publishing, writing
from articles.comparing import comparison
from articles.models import Article
from tests.factories import make_article, make_edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def stories(editor):
    return [make_edition(by=editor, title=title) for title in ("甲条", "乙条", "丙条")]


@pytest.fixture
def article(editor) -> Article:
    return make_article(by=editor, title="本篇")


@pytest.fixture
def post(client, editor, article):
    client.force_login(editor)
    address = reverse("admin:articles_article_change", args=[article.pk])

    def send(related: str, **more: str):
        return client.post(
            address,
            {
                "title": article.title,
                "channel": article.channel_id,
                "source_department": article.source_department_id,
                "byline": article.byline,
                "body": article.body,
                "based_on": Article.objects.get(pk=article.pk).version,
                "receipt": f"00000000-0000-4000-8000-{len(related):012}",
                "attachments": "[]",
                "related": related,
                **more,
            },
        )

    return send


class TestTheField:
    def test_takes_numbers_addresses_and_lines_with_titles(self, post, article, stories):
        one, other, third = (story.pk for story in stories)
        lines = f"{other} 乙条\r\n\r\nhttps://news.example.com/articles/{third}/?from=a\r\n{one}"
        assert post(lines).status_code == 302
        article.refresh_from_db()
        assert article.related == f"{other} {third} {one}"
        assert article.revisions.get(number=article.version).content["related"] == article.related

    def test_shows_titles_of_what_is_kept(self, client, editor, article, stories):
        article.related = f"{stories[0].pk} 4711"
        writing.keep(article, body=article.body, tags=[], by=editor, based_on=article.version)
        client.force_login(editor)
        address = reverse("admin:articles_article_change", args=[article.pk])
        assert f"{stories[0].pk} 甲条\n4711</textarea>" in client.get(address).content.decode()
        # What was deleted by somebody else meanwhile does not stand in the way.
        form = client.get(address).context["adminform"].form
        assert form["related"].value().splitlines()[1] == "4711"

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ("甲条", "甲条"),
            ("99999999", "99999999"),
            ("-1", "-1"),
            ("0", "0"),
            ("9" * 30, "9999"),
            ("1\x00", ""),
            ("\n".join(str(n) for n in range(10_001, 10_008)), "6"),
        ],
    )
    def test_refuses_the_rest_and_keeps_what_was_typed(self, post, article, stories, typed, says):
        answer = post(typed)
        assert answer.status_code == 200
        errors = answer.context["adminform"].form.errors["related"]
        assert says in str(errors)
        assert answer.context["adminform"].form["related"].value() == typed
        article.refresh_from_db()
        assert article.related == ""

    def test_refuses_the_story_itself(self, post, article):
        assert "related" in post(str(article.pk)).context["adminform"].form.errors

    def test_knows_no_story_the_person_may_not_see(self, post, editor, stories):
        Article.objects.filter(pk=stories[0].pk).update(status="draft", deleted_at=timezone.now())
        assert "related" in post(str(stories[0].pk)).context["adminform"].form.errors


class TestThePage:
    def test_names_them_first_in_their_order(self, client, editor, stories):
        alike = make_edition(by=editor, title="同标签", tags=["安全"])
        article = make_article(by=editor, title="本篇", tags=["安全"])
        article.related = " ".join(str(story.pk) for story in (stories[2], stories[0]))
        writing.keep(article, body=article.body, tags=["安全"], by=editor, based_on=article.version)
        edition = publishing.publish(article, by=editor)
        page = client.get(edition.get_absolute_url())
        assert [row.pk for row in page.context["related"]] == [
            stories[2].pk,
            stories[0].pk,
            alike.pk,
        ]

    def test_leaves_out_what_was_withdrawn_at_once(self, client, editor, article, stories):
        article.related = str(stories[1].pk)
        writing.keep(article, body=article.body, tags=[], by=editor, based_on=article.version)
        edition = publishing.publish(article, by=editor)
        section = 'aria-labelledby="related"'
        assert section in client.get(edition.get_absolute_url()).content.decode()
        publishing.withdraw(Article.objects.get(pk=stories[1].pk), by=editor, reason="有误")
        assert section not in client.get(edition.get_absolute_url()).content.decode()


class TestVersions:
    def test_tell_which_came_and_went(self, stories):
        one, other, _third = stories
        old = {"related": f"{one.pk}"}
        new = {"related": f"{other.pk} {one.pk}"}
        field = next(row for row in comparison.compare(old, new).fields if row.name == "related")
        assert [(piece.kind, piece.text) for piece in field.pieces] == [
            ("insert", f"{other.pk} 乙条"),
            ("equal", f"{one.pk} 甲条"),
        ]

    def test_without_any_stay_equal_to_older_ones(self, article):
        assert "related" not in article.revisions.get(number=1).content
