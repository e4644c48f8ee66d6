"""部门/单位: who a story comes from and whom it counts for."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models.tree import TreeNode


class Department(TreeNode):
    name = models.CharField(
        _("official name"),
        max_length=100,
        unique=True,
        help_text=_("As readers see it in the source line; a second name goes in brackets."),
    )
    short_name = models.CharField(
        _("short name"), max_length=20, help_text=_("For lists and statistics.")
    )

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(short_name=""),
                name="department_has_names",
                violation_error_message=_("Give both the official and the short name."),
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="department_not_beneath_self"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("unit", args=[self.pk])
