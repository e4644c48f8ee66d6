"""Public files: those of live editions, in the frames they were printed with, and no other."""

from __future__ import annotations

import shutil

import pytest
from django.core.files.storage import default_storage

from articles import exposing, pictures, publishing, renditions, workflow, writing
from articles.models import Article, ArticleImage, Edition
from articles.models.rendition_formats import FORMATS
from articles.visits import ledger
from tests.factories import (
    figure,
    framed,
    make_article,
    make_edition,
    make_image,
    photograph,
    rewrite,
)
from tests.public_files import public_files, shown_files

pytestmark = pytest.mark.django_db


class TestPublishedEdition:
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


class TestFrames:
    def test_are_those_it_was_printed_with_until_it_is_printed_again(self, editor, commit):
        image = make_image(by=editor)
        edition = make_edition(by=editor, body=framed(image))
        whole = public_files()
        assert whole == shown_files(edition)
        article = rewrite(edition, by=editor, body=framed(image, crop="0.5,0.5,0.5,0.5"))
        assert public_files() == whole
        with commit():
            cropped = publishing.publish(article, by=editor)
        assert public_files() == shown_files(cropped)
        assert not public_files() & whole
        assert 'width="600" height="400"' in cropped.body

    def test_of_before_go_with_a_withdrawal(self, editor, commit):
        image = make_image(by=editor)
        edition = make_edition(by=editor, body=framed(image, turn="90"))
        rewrite(edition, by=editor, body=framed(image, turn="180"))
        with commit():
            publishing.withdraw(Article.objects.get(), by=editor, reason="有误")
        assert public_files() == set()

    def test_of_a_story_that_is_withdrawn_go_though_a_copy_shows_another(self, editor, commit):
        """A face that was cropped away stays away."""
        image = make_image(by=editor)
        edition = make_edition(by=editor, body=framed(image))
        copy = make_article(by=editor)
        twin = ArticleImage.objects.get()
        twin.pk, twin.article = None, copy
        twin.save()
        body = framed(twin, crop="0,0,0.5,0.5")
        copy = writing.keep(copy, body=body, tags=[], by=editor, based_on=1)
        live = publishing.publish(copy, by=editor)
        assert public_files() == shown_files(edition) | shown_files(live)
        with commit():
            publishing.withdraw(Article.objects.get(pk=edition.pk), by=editor, reason="有误")
        assert public_files() == shown_files(live)

    def test_come_back_after_a_restored_backup(self, editor):
        image, other = make_image(by=editor), make_image(by=editor)
        body = framed(image, turn="90", crop="0.1,0.1,0.5,0.5") + framed(other)
        edition = make_edition(by=editor, body=body)
        article = Article.objects.get()
        article.cover = other
        article = writing.keep(article, body=body, tags=[], by=editor, based_on=1)
        edition = publishing.publish(article, by=editor)
        rewrite(edition, by=editor, body=framed(image, turn="180"))
        for folder in ("public", "renditions"):
            shutil.rmtree(default_storage.path(folder))
        assert exposing.expose_all() == 1
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
            article = make_article(by=editor, body=framed(image, turn="90"))
            if is_reprint:
                edition = publishing.publish(article, by=editor)
                body = framed(image, crop="0.2,0.2,0.5,0.5")
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
