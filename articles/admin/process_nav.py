"""What the head of every admin page says of the editorial process."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from articles.models import Notice
from articles.models.appointment import Role, reaches_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

RIGHTS = ("articles.view_article", "articles.change_article")


class ProcessNav:
    """Asked by the template, so that pages without a head ask nothing."""

    def __init__(self, user: User | AnonymousUser):
        self.user = user

    @cached_property
    def unread(self) -> int:
        return Notice.objects.unread().filter(user=self.user.pk).count()

    @cached_property
    def may_look(self) -> bool:
        return may_look(self.user)

    @cached_property
    def sees_board(self) -> bool:
        return sees_more_than_own(self.user)


def may_look(user: User | AnonymousUser) -> bool:
    """Whether somebody may open any article at all."""
    return any(user.has_perm(right) for right in RIGHTS)


def sees_more_than_own(user: User | AnonymousUser) -> bool:
    """Whether somebody may open stories that are not theirs; the board is for those."""
    if not may_look(user):
        return False
    held = reaches_of(user)
    if user.is_superuser or not held:
        return True
    return any(reach.role not in {Role.CORRESPONDENT, Role.ADMINISTRATOR} for reach in held)
