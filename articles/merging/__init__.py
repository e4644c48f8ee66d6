"""Two texts that grew out of one: what only one of them changed is taken, the rest is asked."""

from articles.merging.contents import Merge, merge
from articles.merging.parts import BOTH, MINE, THEIRS, Part
from articles.merging.questions import Question, questions, stretches

__all__ = [
    "BOTH",
    "MINE",
    "THEIRS",
    "Merge",
    "Part",
    "Question",
    "merge",
    "questions",
    "stretches",
]
