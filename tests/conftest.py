"""The cast, the clock and the settings every test runs with."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key

# Before Django reads its settings. DATABASE_URL is the caller's: SQLite unless it says otherwise.
os.environ.setdefault("SECRET_KEY", "tests-need-no-secret-but-it-has-to-be-long-enough-to-pass")
os.environ["DEBUG"] = "False"
os.environ["HTTPS"] = "False"
os.environ["ENV_FILE"] = os.devnull
# One for each process of the tests; its folder goes with it.
_KEPT_PAGES = tempfile.TemporaryDirectory(prefix="newsroom-kept-pages-")
os.environ["KEPT_PAGES_DIR"] = _KEPT_PAGES.name
os.environ["ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"

# A busy machine takes longer than Hypothesis' 200 ms for what takes one.
hypothesis.settings.register_profile("busy", deadline=None)
hypothesis.settings.load_profile("busy")

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 6, 15, 12, 0, 0, tzinfo=SHANGHAI)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What the database has no part in is run on the other one by `.ci/test`."""
    if os.environ.get("ONLY_ABOUT_DATABASE") != "1":
        return
    elsewhere = [item for item in items if item.get_closest_marker("once") or not _asks(item)]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in set(elsewhere)]


def _asks(item: pytest.Item) -> bool:
    """Whether the test may ask the database at all."""
    fixtures = getattr(item, "fixturenames", ())
    return bool(item.get_closest_marker("django_db")) or not DATABASE_FIXTURES.isdisjoint(fixtures)


@pytest.fixture(autouse=True)
def house_rules(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a test die with it; work is done at once; passwords and the disk cost nothing."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    settings.RENDITIONS_IN_BACKGROUND = False
    settings.WARM_KEPT_PAGES = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _no_kept_pages() -> None:
    """A test that is rolled back takes its generation back, so no page may outlive it."""
    from articles.portal.kept_pages import making, warming
    from articles.portal.kept_pages.store import PAGES

    PAGES.clear()
    making.forget()
    warming._asked.clear()


@pytest.fixture(autouse=True)
def _nothing_known_of_visits() -> None:
    """What a process remembers of the database ends with the test that rolls it back."""
    from articles.visits import networks, salts

    salts.forget()
    networks.forget()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """One migrated database a run, a copy of it for each process.

    SQLite in a file, as it is used: in memory, one page's save locks another one's table.
    """
    from django.db import connection
    from django.test import TransactionTestCase

    from tests import databases

    shared, worker = tmp_path_factory.getbasetemp(), "single"
    if hasattr(request.config, "workerinput"):
        shared, worker = shared.parent, request.config.workerinput["workerid"]
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(shared / "test.sqlite3")
    databases.hasten()
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        databases.copied(worker, shared),
    ):
        patch.setattr(TransactionTestCase, "_fixture_teardown", databases.empty)
        with django_db_blocker.block():
            yield


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The process that started the others goes last."""
    if hasattr(session.config, "workerinput") or session.config.option.collectonly:
        return
    from tests import databases

    with session.config.stash[blocking_manager_key].unblock():
        databases.drop_migrated()


@pytest.fixture(scope="session", autouse=True)
def _drawn_once() -> Iterator[None]:
    """The same bytes in the same frame and format: what one test had drawn, the next one gets."""
    from articles.models.picture_file import PictureFile

    draw, drawn = PictureFile._process, {}

    def process(self, processors=None, context=None):
        with self.storage.open(context.source) as file:
            digest = sha256(file.read()).digest()
        wanted = digest, str(context.processors), str(context.ppoi)
        if wanted not in drawn:
            drawn[wanted] = draw(self, context=context)
        return drawn[wanted]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PictureFile, "_process", process)
        yield


@pytest.fixture
def noon(time_machine) -> datetime:
    """The clock stands still at noon of 15 June 2026 in Shanghai; `time_machine` moves it."""
    time_machine.move_to(NOON, tick=False)
    return NOON


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """`with commit():` runs what waits for the commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def client():
    from django.test import Client

    class ReadingClient(Client):
        """Reads files to the end, which closes them, as browsers do; `body` holds what came."""

        def request(self, **request):
            response = super().request(**request)
            if response.streaming:
                # No close() besides: it would close the connection of the test.
                response.body = b"".join(response)  # type: ignore[attr-defined]
            return response

    # Who names no browser is a program (articles/visits/robots.py).
    return ReadingClient(headers={"user-agent": "Firefox"})


# The cast, the same people in every test:
# the writer keeps drafts but may not publish, the editor may do both, the chief may do all,
# the outsider is staff without any right here.


@pytest.fixture
def writer(db):
    return _person("writer", ["view", "add", "change", "delete"])


@pytest.fixture
def editor(db):
    return _person("editor", ["view", "add", "change", "delete", "publish", "withdraw"])


@pytest.fixture
def chief(db):
    from django.contrib.auth.models import User

    return User.objects.create_superuser("chief", password="chief-password")


@pytest.fixture
def outsider(db):
    return _person("outsider", [])


def _person(username: str, may: list[str]):
    from django.contrib.auth.models import Permission, User

    user = User.objects.create_user(username, password=f"{username}-password", is_staff=True)
    names = [f"{action}_article" for action in may]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user


@pytest.fixture
def as_writer(client, writer):
    client.force_login(writer, backend="newsroom.authentication.OneStatementBackend")
    return client


@pytest.fixture
def as_editor(client, editor):
    client.force_login(editor, backend="newsroom.authentication.OneStatementBackend")
    return client


@pytest.fixture
def as_chief(client, chief):
    client.force_login(chief, backend="newsroom.authentication.OneStatementBackend")
    return client


@pytest.fixture
def as_outsider(client, outsider):
    client.force_login(outsider, backend="newsroom.authentication.OneStatementBackend")
    return client
