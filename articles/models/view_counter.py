"""人气: the ledger of counted views, the inbox it fills, and the sums drained from it.

The ledger's primary key removes duplicates. There is no foreign key to the article anywhere
here: it would rewrite the hot row once a view.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ViewLedger(models.Model):
    """One visit has seen one article. `visit_day` is the day on which the visit began."""

    pk = models.CompositePrimaryKey("visit_day", "article_id", "visit_id")
    visit_day = models.DateField()
    article_id = models.BigIntegerField()
    visit_id = models.CharField(max_length=32)
    counted_on = models.DateField(help_text=_("The day the view is dated to."))

    class Meta:
        verbose_name = _("counted view")
        verbose_name_plural = _("counted views")

    def __str__(self) -> str:
        return f"{self.visit_day} {self.article_id}"


class ViewInbox(models.Model):
    """Views counted but not yet added to the sums."""

    article_id = models.BigIntegerField()
    day = models.DateField()
    n = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("view inbox entry")
        verbose_name_plural = _("view inbox")
        indexes = [models.Index(fields=["article_id"], name="inbox_by_article")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.day} +{self.n}"


class ArticleViews(models.Model):
    """The sum of an article. `base` came from an old portal and is in no daily series."""

    article_id = models.BigIntegerField(primary_key=True)
    total = models.PositiveBigIntegerField(_("counted"), default=0)
    base = models.PositiveBigIntegerField(_("counted elsewhere before"), default=0)

    class Meta:
        verbose_name = _("views of an article")
        verbose_name_plural = _("views of articles")

    def __str__(self) -> str:
        return f"{self.article_id}: {self.total + self.base}"


class DailyViews(models.Model):
    """The views of an article on one day (Asia/Shanghai)."""

    article_id = models.BigIntegerField()
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("views of a day")
        verbose_name_plural = _("views by day")
        constraints = [
            models.UniqueConstraint(fields=["day", "article_id"], name="daily_views_once")
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.day}: {self.views}"


class DaySalt(models.Model):
    """The salt of one day's visit ids for readers without storage; destroyed after 48 hours."""

    day = models.DateField(primary_key=True)
    salt = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("salt of a day")
        verbose_name_plural = _("salts of days")

    def __str__(self) -> str:
        return str(self.day)
