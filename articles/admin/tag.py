"""The desk for tags: rename, merge spelling variants by hand, delete."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from taggit.models import Tag

from articles import text
from articles.admin.base import SafeModelAdmin

admin.site.unregister(Tag)


class TagForm(forms.ModelForm):
    def clean_name(self) -> str:
        """One tag, as it would be typed at a story: a line end has no place in its address."""
        names = text.split_tags(self.cleaned_data["name"])
        if len(names) != 1:
            raise ValidationError(_("Write one tag, without comma, semicolon or line end."))
        return names[0]


@admin.register(Tag)
class TagAdmin(SafeModelAdmin):
    form = TagForm
    fields = ("name",)
    list_display = ("name",)
    search_fields = ("name",)
    ordering = ("name",)
