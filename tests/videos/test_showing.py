"""Films of published stories: printed, given a public name, and taken away again."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from articles import exposing, publishing, renditions, starting, writing
from articles.models import Article, Edition, Video
from articles.videos import showing
from tests.factories import figure, make_article, make_edition, make_image, make_video, video_figure
from tests.files.films import real_film

pytestmark = pytest.mark.django_db


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def is_public(video) -> bool:
    return default_storage.exists(showing.public_name(video))


class TestAPublishedStory:
    def test_plays_its_film_with_poster_caption_and_credit(self, editor):
        video, poster = make_video(by=editor), make_image(by=editor)
        body = video_figure(video, "皮带<检修>", poster.pk).replace("<检修>", "&lt;检修&gt;")
        body = body.replace("<figure ", '<figure data-credit="王建" ')
        edition = make_edition(by=editor, body=f"<p>甲</p>{body}")
        assert f'src="/media/public/{video.file.name}"' in edition.body
        assert 'preload="none"' in edition.body
        assert 'width="160" height="96"' in edition.body
        assert "皮带&lt;检修&gt;" in edition.body
        assert "王建" in edition.body
        poster_name = edition.body.partition('poster="/media/')[2].partition('"')[0]
        assert default_storage.exists(poster_name)
        assert "甲" in edition.plain_text
        assert "皮带" not in edition.plain_text
        assert edition.cover, "the poster stands for the story in lists"

    def test_works_without_a_poster(self, editor):
        edition = make_edition(by=editor, body=video_figure(make_video(by=editor)))
        assert "poster" not in edition.body
        assert "<video" in edition.body
        assert edition.cover is None

    def test_shows_its_own_picture_first_in_lists(self, editor):
        image, poster, video = make_image(by=editor), make_image(by=editor), make_video(by=editor)
        edition = make_edition(
            by=editor, body=video_figure(video, poster=poster.pk) + figure(image)
        )
        stem = image.file.name.rpartition("/")[2].partition(".")[0]
        assert stem in edition.cover["source"]

    def test_is_not_published_while_the_film_has_no_caption(self, editor):
        article = make_article(by=editor, body=video_figure(make_video(by=editor), ""))
        with pytest.raises(publishing.workflow.MoveRefused):
            publishing.publish(article, by=editor)


class TestThePublicFile:
    def test_exists_as_long_as_readers_see_the_film(self, client, editor, commits):
        video, poster = make_video(by=editor), make_image(by=editor)
        article = make_article(by=editor, body=video_figure(video, poster=poster.pk))
        assert not is_public(video)
        edition = publishing.publish(article, by=editor)
        address = f"/media/{showing.public_name(video)}"
        poster_address = edition.body.partition('poster="')[2].partition('"')[0]
        assert client.get(address).body == real_film()
        assert client.get(f"/media/{video.file.name}").status_code == 404
        with commits():
            publishing.withdraw(article, by=editor, reason="有误")
        assert client.get(address).status_code == 404
        assert client.get(poster_address).status_code == 404
        with commits():
            publishing.publish(article, by=editor)
        assert client.get(address).status_code == 200
        assert client.get(poster_address).status_code == 200

    def test_goes_when_the_story_is_printed_without_it(self, editor, commits):
        video = make_video(by=editor)
        edition = make_edition(by=editor, body=f"<p>甲</p>{video_figure(video)}")
        article = Article.objects.get(pk=edition.pk)
        writing.keep(article, body="<p>甲</p>", tags=[], by=editor, based_on=1)
        with commits():
            exposing.conceal_what_readers_do_not_see(article.pk)
        assert is_public(video), "readers still see the version before"
        with commits():
            publishing.publish(article, by=editor)
        assert not is_public(video)

    def test_comes_back_after_a_restored_backup(self, editor):
        video, poster = make_video(by=editor), make_image(by=editor)
        edition = make_edition(by=editor, body=video_figure(video, poster=poster.pk))
        poster_name = edition.body.partition('poster="/media/')[2].partition('"')[0]
        for name in (showing.public_name(video), poster_name):
            default_storage.delete(name)
        exposing.expose_all()
        assert is_public(video)
        assert default_storage.exists(poster_name)

    def test_comes_back_with_the_frame_its_poster_was_printed_in(self, editor):
        poster = make_image(by=editor)
        still = video_figure(make_video(by=editor), poster=poster.pk)
        edition = make_edition(by=editor, body=f"<p>甲</p>{still}")
        address = edition.body.partition('poster="/media/')[2].partition('"')[0]
        cover = edition.cover["source"].removeprefix("/media/")
        cropped = figure(poster).replace("<figure ", '<figure data-crop="0.1,0.1,0.5,0.5" ')
        article = Article.objects.get()
        writing.keep(article, body=still + cropped, tags=[], by=editor, based_on=1)
        for name in (address, cover):
            default_storage.delete(name)
        poster.refresh_from_db()
        exposing.expose_all()
        assert default_storage.exists(address)
        assert default_storage.exists(cover)
        draft = renditions.photographs([poster])[poster.pk].source.removeprefix("/media/")
        assert draft != address
        assert not default_storage.exists(draft)

    def test_comes_back_with_an_earlier_frame_of_its_poster(self, editor):
        """Cropped in the text once, then only before the film; framed anew in a draft."""
        poster = make_image(by=editor)
        still = video_figure(make_video(by=editor), poster=poster.pk)
        crop = figure(poster).replace("<figure ", '<figure data-crop="0.1,0.1,0.5,0.5" ')
        article = make_article(by=editor, body=still + crop)
        writing.keep(article, body=still, tags=[], by=editor, based_on=1)
        edition = publishing.publish(article, by=editor)
        address = edition.body.partition('poster="/media/')[2].partition('"')[0]
        turned = crop.replace('data-crop="0.1,0.1,0.5,0.5"', 'data-turn="90"')
        article = Article.objects.get()
        writing.keep(article, body=still + turned, tags=[], by=editor, based_on=2)
        default_storage.delete(address)
        exposing.expose_all()
        assert default_storage.exists(address)

    def test_comes_back_without_a_poster_whose_frame_nobody_knows(self, editor, caplog):
        poster = make_image(by=editor)
        edition = make_edition(
            by=editor, body=video_figure(make_video(by=editor), poster=poster.pk)
        )
        Edition.objects.update(body="<p>甲</p>", cover=None)
        address = edition.body.partition('poster="/media/')[2].partition('"')[0]
        default_storage.delete(address)
        assert exposing.expose_all() == 1
        assert not default_storage.exists(address)
        assert "the frame of poster" in caplog.text

    def test_stays_while_a_copied_story_shows_the_same_file(self, editor, commits):
        video = make_video(by=editor)
        edition = make_edition(by=editor, body=video_figure(video))
        copy = make_video(by=editor)
        copy.file.name = video.file.name
        copy.save()
        make_edition(by=editor, body=video_figure(copy))
        with commits():
            publishing.withdraw(Article.objects.get(pk=edition.pk), by=editor, reason="有误")
        assert is_public(copy)
        with commits():
            publishing.withdraw(
                Article.objects.exclude(pk=edition.pk).get(), by=editor, reason="有误"
            )
        assert not is_public(copy)

    def test_is_not_left_behind_when_publishing_fails(self, editor, monkeypatch):
        video = make_video(by=editor)
        article = make_article(by=editor, body=video_figure(video))
        real = showing.expose

        def fail(videos):
            real(videos)
            raise OSError("disk full")

        monkeypatch.setattr(showing, "expose", fail)
        with pytest.raises(OSError, match="disk full"):
            publishing.publish(article, by=editor)
        assert not Edition.objects.exists()
        assert not is_public(video)

    def test_can_be_jumped_about_in(self, client, editor):
        make_edition(by=editor, body=video_figure(video := make_video(by=editor)))
        address = f"/media/{showing.public_name(video)}"
        answer = client.get(address, headers={"Range": "bytes=100-199"})
        assert answer.status_code == 206
        assert answer.body == real_film()[100:200]
        assert answer.headers["Content-Type"] == "video/mp4"
        assert "immutable" in answer.headers["Cache-Control"]
        assert client.get(address, headers={"Range": "bytes=-5"}).body == real_film()[-5:]
        assert client.get(address, headers={"Range": "bytes=99999999-"}).status_code == 416
        assert client.get(address, headers={"Range": "bytes=0-1,5-6"}).status_code == 200
        head = client.head(address)
        assert head.headers["Content-Length"] == str(len(real_film()))
        assert head.headers["Accept-Ranges"] == "bytes"


@pytest.mark.django_db(transaction=True)
class TestTwoStoriesAtOnce:
    def test_leave_the_film_to_the_one_that_is_published(self, editor, monkeypatch):
        """The copy is not committed yet when the story it was copied from is withdrawn."""
        if connection.vendor != "postgresql":
            pytest.skip("one writer at a time")
        edition = make_edition(by=editor, body=video_figure(make_video(by=editor)))
        copy = starting.copy(Article.objects.get(pk=edition.pk), by=editor)
        copy.title = "另一篇"
        body = writing.body_for_editor(copy)
        writing.keep(copy, body=body, tags=[], by=editor, based_on=copy.version)
        exposed, real = threading.Event(), showing.expose

        def expose(videos):
            real(videos)
            exposed.set()
            wait_until_somebody_waits()

        monkeypatch.setattr(publishing.showing, "expose", expose)
        with ThreadPoolExecutor(1) as pool:
            published = pool.submit(in_a_connection_of_its_own, publishing.publish, copy, editor)
            assert exposed.wait(10)
            publishing.withdraw(Article.objects.get(pk=edition.pk), by=editor, reason="有误")
            live = published.result(timeout=10)
        row = Video.objects.get(article=copy)
        assert showing.public_name(row) in live.body
        assert is_public(row)


def in_a_connection_of_its_own(publish, article, editor):
    try:
        return publish(article, by=editor)
    finally:
        connection.close()


def wait_until_somebody_waits() -> None:
    """For a lock that this transaction holds; two seconds at most."""
    for _ in range(40):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)


class TestSaving:
    def test_brings_a_film_back_with_an_older_version(self, editor):
        video = make_video(by=editor)
        article = make_article(by=editor, body=f"<p>甲</p>{video_figure(video)}")
        body = writing.body_for_editor(article)
        assert f'data-video="{video.pk}"' in body
        writing.keep(article, body="<p>甲</p>", tags=[], by=editor, based_on=1)
        assert article.videos.get().order == 0
        writing.keep(article, body=body, tags=[], by=editor, based_on=2)
        video.refresh_from_db()
        assert (video.order, video.caption) == (1, "井下运输皮带正在检修。")
