"""How a person is called."""

from __future__ import annotations

from django.contrib.auth.models import User


def display_name(user: User) -> str:
    """Family name before given name, as Chinese names are read; the account where none is known."""
    return f"{user.last_name}{user.first_name}".strip() or user.get_username()
