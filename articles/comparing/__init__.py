"""What changed between two revisions of an article, for people to read."""

from articles.comparing.comparison import (
    TYPED_FIELDS,
    Amount,
    Comparison,
    amount,
    compare,
    field_label,
    listed,
    spoken_field,
)
from articles.comparing.pieces import Budget, Piece, pieces

__all__ = [
    "TYPED_FIELDS",
    "Amount",
    "Budget",
    "Comparison",
    "Piece",
    "amount",
    "compare",
    "field_label",
    "listed",
    "pieces",
    "spoken_field",
]
