"""The editorial process: stages, review chains, appointments, the record, comments, notices.

The database itself refuses to change or delete rows of the record. Roles become groups, so that
Django's own rights say which desks somebody sees; an appointment says where.
"""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

import articles.models.revision

SQLITE = (
    """CREATE TRIGGER transition_unchanged BEFORE UPDATE ON articles_transition
    BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END""",
    """CREATE TRIGGER transition_undeleted BEFORE DELETE ON articles_transition
    BEGIN SELECT RAISE(ABORT, 'the record is never deleted'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION refuse_transition() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'the record is never changed or deleted';
    END $$""",
    """CREATE TRIGGER transition_unchanged BEFORE UPDATE OR DELETE ON articles_transition
    FOR EACH ROW EXECUTE FUNCTION refuse_transition()""",
)
STORY = ("view_article", "add_article", "change_article", "delete_article")
PLACES = tuple(
    f"{action}_{model}"
    for model in ("placement", "greyperiod", "sitelink", "topic", "series")
    for action in ("view", "add", "change", "delete")
)
LOOKS = ("view_channel", "view_department", "view_reviewchain", "view_contentclass")
ROLES = {
    "通讯员": STORY,
    "编辑": (*STORY, *PLACES, "view_channel", "view_department", "view_statistics"),
    "单位审核人": ("view_article", "review_unit_article"),
    "初审人": ("view_article", "review_first_article"),
    "复审人": ("view_article", "review_second_article"),
    "终审人": ("view_article", "review_final_article"),
    "签发人": ("view_article", "publish_article", "withdraw_article", *PLACES, "view_statistics"),
    "宣传部负责人": (
        *STORY,
        *PLACES,
        *LOOKS,
        "publish_article",
        "withdraw_article",
        "review_first_article",
        "review_second_article",
        "review_final_article",
        "view_transition",
        "add_reviewchain",
        "change_reviewchain",
        "delete_reviewchain",
        "add_contentclass",
        "change_contentclass",
        "view_appointment",
        "view_statistics",
    ),
    "审计员": ("view_article", "view_transition", *LOOKS, "view_appointment", "view_statistics"),
    "系统管理员": (
        *LOOKS,
        *(
            f"{action}_{model}"
            for model in ("user", "group")
            for action in ("view", "add", "change")
        ),
        *(f"{action}_appointment" for action in ("view", "add", "change", "delete")),
        *(f"{action}_channel" for action in ("add", "change", "delete")),
        *(f"{action}_department" for action in ("add", "change", "delete")),
        *(f"{action}_reviewchain" for action in ("add", "change", "delete")),
        *(f"{action}_contentclass" for action in ("add", "change", "delete")),
    ),
}


def make_final(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in SQLITE if vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)
    head = apps.get_model("articles", "RecordHead").objects
    head.using(schema_editor.connection.alias).create(pk=1, number=0, digest="")


