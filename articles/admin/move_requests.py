"""What a request says of the move it asks for: which, by whom, of what was on screen.

A page carries the version that was on screen and the number of the newest row of the record
(`seen`): by these a second click is told from a move that came too late.
"""

from __future__ import annotations

import copy
from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest

from articles import tracking, workflow
from articles.admin.numbers import number_in
from articles.models import Article
from articles.models.appointment import reaches
from articles.recording import Actor
from newsroom.addresses import client_address

# As they stand in addresses → in the table of moves.
NAMES = {name.replace(" ", "-"): name for name in workflow.MOVES}


def actor(request: HttpRequest) -> Actor:
    """Who makes a move, and from where."""
    return Actor(cast(User, request.user), client_address(request))


def posted_version(request: HttpRequest) -> int:
    """The version the page showed; 0, which no article has, for anything else."""
    return number_in(request.POST.get("version")) or 0


def was_made_already(request: HttpRequest, name: str, article: Article) -> bool:
    """Whether this page was sent a second time."""
    seen = number_in(request.POST.get("seen"))
    return seen is not None and tracking.was_made(
        name, article, cast(User, request.user), version=posted_version(request), after=seen
    )


def may_ever(request: HttpRequest, name: str, article: Article) -> bool:
    """Whether this person could make the move of this story at any of its stages: whoever comes
    too late is told why not, everybody else finds nothing."""
    move, elsewhere = workflow.MOVES[name], copy.copy(article)
    for stage in move.from_stages:
        elsewhere.stage = stage
        if reaches(request.user, workflow.permission_for(move, elsewhere), elsewhere):
            return True
    return False
