"""What statistics ask of a printed story, without its texts: a narrow row beside each edition.

An edition's columns stand behind megabytes of body and plain text, which a database has to step
over. Names are split once, here, one a line: sums can then be grouped by the column as it is.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.edition import Edition


class EditionFacts(models.Model):
    edition_id: int
    edition = models.OneToOneField(
        Edition,
        verbose_name=_("edition"),
        on_delete=models.CASCADE,
        primary_key=True,
        db_column="article_id",
        related_name="facts",
    )
    published_at = models.DateTimeField(_("published"))
    published_on = models.DateField(_("day of the publication"), db_index=True)
    expires_on = models.DateField(_("last day"), null=True)
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)
    channel_id = models.BigIntegerField(_("channel"))
    department_id = models.BigIntegerField(_("source department"), null=True)
    authors = models.TextField(_("authors"), blank=True, help_text=_("One name a line."))
    tags = models.TextField(_("tags"), blank=True, help_text=_("One name a line."))
    photographers = models.TextField(
        _("photographers"), blank=True, help_text=_("One name a line, as often as pictures.")
    )
    words = models.PositiveIntegerField(
        _("words"), default=0, help_text=_("Characters as Word counts them.")
    )
    pictures = models.PositiveIntegerField(_("pictures in the text"), default=0)

    class Meta:
        verbose_name = _("facts of an edition")
        verbose_name_plural = _("facts of editions")
        default_permissions = ()
        permissions = [("view_statistics", _("Can see the statistics"))]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.published_on}"
