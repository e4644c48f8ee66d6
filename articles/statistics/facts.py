"""Writes the facts of an edition beside it, in the transaction that prints or withdraws it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils import timezone

from articles import text
from articles.models import Edition, EditionFacts

BATCH = 500


def keep(edition: Edition) -> None:
    """Writes what statistics ask of an edition, as it is printed now."""
    facts = _facts(edition)
    # One statement, whether there are facts already or not.
    EditionFacts.objects.bulk_create(
        [EditionFacts(edition=edition, **facts)],
        update_conflicts=True,
        unique_fields=["edition"],
        update_fields=list(facts),
    )


def keep_new(editions: Iterable[Edition]) -> None:
    """The facts of editions that have none yet; their revisions are loaded."""
    rows = (EditionFacts(edition=edition, **_facts(edition)) for edition in editions)
    EditionFacts.objects.bulk_create(rows, batch_size=BATCH)


def withdraw(article_id: int) -> None:
    EditionFacts.objects.filter(edition_id=article_id).update(is_withdrawn=True)


def keep_missing() -> None:
    """For a newsroom whose stories were printed before there were statistics."""
    missing = Edition.objects.filter(facts=None).select_related("revision").defer("body")
    while batch := list(missing.order_by("pk")[:BATCH]):
        keep_new(batch)


def watch(app: AppConfig) -> None:
    post_migrate.connect(_migrated, sender=app, dispatch_uid="facts of editions")


def _migrated(plan: list[Any] | None = None, **_facts: Any) -> None:
    if plan:
        keep_missing()


def _facts(edition: Edition) -> dict[str, Any]:
    images = edition.revision.content.get("images", [])
    expires = edition.expires_at
    return {
        "published_at": edition.published_at,
        "published_on": timezone.localdate(edition.published_at),
        "expires_on": timezone.localdate(expires) if expires else None,
        "is_withdrawn": edition.withdrawn_at is not None,
        "channel_id": edition.channel_id,
        "department_id": edition.department_id,
        "authors": "\n".join(text.split_byline(edition.byline)),
        "tags": "\n".join(edition.tag_names),
        "photographers": "\n".join(
            name for image in images for name in text.split_byline(image.get("credit", ""))
        ),
        "words": text.count_words(edition.plain_text),
        "pictures": edition.pictures,
    }
