"""What else readers of a story may want: what was chosen by hand, other stories with its tags,
then others of its unit.

Each tag and each unit has a shelf whose index begins with its newest stories, so that a tag of
two stories costs the same as one of a hundred thousand. One statement finds them all.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.db.models import Q

from articles.models import Edition, Shelf

SHOWN = 6
# Of a story with thirty tags the first ones say enough.
TAGS_ASKED = 8
LONGEST_NAME = 100
# Of each shelf as many as are shown, and those that the page names elsewhere.
NEWEST = SHOWN + 3

TAG = """
    SELECT id FROM articles_shelf
    WHERE kind = 'tag' AND name = %s AND channel_id IS NULL AND unit_id IS NULL
"""
UNIT = "SELECT id FROM articles_shelf WHERE unit_id = %s"
# A story of the unit comes after every story with a tag in common, and before its equals.
WEIGHTS = {TAG: 2, UNIT: 1}

_NEWEST = """
    SELECT * FROM (
        SELECT article_id, published_at, {weight} AS weight FROM articles_shelvedstory
        WHERE shelf_id = ({shelf}) AND published_at <= %s
            AND (expires_at IS NULL OR expires_at > %s)
        ORDER BY published_at DESC, article_id DESC LIMIT {limit}
    ) AS newest
"""
NEWEST_ON = {
    shelf: _NEWEST.format(shelf=shelf, weight=weight, limit=NEWEST)
    for shelf, weight in WEIGHTS.items()
}
_BEST = """
    SELECT article_id, title, short_title, edition.published_at, cover
    FROM articles_edition edition JOIN (
        SELECT article_id AS related_id, SUM(weight) AS weight FROM ({found}) AS found
        WHERE article_id NOT IN ({known}) GROUP BY article_id
    ) AS related ON related_id = article_id
    ORDER BY weight DESC, edition.published_at DESC, article_id DESC LIMIT {limit}
"""


def shelves_of(edition: Edition) -> list[int]:
    """The shelves its related stories come from; another story on one of them may be named."""
    rows = Shelf.objects.filter(
        Q(kind=Shelf.Kind.TAG, name__in=[name[:LONGEST_NAME] for name in _tags_of(edition)])
        | Q(unit=edition.department_id, kind=Shelf.Kind.UNIT)
    )
    return list(rows.order_by().values_list("pk", flat=True))


def _tags_of(edition: Edition) -> list[str]:
    return list(edition.tag_names[:TAGS_ASKED])


def stories(edition: Edition, now: datetime, *, besides: Collection[int] = ()) -> list[Edition]:
    """At most six that can be read then: those chosen by hand in their order, then those with most
    in common, newer before older.

    They hold what a list shows. `besides`: numbers of stories that need not be named again, unless
    they were chosen.
    """
    chosen = _chosen(edition, now)
    found = _alike(edition, now, {*besides, *(row.pk for row in chosen)})
    return [*chosen, *found][:SHOWN]


def _chosen(edition: Edition, now: datetime) -> list[Edition]:
    if not edition.related_ids:
        return []
    live = Edition.objects.live(now).for_lists().in_bulk(edition.related_ids)
    return [live[pk] for pk in edition.related_ids if pk in live and pk != edition.pk]


def _alike(edition: Edition, now: datetime, besides: Collection[int]) -> list[Edition]:
    shelves: list[tuple[str, str | int]] = [
        (TAG, name[:LONGEST_NAME]) for name in _tags_of(edition)
    ]
    if edition.department_id:
        shelves.append((UNIT, edition.department_id))
    if not shelves:
        return []
    at = connection.ops.adapt_datetimefield_value(now)
    known = [edition.pk or 0, *besides]
    statement = _BEST.format(
        found=" UNION ALL ".join(NEWEST_ON[shelf] for shelf, _value in shelves),
        known=", ".join(["%s"] * len(known)),
        limit=SHOWN,
    )
    values = [each for _shelf, value in shelves for each in (value, at, at)]
    return list(Edition.objects.raw(statement, [*values, *known]))
