"""A link by which a leader without an account reads one revision and decides at one stage, once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.stage import REVIEWS


class ReviewLinkQuerySet(models.QuerySet["ReviewLink"]):
    def open(self) -> ReviewLinkQuerySet:
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())


class ReviewLink(models.Model):
    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="review_links"
    )
    revision = models.PositiveIntegerField(_("version"), help_text=_("The one to be decided on."))
    stage = models.CharField(_("stage"), max_length=10)
    person = models.CharField(_("for whom"), max_length=40, help_text=_("Name and post."))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("works until"))
    opened_at = models.DateTimeField(_("last opened"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    used_at = models.DateTimeField(_("decided"), null=True)

    objects = ReviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("review link")
        verbose_name_plural = _("review links")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage__in=[str(stage.value) for stage in REVIEWS]),
                name="review_link_for_a_review",
            )
        ]

    def __str__(self) -> str:
        return self.person

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.revoked_at is None and self.expires_at > timezone.now()
