"""What somebody asked for: phrases in their normal form, and what to narrow the answer to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from articles.searching.normal import normal, simplified

# Nobody types more; what is pasted by mistake costs no more than this.
LONGEST_QUESTION = 1_000
MOST_PHRASES = 10
MOST_CHARACTERS = 100
# In quotation marks a phrase keeps its blanks; without, blanks and 、，；, separate.
_PHRASE = re.compile(r"[“\"「『]([^”\"」』]*)[”\"」』]|([^\s、，；;,“”\"「」『』]+)")


@dataclass(frozen=True)
class Query:
    """Every one of the phrases has to be there. Several values of a facet: any of them.

    `until`: nothing published later is found, so that whoever reads on meets no newer story.
    """

    typed: str
    phrases: tuple[str, ...] = ()
    corrected: str = ""
    is_cut: bool = False
    channels: tuple[int, ...] = ()
    departments: tuple[int, ...] = ()
    year: int | None = None
    until: datetime | None = None

    @property
    def facets(self) -> list[list[str]]:
        """For each facet that narrows the answer the values it may have."""
        chosen = [
            [f"channel{row}" for row in self.channels],
            [f"department{row}" for row in self.departments],
            [f"year{self.year}"] if self.year else [],
        ]
        return [values for values in chosen if values]


def parse(typed: str, **facets: tuple[int, ...] | int | None) -> Query:
    """The question in what was typed; no phrases when it holds neither letter nor digit."""
    shown = " ".join(typed[:LONGEST_QUESTION].split())
    wanted = (normal(quoted or bare) for quoted, bare in _PHRASE.findall(shown))
    phrases: list[str] = []
    room = MOST_CHARACTERS
    is_cut = len(typed) > LONGEST_QUESTION
    for phrase in dict.fromkeys(filter(None, wanted)):
        kept = phrase[:room].strip()
        is_cut |= kept != phrase or len(phrases) == MOST_PHRASES
        if kept and len(phrases) < MOST_PHRASES:
            phrases.append(kept)
            room -= len(kept)
    corrected = simplified(shown[:MOST_CHARACTERS])
    return Query(
        typed=shown[:MOST_CHARACTERS],
        phrases=tuple(phrases),
        corrected=corrected if corrected != shown[:MOST_CHARACTERS] else "",
        is_cut=is_cut,
        **facets,  # type: ignore[arg-type]
    )
