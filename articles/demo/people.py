"""The people of the demo, each appointed to what they do. All names are invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission, User

from articles import appointing
from articles.models import Appointment, Channel, Department, Role


@dataclass(frozen=True)
class Post:
    """A role, in a unit and a channel of `organisation`, or everywhere."""

    role: Role
    department: str = ""
    channel: str = ""


@dataclass(frozen=True)
class DemoPerson:
    """`role`: in a word, for the list of log-ins."""

    username: str
    family_name: str
    given_name: str
    role: str
    posts: tuple[Post, ...] = ()
    is_superuser: bool = False

    @property
    def name(self) -> str:
        return self.family_name + self.given_name


# Keeps the desks that no role of the process has to have: what no migration grants.
HOUSEKEEPING = "编务"
HOUSEKEEPING_RIGHTS = (
    *(f"{action}_{model}" for model in ("channel", "department") for action in ("add", "change")),
    *(
        f"{action}_{model}"
        for model in ("storytemplate", "pointrule")
        for action in ("view", "add", "change", "delete")
    ),
    *(
        f"{action}_{model}"
        for model in ("viewhold", "suspicion", "tag")
        for action in ("view", "change")
    ),
    "view_searchmiss",
    "add_viewcorrection",
)

# Those of the first hour: the newsroom is the demo's where these three are.
FIRST = (
    DemoPerson(
        "editor",
        "沈",
        "知远",
        "编辑（评论、公告可直接发布）",
        (
            Post(Role.EDITOR),
            Post(Role.PUBLISHER, channel="commentary"),
            Post(Role.PUBLISHER, channel="notices"),
        ),
    ),
    DemoPerson("writer", "陆", "青禾", "通讯员（煤业公司）", (Post(Role.CORRESPONDENT, "coal"),)),
    DemoPerson("admin", "温", "玉衡", "超级管理员", is_superuser=True),
)
LATER = (
    DemoPerson("unit", "秦", "牧川", "单位审核人（煤业公司）", (Post(Role.UNIT_REVIEWER, "coal"),)),
    DemoPerson("first", "顾", "言之", "初审人", (Post(Role.FIRST_REVIEWER),)),
    DemoPerson("second", "白", "景行", "复审人", (Post(Role.SECOND_REVIEWER),)),
    DemoPerson("final", "严", "守正", "终审人", (Post(Role.FINAL_REVIEWER),)),
    DemoPerson("publisher", "纪", "云舟", "签发人", (Post(Role.PUBLISHER),)),
    DemoPerson("chief", "孟", "怀瑾", "宣传部负责人", (Post(Role.CHIEF),)),
    DemoPerson("auditor", "方", "明镜", "审计员", (Post(Role.AUDITOR),)),
    DemoPerson("accounts", "宁", "安澜", "系统管理员", (Post(Role.ADMINISTRATOR),)),
)
PEOPLE = (*FIRST[:2], *LATER, FIRST[2])


def create(person: DemoPerson, password: str) -> User:
    """An account in the groups of its posts; where they hold is said by `appoint`."""
    user = User.objects.create_user(
        person.username,
        password=password,
        last_name=person.family_name,
        first_name=person.given_name,
        is_staff=True,
        is_superuser=person.is_superuser,
    )
    names = {appointing.GROUPS[post.role] for post in person.posts}
    user.groups.add(*Group.objects.filter(name__in=names))
    if person.username == "editor":
        group, _is_new = Group.objects.get_or_create(name=HOUSEKEEPING)
        group.permissions.set(Permission.objects.filter(codename__in=HOUSEKEEPING_RIGHTS))
        user.groups.add(group)
    return user


def appoint(
    people: Mapping[str, User],
    departments: Mapping[str, Department],
    channels: Mapping[str, Channel],
) -> None:
    """Everybody to their posts, by the one who may do everything; what is there stays."""
    for person in PEOPLE:
        for post in person.posts:
            place = {
                "department": departments[post.department] if post.department else None,
                "channel": channels[post.channel] if post.channel else None,
            }
            user = people[person.username]
            if not Appointment.objects.filter(user=user, role=post.role, **place).exists():
                row = Appointment(user=user, role=post.role, **place)
                appointing.appoint(row, by=people["admin"])
