"""What people may do: by themselves, by their groups, and in one statement."""

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Group, Permission, User

from newsroom.authentication import OneStatementBackend

pytestmark = pytest.mark.django_db
OWN, THEIRS = "articles.change_article", "articles.view_article"


@pytest.fixture
def person():
    user = User.objects.create(username="person", is_staff=True)
    group = Group.objects.create(name="group")
    group.permissions.add(Permission.objects.get(codename="view_article"))
    user.groups.add(group)
    user.user_permissions.add(Permission.objects.get(codename="change_article"))
    return user


def asked_of(backend, user):
    return backend.get_all_permissions(User.objects.get(pk=user.pk))


class TestPermissions:
    def test_are_those_of_the_person_and_of_the_groups(self, person):
        assert asked_of(OneStatementBackend(), person) == {OWN, THEIRS}
        assert asked_of(ModelBackend(), person) == {OWN, THEIRS}

    def test_are_one_statement_and_remembered(self, person, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert person.has_perm(OWN)
            assert person.has_perm(THEIRS)
            assert not person.has_perm("articles.delete_article")

    @pytest.mark.parametrize("change", [{"is_superuser": True}, {"is_active": False}])
    def test_are_all_for_superusers_and_none_for_the_inactive(self, person, change):
        User.objects.filter(pk=person.pk).update(**change)
        assert asked_of(OneStatementBackend(), person) == asked_of(ModelBackend(), person)

    def test_are_none_for_strangers_and_none_of_one_object(self, person):
        backend = OneStatementBackend()
        assert backend.get_all_permissions(AnonymousUser()) == set()
        assert backend.get_all_permissions(person, person) == set()
        assert backend.get_all_permissions(person) == {OWN, THEIRS}
