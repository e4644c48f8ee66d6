"""The cast and the states of the editorial process: who is appointed where, what stands where."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone

from articles import publishing, recording, reviewing
from articles.models import (
    Appointment,
    Article,
    Channel,
    Department,
    ReviewChain,
    Role,
    Stage,
    Transition,
)
from articles.recording import Actor
from tests.factories import make_article

# Role → its group of migration 0016.
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


def appoint(
    username: str,
    role: Role,
    department: Department | None = None,
    channel: Channel | None = None,
) -> User:
    """A member of staff with one appointment more, and the rights of its group."""
    user, is_new = User.objects.get_or_create(username=username, defaults={"is_staff": True})
    if is_new:
        user.set_password(f"{username}-password")
        user.save()
    user.groups.add(Group.objects.get(name=GROUPS[role]))
    Appointment.objects.create(user=user, role=role, department=department, channel=channel)
    return fresh(user)


def somebody(
    role: Role,
    name: str = "",
    *,
    department: Department | None = None,
    channel: Channel | None = None,
) -> User:
    """A new member of staff of this name, with one appointment."""
    user = appoint(f"{role.value}-{User.objects.count()}", role, department, channel)
    User.objects.filter(pk=user.pk).update(last_name=name)
    return fresh(user)


def fresh(user: User) -> User:
    """The account as a new request sees it: rights and appointments are read again."""
    return User.objects.get(pk=user.pk)


def make_chain(*stages: Stage, **where: Any) -> ReviewChain:
    """Reviews of these stages, of every channel unless told."""
    switches = {f"has_{stage.value}": True for stage in stages}
    return ReviewChain.objects.create(**switches, **where)


def at_stage(article: Article, stage: str, chain: str = "first second final") -> Article:
    """The article as if it had come to this stage; an approved one has its approvals."""
    Article.objects.filter(pk=article.pk).update(
        stage=stage, stage_since=timezone.now(), chain=chain
    )
    article = Article.objects.get(pk=article.pk)
    if stage == Stage.APPROVED:
        for passed in chain.split():
            approver, _is_new = User.objects.get_or_create(username=f"approver-{passed}")
            move(article, "approve", approver, from_stage=passed, to_stage=stage)
    return article


def move(article: Article, name: str, by: User, *, from_stage: str, to_stage: str) -> Transition:
    """A row of the record, without the move."""
    return recording.append(article, name, by=Actor(by), from_stage=from_stage, to_stage=to_stage)


def make(name: str, article: Article, by: User, *, reason: str = "", version: int = 0) -> None:
    """The move as a desk makes it, on the newest version unless told, by somebody just read."""
    current = Article.objects.get(pk=article.pk)
    actor, version = Actor(fresh(by), "127.0.0.1"), version or current.version
    if name == "publish":
        publishing.publish(current, by=actor, version=version)
    elif name == "withdraw":
        publishing.withdraw(current, by=actor, reason=reason)
    elif name == "reschedule":
        publishing.start_at(current, timezone.now() + timedelta(days=1), by=actor)
    elif name == "end":
        publishing.end_at(current, None, by=actor)
    else:
        reviewing.make(name, current, by=actor, version=version, reason=reason)
    article.refresh_from_db()


def manuscript(by: User, department: Department, channel: Channel, **fields: Any) -> Article:
    return make_article(by=by, source_department=department, channel=channel, **fields)
