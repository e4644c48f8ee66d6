"""A form changes the row its person has seen, and sent twice it makes one row.

For desks whose rows have no versions. The form carries a mark of the row as it was opened; when
somebody saved since, what is there now is told beside what was typed, and the next save decides.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, QuerySet
from django.forms.models import ModelFormMetaclass
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

FIELD = "seen"


class SeenForm(forms.ModelForm):
    """The part of the form that `SeenRows` adds to the one of a desk."""

    # The mark the page was sent with, empty where a script sent none.
    seen = ""
    # Among which rows a new one has no twin; None while nothing is being saved.
    among: QuerySet[Any] | None = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk and self.seen and self.seen != mark(self):
            self.add_error(None, ValidationError([_changed(), *_now_there(self)]))
        elif self.instance._state.adding and self.among is not None and not self.errors:
            self._refuse_twin(self.among)
        return cleaned

    def _refuse_twin(self, among: QuerySet[Any]) -> None:
        typed = {
            name: self.cleaned_data[name]
            for name, field in _columns(self).items()
            if not field.many_to_many
        }
        twin = among.filter(**typed).first()
        if twin is not None:
            sentence = _("“%(row)s” is there already, just like this. It is not added twice.")
            self.add_error(None, sentence % {"row": twin})


class SeenRows(admin.ModelAdmin):
    """For a ModelAdmin; stands before the one it is added to."""

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        is_sent = request.method == "POST"
        facts = {
            "seen": request.POST.get(FIELD, ""),
            "among": self.twins(request) if is_sent else None,
        }
        return ModelFormMetaclass(form.__name__, (SeenForm, form), facts)

    def twins(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows none of which a new one may equal."""
        return self.model._default_manager.all()

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        marked = {**context, FIELD: mark(context["adminform"].form)}
        return super().render_change_form(request, marked, add, change, form_url, obj)


def mark(form: forms.ModelForm) -> str:
    """Of the row as the database had it when the form was made: a SHA-256 as hex."""
    values = [(name, form.initial.get(name)) for name in sorted(_columns(form))]
    return sha256(repr(values).encode("utf-8", "surrogatepass")).hexdigest()


def _columns(form: forms.ModelForm) -> dict[str, Field]:
    """The fields of the form that are fields of its model."""
    found = {}
    for name in form.fields:
        try:
            found[name] = form._meta.model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
    return found


def _changed() -> str:
    return _(
        "Somebody else changed this while you had it open, so it is not saved yet. Compare with "
        "what is there now; save again to put yours in its place."
    )


def _now_there(form: forms.ModelForm) -> list[str]:
    """What stands in each field that the form would change, as sentences."""
    return [
        _("%(field)s is now: %(value)s")
        % {"field": form.fields[name].label, "value": _shown(form.instance, name)}
        for name, field in _columns(form).items()
        if name in form.changed_data and not field.many_to_many
    ]


def _shown(row: Any, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "Y-m-d H:i")
    return "–" if value in (None, "") else str(value)
