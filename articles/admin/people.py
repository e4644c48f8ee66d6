"""The desk for accounts and groups: Django's own, with look-ups allowed by list."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User

from articles.admin.base import SafeModelAdmin

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class StaffAdmin(SafeModelAdmin, UserAdmin):
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
class RoleAdmin(SafeModelAdmin, GroupAdmin):
    pass
