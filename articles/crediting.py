"""Who answers for a text and from whose manuscripts it was made, as readers are told.

Nobody types these names: they are what the record holds of exactly the newest revision.
"""

from __future__ import annotations

from articles.models import Article, Stage, Transition
from articles.models.stage import EDITED_TO

EDITOR, PROOFREADER, REVIEWER = "editor", "proofreader", "reviewer"
# The review in a unit comes before all editing.
APPROVED_AT = (Stage.FIRST, Stage.SECOND, Stage.FINAL)


def responsible(article: Article) -> list[list[str]]:
    """Pairs of a duty and a name: who submitted this text to the reviews, who approved it first
    and who last; only those the record knows."""
    if not article.pk:
        return []
    names: dict[str, str] = {}
    passed: set[str] = set()
    rows = Transition.objects.of(article.pk).filter(revision=article.version)
    for row in rows.filter(move__in=("submit", "approve")):
        if row.move == "submit" and row.to_stage in EDITED_TO:
            # Submitted anew it is read anew.
            names, passed = {EDITOR: row.actor_name}, set()
        elif row.move == "approve" and row.from_stage in APPROVED_AT:
            if row.from_stage == Stage.FIRST:
                names[PROOFREADER] = row.actor_name
            passed.add(row.from_stage)
            # Not before all have read it.
            if passed >= set(article.chain.split()) & set(APPROVED_AT):
                names[REVIEWER] = row.actor_name
    order = (EDITOR, PROOFREADER, REVIEWER)
    return [[duty, names[duty]] for duty in order if duty in names]


def units(article: Article) -> list[str]:
    """The units whose manuscripts a round-up was made from, each once, in the order chosen."""
    if not article.pk:
        return []
    names = article.made_from.order_by("pk").values_list(
        "manuscript__source_department__short_name", flat=True
    )
    return [name for name in dict.fromkeys(names) if name]
