"""Taking away what nobody will ask for again, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from articles import binning, filling, publishing, renditions, sweeping, writing
from articles.filling import making
from articles.models import Article, ArticleImage, DaySalt, SaveReceipt, Video, ViewLedger
from articles.sweeping import Swept
from articles.videos import showing
from articles.visits import salts
from tests.factories import figure, make_article, make_edition, make_image, make_video, video_figure
from tests.visits.looking import ARTICLE, put_up, receive, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def sweep(django_capture_on_commit_callbacks):
    def sweep(now) -> Swept:
        with django_capture_on_commit_callbacks(execute=True):
            return sweeping.sweep(now)

    return sweep


def files_in(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def age(image: ArticleImage, uploaded_at) -> None:
    ArticleImage.objects.filter(pk=image.pk).update(uploaded_at=uploaded_at)


class TestUploads:
    @pytest.mark.parametrize(
        ("old", "swept"),
        [
            (timedelta(0), 0),
            (timedelta(days=2), 0),
            (timedelta(days=2, seconds=1), 1),
            (timedelta(days=400), 1),
        ],
    )
    def test_go_with_their_files_after_two_days(self, writer, noon, sweep, settings, old, swept):
        image = make_image(by=writer)
        renditions.prepare(image)
        age(image, noon - old)
        before = len(files_in(settings))
        assert sweep(noon).uploads == swept
        assert ArticleImage.objects.count() == 1 - swept
        assert len(files_in(settings)) == (0 if swept else before)

    def test_of_a_story_stay_placed_or_not(self, writer, noon, sweep, settings):
        placed, unplaced = make_image(by=writer), make_image(by=writer)
        article = make_article(by=writer, body=figure(placed) + figure(unplaced))
        writing.keep(article, body=figure(placed), tags=[], by=writer, based_on=1)
        for image in (placed, unplaced):
            age(image, noon - timedelta(days=99))
        before = files_in(settings)
        assert sweep(noon).uploads == 0
        assert files_in(settings) == before

    def test_keep_their_files_while_another_row_shows_them(self, writer, noon, sweep, settings):
        image = make_image(by=writer)
        twin = ArticleImage.objects.get()
        twin.pk, twin.article = None, make_article(by=writer)
        twin.save()
        age(image, noon - timedelta(days=3))
        before = files_in(settings)
        assert sweep(noon).uploads == 1
        assert files_in(settings) == before

    def test_of_synthetic_stories_keep_their_files(self, noon, sweep, settings, monkeypatch):
        monkeypatch.setattr(making, "SHARED_FILES", 1)
        list(filling.fill(2, now=noon))
        ArticleImage.objects.update(uploaded_at=noon - timedelta(days=3))
        before = sorted(files_in(settings))
        sweep(noon)
        shown = {image.file.path for image in ArticleImage.objects.all()}
        assert shown
        assert shown <= {str(path) for path in files_in(settings)}
        assert len(files_in(settings)) <= len(before)

    def test_stay_when_the_row_cannot_go(self, writer, noon, sweep, settings, monkeypatch):
        def fail(*args, **kwargs):
            raise RuntimeError

        age(make_image(by=writer), noon - timedelta(days=3))
        before = files_in(settings)
        monkeypatch.setattr(ArticleImage, "delete", fail)
        with pytest.raises(RuntimeError):
            sweep(noon)
        assert ArticleImage.objects.count() == 1
        assert files_in(settings) == before


class TestReceipts:
    @pytest.mark.parametrize(
        ("old", "swept"), [(timedelta(days=7), 0), (timedelta(days=7, seconds=1), 1)]
    )
    def test_go_after_a_week(self, writer, noon, sweep, old, swept):
        article = make_article(by=writer)
        receipt = writing.Receipt(uuid4(), "f" * 64)
        writing.keep(article, body="<p>改</p>", tags=[], by=writer, based_on=1, receipt=receipt)
        SaveReceipt.objects.update(saved_at=noon - old)
        assert sweep(noon).receipts == swept
        assert SaveReceipt.objects.count() == 1 - swept


class TestSalts:
    def test_go_with_the_rest(self, noon, sweep):
        salts.of(noon.date() - timedelta(days=3))
        salts.of(noon.date())
        assert sweep(noon) == Swept(uploads=0, receipts=0, salts=1, views=0)
        assert DaySalt.objects.get().day == noon.date()


class TestLedger:
    def test_keeps_what_can_be_recounted(self, noon, sweep):
        put_up(ARTICLE)
        for days in (0, 34, 35, 36):
            began = noon - timedelta(days=days)
            receive(ARTICLE, visit(days, at=began), began)
        assert sweep(noon).views == 1
        assert ViewLedger.objects.count() == 3


class TestWithdrawn:
    def test_pictures_left_in_public_are_hidden(self, editor, noon, sweep):
        edition = make_edition(by=editor, body=figure(make_image(by=editor)))
        name = edition.cover["source"].removeprefix("/media/")
        article = Article.objects.get(pk=edition.pk)
        publishing.withdraw(article, by=editor, reason="有误")
        assert default_storage.exists(name), "the process died before it could hide them"
        sweep(noon)
        assert not default_storage.exists(name)


class TestKilledPublication:
    """A process killed between exposing the files and the commit."""

    def test_of_a_draft_leaves_nothing_in_public(self, editor, noon, sweep):
        image = make_image(by=editor)
        make_article(by=editor, body=figure(image))
        renditions.expose([image], image)
        name = renditions.cover_photograph(image).source.removeprefix("/media/")
        assert default_storage.exists(name)
        sweep(noon)
        assert not default_storage.exists(name)

    def test_of_a_draft_of_films_leaves_nothing_in_public(self, editor, noon, sweep):
        video = make_video(by=editor)
        make_article(by=editor, body=video_figure(video))
        showing.expose([video])
        sweep(noon)
        assert not default_storage.exists(showing.public_name(video))
        assert default_storage.exists(str(video.file.name))

    def test_of_a_draft_deleted_since_leaves_nothing_in_public(self, editor, noon, sweep, settings):
        video = make_video(by=editor)
        article = make_article(by=editor, body=video_figure(video))
        showing.expose([video])
        binning.throw_away(article, by=editor)
        binning.discard(Article.objects.binned().get())
        Video.objects.update(uploaded_at=noon - timedelta(days=3))
        assert sweep(noon).uploads == 1
        assert files_in(settings) == []

    def test_of_a_new_frame_leaves_what_readers_see(self, editor, noon, sweep):
        edition = make_edition(by=editor, body=figure(make_image(by=editor)))
        shown = edition.cover["source"].removeprefix("/media/")
        image = ArticleImage.objects.get()
        image.turn = 90
        renditions.expose([image])
        left = renditions.photographs([image])[image.pk].source.removeprefix("/media/")
        sweep(noon)
        assert default_storage.exists(shown)
        assert not default_storage.exists(left)


class TestCommand:
    def test_says_what_it_did(self, writer, noon, capsys):
        age(make_image(by=writer), noon - timedelta(days=3))
        call_command("sweep")
        assert capsys.readouterr().out == (
            "0 drafts, 1 uploads, 0 receipts, 0 salts, 0 ledger rows deleted\n"
            "0 stories with suspicious views yesterday\n"
        )
        call_command("sweep")
        assert capsys.readouterr().out.startswith("0 drafts, 0 uploads")
