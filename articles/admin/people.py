"""The desk for accounts and groups: Django's own, with look-ups allowed by list."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import appointing
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
    """Nobody grants what they lack: of rights and groups one sees, and gives, what one has.

    What others gave stays as it is. Superusers lack nothing.
    """

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        giver = cast(User, cast(HttpRequest, request).user)
        if db_field.remote_field.model is Permission:
            kwargs["form_class"] = RightsField
            # The rows that libraries keep for themselves have no desk.
            desks = {model._meta.app_label for model in self.admin_site._registry}
            rights = _rights_of(giver).filter(content_type__app_label__in=desks)
            kwargs["queryset"] = rights.select_related("content_type")
        elif db_field.remote_field.model is Group:
            kwargs["queryset"] = _groups_within(giver)
        return super().formfield_for_manytomany(db_field, cast(HttpRequest, request), **kwargs)

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool
    ) -> None:
        """The stock way, which would take away what the form does not show."""
        beyond = {
            field.name: list(
                getattr(form.instance, field.name).exclude(pk__in=_offered(form, field))
            )
            for field in form.instance._meta.many_to_many
            if change and field.name in form.fields
        }
        super().save_related(request, form, formsets, change)
        for name, rows in beyond.items():
            getattr(form.instance, name).add(*rows)


def _offered(form: forms.ModelForm, field: Any) -> Any:
    shown = cast(forms.ModelMultipleChoiceField, form.fields[field.name])
    return shown.queryset.order_by().values("pk")  # type: ignore[union-attr]


def _rights_of(giver: User) -> QuerySet[Permission]:
    rights = Permission.objects.all()
    if giver.is_superuser:
        return rights
    return rights.filter(Q(group__user=giver) | Q(user=giver)).distinct()


def _groups_within(giver: User) -> QuerySet[Group]:
    """The groups that give nothing beyond what this person has."""
    if giver.is_superuser:
        return Group.objects.all()
    beyond = Permission.objects.exclude(pk__in=_rights_of(giver).order_by().values("pk"))
    return Group.objects.exclude(permissions__in=beyond)


@admin.register(User)
class StaffAdmin(RightsAdmin, UserAdmin):
    list_display = ("username", "last_name", "first_name", "is_active", "is_staff", "last_login")
    # Dates of people are facts; typed in, the year 1 or 9999 would be an error of the database.
    readonly_fields = ("last_login", "date_joined", "held")
    allowed_lookups = (
        "is_staff__exact",
        "is_superuser__exact",
        "is_active__exact",
        "groups__id__exact",
    )

    @admin.display(description=gettext_lazy("appointments"))
    def held(self, person: User) -> str:
        """What this person is appointed to, and the way to change it."""
        rows = person.appointments.select_related("department", "channel")
        address = reverse("admin:articles_appointment_changelist")
        link = format_html(
            '<a href="{}?user__id__exact={}">{}</a>', address, person.pk, _("All appointments")
        )
        lines = format_html_join("", "<li>{}</li>", ((str(row),) for row in rows))
        if not lines:
            return format_html(
                "{} {}", _("None: the groups below hold for every department and channel."), link
            )
        return format_html('<ul class="held">{}</ul>{}', lines, link)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not request.user.has_perm("articles.view_appointment"):
            return fieldsets
        held = (gettext_lazy("Appointments"), {"fields": ("held",)})
        return [*fieldsets[:2], held, *fieldsets[2:]]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else (*fields, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)


def _may_touch(request: HttpRequest, person: User | None) -> bool:
    """Whoever could give a superuser a password would be one."""
    return person is None or request.user.is_superuser or not person.is_superuser


@admin.register(Group)
class RoleAdmin(RightsAdmin, GroupAdmin):
    """Groups of roles keep their names: an appointment finds its group by it."""

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "name") if _is_of_role(obj) else fields

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_of_role(obj)


def _is_of_role(group: Group | None) -> bool:
    return group is not None and group.name in appointing.GROUPS.values()
