"""The field for lines of a headline."""

from __future__ import annotations

from typing import Any

from django.db import models

from articles import text


class HeadlineField(models.CharField):
    """One line whose inner spaces survive: they join the parallel phrases of a headline."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return text.tidy_line(value) if isinstance(value, str) else value

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
