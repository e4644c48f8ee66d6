"""Appointments and the groups that come with them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User

from articles import appointing
from articles.models import Appointment, Role
from tests.factories import appoint, make_colleague, make_department

pytestmark = pytest.mark.django_db


def groups_of(person: User) -> set[str]:
    return set(person.groups.values_list("name", flat=True))


class TestGroups:
    def test_are_those_the_migration_made(self):
        assert set(appointing.GROUPS) == set(Role.values)
        made = Group.objects.filter(name__in=appointing.GROUPS.values())
        assert made.count() == len(appointing.GROUPS)
        assert all(group.permissions.exists() for group in made)

    @pytest.mark.parametrize("role", Role.values)
    def test_come_with_the_appointment_and_go_with_the_last(self, role):
        person = make_colleague("ning")
        rows = [appoint(person, role, department=make_department()) for _ in range(2)]
        assert groups_of(person) == {appointing.GROUPS[role]}
        appointing.dismiss(rows[0], by=User(is_superuser=True))
        assert groups_of(person) == {appointing.GROUPS[role]}
        appointing.dismiss(rows[1], by=User(is_superuser=True))
        assert groups_of(person) == set()

    def test_follow_a_change_of_role_and_of_person(self):
        first, second = make_colleague("ning"), make_colleague("xu")
        row = appoint(first, "editor")
        row.role, row.user = "publisher", second
        appointing.appoint(row, by=User(is_superuser=True))
        assert groups_of(first) == set()
        assert groups_of(second) == {"签发人"}

    def test_that_somebody_gave_by_hand_stay(self):
        person = make_colleague("ning")
        person.groups.add(Group.objects.create(name="摄影"))
        row = appoint(person, "editor")
        appointing.dismiss(row, by=User(is_superuser=True))
        assert groups_of(person) == {"摄影"}


class TestNobodyAppointsThemself:
    def test_to_anything(self):
        keeper = make_colleague("wen", "administrator")
        with pytest.raises(appointing.AppointmentRefused):
            appointing.appoint(Appointment(user=keeper, role="chief"), by=keeper)
        assert groups_of(keeper) == {"系统管理员"}

    def test_by_taking_over_somebody_elses_appointment(self):
        keeper, other = make_colleague("wen", "administrator"), make_colleague("ning")
        row = appoint(other, "chief")
        row.user = keeper
        with pytest.raises(appointing.AppointmentRefused):
            appointing.appoint(row, by=keeper)
        assert Appointment.objects.get(role="chief").user == other

    def test_nor_widens_or_ends_their_own(self):
        """Without the last one, rights would hold everywhere."""
        keeper = make_colleague("wen", "administrator", department=make_department())
        row = Appointment.objects.get(user=keeper)
        with pytest.raises(appointing.AppointmentRefused):
            appointing.dismiss(row, by=keeper)
        row.department = None
        with pytest.raises(appointing.AppointmentRefused):
            appointing.appoint(row, by=keeper)

    def test_but_a_superuser_who_lacks_nothing(self, chief):
        appointing.appoint(Appointment(user=chief, role="editor"), by=chief)
        assert groups_of(chief) == {"编辑"}
