"""任职: in which unit and channel somebody holds which role, and how far rights reach by it.

A person without any appointment has what rights their groups and their account give, everywhere:
a small department needs no more. A person with appointments has a right over stories only where
one of them gives it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.channel import Channel
from articles.models.department import Department
from articles.models.transition import Transition
from articles.models.tree import Tree, number_or_none

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    from articles.models.article import Article


class Role(models.TextChoices):
    """The names of the groups of the same kind stand in migration 0016."""

    CORRESPONDENT = "correspondent", _("correspondent")
    EDITOR = "editor", _("editor")
    UNIT_REVIEWER = "unit", _("unit reviewer")
    FIRST_REVIEWER = "first", _("first reviewer")
    SECOND_REVIEWER = "second", _("second reviewer")
    FINAL_REVIEWER = "final", _("final reviewer")
    PUBLISHER = "publisher", _("publisher")
    CHIEF = "chief", _("publicity chief")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("system administrator")


WRITING = frozenset({"view", "add", "change", "delete"})
PUBLISHING = frozenset({"publish", "withdraw"})
REVIEWS = frozenset({"review_unit", "review_first", "review_second", "review_final"})

# What a role may do with the stories it reaches: the beginning of the right's name.
GRANTS: dict[str, frozenset[str]] = {
    Role.CORRESPONDENT: WRITING,
    Role.EDITOR: WRITING,
    Role.UNIT_REVIEWER: frozenset({"view", "review_unit"}),
    Role.FIRST_REVIEWER: frozenset({"view", "review_first"}),
    Role.SECOND_REVIEWER: frozenset({"view", "review_second"}),
    Role.FINAL_REVIEWER: frozenset({"view", "review_final"}),
    Role.PUBLISHER: PUBLISHING | {"view"},
    Role.CHIEF: WRITING | PUBLISHING | REVIEWS - {"review_unit"},
    Role.AUDITOR: frozenset({"view"}),
    Role.ADMINISTRATOR: frozenset(),
}
# Roles that reach every story in their unit and channel, whatever its stage.
SEE_ALL = frozenset({Role.EDITOR, Role.CHIEF, Role.AUDITOR})
# The stage that waits for a role.
READS = {
    Role.UNIT_REVIEWER: "unit",
    Role.FIRST_REVIEWER: "first",
    Role.SECOND_REVIEWER: "second",
    Role.FINAL_REVIEWER: "final",
}


class Appointment(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="appointments",
    )
    role = models.CharField(_("role"), max_length=15, choices=Role.choices)
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        help_text=_("With all departments beneath it. Empty: the whole group."),
    )
    channel = models.ForeignKey(
        Channel,
        verbose_name=_("channel"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        help_text=_("With all channels beneath it. Empty: every channel."),
    )

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["user_id", "role", "id"]
        constraints = [
            models.UniqueConstraint(
                "user",
                "role",
                number_or_none("department"),
                number_or_none("channel"),
                name="appointment_once",
                violation_error_message=_("This person holds this role there already."),
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="appointment_role_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.CORRESPONDENT) | models.Q(department__isnull=False),
                name="correspondent_has_department",
                violation_error_message=_("Choose the department the correspondent writes for."),
            ),
        ]

    def __str__(self) -> str:
        where = [str(place) for place in (self.department, self.channel) if place]
        return " · ".join([self.get_role_display(), *where])

    def clean(self) -> None:
        """An auditor reads the record of others, and so decides nothing."""
        others = Appointment.objects.filter(user=self.user_id).exclude(pk=self.pk)
        is_auditor = self.role == Role.AUDITOR
        if (
            others.exclude(role=Role.AUDITOR).exists()
            if is_auditor
            else others.filter(role=Role.AUDITOR).exists()
        ):
            raise ValidationError(
                {
                    "role": _(
                        "An auditor changes nothing and holds no other role. Take the other "
                        "appointment away first, or choose another person."
                    )
                }
            )


@dataclass(frozen=True)
class Reach:
    """An appointment with the rows it reaches; None: all of them."""

    role: str
    departments: frozenset[int] | None
    channels: frozenset[int] | None

    def grants(self, action: str) -> bool:
        return action in GRANTS[self.role]

    def covers(self, article: Article, user: User | AnonymousUser) -> bool:
        """Whether the story lies in this unit and channel; own ones do for those who write."""
        is_own = article.created_by_id == user.pk or article.pk is None
        if self.role == Role.CORRESPONDENT:
            return is_own
        return (is_own and self.role == Role.EDITOR) or self.holds(
            article.source_department_id, article.channel_id
        )

    def holds(self, department: int | None, channel: int | None) -> bool:
        return (self.departments is None or department in self.departments) and (
            self.channels is None or channel in self.channels
        )

    def q(self) -> Q:
        """The same as `holds`, as a condition on articles."""
        condition = Q()
        if self.departments is not None:
            condition &= Q(source_department__in=self.departments)
        if self.channels is not None:
            condition &= Q(channel__in=self.channels)
        return condition


def reaches_of(user: User | AnonymousUser) -> list[Reach]:
    """How far this person's appointments reach, read once a request; [] without appointments."""
    if getattr(user, "_reaches", None) is None:
        read_reaches([user])
    known: list[Reach] = user._reaches  # type: ignore[union-attr]
    return known


