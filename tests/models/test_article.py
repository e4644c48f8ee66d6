"""The working copy: its headline fields, its adjectives, what the database never holds."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from articles import publishing, writing
from articles.models import Article, Revision, SaveReceipt
from tests.factories import make_article, make_channel, make_department, make_edition

pytestmark = pytest.mark.django_db


class TestHeadlineField:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("同心同向 实干争先", "同心同向 实干争先"),
            (" 同心同向　　实干争先 ", "同心同向 实干争先"),
            ("同心同向\r\n实干争先", "同心同向 实干争先"),
            (7, "7"),
        ],
    )
    @pytest.mark.parametrize("name", ["kicker", "title", "subtitle", "short_title"])
    def test_keeps_single_inner_spaces(self, writer, name, typed, kept):
        article = make_article(by=writer)
        setattr(article, name, typed)
        article.full_clean()
        assert getattr(article, name) == kept

    def test_of_spaces_only_is_empty(self, writer):
        article = make_article(by=writer)
        article.title = "　 "
        with pytest.raises(ValidationError) as caught:
            article.full_clean()
        assert "title" in caught.value.message_dict

    def test_is_a_plain_column_for_migrations(self):
        _name, path, _args, _options = Article._meta.get_field("title").deconstruct()
        assert path == "django.db.models.CharField"
        assert issubclass(type(Article._meta.get_field("title")), models.CharField)


class TestShortTitle:
    @pytest.mark.parametrize("title", ["", "字" * 18, "a" * 36, "字" * 17 + "ab"])
    def test_fits_a_list(self, writer, title):
        article = make_article(by=writer)
        article.short_title = title
        article.full_clean()

    @pytest.mark.parametrize("title", ["字" * 19, "a" * 37, "字" * 18 + "a"])
    def test_that_is_too_wide_is_refused(self, writer, title):
        article = make_article(by=writer)
        article.short_title = title
        with pytest.raises(ValidationError) as caught:
            article.full_clean()
        assert set(caught.value.message_dict) == {"short_title"}


class TestConstraints:
    @pytest.mark.parametrize(
        "changes",
        [
            {"title": ""},
            {"outside_source": "矿业日报"},
            {"status": "limbo"},
            {"status": ""},
            {"version": -1},
            {"channel": None},
        ],
    )
    def test_are_kept_by_the_database(self, writer, changes):
        article = make_article(by=writer)
        with pytest.raises(IntegrityError), transaction.atomic():
            Article.objects.filter(pk=article.pk).update(**changes)

    def test_of_the_source_has_a_sentence(self, writer):
        article = make_article(by=writer)
        article.outside_source = "矿业日报"
        with pytest.raises(ValidationError):
            article.full_clean()

    @pytest.mark.parametrize("number", [0, 1])
    def test_of_revisions_are_kept_by_the_database(self, writer, number):
        article = make_article(by=writer)
        with pytest.raises(IntegrityError), transaction.atomic():
            Revision.objects.create(
                article=article, number=number, content={}, sha256="", saved_by=writer
            )

    def test_protect_what_stories_stand_on(self, editor):
        edition = make_edition(by=editor)
        article = Article.objects.get()
        for row in (article.channel, article.source_department, editor, article):
            with pytest.raises(ProtectedError), transaction.atomic():
                row.delete()
        assert str(edition) == edition.title


class TestAdjectives:
    def test_agree_on_property_and_queryset(self, editor):
        draft = make_article(by=editor)
        fresh, changed, withdrawn, again = (
            Article.objects.get(pk=make_edition(by=editor).pk) for _story in range(4)
        )
        for article in (changed, again):
            writing.keep(article, body="<p>改</p>", tags=[], by=editor, based_on=1)
        publishing.publish(again, by=editor)
        publishing.withdraw(withdrawn, by=editor, reason="有误")
        rows = list(Article.objects.all())
        assert {row for row in rows if row.is_published} == set(Article.objects.published())
        moved = {row for row in rows if row.is_changed_since_published}
        assert moved == set(Article.objects.changed_since_published()) == {changed}
        assert set(Article.objects.published()) == {fresh, changed, again}
        assert set(Article.objects.drafts()) == {draft}

    @pytest.mark.parametrize(
        ("role", "sees"), [("outsider", False), ("writer", True), ("editor", True), ("chief", True)]
    )
    def test_visible_to_asks_the_right(self, request, role, sees, editor):
        make_article(by=editor)
        who = request.getfixturevalue(role)
        assert Article.objects.visible_to(who).exists() is sees

    def test_visible_to_nobody_who_left(self, editor):
        make_article(by=editor)
        editor.is_active = False
        assert not Article.objects.visible_to(editor).exists()


class TestSourceName:
    def test_is_department_or_outside_source(self, writer):
        mine = make_article(by=writer, source_department=make_department(name="一矿"))
        assert mine.source_name == "一矿"
        assert make_article(by=writer, outside_source="矿业日报").source_name == "矿业日报"
        assert Article(channel=make_channel()).source_name == ""


class TestNames:
    def test_are_what_staff_see(self, writer):
        article = make_article(by=writer, title="同心")
        assert str(article) == "同心"
        assert article.get_absolute_url() == f"/articles/{article.pk}/"
        assert str(article.revisions.get()) == f"{article.pk} r1"
        assert SaveReceipt(key="k").__str__() == "k"
