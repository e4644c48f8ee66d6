"""What has to be connected once, at start."""

from __future__ import annotations

import logging
from time import monotonic
from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.backends.signals import connection_created
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate

from articles.searching import indexing
from articles.searching.backends import sqlite

# Seconds a migration spends on entries.
PATIENCE = 60
REST = "Search was told of %d stories; the migration leaves the rest. Run: manage.py index_search"

logger = logging.getLogger(__name__)


def watch(config: AppConfig) -> None:
    connection_created.connect(_connected, dispatch_uid="the grams of SQLite")
    post_migrate.connect(_migrated, sender=config, dispatch_uid="search entries of old stories")


def _connected(connection: Any, **_facts: Any) -> None:
    if connection.vendor == "sqlite":
        sqlite.teach(connection)


def _migrated(plan: Any = (), **_facts: Any) -> None:
    """Stories older than the search are found after the migration, without a further step.

    Where there are very many, the rest is left to whoever is told, so that an update ends.
    """
    if not plan or not _is_up_to_date():
        return
    end = monotonic() + PATIENCE
    for done in indexing.index_missing():
        if monotonic() > end:
            logger.warning(REST, done)
            return


def _is_up_to_date() -> bool:
    """Whether the tables are what the models say; not on the way back to an older release."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes("articles"))
