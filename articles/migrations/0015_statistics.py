"""Statistics: narrow facts beside editions, sums of months, rules for points.

Triggers keep the sums of months: whoever writes views of a day writes its month in the same
statement. Facts of editions printed before are written after the migration (articles/statistics/
facts.py), because their words are counted by the application.
"""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

SQLITE_MONTH = "CAST(strftime('%Y%m', {row}.day) AS INTEGER)"
SQLITE_ADD = """
    INSERT INTO articles_monthlyviews (month, article_id, views)
    SELECT {new}, NEW.article_id, 0 WHERE NOT EXISTS (
        SELECT 1 FROM articles_monthlyviews WHERE month = {new} AND article_id = NEW.article_id);
    UPDATE articles_monthlyviews SET views = views + NEW.views
    WHERE month = {new} AND article_id = NEW.article_id;
"""
SQLITE_TAKE = """
    UPDATE articles_monthlyviews SET views = views - OLD.views
    WHERE month = {old} AND article_id = OLD.article_id;
"""
SQLITE = (
    "CREATE TRIGGER month_of_day_added AFTER INSERT ON articles_dailyviews BEGIN {add} END",
    "CREATE TRIGGER month_of_day_changed AFTER UPDATE OF day, article_id, views"
    " ON articles_dailyviews BEGIN {take} {add} END",
    "CREATE TRIGGER month_of_day_gone AFTER DELETE ON articles_dailyviews BEGIN {take} END",
    """INSERT INTO articles_monthlyviews (month, article_id, views)
    SELECT CAST(strftime('%Y%m', day) AS INTEGER), article_id, SUM(views)
    FROM articles_dailyviews GROUP BY 1, 2""",
)
POSTGRESQL = (
    """CREATE FUNCTION month_of_day(day date) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
        SELECT (EXTRACT(YEAR FROM day) * 100 + EXTRACT(MONTH FROM day))::integer
    $$""",
    """CREATE FUNCTION sum_month_of_day() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP <> 'INSERT' THEN
            UPDATE articles_monthlyviews SET views = views - OLD.views
            WHERE month = month_of_day(OLD.day) AND article_id = OLD.article_id;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO articles_monthlyviews AS sums (month, article_id, views)
            VALUES (month_of_day(NEW.day), NEW.article_id, NEW.views)
            ON CONFLICT (month, article_id) DO UPDATE SET views = sums.views + EXCLUDED.views;
        END IF;
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER month_of_day AFTER INSERT OR DELETE OR UPDATE OF day, article_id, views
    ON articles_dailyviews FOR EACH ROW EXECUTE FUNCTION sum_month_of_day()""",
    """INSERT INTO articles_monthlyviews (month, article_id, views)
    SELECT month_of_day(day), article_id, SUM(views) FROM articles_dailyviews GROUP BY 1, 2""",
)
RULES = (
    ("发稿", "published", 5),
    ("配图", "pictures", 1),
    ("头条", "lead", 10),
    ("轮播", "carousel", 5),
    ("人气（每1000次）", "views", 1),
)


def keep_months(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        months = {name: SQLITE_MONTH.format(row=name.upper()) for name in ("new", "old")}
        parts = {"add": SQLITE_ADD.format(**months), "take": SQLITE_TAKE.format(**months)}
        statements = [statement.format(**parts) for statement in SQLITE]
    else:
        statements = POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement, params=None)


def stop_keeping_months(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        statements = [f"DROP TRIGGER month_of_day_{name}" for name in ("added", "changed", "gone")]
    else:
        statements = [
            "DROP TRIGGER month_of_day ON articles_dailyviews",
            "DROP FUNCTION sum_month_of_day()",
            "DROP FUNCTION month_of_day(date)",
        ]
    for statement in statements:
        schema_editor.execute(statement, params=None)


def add_rules(apps, schema_editor):
    PointRule = apps.get_model("articles", "PointRule")
    for order, (name, counted, points) in enumerate(RULES, start=1):
        PointRule.objects.using(schema_editor.connection.alias).create(
            name=name, counted=counted, points=points, order=order
        )


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0014_related_by_hand"),
    ]

    operations = [
        migrations.CreateModel(
            name="EditionFacts",
            fields=[
                (
                    "edition",
                    models.OneToOneField(
                        db_column="article_id",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="facts",
                        serialize=False,
                        to="articles.edition",
                        verbose_name="edition",
                    ),
                ),
                ("published_at", models.DateTimeField(verbose_name="published")),
                (
                    "published_on",
                    models.DateField(db_index=True, verbose_name="day of the publication"),
                ),
                ("expires_on", models.DateField(null=True, verbose_name="last day")),
                ("is_withdrawn", models.BooleanField(default=False, verbose_name="withdrawn")),
                ("channel_id", models.BigIntegerField(verbose_name="channel")),
                (
                    "department_id",
                    models.BigIntegerField(null=True, verbose_name="source department"),
                ),
                (
                    "authors",
                    models.TextField(
                        blank=True, help_text="One name a line.", verbose_name="authors"
                    ),
                ),
                (
                    "tags",
                    models.TextField(blank=True, help_text="One name a line.", verbose_name="tags"),
                ),
                (
                    "photographers",
                    models.TextField(
                        blank=True,
                        help_text="One name a line, as often as pictures.",
                        verbose_name="photographers",
                    ),
                ),
                (
                    "words",
                    models.PositiveIntegerField(
                        default=0, help_text="Characters as Word counts them.", verbose_name="words"
                    ),
                ),
                (
                    "pictures",
                    models.PositiveIntegerField(default=0, verbose_name="pictures in the text"),
                ),
            ],
            options={
                "verbose_name": "facts of an edition",
                "verbose_name_plural": "facts of editions",
                "permissions": [("view_statistics", "Can see the statistics")],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="MonthlyViews",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "month",
                        "article_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "month",
                    models.PositiveIntegerField(help_text="Such as 202603, where readers are."),
                ),
                ("article_id", models.BigIntegerField()),
                ("views", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "views of a month",
                "verbose_name_plural": "views by month",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PointRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="As the bulletin says it, for example a story.",
                        max_length=40,
                        verbose_name="name",
                    ),
                ),
                (
                    "counted",
                    models.CharField(
                        choices=[
                            ("published", "each published story"),
                            ("pictures", "each picture in a published story"),
                            ("words", "1,000 characters of published stories"),
                            ("views", "1,000 views"),
                            ("lead", "each story that led the front page"),
                            ("carousel", "each story in the carousel of the front page"),
                            ("withdrawn", "each story that was withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="what is counted",
                    ),
                ),
                (
                    "points",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="For each of them, for example 5; negative to take points away.",
                        max_digits=6,
                        validators=[
                            django.core.validators.MinValueValidator(-1000),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="points",
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Smaller numbers come first.", verbose_name="order"
                    ),
                ),
            ],
            options={
                "verbose_name": "point rule",
                "verbose_name_plural": "point rules",
                "ordering": ["order", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="point_rule_has_name"
                    )
                ],
            },
        ),
        migrations.RunPython(keep_months, stop_keeping_months),
        migrations.RunPython(add_rules, migrations.RunPython.noop),
    ]
