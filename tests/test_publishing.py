"""Printing an Edition: what readers see, from when, and what they no longer see."""

from __future__ import annotations

import json
import re
import shutil
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone, translation

from articles import pictures, publishing, renditions, workflow, writing
from articles.models import Article, ArticleImage, ArticleViews, Edition
from articles.models.image import FORMATS
from articles.visits import ledger
from tests.factories import (
    figure,
    make_article,
    make_department,
    make_edition,
    make_image,
    photograph,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """`with commit():` runs what waits for the commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def public_files() -> set[str]:
    """Every file under a public name."""

    def walk(folder):
        if not default_storage.exists(folder):
            return
        folders, files = default_storage.listdir(folder)
        yield from (f"{folder}/{name}" for name in files)
        for name in folders:
            yield from walk(f"{folder}/{name}")

    return set(walk("public"))


def rewrite(edition: Edition, *, by, **changes) -> Article:
    article = Article.objects.get(pk=edition.pk)
    body = changes.pop("body", None)
    for name, value in changes.items():
        setattr(article, name, value)
    body = writing.body_for_editor(article) if body is None else body
    tags = list(article.tags.names())
    return writing.keep(article, body=body, tags=tags, by=by, based_on=article.version)


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

    def test_takes_the_beginning_for_a_missing_summary(self, editor):
        edition = make_edition(by=editor, body="<p>" + "安" * 300 + "</p>")
        assert edition.summary == "安" * 99 + "…"

    def test_prints_the_newest_revision_not_the_one_at_hand(self, editor):
        stale = make_article(by=editor)
        writing.keep(Article.objects.get(), body="<p>新</p>", tags=[], by=editor, based_on=1)
        edition = publishing.publish(stale, by=editor)
        assert (edition.body, edition.revision.number) == ("<p>新</p>", 2)

    def test_prints_in_chinese_whoever_publishes(self, editor):
        image = make_image(by=editor)
        with translation.override("en"):
            edition = make_edition(by=editor, body=figure(image, credit="王建"))
        assert "Photograph" not in edition.body
        assert "王建" in edition.body

    def test_fetches_the_first_picture_at_once_and_the_rest_when_near(self, editor):
        images = [make_image(by=editor) for _number in range(3)]
        edition = make_edition(by=editor, body="".join(map(figure, images)))
        assert edition.body.count("fetchpriority") == 1
        assert edition.body.index("fetchpriority") < edition.body.index("loading=")
        assert edition.body.count('loading="lazy"') == 2

    def test_escapes_captions(self, editor):
        image = make_image(by=editor)
        body = figure(image, "&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;b&gt;")
        edition = make_edition(by=editor, body=body)
        assert "<script>" not in edition.body
        assert "&lt;script&gt;" in edition.body

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
        publishing.publish(Article.objects.get(pk=edition.pk), by=editor)
        assert Edition.objects.values().get() == before

    def test_costs_the_same_however_many_stories_there_are(
        self, editor, django_assert_max_num_queries
    ):
        article = make_article(by=editor)
        for _number in range(5):
            make_edition(by=editor)
        with django_assert_max_num_queries(25):
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
        [(Edition, "save"), (ledger, "open_account"), (publishing, "printed_values")],
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

    def test_hides_a_picture_it_no_longer_shows(self, editor, commit):
        removed, kept = make_image(by=editor), make_image(by=editor)
        edition = make_edition(by=editor, body=figure(removed) + figure(kept))
        both = public_files()
        article = rewrite(edition, by=editor, body=figure(kept))
        assert public_files() == both
        with commit():
            publishing.publish(article, by=editor)
        assert len(public_files()) == len(both) - len(FORMATS)
        assert default_storage.exists(Edition.objects.get().cover["source"].removeprefix("/media/"))


def frame(image: ArticleImage, *, crop: str = "", turn: str = "", caption="合影。") -> str:
    """A photograph as the editor submits it, framed."""
    return (
        f'<figure data-image="{image.pk}" data-crop="{crop}" data-turn="{turn}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def shown_files(edition: Edition) -> set[str]:
    """The files an edition's body and cover name."""
    page = edition.body + json.dumps(edition.cover)
    return set(re.findall(r"public/[0-9a-f/]+-[0-9a-f]{12}\.(?:webp|jpg)", page))


class TestFrames:
    def test_are_those_it_was_printed_with_until_it_is_printed_again(self, editor, commit):
        image = make_image(by=editor)
        edition = make_edition(by=editor, body=frame(image))
        whole = public_files()
        assert whole == shown_files(edition)
        article = rewrite(edition, by=editor, body=frame(image, crop="0.5,0.5,0.5,0.5"))
        assert public_files() == whole
        with commit():
            cropped = publishing.publish(article, by=editor)
        assert public_files() == shown_files(cropped)
        assert not public_files() & whole
        assert 'width="600" height="400"' in cropped.body

    def test_of_before_go_with_a_withdrawal(self, editor, commit):
        image = make_image(by=editor)
        edition = make_edition(by=editor, body=frame(image, turn="90"))
        rewrite(edition, by=editor, body=frame(image, turn="180"))
        with commit():
            publishing.withdraw(Article.objects.get(), by=editor, reason="有误")
        assert public_files() == set()

    def test_of_a_story_that_is_withdrawn_go_though_a_copy_shows_another(self, editor, commit):
        """A face that was cropped away stays away."""
        image = make_image(by=editor)
        edition = make_edition(by=editor, body=frame(image))
        copy = make_article(by=editor)
        twin = ArticleImage.objects.get()
        twin.pk, twin.article = None, copy
        twin.save()
        body = frame(twin, crop="0,0,0.5,0.5")
        copy = writing.keep(copy, body=body, tags=[], by=editor, based_on=1)
        live = publishing.publish(copy, by=editor)
        assert public_files() == shown_files(edition) | shown_files(live)
        with commit():
            publishing.withdraw(Article.objects.get(pk=edition.pk), by=editor, reason="有误")
        assert public_files() == shown_files(live)

    def test_come_back_after_a_restored_backup(self, editor):
        image, other = make_image(by=editor), make_image(by=editor)
        body = frame(image, turn="90", crop="0.1,0.1,0.5,0.5") + frame(other)
        edition = make_edition(by=editor, body=body)
        article = Article.objects.get()
        article.cover = other
        article = writing.keep(article, body=body, tags=[], by=editor, based_on=1)
        edition = publishing.publish(article, by=editor)
        rewrite(edition, by=editor, body=frame(image, turn="180"))
        for folder in ("public", "renditions"):
            shutil.rmtree(default_storage.path(folder))
        assert publishing.expose_all() == 1
        assert shown_files(edition) == public_files()


class TestCover:
    def test_is_the_first_picture_unless_another_is_chosen(self, editor):
        one, two = make_image(by=editor), make_image(by=editor)
        body = figure(one, "第一张。") + figure(two, "第二张。")
        edition = make_edition(by=editor, body=body)
        assert edition.cover["caption"] == "第一张。"
        article = Article.objects.get()
        article.cover = two
        article = writing.keep(article, body=body, tags=[], by=editor, based_on=1)
        edition = publishing.publish(article, by=editor)
        assert edition.cover["caption"] == "第二张。"
        assert shown_files(edition) <= public_files()

    def test_is_three_to_two(self, editor):
        image = make_image(by=editor)
        edition = make_edition(by=editor, body=frame(image, turn="90"))
        assert (edition.cover["width"], edition.cover["height"]) == (800, 533)
        assert 'width="800" height="1200"' in edition.body


class TestGroup:
    def test_is_printed_as_one_figure(self, editor):
        images = [make_image(by=editor) for _number in range(3)]
        group = json.dumps([{"image": image.pk, "credit": "王建"} for image in images])
        body = f"<figure data-group='{group}'><figcaption>合影。</figcaption></figure>"
        edition = make_edition(by=editor, body=body)
        assert edition.body.count("<figure") == edition.body.count("<figcaption>") == 1
        assert edition.body.count("<img") == edition.body.count('alt="合影。"') == 3
        assert edition.body.count("王建") == 1
        assert shown_files(edition) == public_files()


class TestStorageFault:
    """The n-th call of the storage fails, while a cropped story with a cover is published."""

    CALLS = ("save", "duplicate", "exists", "open", "listdir", "delete")

    def fail_at(self, monkeypatch, number: int) -> list[str]:
        calls: list[str] = []

        def wrap(name):
            method = getattr(type(default_storage._wrapped), name)  # type: ignore[attr-defined]

            def call(storage, *args, **kwargs):
                calls.append(name)
                if len(calls) == number:
                    raise OSError(5, "the disk is away")
                return method(storage, *args, **kwargs)

            monkeypatch.setattr(type(default_storage._wrapped), name, call)  # type: ignore[attr-defined]

        for name in self.CALLS:
            wrap(name)
        return calls

    @pytest.mark.parametrize("is_reprint", [False, True])
    def test_leaves_no_public_file_that_no_live_story_shows(
        self, editor, monkeypatch, commit, is_reprint
    ):
        failed = number = 0
        while failed == number:
            number += 1
            image = pictures.accept(photograph(size=(60, 40)), by=editor)
            article = make_article(by=editor, body=frame(image, turn="90"))
            if is_reprint:
                edition = publishing.publish(article, by=editor)
                body = frame(image, crop="0.2,0.2,0.5,0.5")
                article = rewrite(edition, by=editor, body=body)
            with monkeypatch.context() as patch:
                self.fail_at(patch, number)
                try:
                    publishing.publish(article, by=editor)
                except (OSError, workflow.MoveRefused):
                    failed += 1
            shown = [shown_files(edition) for edition in Edition.objects.all()]
            live = set().union(*shown)
            assert public_files() >= live
            if failed == number:
                assert public_files() == live, f"call {number}"
        # Each rendition is looked for, its picture read, written, looked for again and exposed.
        assert failed > 20

    def test_while_hiding_again_is_left_to_the_sweep(self, editor, monkeypatch, caplog):
        article = make_article(by=editor, body=figure(make_image(by=editor)))

        def fail(*args, **kwargs):
            raise OSError("disk full")

        with monkeypatch.context() as patch:
            patch.setattr(ledger, "open_account", fail)
            patch.setattr(renditions, "conceal", fail)
            with pytest.raises(OSError, match="disk full"):
                publishing.publish(article, by=editor)
        assert "to the sweep" in caplog.text


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
        assert ledger.views(edition.pk) == 41


class TestPrintedValues:
    def test_needs_no_pictures(self, editor):
        article = make_article(by=editor)
        assert publishing.printed_values(article, {})["cover"] is None

    def test_leaves_out_pictures_it_is_not_given(self, editor):
        article = make_article(by=editor, body=figure(make_image(by=editor)) + "<p>一</p>")
        values = publishing.printed_values(article, {})
        assert (values["body"], values["cover"]) == ("<p>一</p>", None)

    def test_names_only_columns_of_the_edition(self, editor):
        columns = {field.attname for field in Edition._meta.concrete_fields}
        assert set(publishing.printed_values(make_article(by=editor), {})) <= columns


def test_published_at_is_the_server_s(editor):
    assert abs(make_edition(by=editor).published_at - timezone.now()) < timedelta(minutes=1)
