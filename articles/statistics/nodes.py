"""Channels, units and topics by number and name, in one statement: few rows, often all needed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import BigIntegerField, Value

from articles.models import Channel, Department, Topic
from articles.models.tree import Tree


@dataclass(frozen=True)
class Node:
    pk: int
    parent_id: int | None
    name: str
    order: int = 0


@dataclass(frozen=True)
class Nodes:
    channels: Tree
    units: Tree
    topics: dict[int, str]


def read() -> Nodes:
    nowhere = Value(None, output_field=BigIntegerField())
    channels = Channel.objects.order_by().values_list("pk", "parent_id", "name", Value("channel"))
    units = Department.objects.order_by().values_list(
        "pk", "parent_id", "short_name", Value("unit")
    )
    topics = Topic.objects.order_by().values_list("pk", nowhere, "title", Value("topic"))
    rows = list(channels.union(units, topics, all=True))

    def tree(wanted: str) -> Tree:
        return Tree(Node(pk, parent, name) for pk, parent, name, kind in rows if kind == wanted)

    titles = {pk: name for pk, _parent, name, kind in rows if kind == "topic"}
    return Nodes(tree("channel"), tree("unit"), titles)
