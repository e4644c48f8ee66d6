"""Where somebody may file a story: under which departments and in which channels.

Without appointments everywhere; with appointments where one of them lets them write. The form,
and whatever moves a story, asks here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from articles.models import Article
from articles.models.appointment import Reach, reaches_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


def departments(user: User | AnonymousUser) -> frozenset[int] | None:
    """The departments whose stories this person may write; None: all."""
    return _united(reach.departments for reach in _writing(user))


def channels(user: User | AnonymousUser) -> frozenset[int] | None:
    """The channels into which this person may put stories; None: all."""
    return _united(reach.channels for reach in _writing(user))


def refusal(user: User | AnonymousUser, article: Article) -> str:
    """Why the story may not stand under its department in its channel, as a sentence; "" if it may.

    A story without a department (yet) belongs to no other unit; publishing asks for one.
    """
    held = _writing(user)
    department, channel = article.source_department_id, article.channel_id
    if not held or any(
        reach.holds(department, channel)
        or (department is None and (reach.channels is None or channel in reach.channels))
        for reach in held
    ):
        return ""
    return _(
        "You do not write for this department in this channel. Choose those you are appointed for, "
        "or ask an administrator for an appointment."
    )


def _writing(user: User | AnonymousUser) -> list[Reach]:
    """The appointments by which this person writes; [] when nothing holds them back."""
    if user.is_superuser:
        return []
    return [reach for reach in reaches_of(user) if reach.grants("add")]


def _united(sets: Iterable[frozenset[int] | None]) -> frozenset[int] | None:
    known = list(sets)
    rows = [ids for ids in known if ids is not None]
    return frozenset().union(*rows) if rows and len(rows) == len(known) else None
