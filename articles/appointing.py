"""Appoints people to roles: a row says where, the group of the role gives the rights.

Nobody grants what they lack: who keeps appointments cannot appoint themself; a superuser can,
lacking nothing.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import Appointment, Role

# As migration 0016 names them.
GROUPS: dict[str, str] = {
    Role.CORRESPONDENT: "通讯员",
    Role.EDITOR: "编辑",
    Role.UNIT_REVIEWER: "单位审核人",
    Role.FIRST_REVIEWER: "初审人",
    Role.SECOND_REVIEWER: "复审人",
    Role.FINAL_REVIEWER: "终审人",
    Role.PUBLISHER: "签发人",
    Role.CHIEF: "宣传部负责人",
    Role.AUDITOR: "审计员",
    Role.ADMINISTRATOR: "系统管理员",
}


class AppointmentRefused(Exception):
    """An appointment that somebody may not make or take away; a sentence staff can read."""


def refusal(person: User, *, by: User) -> str:
    """Why `by` may not appoint this person, as a sentence; "" when they may."""
    if person.pk == by.pk and not by.is_superuser:
        return _("Nobody appoints themself. Ask another administrator.")
    return ""


@transaction.atomic
def appoint(appointment: Appointment, *, by: User) -> Appointment:
    """Keeps a new or changed appointment and settles the groups of whoever it concerns."""
    before = Appointment.objects.filter(pk=appointment.pk).first() if appointment.pk else None
    _refuse([appointment, *([before] if before else [])], by)
    appointment.save()
    _settle(appointment.user_id, appointment.role)
    if before:
        _settle(before.user_id, before.role)
    return appointment


@transaction.atomic
def dismiss(appointment: Appointment, *, by: User) -> None:
    """Takes an appointment away; with the last one of a role its group."""
    _refuse([appointment], by)
    user_id, role = appointment.user_id, appointment.role
    appointment.delete()
    _settle(user_id, role)


def _refuse(appointments: list[Appointment], by: User) -> None:
    for appointment in appointments:
        if sentence := refusal(appointment.user, by=by):
            raise AppointmentRefused(sentence)


def _settle(user_id: int, role: str) -> None:
    """In the group of the role as long as there is an appointment to it."""
    # Its lock lets two people appoint and dismiss one after the other.
    person = User.objects.select_for_update().get(pk=user_id)
    group, _is_new = Group.objects.get_or_create(name=GROUPS[role])
    if Appointment.objects.filter(user=person, role=role).exists():
        person.groups.add(group)
    else:
        person.groups.remove(group)
