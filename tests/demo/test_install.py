"""The demo newsroom: whole, repeatable, and never mixed with a real one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from PIL import Image

from articles import recording, workflow
from articles.demo import files, install, people, process
from articles.demo.organisation import CHANNELS, DEPARTMENTS
from articles.demo.people import PEOPLE
from articles.demo.stories import load_stories
from articles.models import (
    Appointment,
    Article,
    Channel,
    Department,
    Edition,
    Notice,
    ReviewChain,
    Revision,
    Role,
    Stage,
    Transition,
)
from articles.visits import figures
from tests.factories import make_article

pytestmark = pytest.mark.django_db

STORIES = load_stories()


@pytest.fixture(autouse=True)
def _few_small_stories(monkeypatch: pytest.MonkeyPatch) -> None:
    few_small_stories(monkeypatch)


def few_small_stories(patch: pytest.MonkeyPatch) -> None:
    """Every fifth story, with pictures that take no time to draw."""
    stories = STORIES[2::5]
    patch.setattr(install, "load_stories", lambda: stories)
    small = Image.new("RGB", (60, 40), "steelblue")
    patch.setattr(install, "draw", lambda motif, seed: small)


@pytest.fixture(scope="class")
def planted(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """One demo for all who only look at it; gone behind them."""
    places = override_settings(
        MEDIA_ROOT=tmp_path_factory.mktemp("demo"),
        RENDITIONS_IN_BACKGROUND=False,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), places:
        few_small_stories(patch)
        with transaction.atomic():
            install.install("geheim-123")
            with django_db_blocker.block():
                yield
            transaction.set_rollback(True)


@pytest.mark.usefixtures("planted")
class TestWhatIsPlanted:
    def test_is_the_whole_newsroom(self):
        assert Department.objects.count() == len(DEPARTMENTS)
        assert Channel.objects.count() == len(CHANNELS)
        stories = install.load_stories()
        # One came through all reviews, one is scheduled.
        assert Edition.objects.live().count() == len(stories) + 1
        assert Edition.objects.count() == len(stories) + 2
        drafts = len(install.DRAFTS) + len(process.MANUSCRIPTS) - 1
        assert Article.objects.drafts().count() == drafts
        model = Edition.objects.get(title=stories[0].title)
        assert model.body.count("<figure") == len(stories[0].pictures)
        assert figures.views(model.pk) == stories[0].views

    def test_lets_its_people_in_with_their_rights(self):
        may = {person.username: User.objects.get(username=person.username) for person in PEOPLE}
        assert all(person.check_password("geheim-123") for person in may.values())
        assert may["editor"].has_perm("articles.publish_article")
        assert not may["writer"].has_perm("articles.publish_article")
        assert may["writer"].has_perm("articles.add_article")
        assert may["admin"].is_superuser

    def test_has_somebody_for_every_role_where_it_holds(self):
        assert set(Appointment.objects.values_list("role", flat=True)) == set(Role)
        writer = Appointment.objects.get(user__username="writer")
        assert (writer.role, writer.department.short_name) == ("correspondent", "煤业公司")

    def test_has_a_story_at_every_stage(self):
        assert set(Article.objects.values_list("stage", flat=True)) == set(Stage)
        assert Article.objects.exclude(planned_on=None).count() == 3
        assert Transition.objects.filter(move="send back").exclude(reason="").exists()
        assert Notice.objects.filter(kind="waiting", read_at=None).exists()
        assert not recording.verify().faults

    def test_lets_the_editor_publish_in_two_clicks_where_nothing_is_reviewed(self):
        editor = User.objects.get(username="editor")
        for channel in Channel.objects.all():
            article = Article(channel=channel, created_by=editor)
            may = channel.slug in {"commentary", "notices"}
            assert workflow.can(editor, "publish", article) is may, channel


class TestInstall:
    def test_shows_a_group_and_a_chosen_cover(self, monkeypatch):
        stories = [story for story in load_stories() if story.cover]
        monkeypatch.setattr(install, "load_stories", lambda: stories)
        install.install("geheim-123")
        article = Article.objects.get(title=stories[0].title)
        assert article.cover.alternative == stories[0].cover.alternative
        assert article.cover.crop
        assert 'class="photograph group"' in article.edition.body
        assert article.edition.cover["alternative"] == article.cover.alternative

    def test_offers_documents_and_plays_a_film(self, monkeypatch, client):
        wanted = {*files.DOCUMENTS, *files.FILMS}
        stories = [story for story in load_stories() if story.key in wanted]
        assert len(stories) == len(wanted)
        monkeypatch.setattr(install, "load_stories", lambda: stories)
        install.install("geheim-123")
        offered = [entry for edition in Edition.objects.all() for entry in edition.attachments]
        assert len(offered) == sum(map(len, files.DOCUMENTS.values()))
        assert client.get(f"/attachments/{offered[0]['id']}/").status_code == 200
        assert Edition.objects.filter(body__contains="<video").count() == len(files.FILMS)

    def test_changes_nothing_but_the_password_when_repeated(self):
        install.install("geheim-123")
        before = (Article.objects.count(), Revision.objects.count(), User.objects.count())
        install.install("anders-456")
        assert (Article.objects.count(), Revision.objects.count(), User.objects.count()) == before
        assert User.objects.get(username="editor").check_password("anders-456")

    def test_leaves_nothing_behind_when_it_breaks(self, monkeypatch):
        def broken(*args, **kwargs):
            raise OSError("disk full")

        monkeypatch.setattr(install.publishing, "publish", broken)
        with pytest.raises(OSError, match="disk full"):
            install.install("geheim-123")
        assert not User.objects.exists()
        assert not Department.objects.exists()

    def test_stays_away_from_a_newsroom_with_articles(self, writer):
        make_article(by=writer)
        with pytest.raises(install.NotEmpty):
            install.install("geheim-123")

    def test_takes_over_no_account_of_the_same_name(self):
        real = User.objects.create_superuser("admin", password="echt-789")
        with pytest.raises(install.NotEmpty):
            install.install("geheim-123")
        real.refresh_from_db()
        assert real.check_password("echt-789")


class TestProcess:
    def test_comes_to_a_demo_from_before_there_were_reviews(self):
        install.install("geheim-123")
        later = User.objects.filter(username__in=[person.username for person in people.LATER])
        Notice.objects.all().delete()
        Appointment.objects.all().delete()
        ReviewChain.objects.all().delete()
        # Who moved something stays in the record.
        for number, user in enumerate(later):
            User.objects.filter(pk=user.pk).update(username=f"old-{number}")
        install.install("geheim-123")
        assert User.objects.get(username="first").check_password("geheim-123")
        assert ReviewChain.objects.count() == 1
        assert not recording.verify().faults


class TestCommand:
    def test_prints_the_log_ins(self, capsys, settings):
        settings.DEMO_PASSWORD = "geheim-123"
        call_command("demo")
        printed = capsys.readouterr().out
        for shown in (*(person.username for person in PEOPLE), "geheim-123"):
            assert shown in printed

    def test_makes_a_password_up_where_none_is_set(self, capsys, settings):
        settings.DEMO_PASSWORD = ""
        call_command("demo")
        password = capsys.readouterr().out.rpartition("password: ")[2].strip()
        assert len(password) >= 12
        assert User.objects.get(username="editor").check_password(password)

    def test_refuses_in_words_or_steps_aside(self, capsys, writer):
        make_article(by=writer)
        with pytest.raises(CommandError, match="articles of its own"):
            call_command("demo")
        call_command("demo", "--if-empty")
        assert "no demo log-ins" in capsys.readouterr().out
