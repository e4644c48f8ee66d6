"""A scheduled story goes live at its second on every page without a job, and ends likewise."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from articles import publishing, workflow
from articles.models import Article, Edition, Stage, Transition
from articles.publishing import Period
from articles.recording import Actor
from tests.admin.test_article_review import logged_in
from tests.editorial import at_stage, make_chain
from tests.factories import figure, make_article, make_channel, make_image, rewrite
from tests.public_files import public_files

pytestmark = pytest.mark.django_db

TITLE, HOUR, SECOND = "金丝雀 定时播报", timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def article(editor, noon) -> Article:
    channel = make_channel(name="集团新闻", slug="group-news")
    return make_article(by=editor, title=TITLE, channel=channel, tags=["安全"])


def scheduled(article: Article, editor, **times: datetime | None) -> Edition:
    return publishing.publish(article, by=Actor(editor), period=Period(**times))


def pages(article: Article) -> dict[str, str]:
    return {
        "home": "/",
        "list": "/channels/group-news/",
        "story": f"/articles/{article.pk}/",
        "feed": "/rss.xml",
        "api": f"/api/v1/stories/{article.pk}/",
        "api list": "/api/v1/stories/",
        "search": "/search/?q=定时播报",
        "tag": "/tags/安全/",
        "sitemap": "/sitemap-stories-1.xml",
        "archive": "/archive/2026/6/",
    }


def visible_on(article: Article) -> set[str]:
    """The pages that name the story; kept pages included, as readers get them."""
    client, found = Client(headers={"user-agent": "Firefox"}), set()
    for name, address in pages(article).items():
        answer = client.get(address)
        mark = f"/articles/{article.pk}/" if name == "sitemap" else "金丝雀"
        if answer.status_code == 200 and mark in answer.content.decode():
            found.add(name)
    return found


class TestASchedule:
    def test_shows_it_at_its_second_on_every_page(self, article, editor, noon, time_machine):
        scheduled(article, editor, starts_at=noon + HOUR)
        assert visible_on(article) == set()
        time_machine.move_to(noon + HOUR - SECOND, tick=False)
        assert visible_on(article) == set()
        time_machine.move_to(noon + HOUR, tick=False)
        assert visible_on(article) == self.everywhere(article)

    def test_ends_it_at_its_second_on_every_page(self, article, editor, noon, time_machine):
        scheduled(article, editor, expires_at=noon + HOUR)
        time_machine.move_to(noon + HOUR - SECOND, tick=False)
        assert visible_on(article) == self.everywhere(article)
        time_machine.move_to(noon + HOUR, tick=False)
        assert visible_on(article) == set()

    def everywhere(self, article: Article) -> set[str]:
        return set(pages(article))

    def test_is_kept_when_it_is_printed_again(self, article, editor, noon):
        first = scheduled(article, editor, starts_at=noon + HOUR, expires_at=noon + 5 * HOUR)
        again = rewrite(first, by=editor, title="金丝雀 改过的题目")
        edition = publishing.publish(again, by=Actor(editor))
        assert (edition.published_at, edition.expires_at) == (noon + HOUR, noon + 5 * HOUR)

    @pytest.mark.parametrize("hours", [-1, 0, 24 * 400])
    def test_lies_ahead_within_a_year(self, article, editor, noon, hours):
        with pytest.raises(workflow.MoveRefused):
            scheduled(article, editor, starts_at=noon + hours * HOUR)

    def test_names_no_file_before_anybody_can_know_it(self, editor, noon):
        """Public names hold a number of 128 bits drawn when the picture came in."""
        image = make_image(by=editor)
        article = make_article(by=editor, body=figure(image))
        scheduled(article, editor, starts_at=noon + HOUR)
        drawn = image.file.name.rpartition("/")[2].partition(".")[0]
        assert len(drawn) == 32
        assert public_files()
        assert all(drawn in name.replace("/", "") for name in public_files())


class TestRescheduling:
    def test_moves_what_waits_without_another_review(self, editor, noon, time_machine):
        make_chain(Stage.FIRST)
        article = at_stage(make_article(by=editor, title=TITLE), Stage.APPROVED, "first")
        scheduled(article, editor, starts_at=noon + HOUR)
        edition = publishing.reschedule(article, Period(noon + 2 * HOUR), by=Actor(editor))
        assert edition.published_at == noon + 2 * HOUR
        row = Transition.objects.first()
        assert row.move == "reschedule"
        assert row.facts["appears_at"] == edition.published_at.isoformat()

    def test_shows_it_now(self, article, editor, noon):
        scheduled(article, editor, starts_at=noon + HOUR)
        edition = publishing.reschedule(article, Period(), by=Actor(editor))
        assert edition.published_at == noon
        assert "home" in visible_on(article)

    def test_keeps_the_date_of_what_readers_have(self, article, editor, noon, time_machine):
        scheduled(article, editor)
        time_machine.move_to(noon + HOUR, tick=False)
        edition = publishing.reschedule(
            article, Period(expires_at=noon + 2 * HOUR), by=Actor(editor)
        )
        assert edition.published_at == noon
        with pytest.raises(workflow.MoveRefused):
            publishing.reschedule(article, Period(noon + 3 * HOUR), by=Actor(editor))

    def test_the_end_alone_leaves_the_beginning(self, article, editor, noon):
        scheduled(article, editor, starts_at=noon + HOUR)
        edition = publishing.end_at(article, noon + 2 * HOUR, by=Actor(editor))
        assert edition.published_at == noon + HOUR
        with pytest.raises(workflow.MoveRefused):
            publishing.end_at(article, noon + HOUR, by=Actor(editor))

    def test_is_for_those_who_publish(self, article, editor, writer, noon):
        scheduled(article, editor, starts_at=noon + HOUR)
        with pytest.raises(workflow.MoveRefused):
            publishing.reschedule(article, Period(), by=Actor(writer))

    def test_to_the_same_moments_is_no_move(self, article, editor, noon):
        scheduled(article, editor, starts_at=noon + HOUR)
        publishing.reschedule(article, Period(noon + HOUR), by=Actor(editor))
        assert not Transition.objects.exclude(move="publish").exists()


class TestWithdrawing:
    @pytest.mark.parametrize("waits", [True, False])
    def test_tells_nothing_of_what_readers_never_had(
        self, article, editor, noon, time_machine, waits
    ):
        scheduled(article, editor, starts_at=noon + HOUR if waits else None)
        publishing.withdraw(article, by=Actor(editor), reason="内部原因")
        for hours in (0, 2):
            time_machine.move_to(noon + hours * HOUR, tick=False)
            for name in ("story", "api"):
                answer = Client().get(pages(article)[name])
                assert answer.status_code == (404 if waits else 410)
                assert "内部原因" not in answer.content.decode()

    def test_before_its_moment_leaves_no_date_behind(self, article, editor, noon, time_machine):
        """Readers see it first when it is published after all."""
        scheduled(article, editor, starts_at=noon + HOUR)
        publishing.withdraw(article, by=Actor(editor), reason="内部原因")
        time_machine.move_to(noon + 50 * HOUR, tick=False)
        assert scheduled(article, editor).published_at == noon + 50 * HOUR

    def test_of_what_readers_had_keeps_its_date(self, article, editor, noon, time_machine):
        scheduled(article, editor)
        time_machine.move_to(noon + HOUR, tick=False)
        publishing.withdraw(article, by=Actor(editor), reason="数字有误")
        assert scheduled(article, editor).published_at == noon


class TestThePage:
    def address(self, article: Article) -> str:
        return f"/admin/articles/article/{article.pk}/schedule/"

    def sent(self, answer, **given) -> dict:
        context = answer.context
        return {
            "version": context["article"].version,
            "seen": context["seen"],
            "what": context["what"],
            "at": "now",
            **given,
        }

    def test_publishes_at_a_moment_of_beijing(self, article, editor, noon):
        client = logged_in(editor)
        sent = self.sent(
            client.get(self.address(article)),
            at="moment",
            starts_at="2026-06-16T08:30",
            expires_at="2026-06-20T18:00:05",
        )
        client.post(self.address(article), sent)
        edition = Edition.objects.get()
        assert edition.published_at.isoformat() == "2026-06-16T00:30:00+00:00"
        assert edition.expires_at
        assert edition.expires_at.isoformat() == "2026-06-20T10:00:05+00:00"
        form = client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
        assert "2026-06-16 08:30" in form
        shown = client.get(self.address(article)).context["typed"]
        assert shown["starts_at"] == "2026-06-16T08:30:00"

    def test_changes_the_times_and_publishes_now(self, article, editor, noon):
        scheduled(article, editor, starts_at=noon + HOUR)
        client = logged_in(editor)
        answer = client.get(self.address(article))
        assert answer.context["what"] == "times"
        client.post(self.address(article), self.sent(answer))
        assert Edition.objects.get().published_at == noon
        client.post(self.address(article), self.sent(answer))
        assert Transition.objects.exclude(move="publish").count() == 1

    def test_of_others_in_the_meantime_are_shown_first(self, article, editor, chief, noon):
        scheduled(article, editor, starts_at=noon + HOUR)
        client = logged_in(editor)
        answer = client.get(self.address(article))
        publishing.start_at(article, noon + 5 * HOUR, by=Actor(chief))
        ends = {"at": "moment", "starts_at": "2026-06-15T13:00", "expires_at": "2026-06-17T13:00"}
        refused = client.post(self.address(article), self.sent(answer, **ends))
        assert refused.status_code == 422
        assert "chief" in refused.content.decode()
        assert "2026-06-17T13:00" in refused.content.decode()
        assert Edition.objects.get().published_at == noon + 5 * HOUR
        client.post(self.address(article), self.sent(refused, **ends))
        assert Edition.objects.get().published_at == noon + HOUR

    def test_says_that_an_ended_story_comes_back(self, article, editor, noon, time_machine):
        scheduled(article, editor, expires_at=noon + HOUR)
        time_machine.move_to(noon + 2 * HOUR, tick=False)
        client = logged_in(editor)
        answer = client.get(self.address(article))
        assert "重新看到" in answer.content.decode()
        client.post(self.address(article), self.sent(answer, expires_at=""))
        assert "home" in visible_on(article)

    @pytest.mark.parametrize(
        ("at", "starts_at"),
        [
            ("moment", typed)
            for typed in (
                "",
                "gestern",
                "2020-01-01T00:00",
                "2026-13-01T00:00",
                "0001-01-01T00:00",
                "\0",
            )
        ],
    )
    def test_refuses_with_what_was_typed(self, article, editor, noon, at, starts_at):
        client = logged_in(editor)
        sent = self.sent(client.get(self.address(article)), at=at, starts_at=starts_at)
        answer = client.post(self.address(article), sent)
        assert answer.status_code in (400, 422)
        assert not Edition.objects.exists()

    def test_publishes_only_the_version_that_was_shown(self, article, editor, noon):
        client = logged_in(editor)
        sent = self.sent(client.get(self.address(article)), version=7)
        assert client.post(self.address(article), sent).status_code == 422

    def test_is_for_those_who_publish(self, article, writer, outsider, editor, noon):
        for person in (writer, outsider):
            client = logged_in(person)
            assert client.get(self.address(article)).status_code in (302, 403, 404)
            answer = client.post(self.address(article), {"at": "now", "what": "print"})
            assert answer.status_code in (302, 403, 404)
        assert not Edition.objects.exists()
