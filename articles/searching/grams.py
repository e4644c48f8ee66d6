"""What an index keeps of a text: each character, and each two that stand side by side.

A phrase of one or two characters is one gram, so the index alone knows every text that contains
it; a longer one is made of several, which a text may hold apart: those texts are read. Grams of
the title are kept a second time, marked, and so are the facets a search can be narrowed to.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

LONGEST = 2
# Characters that no normal form holds: the Unicode Standard leaves them to private use.
TITLE, FACET = "\ue000", "\ue001"
# A tsvector holds 1 MB; so many characters never make more, whatever they are.
LONGEST_TEXT = 60_000


def of_text(text: str) -> set[str]:
    found: set[str] = set()
    for run in text.split():
        found.update(run)
        found.update(one + next_one for one, next_one in pairwise(run))
    return found


def of_phrase(phrase: str) -> set[str]:
    """Grams that every text with this phrase holds, as few as say the most."""
    found = set()
    for run in phrase.split():
        found |= of_text(run) - set(run) if len(run) >= LONGEST else {run}
    return found


def are_exact(phrase: str) -> bool:
    """Whether every text that holds the grams holds the phrase."""
    return len(phrase) <= LONGEST and " " not in phrase


def of_entry(title: str, text: str, facets: str) -> str:
    """All of an entry, with blanks between: `facets` as `facets` writes them."""
    grams = of_text(text)
    grams.update(TITLE + gram for gram in of_text(title))
    grams.update(FACET + facet for facet in facets.split())
    return " ".join(grams)


def facets(**values: int | None) -> str:
    """`channel=3, year=2026` as the entry keeps them: `channel3 year2026`."""
    return " ".join(f"{name}{value}" for name, value in values.items() if value is not None)


def marked(mark: str, words: Iterable[str]) -> list[str]:
    return [mark + word for word in sorted(words)]
