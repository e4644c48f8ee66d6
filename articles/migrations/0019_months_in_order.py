"""On SQLite the sums of months stand in the order of their key, as they are read.

A table with row numbers is read by its index and then row by row: a year's statistics take a third
longer. PostgreSQL reads it whole.
"""

from importlib import import_module

from django.db import migrations

triggers = import_module("articles.migrations.0015_statistics")

COLUMNS = """(
    "month" integer unsigned NOT NULL CHECK ("month" >= 0),
    "article_id" bigint NOT NULL,
    "views" bigint unsigned NOT NULL CHECK ("views" >= 0),
    PRIMARY KEY ("month", "article_id")
)"""


def in_order(apps, schema_editor):
    _made_anew(schema_editor, "WITHOUT ROWID")


def by_row_number(apps, schema_editor):
    _made_anew(schema_editor, "")


def _made_anew(schema_editor, how):
    if schema_editor.connection.vendor != "sqlite":
        return
    months = {name: triggers.SQLITE_MONTH.format(row=name.upper()) for name in ("new", "old")}
    parts = {
        "add": triggers.SQLITE_ADD.format(**months),
        "take": triggers.SQLITE_TAKE.format(**months),
    }
    for statement in (
        *(f"DROP TRIGGER month_of_day_{name}" for name in ("added", "changed", "gone")),
        f"CREATE TABLE articles_monthlyviews_new {COLUMNS} {how}",
        """INSERT INTO articles_monthlyviews_new (month, article_id, views)
        SELECT month, article_id, views FROM articles_monthlyviews ORDER BY month, article_id""",
        "DROP TABLE articles_monthlyviews",
        "ALTER TABLE articles_monthlyviews_new RENAME TO articles_monthlyviews",
        # Without the last one, which fills an empty table.
        *(statement.format(**parts) for statement in triggers.SQLITE[:-1]),
    ):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("articles", "0018_bulk_runs_tell_when_they_wrote")]

    operations = [migrations.RunPython(in_order, by_row_number)]
