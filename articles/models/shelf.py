"""The lists readers leaf through, as rows: a shelf for each list, and what stands on it.

A story stands on the shelf of its channel and of every channel above, so that a list is one
stretch of one index however many channels it gathers, and a page deep in it is found by the
numbers of stories kept for each month. There is no foreign key to stories: their rows are
many, and `listing.keeping` writes them together with the edition.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.channel import Channel
from articles.models.department import Department


class Shelf(models.Model):
    """One list: of a channel, a unit, a tag, an author, of pictures, or of everything."""

    class Kind(models.TextChoices):
        EVERYTHING = "everything", _("everything")
        CHANNEL = "channel", _("channel")
        UNIT = "unit", _("unit")
        TAG = "tag", _("tag")
        AUTHOR = "author", _("author")
        PICTURES = "pictures", _("pictures")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    channel = models.OneToOneField(
        Channel,
        verbose_name=_("channel"),
        on_delete=models.CASCADE,
        null=True,
        related_name="shelf",
    )
    unit = models.OneToOneField(
        Department,
        verbose_name=_("unit"),
        on_delete=models.CASCADE,
        null=True,
        related_name="shelf",
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    above = models.ForeignKey(
        "self",
        verbose_name=_("beneath"),
        on_delete=models.PROTECT,
        null=True,
        related_name="beneath",
        help_text=_("Where its stories stand too: the tree as it was when they were put there."),
    )

    class Meta:
        verbose_name = _("shelf")
        verbose_name_plural = _("shelves")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"],
                condition=models.Q(channel=None, unit=None),
                name="shelf_once_a_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.channel or self.unit or self.get_kind_display())


class ShelvedStory(models.Model):
    """A story on a shelf, with all that a list asks of it before it is shown."""

    pk = models.CompositePrimaryKey("article_id", "shelf_id")
    shelf_id = models.BigIntegerField()
    article_id = models.BigIntegerField()
    published_at = models.DateTimeField()
    month = models.PositiveIntegerField(help_text=_("Of the publication, such as 202603."))
    expires_at = models.DateTimeField(null=True)
    channel_id = models.BigIntegerField()
    department_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("story on a shelf")
        verbose_name_plural = _("stories on shelves")
        indexes = [
            # Everything a list asks, so that it reads this index only.
            models.Index(
                "shelf_id",
                models.F("published_at").desc(),
                models.F("article_id").desc(),
                "expires_at",
                "month",
                "channel_id",
                "department_id",
                name="shelved_by_date",
            ),
            models.Index(
                fields=["shelf_id", "expires_at"],
                condition=models.Q(expires_at__isnull=False),
                name="shelved_by_expiry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shelf_id}: {self.article_id}"


class ShelfMonth(models.Model):
    """How many stories of a month stand on a shelf, scheduled and expired ones among them."""

    pk = models.CompositePrimaryKey("shelf_id", "month")
    shelf = models.ForeignKey(
        Shelf, on_delete=models.CASCADE, db_index=False, related_name="months"
    )
    month = models.PositiveIntegerField()
    stories = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("month of a shelf")
        verbose_name_plural = _("months of shelves")

    def __str__(self) -> str:
        return f"{self.shelf_id}: {self.month}, {self.stories}"
