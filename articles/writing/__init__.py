"""Keeping what staff write: the working copy, its pictures' captions, a revision of each save."""

from articles.writing.contents import (
    ABSENT,
    KEPT_FIELDS,
    AttachmentLine,
    body_for_editor,
    content_from,
    content_of,
    snapshot,
    with_words,
)
from articles.writing.keeping import (
    Receipt,
    Sitting,
    StaleForm,
    TextLocked,
    is_own_sitting,
    keep,
    says_the_same,
)
from articles.writing.limits import figure_faults
from articles.writing.placing import foreign_figures, usable_figures

__all__ = [
    "ABSENT",
    "KEPT_FIELDS",
    "AttachmentLine",
    "Receipt",
    "Sitting",
    "StaleForm",
    "TextLocked",
    "body_for_editor",
    "content_from",
    "content_of",
    "figure_faults",
    "foreign_figures",
    "is_own_sitting",
    "keep",
    "says_the_same",
    "snapshot",
    "usable_figures",
    "with_words",
]
