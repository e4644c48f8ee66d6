"""Four eyes for people without an account, as far as a name can tell."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles import workflow
from articles.models import Article
from articles.models.people import display_name
from articles.models.stage import REVIEWS

# As long as the column: a name and a post.
LONGEST_PERSON = 40


def refuse_again(article: Article, name: str) -> None:
    """Four eyes hold for people without an account as far as a name can tell: raises
    workflow.MoveRefused for who wrote on the text or decided at another stage of the round."""
    writers = User.objects.filter(pk__in=workflow.contributors(article))
    if any(_is_same(name, display_name(writer)) for writer in writers):
        raise workflow.MoveRefused(
            _(
                "%(name)s wrote on this text; somebody else has to review it. Is it another person "
                "of that name, write the post in brackets right behind it."
            )
            % {"name": _called(name)}
        )
    elsewhere = (
        workflow.round_of(article)
        .filter(move__in=workflow.DECISIONS, from_stage__in=REVIEWS)
        .exclude(from_stage=article.stage)
    )
    if any(_is_same(name, other) for other in elsewhere.values_list("actor_name", flat=True)):
        raise workflow.MoveRefused(
            _(
                "%(name)s decided at another stage of this article; somebody else has to here. Is "
                "it another person of that name, write the post in brackets right behind it."
            )
            % {"name": _called(name)}
        )


def _is_same(name: str, other: str) -> bool:
    """Whether both call the same person, the post that may follow the name left out."""
    return _called(name) == _called(other) or any(
        longer.startswith(f"{shorter} ") for longer, shorter in ((name, other), (other, name))
    )


def _called(name: str) -> str:
    """李建国 副总经理 → 李建国; names in Latin letters have blanks of their own."""
    first = name.split(" ", maxsplit=1)[0]
    return name if first.isascii() else first
