"""Where databases keep the grams of search entries (articles/searching/backends).

SQLite: a full-text table without content beside each table of entries, kept by triggers that
ask `newsroom_grams`, a function of the application's own connections. PostgreSQL: a column of
vectors with a GIN index. No model knows of either.
"""

from django.db import migrations

# Table of entries → the column of its primary key.
ENTRIES = {"articles_editionentry": "place", "articles_articleentry": "article_id"}

SQLITE = (
    """CREATE VIRTUAL TABLE {table}_grams USING fts5(
        grams, content='', detail='none', columnsize=0, tokenize='ascii')""",
    """CREATE TRIGGER {table}_added AFTER INSERT ON {table} BEGIN
        INSERT INTO {table}_grams (rowid, grams)
        VALUES (new.{key}, newsroom_grams(new.title, new.text, new.facets));
    END""",
    """CREATE TRIGGER {table}_gone AFTER DELETE ON {table} BEGIN
        INSERT INTO {table}_grams ({table}_grams, rowid, grams)
        VALUES ('delete', old.{key}, newsroom_grams(old.title, old.text, old.facets));
    END""",
)
POSTGRESQL = (
    "ALTER TABLE {table} ADD COLUMN grams tsvector",
    "CREATE INDEX {table}_grams ON {table} USING gin (grams)",
)


def run(schema_editor, statements):
    for table, key in ENTRIES.items():
        for statement in statements:
            schema_editor.execute(statement.format(table=table, key=key))


def make(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    run(schema_editor, SQLITE if is_sqlite else POSTGRESQL)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        run(
            schema_editor,
            (
                "DROP TRIGGER {table}_added",
                "DROP TRIGGER {table}_gone",
                "DROP TABLE {table}_grams",
            ),
        )
    else:
        run(schema_editor, ("ALTER TABLE {table} DROP COLUMN grams",))


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_search")]

    operations = [migrations.RunPython(make, drop)]
