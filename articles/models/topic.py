"""专题: stories on one subject under one banner, in sections fed by hand or by a rule."""

from __future__ import annotations

from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from articles.models.attachment import Attachment
from articles.models.channel import Channel
from articles.models.department import Department
from articles.models.edition import Edition
from articles.models.own_picture import OwnPicture
from articles.models.site_link import validate_address

# What a page of a topic shows at most of one section.
MOST_SHOWN = 50


class TopicQuerySet(models.QuerySet["Topic"]):
    def readable(self, at: datetime | None = None) -> TopicQuerySet:
        """Topics readers may open at a moment (now); those that ended stay readable."""
        return self.filter(starts_at__lte=at or timezone.now())

    def standing(self, at: datetime | None = None) -> TopicQuerySet:
        """Topics going on at a moment (now), the newest first: what is offered to readers."""
        at = at or timezone.now()
        going_on = models.Q(ends_at=None) | models.Q(ends_at__gt=at)
        return self.readable(at).filter(going_on).order_by("-starts_at", "-id")


class Topic(models.Model):
    title = models.CharField(_("title"), max_length=60)
    slug = models.SlugField(
        _("address"),
        max_length=50,
        unique=True,
        help_text=_(
            "Part of the web address, for example safety-month. Changing it breaks old links."
        ),
    )
    introduction = models.TextField(
        _("introduction"),
        max_length=2_000,
        blank=True,
        help_text=_("What it is about, in two or three sentences beneath the banner."),
    )
    starts_at = models.DateTimeField(
        _("open from"),
        null=True,
        blank=True,
        help_text=_("Empty: only staff see it."),
    )
    ends_at = models.DateTimeField(
        _("open until"),
        null=True,
        blank=True,
        help_text=_("Afterwards it stays readable and takes no more stories. Empty: no end."),
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title="") & ~models.Q(slug=""), name="topic_has_title_and_slug"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at=None)
                | models.Q(starts_at=None)
                | models.Q(ends_at__gt=models.F("starts_at")),
                name="topic_ends_after_start",
                violation_error_message=_("The end lies before the beginning. Correct one."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])

    def is_readable(self, at: datetime | None = None) -> bool:
        """The same rule as `TopicQuerySet.readable`, for one row."""
        return self.starts_at is not None and self.starts_at <= (at or timezone.now())

    def is_over(self, at: datetime | None = None) -> bool:
        return self.ends_at is not None and self.ends_at <= (at or timezone.now())


class TopicBanner(OwnPicture):
    topic = models.OneToOneField(
        Topic,
        verbose_name=_("topic"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="banner",
    )

    class Meta:
        verbose_name = _("banner of a topic")
        verbose_name_plural = _("banners of topics")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(width__gt=0, height__gt=0), name="topic_banner_has_size"
            ),
        ]

    def __str__(self) -> str:
        return str(self.topic)


class TopicSection(models.Model):
    class Feed(models.TextChoices):
        HAND = "hand", _("stories chosen by hand")
        RULE = "rule", _("the newest stories a rule finds")

    topic_id: int
    channel_id: int | None
    unit_id: int | None

    topic = models.ForeignKey(
        Topic, verbose_name=_("topic"), on_delete=models.CASCADE, related_name="sections"
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=40)
    feed = models.CharField(_("holds"), max_length=4, choices=Feed.choices, default=Feed.HAND)
    channel = models.ForeignKey(
        Channel,
        verbose_name=_("channel"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("With those beneath it."),
    )
    unit = models.ForeignKey(
        Department,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("With those beneath it."),
    )
    tag = models.CharField(_("tag"), max_length=100, blank=True)
    since = models.DateField(_("published since"), null=True, blank=True)
    until = models.DateField(
        _("published until"), null=True, blank=True, help_text=_("This day included.")
    )
    shown = models.PositiveSmallIntegerField(
        _("stories shown"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_SHOWN)],
        help_text=_("The newest ones of a rule; what is chosen by hand is shown in full."),
    )

    class Meta:
        verbose_name = _("section of a topic")
        verbose_name_plural = _("sections of topics")
        ordering = ["topic_id", "order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(feed="rule")
                | models.Q(channel__isnull=False)
                | models.Q(unit__isnull=False)
                | ~models.Q(tag="")
                | models.Q(since__isnull=False)
                | models.Q(until__isnull=False),
                name="topic_section_rule_says_what",
                violation_error_message=_(
                    "A rule needs a channel, a unit, a tag or a day. Say at least one."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(since=None)
                | models.Q(until=None)
                | models.Q(until__gte=models.F("since")),
                name="topic_section_until_after_since",
                violation_error_message=_("The end lies before the beginning. Correct one."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_by_rule(self) -> bool:
        return self.feed == self.Feed.RULE

    @property
    def list_address(self) -> str:
        """The list with all stories of its rule; "" where no list has the same ones."""
        if not self.is_by_rule or self.since or self.until:
            return ""
        named: dict[str, str] = {}
        if self.channel:
            named["channel"] = self.channel.get_absolute_url()
        if self.unit:
            named["unit"] = self.unit.get_absolute_url()
        if self.tag:
            named["tag"] = reverse("tag", args=[self.tag])
        values = {"unit": str(self.unit_id or ""), "tag": self.tag}
        first, *others = named
        query = urlencode({name: values[name] for name in others})
        return f"{named[first]}?{query}" if query else named[first]


class SectionStory(models.Model):
    """A story chosen by hand for a section."""

    section_id: int
    edition_id: int

    section = models.ForeignKey(
        TopicSection, verbose_name=_("section"), on_delete=models.CASCADE, related_name="chosen"
    )
    edition = models.ForeignKey(
        Edition, verbose_name=_("story"), on_delete=models.CASCADE, related_name="+"
    )
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("story of a section")
        verbose_name_plural = _("stories of sections")
        ordering = ["section_id", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["section", "edition"], name="section_story_once"),
        ]

    def __str__(self) -> str:
        return str(self.edition)


class TopicMaterial(models.Model):
    """A file of one of its stories, or an address, among the materials of a topic."""

    attachment_id: int | None

    topic = models.ForeignKey(
        Topic, verbose_name=_("topic"), on_delete=models.CASCADE, related_name="materials"
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=200)
    attachment = models.ForeignKey(
        Attachment,
        verbose_name=_("attachment"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    address = models.CharField(
        _("web address"),
        max_length=300,
        blank=True,
        validators=[validate_address],
        help_text=_("For example https://www.example.com/ or /channels/news/."),
    )

    class Meta:
        verbose_name = _("material of a topic")
        verbose_name_plural = _("materials of topics")
        ordering = ["topic_id", "order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(models.Q(attachment=None), ~models.Q(address=""))
                | models.Q(~models.Q(attachment=None), address=""),
                name="topic_material_file_or_address",
                violation_error_message=_("Write the web address of the material."),
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="topic_material_has_title"),
            models.UniqueConstraint(
                fields=["topic", "attachment"],
                condition=models.Q(attachment__isnull=False),
                name="topic_material_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title