def read_reaches(people: Sequence[User | AnonymousUser]) -> None:
    """Reads what `reaches_of` says of these people, at most three queries for all of them."""
    rows = list(Appointment.objects.filter(user__in={person.pk for person in people} - {None}))
    departments = _subtrees(Department, {row.department_id for row in rows})
    channels = _subtrees(Channel, {row.channel_id for row in rows})
    for person in people:
        person._reaches = [  # type: ignore[union-attr]
            Reach(row.role, departments[row.department_id], channels[row.channel_id])
            for row in rows
            if row.user_id == person.pk
        ]


def _subtrees(model: Any, roots: set[int | None]) -> dict[int | None, frozenset[int] | None]:
    found: dict[int | None, frozenset[int] | None] = {None: None}
    if roots - {None}:
        tree = Tree(model.objects.only("id", "parent_id", "order"))
        found |= {root: frozenset(tree.ids_within(root)) for root in roots if root is not None}
    return found


def reaches(
    user: User | AnonymousUser, action: str, article: Article, *, beyond_own: bool = False
) -> bool:
    """Whether this person has the right `<action>_article` over this story.

    `beyond_own` leaves out what somebody may do only because the story is theirs: whoever may
    then still change it acts as an editor, not as a correspondent.
    """
    if not user.has_perm(f"articles.{action}_article"):
        return False
    if user.is_superuser:
        return True
    return is_within(user, action, article, beyond_own=beyond_own)


def is_within(
    user: User | AnonymousUser, action: str, article: Article, *, beyond_own: bool
) -> bool:
    """Whether the appointments of somebody who has the right give it over this story."""
    held = reaches_of(user)
    place = article.source_department_id, article.channel_id
    return not held or any(
        reach.grants(action)
        and (
            reach.role != Role.CORRESPONDENT and reach.holds(*place)
            if beyond_own
            else reach.covers(article, user)
        )
        for reach in held
    )


def reached_by(user: User | AnonymousUser, action: str) -> Q:
    """`reaches` beyond what is one's own, as a condition on articles."""
    if not user.has_perm(f"articles.{action}_article"):
        return Q(pk__in=())
    held = reaches_of(user)
    if user.is_superuser or not held:
        return Q()
    reached = Q(pk__in=())
    for reach in held:
        if reach.grants(action) and reach.role != Role.CORRESPONDENT:
            if not reach.q():
                # Everything; an empty condition added by “or” would add nothing.
                return Q()
            reached |= reach.q()
    return reached


def sight_of(user: User | AnonymousUser) -> Q | None:
    """Which articles this person may look at, as a condition; None: all.

    Correspondents see their own; editors, chief and auditor all of their unit and channel;
    reviewers what waits at their stage; publishers what is approved, published or withdrawn.
    What somebody decided stays in their sight.
    """
    held = reaches_of(user)
    if user.is_superuser or not held:
        return None
    decided = Transition.objects.filter(actor=user.pk).values("article_number")
    sight = Q(created_by=user.pk) | Q(pk__in=decided)
    for reach in held:
        if reach.role in SEE_ALL:
            if not reach.q():
                # Everything; an empty condition added by “or” would add nothing.
                return None
            sight |= reach.q()
        elif reach.role in READS:
            sight |= Q(stage=READS[Role(reach.role)]) & reach.q()
        elif reach.role == Role.PUBLISHER:
            sight |= (Q(stage="approved") | ~Q(status="draft")) & reach.q()
    return sight


def sees(user: User | AnonymousUser, article: Article, acted: Collection[int | None]) -> bool:
    """The same for one story, of somebody who may look at stories at all, without asking the
    database once appointments were read (`read_reaches`); `acted`: accounts in its record."""
    held = reaches_of(user)
    if user.is_superuser or not held or article.created_by_id == user.pk or user.pk in acted:
        return True
    place = article.source_department_id, article.channel_id
    return any(reach.holds(*place) and _opens(reach, article) for reach in held)


def _opens(reach: Reach, article: Article) -> bool:
    """Whether the role looks at stories in its reach that stand where this one does."""
    if reach.role in READS:
        return article.stage == READS[Role(reach.role)]
    if reach.role == Role.PUBLISHER:
        return article.stage == "approved" or article.status != "draft"
    return reach.role in SEE_ALL
