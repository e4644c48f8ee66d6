"""People with roles, chains, and stories on their way, for tests of the editorial process."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.contrib.auth.models import Group, User

from articles import publishing, reviewing
from articles.models import Appointment, Article, Edition, ReviewChain, Role, Transition
from articles.recording import Actor

_numbers = count(1)
GROUPS = {
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


def make_person(role: Role, name: str = "", *, department=None, channel=None) -> User:
    """Somebody who holds this role, in the whole group unless told."""
    user = User.objects.create_user(
        f"{role.value}{next(_numbers)}", password="a-password", last_name=name, is_staff=True
    )
    user.groups.add(Group.objects.get(name=GROUPS[role]))
    Appointment.objects.create(user=user, role=role, department=department, channel=channel)
    return user


def make_chain(*stages: str, **fields: Any) -> ReviewChain:
    """make_chain("first", "final"): for every channel unless told."""
    return ReviewChain.objects.create(**{f"has_{stage}": True for stage in stages}, **fields)


def move(name: str, article: Article, by: User, reason: str = "") -> Transition:
    """The move on the newest text, by this person as they are known now."""
    article.refresh_from_db()
    row = reviewing.make(
        name,
        article,
        by=Actor(User.objects.get(pk=by.pk), "10.0.0.7"),
        version=article.version,
        reason=reason,
    )
    article.refresh_from_db()
    return row


def publish(article: Article, by: User) -> Edition:
    edition = publishing.publish(article, by=Actor(User.objects.get(pk=by.pk), "10.0.0.8"))
    article.refresh_from_db()
    return edition
