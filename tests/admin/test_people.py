"""The desk for accounts and groups: rights in the words of the house."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission

pytestmark = pytest.mark.django_db


class TestRights:
    def test_are_named_in_words_of_the_desk(self, as_chief):
        group = Group.objects.create(name="栏目编辑")
        for address in (f"/admin/auth/group/{group.pk}/change/", "/admin/auth/group/add/"):
            html = as_chief.get(address).content.decode()
            assert "文章：可以发布文章" in html
            assert "栏目：新建" in html
            assert "Can " not in html

    def test_are_kept_as_they_are_chosen(self, as_chief):
        chosen = Permission.objects.filter(codename__endswith="_channel")
        sent = {"name": "栏目管理员", "permissions": [row.pk for row in chosen]}
        assert as_chief.post("/admin/auth/group/add/", sent).status_code == 302
        assert set(Group.objects.get(name="栏目管理员").permissions.all()) == set(chosen)

    def test_cost_the_same_with_many(self, as_chief, django_assert_max_num_queries):
        with django_assert_max_num_queries(10):
            as_chief.get("/admin/auth/group/add/")
