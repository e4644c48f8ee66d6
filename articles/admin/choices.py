"""Choosing from a tree: the rows in reading order, indented by depth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from articles.models.tree import Tree

INDENT = "　"


class TreeIterator(forms.models.ModelChoiceIterator):
    """One query for the whole tree; labels carry their depth."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for depth, row in Tree(self.queryset.all()).walk():
            yield self.field.prepare_value(row), INDENT * depth + str(row)


class TreeChoiceField(forms.ModelChoiceField):
    iterator = TreeIterator