def make_changeable(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        statements = [f"DROP TRIGGER transition_{name}" for name in ("unchanged", "undeleted")]
    else:
        statements = [
            "DROP TRIGGER transition_unchanged ON articles_transition",
            "DROP FUNCTION refuse_transition()",
        ]
    for statement in statements:
        schema_editor.execute(statement, params=None)


def add_groups(apps, schema_editor):
    """Rights are made by a signal after all migrations; the groups need theirs now."""
    alias = schema_editor.connection.alias
    for label in ("auth", "articles"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, verbosity=0, interactive=False, using=alias, apps=apps)
        config.models_module = None
    Group = apps.get_model("auth", "Group")
    rights = apps.get_model("auth", "Permission").objects.using(alias)
    for name, codenames in ROLES.items():
        group, _is_new = Group.objects.using(alias).get_or_create(name=name)
        here = rights.filter(content_type__app_label__in=("auth", "articles"))
        group.permissions.add(*here.filter(codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0015_statistics"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ManuscriptUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "use of a manuscript",
                "verbose_name_plural": "uses of manuscripts",
                "ordering": ["id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("waiting", "waits for you"),
                            ("returned", "came back"),
                            ("rejected", "was rejected"),
                            ("reserved", "is held in reserve"),
                            ("adopted", "was adopted"),
                            ("published", "was published"),
                            ("withdrawn", "was withdrawn"),
                            ("mentioned", "you were named in a comment"),
                            ("commented", "has a comment"),
                            ("overdue", "is overdue"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        blank=True,
                        help_text="A reason or a comment.",
                        max_length=500,
                        verbose_name="words",
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                ("read_at", models.DateTimeField(null=True, verbose_name="read")),
                ("mailed_at", models.DateTimeField(null=True, verbose_name="mailed")),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "ordering": ["-id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="NoticeWish",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="notice_wish",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "mail",
                    models.CharField(
                        choices=[
                            ("never", "not by e-mail"),
                            ("daily", "once a day, together"),
                            ("at once", "each at once"),
                        ],
                        default="never",
                        max_length=10,
                        verbose_name="by e-mail",
                    ),
                ),
                (
                    "digest_sent_on",
                    models.DateField(editable=False, null=True, verbose_name="last digest"),
                ),
            ],
            options={
                "verbose_name": "wish for notices",
                "verbose_name_plural": "wishes for notices",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RecordHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(default=0)),
                ("digest", models.CharField(default="", max_length=64)),
            ],
            options={
                "verbose_name": "end of the record",
                "verbose_name_plural": "end of the record",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ReviewChain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "has_unit",
                    models.BooleanField(
                        default=False,
                        help_text="Manuscripts of correspondents are read in their own unit first.",
                        verbose_name="unit review",
                    ),
                ),
                ("has_first", models.BooleanField(default=False, verbose_name="first review")),
                ("has_second", models.BooleanField(default=False, verbose_name="second review")),
                ("has_final", models.BooleanField(default=False, verbose_name="final review")),
            ],
            options={
                "verbose_name": "review chain",
                "verbose_name_plural": "review chains",
                "ordering": ["channel__order", "channel_id", "content_class__order", "id"],
            },
        ),
        migrations.CreateModel(
            name="ReviewLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(
                        help_text="The one to be decided on.", verbose_name="version"
                    ),
                ),
                ("stage", models.CharField(max_length=10, verbose_name="stage")),
                (
                    "person",
                    models.CharField(
                        help_text="Name and post.", max_length=40, verbose_name="for whom"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("expires_at", models.DateTimeField(verbose_name="works until")),
                ("opened_at", models.DateTimeField(null=True, verbose_name="last opened")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="revoked")),
                ("used_at", models.DateTimeField(null=True, verbose_name="decided")),
            ],
            options={
                "verbose_name": "review link",
                "verbose_name_plural": "review links",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Transition",
            fields=[
                (
                    "number",
                    models.PositiveBigIntegerField(
                        help_text="Counted without gaps, over all stories.",
                        primary_key=True,
                        serialize=False,
                        verbose_name="number",
                    ),
                ),
                (
                    "article_number",
                    models.PositiveBigIntegerField(verbose_name="number of the article"),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("move", models.CharField(max_length=20, verbose_name="step")),
                ("from_stage", models.CharField(max_length=10, verbose_name="from")),
                ("to_stage", models.CharField(max_length=10, verbose_name="to")),
                ("revision", models.PositiveIntegerField(verbose_name="version")),
                ("sha256", models.CharField(max_length=64, verbose_name="checksum of the text")),
                ("actor_name", models.CharField(max_length=150, verbose_name="person")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "facts",
                    models.JSONField(
                        default=dict,
                        help_text="For example the link a leader used.",
                        verbose_name="further facts",
                    ),
                ),
                (
                    "address",
                    models.CharField(blank=True, max_length=45, verbose_name="network address"),
                ),
                ("made_at", models.DateTimeField(verbose_name="time")),
                ("previous", models.CharField(max_length=64, verbose_name="digest before")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
            ],
            options={
                "verbose_name": "transition",
                "verbose_name_plural": "record of transitions",
                "ordering": ["-number"],
                "default_permissions": ("view",),
            },
        ),
        migrations.AlterModelOptions(
            name="article",
            options={
                "ordering": ["-updated_at", "-id"],
                "permissions": [
                    ("publish_article", "Can publish articles"),
                    ("withdraw_article", "Can withdraw articles"),
                    ("review_unit_article", "Can review articles of the unit"),
                    ("review_first_article", "Can do the first review"),
                    ("review_second_article", "Can do the second review"),
                    ("review_final_article", "Can do the final review"),
                ],
                "verbose_name": "article",
                "verbose_name_plural": "articles",
            },
        ),
        migrations.AddField(
            model_name="article",
            name="chain",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="The stages it passes, as the review chain said when it was submitted.",
                max_length=40,
                verbose_name="reviews of this round",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="planned_on",
            field=models.DateField(
                blank=True,
                editable=False,
                help_text="The day it is meant to appear; the calendar shows it.",
                null=True,
                verbose_name="planned for",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="stage",
            field=models.CharField(
                choices=[
                    ("writing", "being written"),
                    ("unit", "unit review"),
                    ("received", "received"),
                    ("first", "first review"),
                    ("second", "second review"),
                    ("final", "final review"),
                    ("approved", "approved"),
                    ("returned", "sent back"),
                    ("rejected", "rejected"),
                    ("reserve", "held in reserve"),
                ],
                db_index=True,
                default="writing",
                editable=False,
                max_length=10,
                verbose_name="stage",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="stage_since",
            field=models.DateTimeField(editable=False, null=True, verbose_name="since"),
        ),
        migrations.AddField(
            model_name="edition",
            name="staff",
            field=models.JSONField(
                default=list,
                encoder=articles.models.revision.PlainEncoder,
                help_text="Pairs of a duty and a name, from the record of the reviews.",
                verbose_name="responsible",
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="units",
            field=models.JSONField(
                default=list,
                encoder=articles.models.revision.PlainEncoder,
                help_text="Of a round-up: the units whose manuscripts it was made from.",
                verbose_name="contributing units",
            ),
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("correspondent", "correspondent"),
                            ("editor", "editor"),
                            ("unit", "unit reviewer"),
                            ("first", "first reviewer"),
                            ("second", "second reviewer"),
                            ("final", "final reviewer"),
                            ("publisher", "publisher"),
                            ("chief", "publicity chief"),
                            ("auditor", "auditor"),
                            ("administrator", "system administrator"),
                        ],
                        max_length=15,
                        verbose_name="role",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        help_text="With all channels beneath it. Empty: every channel.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="articles.channel",
                        verbose_name="channel",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        help_text="With all departments beneath it. Empty: the whole group.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="articles.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appointments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "appointment",
                "verbose_name_plural": "appointments",
                "ordering": ["user_id", "role", "id"],
            },
        ),
        migrations.CreateModel(
            name="BulkRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("action", models.CharField(max_length=20, verbose_name="action")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                (
                    "facts",
                    models.JSONField(
                        default=dict,
                        help_text="For example the channel to move to.",
                        verbose_name="what was chosen",
                    ),
                ),
                (
                    "lines",
                    models.JSONField(
                        default=list,
                        help_text="For each story its number, whether it was done, what was before, why not.",
                        verbose_name="what became of each",
                    ),
                ),
                ("undone_at", models.DateTimeField(null=True, verbose_name="undone")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
            ],
            options={
                "verbose_name": "bulk action",
                "verbose_name_plural": "bulk actions",
                "ordering": ["-id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(
                        help_text="The one that was read.", verbose_name="version"
                    ),
                ),
                (
                    "quote",
                    models.TextField(
                        blank=True,
                        help_text="Empty: the whole text.",
                        max_length=1000,
                        verbose_name="passage",
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        help_text="They tell one of several equal passages from the others.",
                        max_length=40,
                        verbose_name="words before the passage",
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=1000, verbose_name="comment")),
                (
                    "replacement",
                    models.TextField(
                        blank=True,
                        help_text="Takes the place of the passage; empty words delete it.",
                        max_length=2000,
                        null=True,
                        verbose_name="suggested wording",
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("resolved", "resolved"),
                            ("taken", "taken over"),
                            ("left", "left as it was"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="settled by",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ContentClass",
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
                        help_text="For example 领导活动, 重要部署 or 一般消息.",
                        max_length=20,
                        unique=True,
                        verbose_name="name",
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
                "verbose_name": "content class",
                "verbose_name_plural": "content classes",
                "ordering": ["order", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="content_class_has_name",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="content_class",
            field=models.ForeignKey(
                blank=True,
                help_text="It decides who reviews the story.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="articles",
                to="articles.contentclass",
                verbose_name="content class",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "stage__in",
                        [
                            "writing",
                            "unit",
                            "received",
                            "first",
                            "second",
                            "final",
                            "approved",
                            "returned",
                            "rejected",
                            "reserve",
                        ],
                    )
                ),
                name="article_stage_is_known",
            ),
        ),
        migrations.AddField(
            model_name="manuscriptuse",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="made_from",
                to="articles.article",
                verbose_name="round-up",
            ),
        ),
        migrations.AddField(
            model_name="manuscriptuse",
            name="manuscript",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="used_in",
                to="articles.article",
                verbose_name="manuscript",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to="articles.article",
                verbose_name="article",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddField(
            model_name="reviewchain",
            name="channel",
            field=models.ForeignKey(
                blank=True,
                help_text="With all channels beneath it. Empty: every channel without a chain.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="review_chains",
                to="articles.channel",
                verbose_name="channel",
            ),
        ),
        migrations.AddField(
            model_name="reviewchain",
            name="content_class",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: every class that has no chain of its own in this channel.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="review_chains",
                to="articles.contentclass",
                verbose_name="content class",
            ),
        ),
        migrations.AddField(
            model_name="reviewlink",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="review_links",
                to="articles.article",
                verbose_name="article",
            ),
        ),
        migrations.AddField(
            model_name="reviewlink",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="created by",
            ),
        ),
        migrations.AddField(
            model_name="transition",
            name="actor",
            field=models.ForeignKey(
                help_text="Empty: a leader without an account, by a link.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="account",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(
                models.F("user"),
                models.F("role"),
                django.db.models.functions.comparison.Coalesce(
                    "department", 0, output_field=models.BigIntegerField()
                ),
                django.db.models.functions.comparison.Coalesce(
                    "channel", 0, output_field=models.BigIntegerField()
                ),
                name="appointment_once",
                violation_error_message="This person holds this role there already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "correspondent",
                            "editor",
                            "unit",
                            "first",
                            "second",
                            "final",
                            "publisher",
                            "chief",
                            "auditor",
                            "administrator",
                        ],
                    )
                ),
                name="appointment_role_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "correspondent"), _negated=True),
                    ("department__isnull", False),
                    _connector="OR",
                ),
                name="correspondent_has_department",
                violation_error_message="Choose the department the correspondent writes for.",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("words", ""), _negated=True),
                    ("replacement__isnull", False),
                    _connector="OR",
                ),
                name="comment_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", ""), ("settled_at", None)),
                    models.Q(
                        ("settled_at__isnull", False), models.Q(("outcome", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="comment_settled_with_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="manuscriptuse",
            constraint=models.UniqueConstraint(
                fields=("article", "manuscript"), name="manuscript_used_once_in_a_story"
            ),
        ),
        migrations.AddConstraint(
            model_name="manuscriptuse",
            constraint=models.CheckConstraint(
                condition=models.Q(("article", models.F("manuscript")), _negated=True),
                name="manuscript_not_used_in_itself",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["user", "read_at", "-id"], name="notice_by_user"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("mailed_at", None)), fields=["made_at"], name="notice_to_mail"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewchain",
            constraint=models.UniqueConstraint(
                django.db.models.functions.comparison.Coalesce(
                    "channel", 0, output_field=models.BigIntegerField()
                ),
                django.db.models.functions.comparison.Coalesce(
                    "content_class", 0, output_field=models.BigIntegerField()
                ),
                name="review_chain_once",
                violation_error_message="There is a chain for this channel and class already. Change that one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["unit", "first", "second", "final"])),
                name="review_link_for_a_review",
            ),
        ),
        migrations.AddIndex(
            model_name="transition",
            index=models.Index(fields=["article_number", "number"], name="transition_by_article"),
        ),
        migrations.AddIndex(
            model_name="transition",
            index=models.Index(fields=["actor", "number"], name="transition_by_actor"),
        ),
        migrations.RunPython(make_final, make_changeable),
        migrations.RunPython(add_groups, migrations.RunPython.noop),
    ]
