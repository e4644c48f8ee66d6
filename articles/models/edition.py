"""What readers see: one printed row per published article, ready to be sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import text
from articles.models.article import Article
from articles.models.channel import Channel
from articles.models.department import Department
from articles.models.revision import PlainEncoder, Revision

# A list row on a desktop holds about 34 full-width characters beside the date.
LIST_WIDTH = 68
# How long a story carries the mark NEW.
NEW_FOR = timedelta(days=3)


class EditionQuerySet(models.QuerySet["Edition"]):
    def live(self, at: datetime | None = None) -> EditionQuerySet:
        """What readers may see at a moment (now). Scheduling and expiry need no job."""
        at = at or timezone.now()
        return self.filter(
            models.Q(expires_at=None) | models.Q(expires_at__gt=at),
            published_at__lte=at,
            withdrawn_at=None,
        )

    def newest_first(self) -> EditionQuerySet:
        return self.order_by("-published_at", "-article_id")

    def for_lists(self) -> EditionQuerySet:
        """Without the wide columns: a list shows none of them."""
        return self.defer("body", "plain_text")


class Edition(models.Model):
    article = models.OneToOneField(
        Article,
        verbose_name=_("article"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="edition",
    )
    revision = models.ForeignKey(
        Revision, verbose_name=_("revision"), on_delete=models.PROTECT, related_name="+"
    )
    kicker = models.CharField(_("kicker"), max_length=100, blank=True)
    title = models.CharField(_("title"), max_length=200)
    subtitle = models.CharField(_("subtitle"), max_length=200, blank=True)
    short_title = models.CharField(_("short title"), max_length=60, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    body = models.TextField(_("body as shown"), blank=True)
    plain_text = models.TextField(_("words of the body"), blank=True)
    channel = models.ForeignKey(
        Channel, verbose_name=_("channel"), on_delete=models.PROTECT, related_name="editions"
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("source department"),
        on_delete=models.PROTECT,
        null=True,
        related_name="editions",
    )
    source_name = models.CharField(_("source"), max_length=100)
    byline = models.CharField(_("byline"), max_length=100, blank=True)
    tag_names = models.JSONField(_("tags"), default=list, encoder=PlainEncoder)
    related_ids = models.JSONField(
        _("related stories"),
        default=list,
        encoder=PlainEncoder,
        help_text=_("Numbers of the stories chosen by hand, in order."),
    )
    cover = models.JSONField(
        _("cover"),
        null=True,
        encoder=PlainEncoder,
        help_text=_("The addresses and size of the cover, else of the first picture."),
    )
    pictures = models.PositiveIntegerField(
        _("pictures in the text"), default=0, help_text=_("Counted when it is printed.")
    )
    attachments = models.JSONField(
        _("attachments"),
        default=list,
        encoder=PlainEncoder,
        help_text=_("Number, title, file name and size in bytes of each, in order."),
    )
    staff = models.JSONField(
        _("responsible"),
        default=list,
        encoder=PlainEncoder,
        help_text=_("Pairs of a duty and a name, from the record of the reviews."),
    )
    units = models.JSONField(
        _("contributing units"),
        default=list,
        encoder=PlainEncoder,
        help_text=_("Of a round-up: the units whose manuscripts it was made from."),
    )
    published_at = models.DateTimeField(_("published"))
    reprinted_at = models.DateTimeField(_("last printed"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("reason of the withdrawal"), max_length=200, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        indexes = [
            models.Index(fields=["-published_at", "-article"], name="edition_by_date"),
            models.Index(
                fields=["channel", "-published_at", "-article"], name="edition_by_channel"
            ),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(expires_at__isnull=False),
                name="edition_by_expiry",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at=None)
                | models.Q(expires_at__gt=models.F("published_at")),
                name="edition_expires_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | ~models.Q(withdrawal_reason=""),
                name="edition_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.article_id])

    def is_live(self, at: datetime | None = None) -> bool:
        """The same rule as `EditionQuerySet.live`, for one row."""
        at = at or timezone.now()
        return (
            self.withdrawn_at is None
            and self.published_at <= at
            and (self.expires_at is None or self.expires_at > at)
        )

    @property
    def is_waiting(self) -> bool:
        """Whether readers will see it at a moment to come."""
        return self.withdrawn_at is None and self.published_at > timezone.now()

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_gone(self) -> bool:
        """Whether it was withdrawn after readers had it; what they never had tells them nothing."""
        return self.withdrawn_at is not None and self.published_at <= self.withdrawn_at

    @property
    def list_title(self) -> str:
        """The short title, else the title cut to one line of a list."""
        return self.short_title or text.cut_to_width(self.title, LIST_WIDTH)
