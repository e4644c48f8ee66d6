"""The stories before and after one in its channel's list, found in one statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from articles.models import Edition

_BESIDE = """
    SELECT article_id, title, short_title, published_at, {is_newer} AS is_newer
    FROM articles_edition WHERE article_id = (
        SELECT article_id FROM articles_shelvedstory
        WHERE shelf_id = (SELECT id FROM articles_shelf WHERE channel_id = %s)
            AND channel_id = %s
            AND published_at {beyond}= %s AND published_at <= %s
            AND (published_at, article_id) {beyond} (%s, %s)
            AND (expires_at IS NULL OR expires_at > %s)
        ORDER BY published_at {way}, article_id {way} LIMIT 1)
"""
NEIGHBOURS = " UNION ALL ".join(
    (
        _BESIDE.format(is_newer=1, beyond=">", way="ASC"),
        _BESIDE.format(is_newer=0, beyond="<", way="DESC"),
    )
)


def of(edition: Edition, now: datetime) -> tuple[Edition | None, Edition | None]:
    """上一篇 and 下一篇: the story above this one in its channel's list, and the one beneath."""
    adapt = connection.ops.adapt_datetimefield_value
    at, moment, channel = adapt(now), adapt(edition.published_at), edition.channel_id
    beside = [moment, edition.pk, at]
    # What lies before this story lies before now, so each range of the index has two ends.
    newer = [channel, channel, moment, at, *beside]
    older = [channel, channel, moment, moment, *beside]
    rows: Any = Edition.objects.raw(NEIGHBOURS, newer + older)
    found = {row.is_newer: row for row in rows}
    return found.get(1), found.get(0)
