"""What every desk shares."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import DateField
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.admin.choices import TreeChoiceField
from articles.admin.numbers import LONGEST_NUMBER, is_too_large

MOST_WORDS = 10
# The year 1 in Shanghai lies before all years in UTC, and no database gives such a moment back.
FIRST_YEAR, LAST_YEAR = 1900, 2999


def in_calendar(day: date) -> None:
    """Refuses a day or moment that every database keeps, but nobody means."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(_("Write a year between 1900 and 2999."))


def is_number(typed: str) -> bool:
    """Whether it can be the number of a row: digits, not too many for a database."""
    return typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER


class SafeModelAdmin(admin.ModelAdmin):
    """A ModelAdmin whose lists answer only the look-ups they offer.

    The stock admin lets anyone who may view a list filter by any field with any operator,
    regular expressions included: `?title__regex=(a+)+$` hangs a process for minutes.
    """

    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    # Where there is little room the sheet leaves it out.
    empty_value_display = '<span class="none">–</span>'
    allowed_lookups: tuple[str, ...] = ()

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return lookup in self.allowed_lookups

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        for value in (value for _name, values in request.GET.lists() for value in values):
            if is_too_large(str(value)):
                raise BadRequest(_("This number is too large to be one of ours."))
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The stock view; a new row is called new, as the buttons that lead here call it."""
        context = dict(extra_context or {})
        if object_id is None:
            context.setdefault("title", _("New %(name)s") % {"name": self.opts.verbose_name})
        return super().changeform_view(request, object_id, form_url, context)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """The stock form; a new row is begun in its first field, before anybody types."""
        adminform = context["adminform"]
        names = flatten_fieldsets(adminform.fieldsets) if add else []
        for name in names:
            field = adminform.form.fields.get(name)
            if field and not field.widget.is_hidden:
                field.widget.attrs["autofocus"] = True
                break
        return super().render_change_form(request, context, add, change, form_url, obj)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the stock icons for adding and changing the chosen row; days within bounds."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        # The script of the two lists for several rows needs its wrapper.
        if (
            field
            and not db_field.many_to_many
            and isinstance(field.widget, RelatedFieldWidgetWrapper)
        ):
            field.widget = field.widget.widget
        if field and isinstance(db_field, DateField):
            field.validators.append(in_calendar)
        return field

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """The first ten words only: a thousand are more than SQLite's parser takes."""
        words = " ".join(search_term.split()[:MOST_WORDS])
        return super().get_search_results(request, queryset, words)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        if len(object_id) > LONGEST_NUMBER:
            return None
        return super().get_object(request, object_id, from_field)


class TreeModelAdmin(SafeModelAdmin):
    """For rows of a tree, and rows that point into one: choices are indented by depth."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("form_class", TreeChoiceField)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
