"""Kept pages: right at every moment, rendered once, bounded, and the same as fresh ones."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier, Event

import pytest
from django.db import connection
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from articles import correcting, freshness, publishing
from articles.models import Article, Channel, Edition
from articles.portal.kept_pages import kept, not_kept, once, release, shows, until, warming
from articles.portal.kept_pages.page import Page
from articles.portal.kept_pages.store import LOOK_EVERY, PAGES, Store
from articles.visits import figures
from tests.factories import make_article, make_channel, make_department, make_edition

pytestmark = pytest.mark.django_db

GZIP = {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br"}


class View:
    """A public view that counts how often it is really called."""

    def __init__(self, *parameters: str, **options):
        self.calls = 0
        self.decorated = kept(*parameters, **options)(self.answer)

    def answer(self, request, **_path):
        self.calls += 1
        return HttpResponse(f"Nr. {self.calls}")

    def get(self, address: str = "/x/", **headers) -> str:
        return self.decorated(RequestFactory().get(address, **headers)).content.decode()


class TestAPage:
    def test_is_rendered_once(self):
        view = View()
        assert [view.get(), view.get()] == ["Nr. 1"] * 2

    def test_is_rendered_again_after_a_change(self):
        view = View()
        view.get()
        freshness.changed()
        assert [view.get(), view.get()] == ["Nr. 2"] * 2

    def test_is_one_for_each_value_of_the_parameters_it_reads(self):
        view = View("page", "year")
        assert view.get("/x/?page=1&year=2") == view.get("/x/?year=2&page=1&utm=wechat") == "Nr. 1"
        assert view.get("/x/?page=2&year=2") == "Nr. 2"
        assert view.get("/y/") == "Nr. 3"

    def test_is_one_for_each_host_and_language(self, settings):
        settings.ALLOWED_HOSTS = ["testserver", "localhost"]
        from django.utils import translation

        view = View()
        view.get()
        assert view.get(HTTP_HOST="localhost") == "Nr. 2"
        with translation.override("en"):
            assert view.get() == "Nr. 3"

    def test_lives_until_the_moment_it_names(self, noon, time_machine):
        view = View()
        answer = view.answer
        view.decorated = kept()(lambda request: until(answer(request), noon + timedelta(hours=1)))
        view.get()
        time_machine.move_to(noon + timedelta(minutes=59), tick=False)
        assert view.get() == "Nr. 1"
        time_machine.move_to(noon + timedelta(hours=1), tick=False)
        assert view.get() == "Nr. 2"

    def test_lives_no_longer_than_it_may(self, noon, time_machine):
        view = View(life=timedelta(minutes=10))
        view.get()
        time_machine.move_to(noon + timedelta(minutes=10), tick=False)
        assert view.get() == "Nr. 2"

    def test_ends_at_midnight(self, noon, time_machine):
        view = View()
        view.get()
        time_machine.move_to(noon + timedelta(hours=12), tick=False)
        assert view.get() == "Nr. 2"


class TestOnce:
    def test_does_not_ask_again_which_generation_is_rendered(self, django_assert_num_queries):
        made: list[str] = []

        @kept()
        def view(request):
            for name in "abb":
                once(name, partial(made.append, name))
            return HttpResponse()

        with django_assert_num_queries(2):  # The generation, and the next change by time.
            view(RequestFactory().get("/x/"))
        assert made == ["a", "b"]


class TestWhatIsNotKept:
    @pytest.mark.parametrize("status", [301, 400, 404, 500, 503])
    def test_refusals_and_errors(self, status):
        view = View()
        view.decorated = kept()(
            lambda request: HttpResponse(view.answer(request).content, status=status)
        )
        assert [view.get(), view.get()] == ["Nr. 1", "Nr. 2"]
        assert PAGES.pages == 0

    @pytest.mark.parametrize("error", [Http404, RuntimeError])
    def test_exceptions(self, error):
        def fail(request):
            raise error

        for _ in range(2):
            with pytest.raises(error):
                kept()(fail)(RequestFactory().get("/x/"))
        assert PAGES.pages == 0

    def test_addresses_somebody_made_up(self):
        view = View()
        view.decorated = kept("page")(lambda request: not_kept(view.answer(request)))
        assert [view.get("/x/?page=7"), view.get("/x/?page=7")] == ["Nr. 1", "Nr. 2"]
        assert View("page").get(f"/x/?page={'9' * 600}") == "Nr. 1"
        assert PAGES.pages == 0

    def test_answers_with_a_cookie(self):
        def greet(request):
            response = HttpResponse("hello")
            response.set_cookie("name", "value")
            return response

        kept()(greet)(RequestFactory().get("/x/"))
        assert PAGES.pages == 0

    def test_only_the_rest_may_be_kept_by_nginx(self):
        """Decision 0010."""
        view, made_up = View(), View()
        made_up.decorated = kept()(lambda request: not_kept(made_up.answer(request)))
        absent = kept()(lambda request: HttpResponse(status=404))
        for _ in range(2):
            answer = view.decorated(RequestFactory().get("/x/"))
            assert answer.headers["X-Accel-Expires"] == "1"
            for number, other in enumerate((made_up.decorated, absent)):
                answer = other(RequestFactory().get(f"/{number}/"))
                assert "X-Accel-Expires" not in answer.headers

    def test_what_is_posted(self):
        view = View()
        for number in (1, 2):
            assert view.decorated(RequestFactory().post("/x/")).content == f"Nr. {number}".encode()

    def test_random_addresses_of_the_portal(self, client, editor):
        make_edition(by=editor, channel=make_channel(slug="news"))
        for address in ("/articles/999/", "/channels/none/", "/channels/news/?page=77"):
            client.get(address)
        client.get("/channels/news/?year=1990")
        assert PAGES.pages == 0


@pytest.fixture
def sample(noon) -> Page:
    until = noon + timedelta(days=1)
    return Page(200, b"x" * 1000, 'W/"a"', (("Vary", "Accept-Encoding"),), 1, until, {"story 1": 2})


class TestTheFile:
    def test_gives_back_what_was_kept(self, tmp_path, sample):
        Store(tmp_path).keep(b"key", sample)
        assert Store(tmp_path).find(b"key") == sample
        assert Store(tmp_path).find(b"other") is None

    def test_counts_a_page_kept_again_once(self, tmp_path, sample):
        store = Store(tmp_path)
        for _ in range(3):
            store.keep(b"key", sample)
        assert (store.pages, store.bytes) == (1, 1000)

    def test_is_bounded_and_the_oldest_go_first(self, tmp_path, sample):
        store = Store(tmp_path, most_bytes=10 * 1000)
        for number in range(LOOK_EVERY):
            store.keep(f"{number}".encode(), sample)
        assert store.bytes <= 9 * 1000
        assert store.find(f"{LOOK_EVERY - 1}".encode()) == sample
        assert store.find(b"0") is None

    def test_is_readable_for_nobody_else(self, tmp_path, sample):
        store = Store(tmp_path / "kept")
        store.keep(b"key", sample)
        assert (tmp_path / "kept").stat().st_mode & 0o077 == 0

    @pytest.mark.parametrize("damage", [b"no database at all" * 100, b""])
    def test_is_made_again_when_it_is_damaged(self, tmp_path, sample, damage, caplog):
        store = Store(tmp_path)
        store.keep(b"key", sample)
        for path in tmp_path.glob("pages-*"):
            path.unlink()
        store.path().write_bytes(damage)
        damaged = Store(tmp_path)
        assert damaged.find(b"key") is None
        damaged.keep(b"key", sample)
        assert damaged.find(b"key") == sample

    def test_gives_no_page_whose_bytes_changed(self, tmp_path, sample):
        store = Store(tmp_path)
        store.keep(b"key", sample)
        store._connection().execute("UPDATE page SET body = ?", (b"y" * 1000,))
        assert store.find(b"key") is None

    def test_that_cannot_be_made_costs_nobody_a_page(self, tmp_path, sample, caplog):
        (tmp_path / "file").write_text("no folder")
        store = Store(tmp_path / "file")
        for _ in range(3):
            store.keep(b"key", sample)
            assert store.find(b"key") is None
        assert len(caplog.records) == 1

    def test_of_another_release_goes(self, tmp_path, sample):
        old = tmp_path / "pages-0123456789abcdef.sqlite3"
        old.write_bytes(b"")
        Store(tmp_path).keep(b"key", sample)
        assert not old.exists()

    def test_is_shared_by_threads(self, tmp_path, sample, monkeypatch):
        # A reader does not wait for a busy disk; the test does.
        monkeypatch.setattr("articles.portal.kept_pages.store.PATIENCE", 30)
        store = Store(tmp_path)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda number: store.keep(b"%d" % number, sample), range(40)))
            assert all(pool.map(lambda number: store.find(b"%d" % number), range(40)))


class TestTheRelease:
    def test_has_one_name_in_every_process(self):
        program = (
            "import django; django.setup();"
            "from articles.portal.kept_pages import release; print(release.name())"
        )
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
        names = {
            subprocess.run(
                [sys.executable, "-c", program], env=environment, capture_output=True, check=True
            ).stdout
            for _ in range(2)
        }
        assert len(names) == 1
        assert len(names.pop().strip()) == 16

    def test_changes_with_what_pages_say(self, settings):
        names = set()
        for name in ("甲集团新闻", "乙集团新闻"):
            settings.SITE_NAME = name
            release.name.cache_clear()
            names.add(release.name())
        release.name.cache_clear()
        assert len(names) == 2


class TestMarks:
    """Pages that name what they show outlive what is changed elsewhere."""

    @pytest.fixture
    def view(self):
        view = View()
        answer = view.answer

        def showing(request):
            shows(freshness.story(1), freshness.shelf(2))
            return answer(request)

        view.decorated = kept()(showing)
        return view

    @pytest.mark.parametrize(
        ("marks", "answer"),
        [
            (["story 2", "shelf 1"], "Nr. 1"),
            ([], "Nr. 1"),
            (["story 1"], "Nr. 2"),
            (["shelf 2", "story 2"], "Nr. 2"),
            (["everything"], "Nr. 2"),
        ],
    )
    def test_make_pages_old_that_show_them(self, view, marks, answer):
        view.get()
        freshness.changed(marks)
        assert [view.get(), view.get()] == [answer] * 2

    def test_cost_one_more_statement_once(self, view, django_assert_num_queries):
        view.get()
        freshness.changed(["story 2"])
        with django_assert_num_queries(2):
            view.get()
        with django_assert_num_queries(1):
            view.get()

    def test_that_change_while_a_page_is_rendered_are_not_believed(self):
        view = View()

        def slow(request):
            shows("story 1")
            if view.calls == 0:
                freshness.changed(["story 1"])
            return view.answer(request)

        view.decorated = kept()(slow)
        view.get()
        freshness.changed(["story 2"])
        assert view.get() == "Nr. 2"

    def test_of_a_page_without_any_are_not_asked(self, django_assert_num_queries):
        view = View()
        view.get()
        freshness.changed(freshness.NO_MARK)
        assert view.get() == "Nr. 2"


class TestManyReadersAtOnce:
    def test_have_a_page_rendered_once(self, monkeypatch):
        monkeypatch.setattr(freshness, "generation", lambda: 1)
        monkeypatch.setattr(freshness, "next_change", lambda now: now + timedelta(days=1))
        arrived, release, view = Barrier(17), Event(), View()

        def slow(request):
            release.wait(10)
            return view.answer(request)

        decorated = kept()(slow)

        def read(_number):
            arrived.wait(10)
            return decorated(RequestFactory().get("/hot/")).content

        with ThreadPoolExecutor(16) as readers:
            answers = readers.map(read, range(16))
            arrived.wait(10)
            release.set()
            assert set(answers) == {b"Nr. 1"}
        assert view.calls == 1

    def test_do_not_share_an_error(self, monkeypatch):
        monkeypatch.setattr(freshness, "generation", lambda: 1)
        view = View()

        def fail_first(request):
            if view.answer(request).content == b"Nr. 1":
                raise RuntimeError
            return HttpResponse("fine")

        decorated = kept()(fail_first)
        with pytest.raises(RuntimeError):
            decorated(RequestFactory().get("/x/"))
        assert decorated(RequestFactory().get("/x/")).content == b"fine"

    def test_never_get_a_page_that_was_changed_while_it_was_rendered(self):
        view = View()

        def changed_meanwhile(request):
            freshness.changed()
            return view.answer(request)

        decorated = kept()(changed_meanwhile)
        assert decorated(RequestFactory().get("/x/")).content == b"Nr. 1"
        assert decorated(RequestFactory().get("/x/")).content == b"Nr. 2"


class TestWhatStaffPublish:
    def test_is_on_every_page_of_every_machine_at_once(self, client, editor, monkeypatch, tmp_path):
        channel = make_channel(slug="news")
        edition = make_edition(by=editor, title="第一条", channel=channel)
        addresses = ["/", "/channels/news/", "/archive/", edition.get_absolute_url()]
        stores = [Store(tmp_path / "one"), Store(tmp_path / "other")]

        def pages() -> list[list[str]]:
            found = []
            for store in stores:
                for user in ("decorator", "finding"):
                    monkeypatch.setattr(f"articles.portal.kept_pages.{user}.PAGES", store)
                found.append([client.get(address).content.decode() for address in addresses])
            return found

        assert pages()[0] == pages()[1]
        make_edition(by=editor, title="第二条", channel=channel)
        for machine in pages():
            assert all("第二条" in html for html in machine)
        publishing.withdraw(Article.objects.get(pk=edition.pk), by=editor, reason="有误")
        for machine in pages():
            assert not any("第一条" in html for html in machine)
        assert client.get(edition.get_absolute_url()).status_code == 410

    def test_leaves_the_pages_of_other_stories_as_they_are(self, client, editor):
        channel, units = make_channel(), [make_department() for _ in range(3)]
        first, second, third, new = (
            make_article(by=editor, title=title, channel=channel, source_department=unit)
            for title, unit in zip("甲乙丙丁", [*units, units[1]], strict=True)
        )
        for article in (first, second, third):
            publishing.publish(article, by=editor)
        addresses = [f"/articles/{article.pk}/" for article in (first, second, third)]
        before = [client.get(address).content for address in addresses]
        publishing.publish(new, by=editor)
        rendered = []
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            rendered.append(len(asked) > 2)
        # The second shares its unit with the new story, the third is its neighbour.
        assert rendered == [False, True, True]
        assert client.get(addresses[0]).content == before[0]

    def test_changes_the_pages_that_name_it(self, client, editor):
        channel, unit = make_channel(), make_department()
        first, second = (
            make_edition(by=editor, title=title, channel=channel, source_department=unit)
            for title in ("甲", "乙")
        )
        for edition in (first, second):
            assert client.get(edition.get_absolute_url()).status_code == 200
        publishing.withdraw(Article.objects.get(pk=second.pk), by=editor, reason="有误")
        assert "乙" not in client.get(first.get_absolute_url()).content.decode()
        publishing.publish(Article.objects.get(pk=second.pk), by=editor)
        assert "乙" in client.get(first.get_absolute_url()).content.decode()

    def test_shows_a_note_on_the_story(self, client, editor):
        edition = make_edition(by=editor)
        client.get(edition.get_absolute_url())
        correcting.correct(Article.objects.get(pk=edition.pk), by=editor, words="数字应为七。")
        assert "数字应为七。" in client.get(edition.get_absolute_url()).content.decode()

    def test_shows_a_renamed_channel(self, client, editor):
        channel = make_channel(name="旧名")
        edition = make_edition(by=editor, channel=channel)
        assert "旧名" in client.get(edition.get_absolute_url()).content.decode()
        channel.name = "新名"
        channel.save()
        assert "新名" in client.get(edition.get_absolute_url()).content.decode()

    def test_appears_and_expires_by_time_alone(self, client, editor, noon, time_machine):
        edition = make_edition(by=editor, title="限时一条")
        Edition.objects.filter(pk=edition.pk).update(expires_at=noon + timedelta(hours=1))
        freshness.changed()
        assert client.get(edition.get_absolute_url()).status_code == 200
        time_machine.move_to(noon + timedelta(hours=1), tick=False)
        assert client.get(edition.get_absolute_url()).status_code == 404


class TestWarming:
    """Pages that are asked for often are rendered before the next reader asks."""

    @pytest.fixture
    def asked(self, client, editor):
        """Every page of a small portal, asked for often."""
        channel = make_channel(slug="news", name="矿区新闻")
        edition = make_edition(by=editor, channel=channel, tags=["安全"])
        addresses = ["/", "/en/", "/tags/安全/", f"/channels/news/?unit={edition.department_id}"]
        addresses += [edition.get_absolute_url()]
        for address in addresses:
            for _ in range(5):
                assert client.get(address).status_code == 200
        return addresses

    def test_renders_what_was_asked_for_often(self, client, asked, editor):
        make_edition(by=editor, title="刚刚发布", channel=Channel.objects.get(slug="news"))
        assert warming.warm() == len(asked)
        for address in asked:
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address)
            assert len(queries) == 1
            assert answer.status_code == 200
        assert "刚刚发布" in client.get("/").content.decode()

    def test_gives_what_a_reader_would_have_got(self, client, asked):
        freshness.changed()
        warming.warm()
        warm = [client.get(address).content for address in asked]
        PAGES.clear()
        assert [client.get(address).content for address in asked] == warm

    def test_leaves_pages_that_few_ask_for(self, client, editor):
        client.get(make_edition(by=editor).get_absolute_url())
        freshness.changed()
        assert warming.warm() == 0

    def test_follows_a_commit_in_a_thread(self, settings, commit, monkeypatch, client, asked):
        done = Event()
        monkeypatch.setattr(warming, "warm", done.set)
        freshness.committed.send(sender=None)
        assert not done.wait(0.05)
        settings.WARM_KEPT_PAGES = True
        with commit():
            freshness.changed()
            assert not done.wait(0.05)
        assert done.wait(10)


class TestViews:
    def test_make_no_page_old_and_are_recent_all_the_same(self, client, editor, noon, time_machine):
        edition = make_edition(by=editor)
        address = edition.get_absolute_url()
        assert "<span data-views>0</span>" in client.get(address).content.decode()
        before = freshness.generation()
        answer = client.post(
            f"{address}view/", {"key": "a" * 32}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.json() == {"views": 1}
        assert figures.views(edition.pk) == 1
        assert freshness.generation() == before
        assert "<span data-views>0</span>" in client.get(address).content.decode()
        time_machine.move_to(noon + timedelta(hours=1), tick=False)
        assert "<span data-views>1</span>" in client.get(address).content.decode()


class TestAnswers:
    @pytest.fixture
    def address(self, editor) -> str:
        return make_edition(by=editor).get_absolute_url()

    def test_cost_one_statement(self, client, address, django_assert_num_queries):
        client.get(address)
        with django_assert_num_queries(1):
            client.get(address)

    def test_have_the_same_headers_kept_and_fresh(self, client, address, monkeypatch):
        fresh, again = client.get(address, **GZIP), client.get(address, **GZIP)
        assert dict(fresh.headers) == dict(again.headers)
        assert fresh.content == again.content
        with monkeypatch.context() as patch:
            patch.setattr(PAGES, "find", lambda _key: None)
            assert dict(client.get(address, **GZIP).headers) == dict(again.headers)
        for name in ("Content-Security-Policy", "X-Frame-Options", "Permissions-Policy"):
            assert again.headers[name]

    def test_are_compressed_for_who_takes_it(self, client, address):
        plain = client.get(address)
        packed = client.get(address, **GZIP)
        refused = client.get(address, HTTP_ACCEPT_ENCODING="gzip;q=0, br")
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content == refused.content
        for answer in (plain, packed, refused):
            assert "Accept-Encoding" in answer.headers["Vary"]
            assert int(answer.headers["Content-Length"]) == len(answer.content)
        assert "Content-Encoding" not in refused.headers

    def test_to_head_have_the_headers_only(self, client, address):
        get, head = client.get(address, **GZIP), client.head(address, **GZIP)
        assert head.content == b""
        assert dict(head.headers) == dict(get.headers)

    def test_are_304_for_who_has_the_page(self, client, address):
        tag = client.get(address).headers["ETag"]
        for given in (tag, f'"other", {tag}', "*"):
            answer = client.get(address, headers={"If-None-Match": given})
            assert answer.status_code == 304
            assert answer.content == b""
            assert answer.headers["ETag"] == tag
            assert answer.headers["Cache-Control"] == "no-cache"
            assert answer.headers["Content-Security-Policy"]
        assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200

    def test_to_who_has_a_withdrawn_page_are_410(self, client, editor, address):
        tag = client.get(address).headers["ETag"]
        article = Article.objects.get(pk=int(address.split("/")[2]))
        publishing.withdraw(article, by=editor, reason="有误")
        for _ in range(2):
            assert client.get(address, headers={"If-None-Match": tag}).status_code == 410

    def test_refuse_hosts_that_are_not_ours(self, client, address):
        client.get(address)
        assert client.get(address, HTTP_HOST="evil.example").status_code == 400

    def test_hold_no_transaction_open(self, client, address):
        client.get(address)
        client.get(address)
        assert not connection.needs_rollback
