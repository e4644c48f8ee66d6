"""The rules of counting that only a browser can show, named by their numbers.

Tabs of a headless browser are always visible, so a hidden one is told by a script that it is
hidden; everything else is done as readers do it. Playwright forbids browsers to prepare pages
ahead, so one runs without it.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_started
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from articles.models import Edition, ViewInbox, ViewLedger
from articles.portal import beacon
from articles.visits import figures
from tests.browser import ahead
from tests.browser.conftest import READER
from tests.factories import make_edition

# What a new browser keeps, and when it says it, is what is tested.
pytestmark = pytest.mark.own_context

BEACON = "**/view/"
VIEWS = "document.querySelector('[data-views]').textContent"
# The page is in a background tab until the test looks at it.
HIDDEN = """
    let state = "hidden";
    Object.defineProperty(Document.prototype, "visibilityState", { get: () => state });
    window.look = () => {
      state = "visible";
      document.dispatchEvent(new Event("visibilitychange"));
    };
"""
NO_STORAGE = """
    for (const name of ["localStorage", "sessionStorage"]) {
      const get = () => { throw new DOMException("denied", "SecurityError"); };
      Object.defineProperty(window, name, { get });
    }
"""


@pytest.fixture
def story(transactional_db, editor) -> Edition:
    return make_edition(by=editor, at=timezone.now() - timedelta(days=1))


def look(page: Page, act: Callable[[], Any]) -> str:
    """The figure that is shown after the answer to the beacon that this causes."""
    with page.expect_response(BEACON) as response:
        act()
    response.value.finished()
    page.evaluate("0")
    return page.evaluate(VIEWS)


def wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


class TestV09LookedAt:
    def test_a_background_tab_counts_when_first_looked_at(self, live_server, page, story):
        page.add_init_script(HIDDEN)
        page.goto(story.get_absolute_url(), wait_until="networkidle")
        assert not ViewLedger.objects.exists()
        assert look(page, lambda: page.evaluate("look()")) == "1"
        page.evaluate("look()")
        page.wait_for_load_state("networkidle")
        assert not ViewInbox.objects.exclude(outcome=0).exists(), "told twice"

    @pytest.mark.urls("tests.browser.ahead")
    def test_a_page_prepared_ahead_counts_when_it_is_opened(
        self, live_server, story, tmp_path, browser_type_launch_args
    ):
        """The document that was prepared is the one that tells: it is asked for once."""
        asked = []

        def note(environ: dict[str, str], **_facts: Any) -> None:
            if environ["PATH_INFO"] == story.get_absolute_url():
                asked.append(environ.get("HTTP_SEC_PURPOSE", ""))

        request_started.connect(note)
        ahead.may_open.clear()
        browser = _without_playwright(
            f"{live_server.url}/ahead/{story.pk}/", tmp_path, browser_type_launch_args
        )
        try:
            wait_for(lambda: bool(asked))
            time.sleep(2)
            assert not ViewLedger.objects.exists()
            ahead.may_open.set()
            wait_for(lambda: figures.views(story.pk) == 1)
        finally:
            ahead.may_open.set()
            browser.terminate()
            browser.wait(20)
            request_started.disconnect(note)
        assert asked == ["prefetch;prerender"]


def _without_playwright(
    address: str, folder: Path, launch: dict[str, Any]
) -> subprocess.Popen[bytes]:
    options = ["--headless", f"--user-agent={READER}", f"--user-data-dir={folder / 'profile'}"]
    command = [launch["executable_path"], *launch["args"], *options, address]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class TestV10TheSameVisit:
    def test_counts_once_however_it_comes_back(self, live_server, page, story, editor):
        address = story.get_absolute_url()
        assert look(page, lambda: page.goto(address)) == "1"
        assert look(page, page.reload) == "1"
        page.goto(story.channel.get_absolute_url())
        assert look(page, page.go_back) == "1"
        # Through the list of its channel, in English, as it is printed.
        page.go_forward()
        assert look(page, page.locator(f"main a[href='{address}']").first.click) == "1"
        assert look(page, lambda: page.goto(f"/en{address}")) == "1"
        page.emulate_media(media="print")
        assert look(page, page.reload) == "1"
        other = make_edition(by=editor)
        assert look(page, lambda: page.goto(other.get_absolute_url())) == "1"
        assert figures.views(story.pk) == ViewLedger.objects.count() - 1 == 1


class TestV11ThirtyQuietMinutes:
    """Of the way back out of the back/forward cache, where the page lies with all it has noted."""

    @staticmethod
    def count(page: Page, leave: Callable[[], Any], back: str, time_machine: Any) -> list[str]:
        """The figures after 29 minutes, an hour and a reload half an hour later."""
        now, shown = timezone.now(), []
        for minutes in (29, 60):
            leave()
            time_machine.move_to(now + timedelta(minutes=minutes))
            shown.append(look(page, lambda: page.evaluate(back)))
        time_machine.move_to(now + timedelta(minutes=91))
        return [*shown, look(page, page.reload)]

    def test_begin_a_visit_by_what_the_browser_says(self, live_server, page, story, time_machine):
        look(page, lambda: page.goto(story.get_absolute_url()))
        back = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
        assert self.count(page, lambda: None, back, time_machine) == ["1", "2", "3"]

    @pytest.fixture
    def keeping(
        self, playwright: Playwright, browser_type_launch_args, browser_context_args, live_server
    ) -> Iterator[Page]:
        """Of a browser that keeps pages it leaves; the headless shell has no such cache."""
        if (chromium := shutil.which("chromium")) is None:
            pytest.skip("The whole of Chromium is missing: sudo apt-get install chromium")
        launch = {**browser_type_launch_args, "executable_path": chromium}
        browser = playwright.chromium.launch(
            **launch, ignore_default_args=["--disable-back-forward-cache"]
        )
        yield browser.new_context(**browser_context_args, base_url=live_server.url).new_page()
        browser.close()

    def test_begin_a_visit_when_it_really_goes_back(self, keeping, story, time_machine):
        page = keeping
        look(page, lambda: page.goto(story.get_absolute_url()))

        def leave() -> None:
            page.evaluate("window.lay = true")
            # A page that does not prolong the visit.
            page.goto("/robots.txt")

        shown = self.count(page, leave, "history.back()", time_machine)
        assert shown == ["1", "2", "3"]
        page.evaluate("window.lay = true")
        page.goto("/robots.txt")
        look(page, lambda: page.evaluate("history.back()"))
        assert page.evaluate("window.lay") is True


class TestV04TwoFirstTabs:
    def test_are_one_visit(self, live_server, page, context: BrowserContext, story, monkeypatch):
        """Neither has a cookie before both have told: the key in their storage makes them one."""
        told = []
        answer = beacon._count

        def late(request, article_id):
            told.append(request.COOKIES.get(beacon.COOKIE))
            wait_for(lambda: len(told) > 1)
            return answer(request, article_id)

        monkeypatch.setattr(beacon, "_count", late)
        tabs = [page, context.new_page()]
        for tab in tabs:
            tab.goto(story.get_absolute_url(), wait_until="commit")
        for tab in tabs:
            expect(tab.locator("[data-views]").first).to_have_text("1")
        assert told == [None, None]
        assert ViewLedger.objects.count() == 1


class TestV06RefusedCookies:
    @pytest.mark.parametrize("storage", [True, False])
    def test_count_once_an_hour(self, live_server, page, context, story, storage, time_machine):
        time_machine.move_to(timezone.localtime().replace(minute=1))
        if not storage:
            page.add_init_script(NO_STORAGE)
        for _reload in range(3):
            assert look(page, lambda: page.goto(story.get_absolute_url())) == "1"
            assert context.cookies()[0]["name"] == beacon.COOKIE
            context.clear_cookies()
        time_machine.move_to(timezone.localtime() + timedelta(hours=1))
        # With storage it is the script that knows when a visit is over, by the browser's clock.
        assert look(page, page.reload) == ("1" if storage else "2")


class TestV07APrivateWindow:
    def test_is_a_visit_of_its_own(self, live_server, page, new_context, story):
        assert look(page, lambda: page.goto(story.get_absolute_url())) == "1"
        private = new_context(base_url=live_server.url).new_page()
        assert look(private, lambda: private.goto(story.get_absolute_url())) == "2"


class TestV26AFailingCount:
    @pytest.mark.expects_console(r"503|ERR_FAILED")
    @pytest.mark.parametrize("way", ["refused", "cut", "nonsense", "late"])
    def test_leaves_the_number_and_tells_again_later(self, live_server, page, story, way):
        ViewInbox.objects.create(article_id=story.pk, day=timezone.localdate(), n=41)
        answers = {
            "refused": lambda route: route.fulfill(status=503),
            "cut": lambda route: route.abort(),
            "nonsense": lambda route: route.fulfill(body='{"views": "many"}'),
            "late": lambda _route: None,
        }
        page.route(BEACON, answers[way])
        with page.expect_request(BEACON):
            page.goto(story.get_absolute_url())
        assert page.evaluate(VIEWS) == "41"
        assert figures.views(story.pk) == 41
        page.unroute(BEACON)
        if way in ("refused", "cut"):
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
            expect(page.locator("[data-views]").first).to_have_text("42")


class TestTheHotList:
    def test_does_not_feed_itself(self, live_server, page, story, editor):
        """What is opened from it counts, once as found there, and heats it no further."""
        other = make_edition(by=editor)
        page.goto("/hot/")
        page.evaluate(
            "address => document.querySelector('main').insertAdjacentHTML('beforeend',"
            " `<ol data-via=hot><li><a href=${address}><b>story</b></a></ol>`)",
            story.get_absolute_url(),
        )
        assert look(page, page.locator("ol b").click) == "1"
        assert look(page, lambda: page.goto(other.get_absolute_url())) == "1"
        rows = ViewInbox.objects.order_by("id").values_list("article_id", "from_hot")
        assert list(rows) == [(story.pk, True), (other.pk, False)]
