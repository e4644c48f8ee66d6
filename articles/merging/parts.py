"""One decision about two texts: what it is between, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MINE, THEIRS, BOTH = "mine", "theirs", "both"
SAME, TAKEN_MINE, TAKEN_THEIRS, AGREED, CONFLICT = "same", "mine", "theirs", "agreed", "conflict"


@dataclass(frozen=True)
class Part:
    """A value before, in mine and in theirs."""

    key: str
    base: Any
    mine: Any
    theirs: Any
    # Blocks of the text: they may stand one after the other; values may not.
    is_text: bool = False
    # One took out what the other moved, or whose words the other rewrote beside the text.
    is_disputed: bool = False
    # Both sides hold what either put in already.
    is_put_together: bool = False

    @property
    def verdict(self) -> str:
        if self.mine == self.theirs:
            return SAME if self.mine == self.base else AGREED
        if self.is_disputed:
            return CONFLICT
        if self.mine == self.base:
            return TAKEN_THEIRS
        if self.theirs == self.base:
            return TAKEN_MINE
        return CONFLICT

    @property
    def is_of_one_side(self) -> bool:
        return self.verdict in (TAKEN_MINE, TAKEN_THEIRS)

    @property
    def is_conflict(self) -> bool:
        return self.verdict == CONFLICT

    @property
    def may_be_both(self) -> bool:
        return bool(self.is_text and not self.is_disputed and self.mine and self.theirs)

    @property
    def default(self) -> str:
        """Words rather than none; of two additions both."""
        if not self.mine:
            return THEIRS
        if self.may_be_both and not self.base:
            return BOTH
        return MINE

    def outcome(self, choice: str) -> Any:
        """The value that stands in the merged text. KeyError when a conflict is not decided."""
        if self.verdict == TAKEN_THEIRS:
            return self.theirs
        if self.verdict != CONFLICT:
            return self.mine
        ways = {MINE: self.mine, THEIRS: self.theirs}
        if self.may_be_both:
            ways[BOTH] = (*self.mine, *self.theirs)
        return ways[choice]
