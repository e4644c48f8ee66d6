"""The desk for tags: rename, merge spelling variants by hand, delete."""

from django.contrib import admin
from taggit.models import Tag

from articles.admin.base import SafeModelAdmin

admin.site.unregister(Tag)


@admin.register(Tag)
class TagAdmin(SafeModelAdmin):
    fields = ("name",)
    list_display = ("name",)
    search_fields = ("name",)
    ordering = ("name",)
