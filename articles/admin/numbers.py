"""Numbers as they are typed into addresses and forms."""

from __future__ import annotations

# Bigger than any row number or page; more digits only reach a database to make it fail.
LONGEST_NUMBER = 15


def number_in(typed: str | None) -> int | None:
    """The number of a row or version that was typed; None for what no row can have.

    Digits of ASCII only, at most fifteen: a database may be asked for it whatever it is.
    """
    typed = typed or ""
    if typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER:
        return int(typed)
    return None


def is_too_large(typed: str) -> bool:
    """Whether this is a number, with a sign or spaces perhaps, too long for any row or page."""
    return typed.strip("+- ").isdigit() and len(typed) > LONGEST_NUMBER
