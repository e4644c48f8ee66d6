"""Sentences one after the other, as the language has it."""

from __future__ import annotations

from django.utils.translation import get_language


def together(*sentences: str) -> str:
    """Chinese puts nothing between them."""
    is_chinese = (get_language() or "").startswith("zh")
    return ("" if is_chinese else " ").join(sentences)
