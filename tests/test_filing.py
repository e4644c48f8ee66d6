"""Where somebody may file a story."""

from __future__ import annotations

import pytest

from articles import filing
from articles.models import Article
from tests.factories import appoint, make_channel, make_colleague, make_department

pytestmark = pytest.mark.django_db


def filed(department=None, channel=None) -> Article:
    return Article(source_department=department, channel=channel)


@pytest.fixture
def units():
    coal = make_department(name="煤业公司")
    return coal, make_department(name="栎坪煤矿", parent=coal), make_department(name="物流公司")


class TestPlaces:
    def test_are_all_without_appointments(self, editor, units):
        assert filing.departments(editor) is None
        assert filing.channels(editor) is None
        assert not filing.refusal(editor, filed(units[2], make_channel()))

    def test_are_the_unit_and_what_is_beneath_it(self, units):
        coal, mine, rail = units
        person = make_colleague("lu", "correspondent", department=coal)
        assert set(filing.departments(person) or ()) == {coal.pk, mine.pk}
        assert filing.channels(person) is None
        assert not filing.refusal(person, filed(mine, make_channel()))
        assert filing.refusal(person, filed(rail, make_channel()))

    def test_belong_together(self, units):
        coal, _mine, rail = units
        news, notices = make_channel(), make_channel()
        person = make_colleague("lu", "correspondent", department=coal, channel=news)
        appoint(person, "editor", department=rail, channel=notices)
        person = type(person).objects.get(pk=person.pk)
        assert not filing.refusal(person, filed(coal, news))
        assert not filing.refusal(person, filed(rail, notices))
        assert filing.refusal(person, filed(coal, notices))

    def test_are_left_open_without_a_department(self, units):
        person = make_colleague("lu", "correspondent", department=units[0])
        assert not filing.refusal(person, filed(None, make_channel()))

    def test_of_roles_that_do_not_write_hold_nobody_back(self, units):
        """They have no right to write at all; the groups decide that."""
        assert filing.departments(make_colleague("gu", "first", department=units[0])) is None

    def test_of_a_superuser_are_all(self, chief, units):
        appoint(chief, "correspondent", department=units[0])
        assert filing.departments(chief) is None
