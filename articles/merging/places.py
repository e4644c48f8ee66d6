"""The places of pictures and films in a text, and groups of pictures put together."""

from __future__ import annotations

from articles import markup
from articles.merging.parts import Part

# Kind of row and its number.
Row = tuple[str, int]
Rows = frozenset[Row]


def rows_of(block: str) -> list[Row]:
    """What a figure shows, in order; of any other block nothing."""
    if not block.startswith("<figure"):
        return []
    return [
        row
        for figure in markup.read_figures(block)
        for row in (
            [("videos", figure.video)]
            if figure.video
            else [("images", image) for image in figure.images]
        )
    ]


def disputed(part: Part, out_of_mine: Rows, out_of_theirs: Rows) -> Part:
    """The part with its pictures put together row by row, and what is to be asked about them.

    `out_of_mine` is what mine took out while theirs rewrote what is said of it, and the reverse.
    """
    base, mine, theirs = (
        [row for block in value for row in rows_of(block)]
        for value in (part.base, part.mine, part.theirs)
    )
    asked_of_mine = out_of_mine.intersection(theirs).difference(mine)
    asked_of_theirs = out_of_theirs.intersection(mine).difference(theirs)
    is_asked = bool(asked_of_mine or asked_of_theirs)
    if not (is_asked or part.is_conflict) or not (base or is_asked):
        return part
    values = _together(base, mine, theirs, asked_of_mine, asked_of_theirs)
    if values is None:
        values = part.mine, part.theirs
    return Part(
        "",
        part.base,
        *values,
        is_text=True,
        is_disputed=is_asked or part.is_disputed,
        is_put_together=values[0] == values[1],
    )


def _together(
    base: list[Row],
    mine: list[Row],
    theirs: list[Row],
    asked_of_mine: Rows,
    asked_of_theirs: Rows,
) -> tuple[tuple[str], tuple[str]] | None:
    """One group as mine and as theirs has it, each with what only the other put in or took out.

    None where a side has no such group, or none would be left.
    """
    if not all(_is_group(rows) for rows in (base, mine, theirs)):
        return None
    is_mine_as_before = mine == [row for row in base if row in mine]
    first, second = (theirs, mine) if is_mine_as_before else (mine, theirs)
    gone = set(base) - set(mine) | set(base) - set(theirs)
    order = list(dict.fromkeys([*first, *second]))
    ways = [
        [row for row in order if row not in gone or row in spared]
        for spared in (asked_of_theirs, asked_of_mine)
    ]
    if not all(ways):
        return None
    one, other = ((_figure(rows),) for rows in ways)
    return one, other


def _is_group(rows: list[Row]) -> bool:
    return bool(rows) and all(kind == "images" for kind, _number in rows)


def _figure(rows: list[Row]) -> str:
    named = ",".join(str(number) for _kind, number in rows)
    return f'<figure data-image="{named}"></figure>'
