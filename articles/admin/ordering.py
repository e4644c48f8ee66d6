"""Rows that staff put in order: by hand and keys with script, by numbers without."""

from __future__ import annotations

from django.http import HttpRequest

from articles.admin.base import is_number

PREFIX = "place-"


def numbers(request: HttpRequest) -> dict[int, int]:
    """row → number, of the fields `place-<row>`; a field that holds none is left out."""
    named = {name.removeprefix(PREFIX) for name in request.POST if name.startswith(PREFIX)}
    typed = {row: request.POST.get(f"{PREFIX}{row}", "") for row in named}
    return {
        int(row): int(value) for row, value in typed.items() if is_number(row) and is_number(value)
    }


def in_order(request: HttpRequest) -> list[int]:
    """The rows by their numbers."""
    typed = numbers(request)
    return sorted(typed, key=lambda row: (typed[row], row))
