"""文章/稿件: the working copy staff edit. Readers never see it; they see its Edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from articles import text
from articles.models.appointment import sight_of
from articles.models.channel import Channel
from articles.models.content_class import ContentClass
from articles.models.department import Department
from articles.models.headline import HeadlineField
from articles.models.stage import LOCKED, Stage

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

# 18 full-width characters, the usual length of a text headline in a list.
SHORT_TITLE_WIDTH = 36


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, user: User | AnonymousUser) -> ArticleQuerySet:
        """What this person may open in the admin; every staff address starts from here."""
        return self.in_sight_of(user).filter(deleted_at=None)

    def in_sight_of(self, user: User | AnonymousUser) -> ArticleQuerySet:
        """The same with what lies in the recycle bin."""
        may_look = user.has_perm("articles.view_article") or user.has_perm(
            "articles.change_article"
        )
        if not may_look:
            return self.none()
        sight = sight_of(user)
        return self.all() if sight is None else self.filter(sight)

    def binned(self) -> ArticleQuerySet:
        """What lies in the recycle bin; no other address shows it."""
        return self.filter(deleted_at__isnull=False)

    def drafts(self) -> ArticleQuerySet:
        return self.filter(status=Article.Status.DRAFT)

    def published(self) -> ArticleQuerySet:
        return self.filter(status=Article.Status.PUBLISHED)

    def changed_since_published(self) -> ArticleQuerySet:
        return self.published().exclude(version=models.F("edition__revision__number"))


class Article(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    kicker = HeadlineField(
        _("kicker"),
        max_length=100,
        blank=True,
        help_text=_("A short line above the title, for example the name of the campaign."),
    )
    title = HeadlineField(
        _("title"),
        max_length=200,
        help_text=_("Parallel phrases are joined by a space; it is kept."),
    )
    subtitle = HeadlineField(
        _("subtitle"),
        max_length=200,
        blank=True,
        help_text=_("Shown after ——; leave the dash out."),
    )
    short_title = HeadlineField(
        _("short title"),
        max_length=60,
        blank=True,
        help_text=_("For lists, at most 18 Chinese characters. Empty: the title is cut."),
    )
    summary = models.TextField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("Two sentences for the front page. Empty: the beginning of the text."),
    )
    body = models.TextField(_("body"), blank=True)
    channel = models.ForeignKey(
        Channel,
        verbose_name=_("channel"),
        on_delete=models.PROTECT,
        related_name="articles",
        help_text=_("Where readers find the story."),
    )
    source_department = models.ForeignKey(
        Department,
        verbose_name=_("source department"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        help_text=_("The department the story comes from."),
    )
    outside_source = models.CharField(
        _("outside source"),
        max_length=100,
        blank=True,
        help_text=_("Only for reprints: the medium it is taken from."),
    )
    byline = models.CharField(
        _("byline"),
        max_length=100,
        blank=True,
        help_text=_("The authors as printed, for example 王芳 李明."),
    )
    tags = TaggableManager(
        verbose_name=_("tags"),
        blank=True,
        help_text=_("Separate with 、 or a comma, for example 安全生产、先进典型."),
    )

    related = models.CharField(
        _("related stories"),
        max_length=120,
        blank=True,
        help_text=_("Shown below the story before those that are found by themselves."),
    )
    cover = models.ForeignKey(
        "articles.ArticleImage",
        verbose_name=_("cover"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The picture shown in lists. Empty: the first one."),
    )

    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status.choices,
        default=Status.DRAFT,
        editable=False,
        db_index=True,
    )
    stage = models.CharField(
        _("stage"),
        max_length=10,
        choices=Stage.choices,
        default=Stage.WRITING,
        editable=False,
        db_index=True,
    )
    stage_since = models.DateTimeField(_("since"), null=True, editable=False)
    chain = models.CharField(
        _("reviews of this round"),
        max_length=40,
        blank=True,
        editable=False,
        help_text=_("The stages it passes, as the review chain said when it was submitted."),
    )
    content_class = models.ForeignKey(
        ContentClass,
        verbose_name=_("content class"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        help_text=_("It decides who reviews the story."),
    )
    planned_on = models.DateField(
        _("planned for"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The day it is meant to appear; the calendar shows it."),
    )
    version = models.PositiveIntegerField(
        _("version"),
        default=0,
        editable=False,
        help_text=_("The number of the newest revision; a form that holds an older one is stale."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("last saved by"),
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    updated_at = models.DateTimeField(_("last saved"), auto_now=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("deleted by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    deleted_at = models.DateTimeField(
        _("deleted"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Since when the article lies in the recycle bin."),
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-updated_at", "-id"]
        permissions = [
            ("publish_article", _("Can publish articles")),
            ("withdraw_article", _("Can withdraw articles")),
            ("review_unit_article", _("Can review articles of the unit")),
            ("review_first_article", _("Can do the first review")),
            ("review_second_article", _("Can do the second review")),
            ("review_final_article", _("Can do the final review")),
        ]
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="article_by_updated"),
            # Of the bin alone: SQLite would take a whole index for “not deleted” too, and sort
            # every article there is to show the newest fifty.
            models.Index(
                fields=["-deleted_at", "-id"],
                condition=models.Q(deleted_at__isnull=False),
                name="article_in_bin",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title=""),
                name="article_has_title",
                violation_error_message=_("Give the article a title."),
            ),
            models.CheckConstraint(
                condition=models.Q(source_department=None) | models.Q(outside_source=""),
                name="article_has_one_source",
                violation_error_message=_(
                    "Choose a source department or write an outside source, not both."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "published", "withdrawn"]),
                name="article_status_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(stage__in=Stage.values), name="article_stage_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(deleted_at=None) | models.Q(status="draft"),
                name="article_in_bin_is_draft",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.pk])

    def clean(self) -> None:
        super().clean()
        if text.display_width(self.short_title) > SHORT_TITLE_WIDTH:
            raise ValidationError(
                {
                    "short_title": _(
                        "The short title is wider than 18 Chinese characters. Shorten it."
                    )
                }
            )

    @property
    def source_name(self) -> str:
        """The 来源 line: the department's official name, or the outside source."""
        return self.source_department.name if self.source_department else self.outside_source

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_locked(self) -> bool:
        """Whether the text may not be changed, because others read it or decided on it."""
        return self.stage in LOCKED

    @property
    def is_under_way(self) -> bool:
        """Whether the working copy is in somebody else's hands, between submitting and printing."""
        return self.stage not in {Stage.WRITING, Stage.RETURNED}

    @property
    def is_binned(self) -> bool:
        return self.deleted_at is not None

    @property
    def is_changed_since_published(self) -> bool:
        """Whether readers see an older revision than the one in the form."""
        return self.is_published and self.version != self.edition.revision.number
