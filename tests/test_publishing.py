"""Publishing and withdrawing: what readers see, from when, and what they no longer see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from articles import printing, publishing, renditions, workflow, writing
from articles.models import Article, ArticleImage, ArticleViews, Edition
from articles.visits import figures, ledger
from tests.factories import (
    figure,
    make_article,
    make_department,
    make_edition,
    make_image,
    rewrite,
)
from tests.public_files import public_files

pytestmark = pytest.mark.django_db


class TestPublish:
    def test_prints_the_whole_story(self, editor, noon):
        department = make_department(name="党委宣传部（企业文化部）")
        image = make_image(by=editor)
        article = make_article(
            by=editor,
            kicker="“岳行致远”主题宣讲",
            title="讲清来路 讲实本领",
            subtitle="课堂设到井口",
            short_title="课堂设到井口",
            summary="两句话。",
            source_department=department,
            body="<p>正文<strong>第一段</strong>。</p>"
            + figure(image, "合影。", "王建")
            + "<p>第二段。</p>",
            tags=["先进典型", "安全生产"],
        )
        edition = publishing.publish(article, by=editor)
        stored = Edition.objects.get(pk=article.pk)
        for name in ("kicker", "title", "subtitle", "short_title", "summary", "byline"):
            assert getattr(stored, name) == getattr(article, name)
        assert stored.channel == article.channel
        assert (stored.department, stored.source_name) == (department, department.name)
        assert stored.tag_names == sorted(["先进典型", "安全生产"])
        assert stored.plain_text == "正文第一段。\n第二段。"
        assert stored.body.startswith("<p>正文<strong>第一段</strong>。</p><figure class=")
        assert "合影。" in stored.body
        assert "data-image" not in stored.body
        assert stored.cover["caption"] == "合影。"
        assert (stored.published_at, stored.reprinted_at) == (noon, noon)
        assert stored.revision == article.revisions.get(number=1)
        assert edition == stored
        article.refresh_from_db()
        assert article.is_published
        assert ArticleViews.objects.filter(pk=article.pk).exists()

    def test_prints_the_newest_revision_not_the_one_at_hand(self, editor):
        stale = make_article(by=editor)
        writing.keep(Article.objects.get(), body="<p>新</p>", tags=[], by=editor, based_on=1)
        edition = publishing.publish(stale, by=editor)
        assert (edition.body, edition.revision.number) == ("<p>新</p>", 2)

    def test_keeps_the_date_when_printed_again(self, editor, noon, time_machine):
        edition = make_edition(by=editor)
        time_machine.move_to(noon + timedelta(hours=3), tick=False)
        again = publishing.publish(rewrite(edition, by=editor, title="改"), by=editor)
        assert (again.title, again.published_at) == ("改", noon)
        assert again.reprinted_at == noon + timedelta(hours=3)
        assert Edition.objects.count() == 1

    def test_may_be_dated_back_by_imports(self, editor, noon):
        before = noon - timedelta(days=400)
        assert make_edition(by=editor, at=before).published_at == before

    def test_changes_nothing_when_repeated(self, editor, noon):
        edition = make_edition(by=editor, body=figure(make_image(by=editor)))
        before = Edition.objects.values().get()
        with pytest.raises(publishing.NothingNew):
            publishing.publish(Article.objects.get(pk=edition.pk), by=editor)
        assert Edition.objects.values().get() == before

    def test_costs_the_same_however_many_stories_there_are(
        self, editor, django_assert_max_num_queries
    ):
        article = make_article(by=editor)
        for _number in range(5):
            make_edition(by=editor)
        with django_assert_max_num_queries(49):
            publishing.publish(article, by=editor)


class TestPublishRefused:
    @pytest.mark.parametrize(
        ("changes", "gaps"),
        [
            ({"body": ""}, 1),
            ({"source_department": None}, 1),
            ({"body": "<p></p>", "source_department": None}, 2),
        ],
    )
    def test_names_every_gap(self, editor, changes, gaps):
        article = make_article(by=editor, **changes)
        with pytest.raises(workflow.MoveRefused) as caught:
            publishing.publish(article, by=editor)
        assert len(caught.value.reasons) == gaps
        assert all(caught.value.reasons)
        assert not Edition.objects.exists()
        article.refresh_from_db()
        assert article.status == "draft"

    def test_names_pictures_without_caption(self, editor):
        article = make_article(by=editor, body=figure(make_image(by=editor), ""))
        with pytest.raises(workflow.MoveRefused):
            publishing.publish(article, by=editor)
        assert public_files() == set()

    @pytest.mark.parametrize("role", ["writer", "outsider"])
    def test_is_for_people_without_the_right(self, request, role, editor):
        who = request.getfixturevalue(role)
        article = make_article(by=editor, body=figure(make_image(by=editor)))
        with pytest.raises(workflow.MoveRefused) as caught:
            publishing.publish(article, by=who)
        assert caught.value.reasons[0]
        assert not Edition.objects.exists()
        assert public_files() == set()
        article.refresh_from_db()
        assert article.status == "draft"

    def test_keeps_the_old_edition_when_the_new_one_has_gaps(self, editor):
        edition = make_edition(by=editor)
        article = rewrite(edition, by=editor, body="")
        with pytest.raises(workflow.MoveRefused):
            publishing.publish(article, by=editor)
        assert Edition.objects.get().body == edition.body

    @pytest.mark.parametrize(
        ("owner", "name"),
        [(Edition, "save"), (ledger, "open_account"), (printing, "printed_values")],
    )
    def test_leaves_nothing_half_done(self, editor, monkeypatch, owner, name):
        def fail(*args, **kwargs):
            raise RuntimeError

        article = make_article(by=editor)
        monkeypatch.setattr(owner, name, fail)
        with pytest.raises(RuntimeError):
            publishing.publish(article, by=editor)
        assert not Edition.objects.exists()
        assert not ArticleViews.objects.exists()
        assert Article.objects.get().status == "draft"


class TestPublishedEdition:
    def test_stays_while_the_draft_changes(self, editor):
        image, other = make_image(by=editor), make_image(by=editor)
        edition = make_edition(by=editor, body=figure(image, "旧图注。"), tags=["旧"])
        before = Edition.objects.values().get()
        files = public_files()
        article = Article.objects.get()
        article.title = "新"
        body = figure(image, "新图注。") + figure(other)
        writing.keep(article, body=body, tags=["新"], by=editor, based_on=1)
        assert Edition.objects.values().get() == before
        assert public_files() == files
        assert Article.objects.get().is_changed_since_published
        publishing.publish(article, by=editor)
        edition.refresh_from_db()
        assert (edition.title, edition.tag_names) == ("新", ["新"])
        assert "新图注。" in edition.body
        assert not Article.objects.get().is_changed_since_published


class TestWithdraw:
    def test_takes_story_and_files_away(self, editor, commit, noon):
        edition = make_edition(by=editor, body=figure(make_image(by=editor)))
        assert public_files()
        with commit():
            withdrawn = publishing.withdraw(
                Article.objects.get(), by=editor, reason="  照片\n有误 "
            )
        assert (withdrawn.withdrawn_at, withdrawn.withdrawal_reason) == (noon, "照片 有误")
        assert not Edition.objects.live().exists()
        assert public_files() == set()
        assert Article.objects.get().status == "withdrawn"
        assert Edition.objects.get().body == edition.body

    @pytest.mark.parametrize("reason", ["", "   ", "\n\t　", "\0"])
    def test_needs_a_reason(self, editor, reason):
        make_edition(by=editor)
        with pytest.raises(workflow.MoveRefused) as caught:
            publishing.withdraw(Article.objects.get(), by=editor, reason=reason)
        assert caught.value.reasons[0]
        assert Edition.objects.live().exists()

    def test_needs_a_reason_that_fits(self, editor):
        make_edition(by=editor)
        with pytest.raises(workflow.MoveRefused):
            publishing.withdraw(Article.objects.get(), by=editor, reason="误" * 201)
        assert Edition.objects.live().exists()
        publishing.withdraw(Article.objects.get(), by=editor, reason="误" * 200)
        assert Edition.objects.get().withdrawal_reason == "误" * 200

    @pytest.mark.parametrize("role", ["writer", "outsider"])
    def test_is_refused_without_the_right(self, request, role, editor):
        who = request.getfixturevalue(role)
        make_edition(by=editor)
        with pytest.raises(workflow.MoveRefused):
            publishing.withdraw(Article.objects.get(), by=who, reason="有误")
        assert Edition.objects.live().exists()

    def test_is_refused_for_what_is_not_published(self, editor):
        article = make_article(by=editor)
        with pytest.raises(workflow.MoveRefused):
            publishing.withdraw(article, by=editor, reason="有误")
        make_edition(by=editor)
        published = Article.objects.get(status="published")
        publishing.withdraw(published, by=editor, reason="有误")
        with pytest.raises(workflow.MoveRefused):
            publishing.withdraw(published, by=editor, reason="再次")

    def test_leaves_files_that_another_live_story_shows(self, editor, commit):
        first = make_edition(by=editor, body=figure(make_image(by=editor)))
        second = make_article(by=editor)
        twin = ArticleImage.objects.get(article=first.pk)
        twin.pk, twin.article = None, second
        twin.save()
        Article.objects.filter(pk=second.pk).update(
            body=f'<figure data-image="{twin.pk}"></figure>'
        )
        publishing.publish(second, by=editor)
        files = public_files()
        with commit():
            publishing.withdraw(Article.objects.get(pk=first.pk), by=editor, reason="有误")
        assert public_files() == files
        with commit():
            publishing.withdraw(second, by=editor, reason="有误")
        assert public_files() == set()

    def test_keeps_the_private_files(self, editor, commit):
        make_edition(by=editor, body=figure(make_image(by=editor)))
        with commit():
            publishing.withdraw(Article.objects.get(), by=editor, reason="有误")
        image = ArticleImage.objects.get()
        for name in (image.original.name, image.file.name, *renditions.prepare(image).values()):
            assert default_storage.exists(name)


class TestRepublish:
    def test_shows_story_files_and_views_again(self, editor, commit, noon, time_machine):
        edition = make_edition(by=editor, body=figure(make_image(by=editor)))
        ArticleViews.objects.update(total=41)
        files, article = public_files(), Article.objects.get()
        with commit():
            publishing.withdraw(article, by=editor, reason="有误")
        time_machine.move_to(noon + timedelta(days=1), tick=False)
        with commit():
            again = publishing.publish(article, by=editor)
        assert public_files() == files
        assert again.published_at == edition.published_at
        assert (again.withdrawn_at, again.withdrawal_reason) == (None, "")
        assert Edition.objects.live().get() == edition
        assert figures.views(edition.pk) == 41


def test_published_at_is_the_server_s(editor):
    assert abs(make_edition(by=editor).published_at - timezone.now()) < timedelta(minutes=1)
