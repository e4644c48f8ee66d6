"""The moves a story can make, who may make them, and why not.

Where the working copy stands is its *stage*; what readers have of the story is its *status*. A
published story keeps its status while its next version goes through the stages. All moves stand
in one table (`moves`); what a stage allows besides, looking, writing, deleting, stands beside it
(`permits`).
"""

from articles.workflow.moves import DECISIONS, MOVES, Move
from articles.workflow.permits import (
    MoveRefused,
    can,
    chain_submitted,
    destination,
    moves_open_to,
    permission_for,
    require,
)
from articles.workflow.rounds import contributors, missing_reviews, round_of

__all__ = [
    "DECISIONS",
    "MOVES",
    "Move",
    "MoveRefused",
    "can",
    "chain_submitted",
    "contributors",
    "destination",
    "missing_reviews",
    "moves_open_to",
    "permission_for",
    "require",
    "round_of",
]
