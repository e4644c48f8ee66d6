"""What to try when nothing was found: fewer words, no filters, what people write about."""

from __future__ import annotations

from collections import Counter

from articles.models import Edition

RECENT_STORIES = 200
MOST_TAGS = 12


def hot_tags() -> list[str]:
    """The tags that most of the newest stories have."""
    newest = Edition.objects.live().newest_first().values_list("tag_names", flat=True)
    uses = Counter(name for names in newest[:RECENT_STORIES] for name in names)
    return [name for name, _uses in uses.most_common(MOST_TAGS)]
