"""附件: a file that belongs to a story, to be downloaded."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.upload import UploadQuerySet

# Never served without a check; readers get it through the story that names it.
ATTACHMENTS = "attachments"


def attachment_path(attachment: Attachment, name: str) -> str:
    return f"{ATTACHMENTS}/{uuid4().hex}"


class Attachment(models.Model):
    article = models.ForeignKey(
        Article,
        verbose_name=_("article"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
    )
    order = models.PositiveIntegerField(
        _("order"), default=0, help_text=_("From 1; 0 when the story no longer names it.")
    )
    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(_("file"), upload_to=attachment_path, editable=False, db_index=True)
    original_name = models.CharField(_("original file name"), max_length=255, editable=False)
    extension = models.CharField(_("type"), max_length=10, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False)
    sha256 = models.CharField(_("checksum"), max_length=64, editable=False)
    # Only ever changed by one UPDATE of this column: no save of the story touches it.
    downloads = models.PositiveIntegerField(_("downloads"), default=0, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    objects = UploadQuerySet["Attachment"].as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["article_id", "order", "id"]

    def __str__(self) -> str:
        return self.title

    def snapshot(self) -> dict[str, Any]:
        """What a revision keeps of this attachment."""
        return {"id": self.pk, "title": self.title}
