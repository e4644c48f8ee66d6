"""A newsroom of its own for one run: database, media and static files, gone afterwards."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import django
import psycopg2  # type: ignore[import-untyped]  # it ships no types
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone
from psycopg2 import sql


@contextmanager
def newsroom(postgres: str) -> Iterator[None]:
    """Sets Django up on an empty scratch newsroom; `postgres` is empty for SQLite."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="newsroom-benchmarks-")))
        url = f"sqlite:///{folder / 'db.sqlite3'}"
        if postgres:
            url = stack.enter_context(_postgres_database(postgres))
        os.environ.update(_environment(folder, url))
        django.setup()
        stack.callback(connections.close_all)
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        _plant_organisation()
        yield


def _environment(folder: Path, database: str) -> dict[str, str]:
    """Whatever the shell or `.env` says, every run has these."""
    return {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "BENCH_STATIC_ROOT": str(folder / "static"),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": database,
        "MEDIA_ROOT": str(folder / "media"),
        "ENV_FILE": os.devnull,
        "DEBUG": "False",
        "HTTPS": "False",
        "ALLOWED_HOSTS": "127.0.0.1",
        "CACHE_URL": "locmem://",
        "KEPT_PAGES_DIR": str(folder / "kept-pages"),
    }


@contextmanager
def _postgres_database(server: str) -> Iterator[str]:
    """Creates a database beside the one that is named; yields its address; drops it."""
    name = sql.Identifier(f"newsroom_benchmarks_{secrets.token_hex(4)}")
    _execute(server, sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(name))
    try:
        yield urlsplit(server)._replace(path=f"/{name.string}").geturl()
    finally:
        _execute(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def _execute(server: str, statement: sql.Composable) -> None:
    link = psycopg2.connect(server, connect_timeout=5)
    try:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(statement)
    finally:
        link.close()


def _plant_organisation() -> None:
    """The demo's departments and channels, without its stories."""
    from articles.demo.organisation import CHANNELS, DEPARTMENTS
    from articles.models import Channel, Department

    departments: dict[str, Department] = {}
    for unit in DEPARTMENTS:
        departments[unit.key] = Department.objects.create(
            name=unit.name, short_name=unit.short_name, parent=departments.get(unit.parent)
        )
    channels: dict[str, Channel] = {}
    for row in CHANNELS:
        channels[row.slug] = Channel.objects.create(
            name=row.name, slug=row.slug, parent=channels.get(row.parent)
        )


def stock(articles: int, *, fast: bool = False) -> None:
    """Adds synthetic stories until there are that many; `fast` ones are short."""
    from articles.filling import fill
    from articles.models import Edition

    missing = articles - Edition.objects.count()
    if missing <= 0:
        return
    for _done in fill(missing, now=timezone.now(), fast=fast):
        pass
    if connection.vendor == "postgresql":
        # As autovacuum would within a minute; a run must not depend on whether it came by.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
