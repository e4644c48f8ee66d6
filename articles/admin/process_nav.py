"""What the head of every admin page says of the editorial process."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.contrib.auth.models import User as Account
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from articles.models import Appointment, Notice
from articles.models.appointment import Role, reaches_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

# Roles that see no story but their own, or none.
OF_OWN = (Role.CORRESPONDENT, Role.ADMINISTRATOR)
RIGHTS = ("articles.view_article", "articles.change_article")


class ProcessNav:
    """Asked by the template, in one statement, so that pages without a head ask nothing."""

    def __init__(self, user: User | AnonymousUser):
        self.user = user

    @property
    def unread(self) -> int:
        return self._facts[0]

    @cached_property
    def may_look(self) -> bool:
        return may_look(self.user)

    @property
    def sees_board(self) -> bool:
        """As `sees_more_than_own`, without reading how far appointments reach."""
        return self.may_look and self._facts[1]

    @cached_property
    def _facts(self) -> tuple[int, bool]:
        """How many notices are unread, and whether no appointment keeps somebody to their own."""
        unread = Notice.objects.unread().filter(user=OuterRef("pk")).order_by().values("user")
        held = Appointment.objects.filter(user=OuterRef("pk"))
        person = Account.objects.filter(pk=self.user.pk or 0).annotate(
            unread=Coalesce(Subquery(unread.annotate(n=Count("pk")).values("n")), 0),
            is_held=Exists(held),
            sees_more=Exists(held.exclude(role__in=OF_OWN)),
        )
        facts = person.values_list("unread", "is_held", "sees_more").first() or (0, False, False)
        return facts[0], self.user.is_superuser or not facts[1] or facts[2]


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
    return any(reach.role not in OF_OWN for reach in held)
