"""推荐位: what stands where on the front page, from when until when."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.edition import Edition
from articles.models.site_link import validate_address


class PlacementQuerySet(models.QuerySet["Placement"]):
    def standing(self, at: datetime | None = None) -> PlacementQuerySet:
        """Placements whose time includes a moment (now), in the order of their slots."""
        at = at or timezone.now()
        return self.not_over(at).filter(starts_at__lte=at).in_order()

    def coming(self, at: datetime | None = None) -> PlacementQuerySet:
        """Placements that begin after a moment (now), the next one first."""
        return self.filter(starts_at__gt=at or timezone.now()).order_by("starts_at", "order", "id")

    def over(self, at: datetime | None = None) -> PlacementQuerySet:
        """Placements that ended before a moment (now), the last one first."""
        return self.filter(ends_at__lte=at or timezone.now()).order_by("-ends_at", "-id")

    def not_over(self, at: datetime | None = None) -> PlacementQuerySet:
        at = at or timezone.now()
        return self.filter(models.Q(ends_at=None) | models.Q(ends_at__gt=at))

    def in_order(self) -> PlacementQuerySet:
        return self.order_by("slot", "order", "id")

    def with_stories(self) -> PlacementQuerySet:
        """With what a slot shows of each; without the wide columns of the stories."""
        wide = ("edition__body", "edition__plain_text")
        return self.select_related("edition", "picture").defer(*wide)


class Placement(models.Model):
    class Slot(models.TextChoices):
        """In the order of the page."""

        LEAD = "lead", _("lead story")
        RELATED = "related", _("links beneath the lead")
        CAROUSEL = "carousel", _("carousel")
        TOPICS = "topics", _("topics")
        PINNED = "pinned", _("first in its channel")
        PICTURES = "pictures", _("picture news")

    edition_id: int | None

    slot = models.CharField(_("slot"), max_length=12, choices=Slot.choices)
    order = models.PositiveIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers come first among neighbours.")
    )
    edition = models.ForeignKey(
        Edition,
        verbose_name=_("story"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="placements",
    )
    address = models.CharField(
        _("web address"),
        max_length=300,
        blank=True,
        validators=[validate_address],
        help_text=_("In place of a story, for example https://www.example.com/."),
    )
    title = models.CharField(
        _("own short title"),
        max_length=60,
        blank=True,
        help_text=_("For this place only. Empty: the title of the story."),
    )
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(
        _("until"),
        null=True,
        blank=True,
        help_text=_("Empty: until somebody takes it down."),
    )

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("front page")
        ordering = ["slot", "order", "id"]
        indexes = [
            models.Index(fields=["slot", "order"], name="placement_by_slot"),
            models.Index(fields=["ends_at"], name="placement_by_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(models.Q(edition=None), ~models.Q(address=""))
                | models.Q(~models.Q(edition=None), address=""),
                name="placement_story_or_address",
                violation_error_message=_("Choose a story or write an address, one of the two."),
            ),
            models.CheckConstraint(
                condition=models.Q(address="") | ~models.Q(title=""),
                name="placement_address_has_title",
                violation_error_message=_("An address needs a title of its own. Write one."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="placement_ends_after_start",
                violation_error_message=_("The end lies before the beginning. Correct one."),
            ),
            models.CheckConstraint(
                condition=~models.Q(slot="pinned") | models.Q(address=""),
                name="placement_pinned_is_story",
                violation_error_message=_(
                    "An address belongs to no channel. Choose a story or another slot."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.edition)

    def is_standing(self, at: datetime | None = None) -> bool:
        """The same rule as `PlacementQuerySet.standing`, for one row."""
        at = at or timezone.now()
        return self.starts_at <= at and not self.is_over(at)

    def is_over(self, at: datetime | None = None) -> bool:
        """The same rule as `PlacementQuerySet.over`, for one row."""
        at = at or timezone.now()
        return self.ends_at is not None and self.ends_at <= at

    def is_readable(self, at: datetime | None = None) -> bool:
        """Whether readers may see what it leads to: an address always, a story while it is live."""
        return self.edition is None or self.edition.is_live(at)
