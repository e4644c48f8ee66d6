"""批注: what somebody says of a passage of a text, or how they would have it read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article


class CommentQuerySet(models.QuerySet["Comment"]):
    def open(self) -> CommentQuerySet:
        return self.filter(settled_at=None)


class Comment(models.Model):
    class Outcome(models.TextChoices):
        RESOLVED = "resolved", _("resolved")
        TAKEN = "taken", _("taken over")
        LEFT = "left", _("left as it was")

    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="comments"
    )
    revision = models.PositiveIntegerField(_("version"), help_text=_("The one that was read."))
    quote = models.TextField(
        _("passage"), max_length=1000, blank=True, help_text=_("Empty: the whole text.")
    )
    before = models.CharField(
        _("words before the passage"),
        max_length=40,
        blank=True,
        help_text=_("They tell one of several equal passages from the others."),
    )
    words = models.TextField(_("comment"), max_length=1000, blank=True)
    replacement = models.TextField(
        _("suggested wording"),
        max_length=2000,
        null=True,
        blank=True,
        help_text=_("Takes the place of the passage; empty words delete it."),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("settled by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    settled_at = models.DateTimeField(_("settled"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(words="") | models.Q(replacement__isnull=False),
                name="comment_says_something",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at=None, outcome="")
                | models.Q(settled_at__isnull=False) & ~models.Q(outcome=""),
                name="comment_settled_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return self.words or (self.replacement or "")

    @property
    def is_suggestion(self) -> bool:
        return self.replacement is not None
