"""The desk for accounts and groups: Django's own, with look-ups allowed by list."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.base import SafeModelAdmin

admin.site.unregister(User)
admin.site.unregister(Group)

ACTIONS = {
    "add": gettext_lazy("create"),
    "change": gettext_lazy("edit"),
    "delete": gettext_lazy("delete"),
    "view": gettext_lazy("look at"),
}


class RightsField(forms.ModelMultipleChoiceField):
    """Rights in the words of the desk; Django keeps theirs in English, in the database."""

    def label_from_instance(self, obj: Any) -> str:
        permission: Permission = obj
        action = permission.codename.partition("_")[0]
        right = ACTIONS.get(action) or _(permission.name)
        return _("%(model)s: %(right)s") % {"model": permission.content_type.name, "right": right}


class RightsAdmin(SafeModelAdmin):
    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        if db_field.remote_field.model is Permission:
            kwargs["form_class"] = RightsField
            # The rows that libraries keep for themselves have no desk.
            desks = {model._meta.app_label for model in self.admin_site._registry}
            rights = Permission.objects.filter(content_type__app_label__in=desks)
            kwargs["queryset"] = rights.select_related("content_type")
        return super().formfield_for_manytomany(db_field, cast(HttpRequest, request), **kwargs)


@admin.register(User)
class StaffAdmin(RightsAdmin, UserAdmin):
    list_display = ("username", "last_name", "first_name", "is_active", "is_staff", "last_login")
    # Dates of people are facts; typed in, the year 1 or 9999 would be an error of the database.
    readonly_fields = ("last_login", "date_joined")
    allowed_lookups = (
        "is_staff__exact",
        "is_superuser__exact",
        "is_active__exact",
        "groups__id__exact",
    )


@admin.register(Group)
class RoleAdmin(RightsAdmin, GroupAdmin):
    pass
