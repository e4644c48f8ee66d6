"""The numbers that browsers give to opened forms."""

from __future__ import annotations

import re

SITTING = re.compile("[0-9a-f]{32}")


def sitting_in(typed: str | None) -> str:
    """The sitting that was sent; "" for what no browser makes up, which a database may refuse."""
    return typed if typed and SITTING.fullmatch(typed) else ""


def sittings_in(typed: str | None) -> list[str]:
    """Several of them with spaces between, the earliest first."""
    return [sitting for sitting in (typed or "").split() if SITTING.fullmatch(sitting)]
