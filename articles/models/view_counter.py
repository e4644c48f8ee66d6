"""人气: the ledger of counted views, the inbox it fills, and the sums drained from it.

The ledger's primary key removes duplicates. There is no foreign key to the article anywhere
here: it would rewrite the hot row once a view.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Outcome(models.IntegerChoices):
    """What became of a beacon. Whatever is not `COUNTED` is only tallied, by day and article."""

    COUNTED = 0, _("counted")
    REPEAT = 1, _("same visit again")
    ROBOT = 2, _("robot")
    PREFETCH = 3, _("prefetched, not looked at")
    STAFF = 4, _("staff")
    HELD = 5, _("held for review")


class ViewLedger(models.Model):
    """One visit has seen one article. `visit_day` is the day on which the visit began.

    `network` is a keyed hash whose salt is destroyed after 48 hours: rows of one day can be told
    apart by it, nobody's address can be found. A row with a `hold_id` counts once the hold is
    released.
    """

    pk = models.CompositePrimaryKey("visit_day", "article_id", "visit_id")
    visit_day = models.DateField()
    article_id = models.BigIntegerField()
    visit_id = models.CharField(max_length=32)
    counted_on = models.DateField(help_text=_("The day the view is dated to."))
    counted_at = models.DateTimeField(default=timezone.now)
    network = models.CharField(max_length=16, default="", blank=True)
    is_first = models.BooleanField(
        default=False, help_text=_("Whether the visit began with this view.")
    )
    hold_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("counted view")
        verbose_name_plural = _("counted views")
        indexes = [
            models.Index(
                fields=["network", "counted_at"],
                condition=models.Q(is_first=True),
                name="ledger_new_visits",
            ),
            models.Index(
                fields=["hold_id"],
                condition=models.Q(hold_id__isnull=False),
                name="ledger_held",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_day} {self.article_id}"


class ViewInbox(models.Model):
    """Beacons not yet added to the sums."""

    article_id = models.BigIntegerField()
    day = models.DateField()
    hour = models.PositiveSmallIntegerField(default=0, help_text=_("0 to 23, where readers are."))
    outcome = models.PositiveSmallIntegerField(choices=Outcome.choices, default=Outcome.COUNTED)
    from_hot = models.BooleanField(
        default=False, help_text=_("Whether the reader came from the list of hot stories.")
    )
    n = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("view inbox entry")
        verbose_name_plural = _("view inbox")
        indexes = [models.Index(fields=["article_id", "outcome"], name="inbox_by_article")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.day} +{self.n}"


class ArticleViews(models.Model):
    """The sum of an article. `base` came from an old portal and is in no daily series."""

    article_id = models.BigIntegerField(primary_key=True)
    total = models.PositiveBigIntegerField(_("counted"), default=0)
    base = models.PositiveBigIntegerField(_("counted elsewhere before"), default=0)
    corrected = models.BigIntegerField(
        _("corrections"), default=0, help_text=_("The sum of the corrections that stand.")
    )
    heat = models.FloatField(
        _("heat"),
        default=0,
        help_text=_("Decaying views as a logarithm that never has to be recomputed."),
    )

    class Meta:
        verbose_name = _("views of an article")
        verbose_name_plural = _("views of articles")
        indexes = [models.Index(fields=["-heat"], name="views_by_heat")]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.total + self.base + self.corrected}"


class DailyViews(models.Model):
    """The views of an article on one day (Asia/Shanghai)."""

    article_id = models.BigIntegerField()
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)
    from_hot = models.PositiveIntegerField(
        default=0, help_text=_("How many of them came from the list of hot stories.")
    )

    class Meta:
        verbose_name = _("views of a day")
        verbose_name_plural = _("views by day")
        indexes = [models.Index(fields=["article_id", "day"], name="daily_by_article")]
        constraints = [
            models.UniqueConstraint(fields=["day", "article_id"], name="daily_views_once")
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.day}: {self.views}"


class HourlyViews(models.Model):
    """The views of all articles in one hour of one day."""

    pk = models.CompositePrimaryKey("day", "hour")
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    views = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("views of an hour")
        verbose_name_plural = _("views by hour")

    def __str__(self) -> str:
        return f"{self.day} {self.hour}: {self.views}"


class UncountedViews(models.Model):
    """How many beacons of an article were not counted on one day, and why."""

    pk = models.CompositePrimaryKey("article_id", "day", "outcome")
    article_id = models.BigIntegerField()
    day = models.DateField()
    outcome = models.PositiveSmallIntegerField(choices=Outcome.choices)
    n = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("views not counted")
        verbose_name_plural = _("views not counted")

    def __str__(self) -> str:
        return f"{self.article_id} {self.day} {self.get_outcome_display()}: {self.n}"


class DaySalt(models.Model):
    """The salt of one day's visit ids for readers without storage; destroyed after 48 hours."""

    day = models.DateField(primary_key=True)
    salt = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("salt of a day")
        verbose_name_plural = _("salts of days")

    def __str__(self) -> str:
        return str(self.day)
