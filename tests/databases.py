"""The database of each process of the tests: migrated once, copied, emptied where it was filled.

Migrating takes seconds, copying what was migrated a tenth of one. Django's own emptying touches
every table and makes all permissions anew, which takes as long as loading a page in a browser.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.utils import DatabaseError

from newsroom import bulk

# What the code declares, not what a test writes.
DECLARED = {"auth_permission", "django_content_type", "django_migrations"}
# Table → (columns, rows) that migrations wrote: first templates, first rules for points.
_from_migrations: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}


def hasten() -> None:
    """After a power cut nobody asks for the rows of a test: the disk is not waited for."""
    options = connection.settings_dict["OPTIONS"]
    if connection.vendor == "sqlite":
        options["init_command"] = options["init_command"].replace("=FULL", "=OFF")
    else:
        # A busy disk takes longer to drop a database than any page may take.
        patient = options["options"].replace("timeout=10s", "timeout=120s")
        options["options"] = f"{patient} -c synchronous_commit=off"


@contextmanager
def copied(name: str, shared: Path) -> Iterator[None]:
    """This process works on a copy, called `name`, of the database migrated once a run.

    `shared` is the folder of the run, the same for all its processes.
    """
    own_name, creation = connection.settings_dict["NAME"], _creation()
    migrated = creation._get_test_db_name()
    with _one_at_a_time(shared / "database.lock"):
        if not (shared / "database.migrated").exists():
            creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            connection.close()
            (shared / "database.migrated").touch()
        _use(migrated)
        creation.clone_test_db(name, verbosity=0, autoclobber=True)
    _use(creation.get_test_db_clone_settings(name)["NAME"])
    _remember_migrated_rows()
    yield
    if connection.vendor == "postgresql":
        # The browser's loop has connections of its own, which outlast the tests.
        connection.close()
        copy = connection.settings_dict["NAME"]
        _use(own_name)
        _drop(copy)
    else:
        creation.destroy_test_db(own_name, verbosity=0)


def _creation() -> Any:
    """What makes databases; django-stubs knows half of it."""
    return connection.creation


def _use(name: str) -> None:
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def drop_migrated() -> None:
    """Only a server keeps it; files go with the folder of the run."""
    if connection.vendor == "postgresql":
        _drop(_creation()._get_test_db_name())


def _drop(name: str) -> None:
    quoted = connection.ops.quote_name(name)
    with suppress(DatabaseError), _creation()._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")


def empty(*_whose: Any) -> None:
    """Takes all rows away that a test left, in one transaction: references are checked at its end.

    In place of TransactionTestCase's own: no row is asked for where there is none, and what
    migrations wrote is there again.
    """
    with transaction.atomic(), connection.cursor() as cursor, _record_can_be_emptied(cursor):
        for table in _filled(cursor):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608
        for table, (columns, rows) in _from_migrations.items():
            bulk.insert(table, columns, rows)


@contextmanager
def _record_can_be_emptied(cursor: Any) -> Iterator[None]:
    """The database refuses to delete rows of the record (migration 0016), but for a moment here."""
    if connection.vendor == "postgresql":
        cursor.execute("TRUNCATE articles_transition")
        yield
        return
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
        ["articles_transition"],
    )
    triggers = cursor.fetchall()
    for name, _sql in triggers:
        cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
    yield
    for _name, sql in triggers:
        cursor.execute(sql)


def _remember_migrated_rows() -> None:
    with connection.cursor() as cursor:
        for table in _filled(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            columns = [column[0] for column in cursor.description]
            _from_migrations[table] = columns, cursor.fetchall()


def _filled(cursor: Any) -> list[str]:
    tables = sorted(set(connection.introspection.django_table_names()) - DECLARED)
    quoted = connection.ops.quote_name
    asked = [f"SELECT {n} WHERE EXISTS (SELECT 1 FROM {quoted(t)})" for n, t in enumerate(tables)]  # noqa: S608
    cursor.execute(" UNION ALL ".join(asked))
    return [tables[number] for (number,) in cursor.fetchall()]
