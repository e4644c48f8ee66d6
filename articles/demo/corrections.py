"""A note on one of the demo's stories, so that readers and staff see what such a note is."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import User

from articles import correcting
from articles.models import Article

STORY = "lecture-campaign"
WORDS = "本文首发时，第二张图片的摄影署名有误，现已更正为陆青禾。"


def write(published: Mapping[str, int], by: User) -> None:
    """`published`: the key of a story → its number."""
    if STORY in published:
        correcting.correct(Article.objects.get(pk=published[STORY]), by=by, words=WORDS)
