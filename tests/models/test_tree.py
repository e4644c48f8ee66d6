"""Trees of departments and channels: walked in memory, never a ring."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.models import Channel, Department
from articles.models.tree import Tree
from tests.factories import make_channel, make_department

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> dict[str, Department]:
    """集团 → 矿业 → 一矿, 二矿; 电力 before 矿业."""
    rows: dict[str, Department] = {}
    for name, above, order in (
        ("集团", None, 0),
        ("矿业", "集团", 2),
        ("电力", "集团", 1),
        ("一矿", "矿业", 0),
        ("二矿", "矿业", 0),
        ("另一集团", None, 1),
    ):
        rows[name] = make_department(name=name, parent=rows.get(above or ""), order=order)
    return rows


@pytest.fixture
def tree(group) -> Tree:
    return Tree(Department.objects.order_by("-pk"))


class TestTree:
    def test_is_walked_in_reading_order(self, tree):
        walked = [(depth, row.name) for depth, row in tree.walk()]
        assert walked == [
            (0, "集团"),
            (1, "电力"),
            (1, "矿业"),
            (2, "一矿"),
            (2, "二矿"),
            (0, "另一集团"),
        ]

    def test_is_walked_from_anywhere(self, tree, group):
        assert [row.name for _depth, row in tree.walk(group["矿业"].pk)] == ["一矿", "二矿"]
        assert list(tree.walk(group["一矿"].pk)) == []
        assert list(tree.walk(-1)) == []

    def test_knows_children(self, tree, group):
        assert [row.name for row in tree.children()] == ["集团", "另一集团"]
        assert [row.name for row in tree.children(group["集团"].pk)] == ["电力", "矿业"]
        assert tree.children(-1) == []

    def test_gives_its_lists_away_safely(self, tree):
        tree.children().clear()
        assert len(tree.children()) == 2

    def test_knows_the_path(self, tree, group):
        path = tree.path_to(group["二矿"].pk)
        assert [row.name for row in path] == ["集团", "矿业", "二矿"]
        assert tree.path_to(-1) == []

    def test_knows_all_beneath(self, tree, group):
        ids = {group[name].pk for name in ("矿业", "一矿", "二矿")}
        assert set(tree.ids_within(group["矿业"].pk)) == ids
        assert len(tree.ids_within(group["集团"].pk)) == 5
        assert tree.ids_within(group["一矿"].pk) == [group["一矿"].pk]

    def test_costs_one_query(self, group, django_assert_num_queries):
        with django_assert_num_queries(1):
            tree = Tree(Department.objects.all())
            list(tree.walk())
            tree.path_to(group["二矿"].pk)
            tree.ids_within(group["集团"].pk)

    def test_survives_a_ring_that_got_into_the_database(self, group):
        Department.objects.filter(pk=group["集团"].pk).update(parent=group["一矿"])
        tree = Tree(Department.objects.all())
        assert [row.name for _depth, row in tree.walk()] == ["另一集团"]
        for name in ("集团", "矿业", "一矿"):
            assert len(tree.ids_within(group[name].pk)) == 5
            assert tree.path_to(group[name].pk)[-1] == group[name]


class TestRing:
    @pytest.mark.parametrize("beneath", ["集团", "矿业", "二矿"])
    def test_is_refused_with_a_sentence(self, group, beneath):
        top = group["集团"]
        top.parent = group[beneath]
        with pytest.raises(ValidationError) as caught:
            top.full_clean()
        assert set(caught.value.message_dict) == {"parent"}

    @pytest.mark.parametrize("beneath", [None, "另一集团", "电力"])
    def test_is_nothing_else(self, group, beneath):
        row = group["二矿"]
        row.parent = group[beneath] if beneath else None
        row.full_clean()

    def test_is_nothing_a_new_row_can_make(self, group):
        Department(name="三矿", short_name="三矿", parent=group["矿业"]).full_clean()

    def test_elsewhere_does_not_hang_the_check(self, group):
        Department.objects.filter(pk=group["集团"].pk).update(parent=group["一矿"])
        row = group["另一集团"]
        row.parent = group["二矿"]
        row.full_clean()

    @pytest.mark.parametrize("make", [make_channel, make_department])
    def test_of_one_is_refused_by_the_database(self, make):
        row = make()
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(parent=row.pk)


class TestNames:
    @pytest.mark.parametrize(
        ("model", "fields"),
        [
            (Department, {"name": "", "short_name": "一"}),
            (Department, {"name": "一", "short_name": ""}),
            (Channel, {"name": "", "slug": "a"}),
            (Channel, {"name": "一", "slug": ""}),
        ],
    )
    def test_are_required_by_the_database(self, model, fields):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**fields)

    @pytest.mark.parametrize(
        ("make", "fields"),
        [(make_department, {"name": "重名"}), (make_channel, {"slug": "same"})],
    )
    def test_are_unique(self, make, fields):
        make(**fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            make(**fields)

    def test_are_what_staff_see(self):
        assert str(make_channel(name="要闻")) == "要闻"
        assert str(make_department(name="一矿")) == "一矿"
        assert make_channel(slug="news").get_absolute_url() == "/channels/news/"
