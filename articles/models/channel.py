"""栏目: where a story appears."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models.department import Department
from articles.models.tree import TreeNode


class Channel(TreeNode):
    class Block(models.TextChoices):
        """How the newest stories of a channel stand on the front page."""

        AUTOMATIC = "", _("automatic, by the order of the channels")
        WIDE = "wide", _("across the page, with a picture")
        COLUMN = "column", _("one column")
        NOTICES = "notices", _("notices: dates first, without pictures")
        UNITS = "units", _("news of the units, with a choice of the unit")
        NONE = "none", _("not on the front page")

    name = models.CharField(_("name"), max_length=30)
    slug = models.SlugField(
        _("address"),
        max_length=50,
        unique=True,
        help_text=_(
            "Part of the web address, for example group-news. Changing it breaks old links."
        ),
    )
    description = models.CharField(
        _("description"),
        max_length=200,
        blank=True,
        help_text=_("One sentence above the list, for example what is collected here."),
    )
    owner = models.ForeignKey(
        Department,
        verbose_name=_("owner department"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="channels",
        help_text=_("The department that keeps this channel up to date."),
    )

    block = models.CharField(
        _("on the front page"),
        max_length=10,
        choices=Block.choices,
        default=Block.AUTOMATIC,
        blank=True,
    )

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(slug=""), name="channel_has_name_and_slug"
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="channel_not_beneath_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("channel", args=[self.slug])
