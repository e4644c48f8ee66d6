"""提醒: what somebody should know: something waits for them, came back, is overdue."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)


class Notice(models.Model):
    class Kind(models.TextChoices):
        WAITING = "waiting", _("waits for you")
        RETURNED = "returned", _("came back")
        REJECTED = "rejected", _("was rejected")
        RESERVED = "reserved", _("is held in reserve")
        ADOPTED = "adopted", _("was adopted")
        PUBLISHED = "published", _("was published")
        WITHDRAWN = "withdrawn", _("was withdrawn")
        MENTIONED = "mentioned", _("you were named in a comment")
        COMMENTED = "commented", _("has a comment")
        OVERDUE = "overdue", _("is overdue")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="notices",
    )
    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    words = models.CharField(
        _("words"), max_length=500, blank=True, help_text=_("A reason or a comment.")
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["user", "read_at", "-id"], name="notice_by_user"),
            models.Index(
                fields=["made_at"], condition=models.Q(mailed_at=None), name="notice_to_mail"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class NoticeWish(models.Model):
    """How somebody wants to be told by e-mail; without a row, not at all."""

    class Mail(models.TextChoices):
        NEVER = "never", _("not by e-mail")
        DAILY = "daily", _("once a day, together")
        AT_ONCE = "at once", _("each at once")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="notice_wish",
    )
    mail = models.CharField(_("by e-mail"), max_length=10, choices=Mail.choices, default=Mail.NEVER)
    digest_sent_on = models.DateField(_("last digest"), null=True, editable=False)

    class Meta:
        verbose_name = _("wish for notices")
        verbose_name_plural = _("wishes for notices")
        default_permissions = ()

    def __str__(self) -> str:
        return self.get_mail_display()
