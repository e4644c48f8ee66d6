"""A real browser for the tests in this folder.

`page` fails its test when the browser's console saw an error, a broken Content
Security Policy or an uncaught exception, unless the test expects it:

    @pytest.mark.expects_console(r"404 \\(Not Found\\)")

The viewport is DESKTOP unless a test asks for others:

    @both_screens
    def test_nothing_overflows(page, live_server): ...

    @pytest.mark.parametrize("viewport", [PHONE], indirect=True)
    def test_menu_opens(page, live_server): ...
"""

import functools
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.signals import request_finished, request_started
from django.db import connections
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    ViewportSize,
    WebError,
    expect,
)

# Playwright's event loop runs in the tests' own thread, which Django takes for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# Four browsers on two busy cores are slow, not wrong.
expect.set_options(timeout=20_000)

HERE = Path(__file__).parent
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
NO_BROWSER = (
    "No Chromium or Chrome answers on this machine. To get it: sudo apt-get install chromium"
)

# Browsers of readers do not call themselves headless, which programs do.
READER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
    " Safari/537.36"
)

both_screens = pytest.mark.parametrize(
    "viewport",
    [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desktop")],
    indirect=True,
)


@functools.cache
def find_browser() -> str | None:
    """Return the first browser that answers: Ubuntu's `chromium` may be a stub for snap."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path is None:
            continue
        try:
            subprocess.run([path, "--version"], check=True, capture_output=True, timeout=30)
        except (OSError, subprocess.SubprocessError):
            continue
        return path
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if find_browser() is None:
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(f"{NO_BROWSER} (REQUIRE_ALL=1)", pytrace=False)
        pytest.skip(NO_BROWSER)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    args = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--font-render-hinting=none",
        "--no-first-run",
        # A page that asks another host for anything fails here as it would in a closed network.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ]
    if os.geteuid() == 0:
        # Chromium refuses its sandbox to root.
        args.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": find_browser(), "args": args}


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: Any) -> Any:
    """Made after the database: else Django takes SQLite for one in memory, which threads share."""
    return live_server


@pytest.fixture(scope="session")
def playwright(django_db_setup: None, playwright: Playwright) -> Iterator[Playwright]:
    """Closes the connections that Django keeps for code beside Playwright's event loop.

    It has another set of them without the loop: what stays open would keep the database from
    being dropped.
    """
    yield playwright
    connections.close_all()


@pytest.fixture(scope="session")
def base_url() -> None:
    """Not pytest-playwright's own, a method, which pytest 9 warns of. See `context`."""


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    where = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
    return {**browser_context_args, **where, "user_agent": READER}


@pytest.fixture
def viewport(request: pytest.FixtureRequest) -> ViewportSize:
    return getattr(request, "param", DESKTOP)


class Complaints(list[str]):
    """What the browser complained about, on every page of a context."""

    def __init__(self, context: BrowserContext) -> None:
        super().__init__()
        context.on("console", self.on_console)
        context.on("weberror", self.on_error)
        context.on("page", self.on_page)

    def stop(self, context: BrowserContext) -> None:
        context.remove_listener("console", self.on_console)
        context.remove_listener("weberror", self.on_error)
        context.remove_listener("page", self.on_page)

    def on_console(self, message: ConsoleMessage) -> None:
        # Chromium reports a broken Content Security Policy here, as an error.
        if message.type == "error":
            where = message.location
            self.append(f"console: {message.text} ({where['url']}:{where['lineNumber']})")

    def on_error(self, error: WebError) -> None:
        self.append(f"uncaught: {error.error.stack or error.error.message}")

    def on_page(self, page: Page) -> None:
        page.on("crash", lambda page: self.append(f"crashed: {page.url}"))

    def unexpected(self, patterns: list[str]) -> list[str]:
        return [each for each in self if not any(re.search(p, each) for p in patterns)]


REPORT = pytest.StashKey[pytest.TestReport]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report: Any = yield
    if report.when == "call":
        item.stash[REPORT] = report
    return report


@pytest.fixture(scope="session")
def shared_contexts(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """Contexts that serve one test after the other: what one loaded the next one has.

    A page of the desk loads seventy files, which takes four times as long as showing it again.
    """
    contexts: dict[str, BrowserContext] = {}
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture
def context(
    new_context: Callable[..., BrowserContext],
    browser: Browser,
    browser_context_args: dict[str, Any],
    shared_contexts: dict[str, BrowserContext],
    viewport: ViewportSize,
    request: pytest.FixtureRequest,
) -> Iterator[BrowserContext]:
    """A context whose pages must not complain. `page` is the first of them.

    Addresses such as "/admin/" belong to the live server of a test that asks for one. A test that
    changes the context itself, or is about what a new browser does, has the marker own_context.
    """
    options: dict[str, Any] = {"viewport": viewport}
    if "live_server" in request.fixturenames:
        options["base_url"] = request.getfixturevalue("live_server").url
    is_shared = not any(request.node.iter_markers("own_context"))
    if is_shared:
        if (key := str(options)) not in shared_contexts:
            shared_contexts[key] = browser.new_context(**browser_context_args, **options)
        context = shared_contexts[key]
    else:
        context = new_context(**options)
    complaints = Complaints(context)
    context.complaints = complaints  # type: ignore[attr-defined]
    yield context
    for page in context.pages:
        # A question and its answer: what the page said before has then arrived.
        try:
            page.evaluate("0")
        except Error:
            continue
    if not request.node.stash.get(REPORT, None) or request.node.stash[REPORT].failed:
        _picture(context, request.getfixturevalue("output_path"))
    if is_shared:
        complaints.stop(context)
        _forget(context)
    patterns = [
        pattern
        for marker in request.node.iter_markers("expects_console")
        for pattern in marker.args
    ]
    if unexpected := complaints.unexpected(patterns):
        pytest.fail("The browser complained:\n- " + "\n- ".join(unexpected), pytrace=False)


def _picture(context: BrowserContext, folder: str) -> None:
    """What the pages of a failed test looked like."""
    for number, page in enumerate(context.pages, start=1):
        with suppress(Error):
            page.screenshot(path=Path(folder) / f"failed-{number}.png", timeout=5_000)


def _forget(context: BrowserContext) -> None:
    """Leaves nothing of a test but the files it loaded."""
    origins = {f"{parts.scheme}://{parts.netloc}" for parts in map(_parts, context.pages)}
    context.unroute_all(behavior="ignoreErrors")
    if context.pages:
        # Before they are closed: what a page says at that moment may still need its session.
        session = context.new_cdp_session(context.pages[-1])
        for page in context.pages[:-1]:
            page.close(run_before_unload=False)
        for origin in origins:
            session.send(
                "Storage.clearDataForOrigin",
                {"origin": origin, "storageTypes": "local_storage,indexeddb,cache_storage"},
            )
        context.pages[-1].close(run_before_unload=False)
    context.clear_cookies()
    context.clear_permissions()


def _parts(page: Page) -> SplitResult:
    return urlsplit(page.url)


@pytest.fixture(autouse=True)
def answered(request: pytest.FixtureRequest) -> Iterator[None]:
    """What pages still ask is answered before the database is emptied for the next test.

    A page of the desk says goodbye when it is closed, and may be saving at that moment; SQLite in
    memory then answers the emptying with "database table is locked".
    """
    under_way = 0
    counting = threading.Lock()

    def count(step: int) -> None:
        nonlocal under_way
        with counting:
            under_way += step

    def started(**_facts: Any) -> None:
        count(1)

    def finished(**_facts: Any) -> None:
        count(-1)

    request_started.connect(started)
    request_finished.connect(finished)
    yield
    if "live_server" in request.fixturenames:
        idle, deadline = 0, time.monotonic() + 10
        while idle < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
            idle = 0 if under_way > 0 else idle + 1
    request_started.disconnect(started)
    request_finished.disconnect(finished)


# Colours on their way to others are neither; what moves for ever is not waited for.
STOOD_STILL = """() => Promise.race([
    new Promise((resolve) => setTimeout(resolve, 1000)),
    Promise.allSettled(document.getAnimations().map((each) => each.finished)),
])"""
UNSAID = ".prose-menubar__button.disabled:not([aria-disabled])"


@pytest.fixture
def axe() -> Callable[..., None]:
    """Fail with a readable list when a page breaks a rule of axe, the accessibility checker.

    With `only`, a rule's name, nothing else is looked at, which takes a third of the time.
    """

    def check(page: Page, *, only: str = "") -> None:
        # The editor says which of its tools are off a moment after it drew them.
        expect(page.locator(UNSAID)).to_have_count(0)
        page.evaluate(STOOD_STILL)
        complaints = getattr(page.context, "complaints", [])
        before = len(complaints)
        options = {"runOnly": {"type": "rule", "values": [only]}} if only else None
        violations = Axe().run(page, options=options).response["violations"]
        # Measuring, axe writes style attributes, which the policy refuses: its doing, not ours.
        page.evaluate("0")
        complaints[before:] = [each for each in complaints[before:] if "inline style" not in each]
        if violations:
            lines = [f"{len(violations)} accessibility rules are broken on {page.url}"]
            for rule in violations:
                lines.append(f"- {rule['id']} ({rule['impact']}): {rule['help']}")
                for node in rule["nodes"]:
                    where, html = " ".join(map(str, node["target"])), " ".join(node["html"].split())
                    lines.append(f"    {where}: {html[:120]}")
            pytest.fail("\n".join(lines), pytrace=False)

    return check
