"""Who may do what with a story: role × whose it is × where it stands. A missing cell fails."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from articles import publishing, workflow, writing
from articles.models import Article, Role, Stage
from articles.publishing import Period
from tests.editorial import appoint, at_stage, fresh, make_chain, manuscript
from tests.factories import make_channel, make_department

# A letter for each action, upper case for moves of the table.
ACTIONS = {
    "S": "submit",
    "R": "recall",
    "A": "approve",
    "B": "send back",
    "J": "reject",
    "H": "reserve",
    "O": "reopen",
    "P": "publish",
    "W": "withdraw",
    "X": "end",
    "D": "reschedule",
    "l": "look",
    "e": "edit",
    "d": "delete",
    "c": "correct",
    "p": "plan",
    "m": "comment",
    "t": "take back",
    "z": "discard",
}
ROLES = list(Role)
WHOSE = ("own text", "own department", "other department")
# Name → stage and what readers have.
STATES = {
    **{stage.value: (stage, "draft") for stage in Stage},
    "scheduled": (Stage.WRITING, "scheduled"),
    "published": (Stage.WRITING, "published"),
    "published, changed": (Stage.WRITING, "changed"),
    **{f"published, {stage.value}": (stage, "changed") for stage in (Stage.FIRST, Stage.APPROVED)},
    "withdrawn": (Stage.WRITING, "withdrawn"),
    "binned": (Stage.WRITING, "binned"),
}


class World:
    """Two departments with a chain of four reviews; everybody is appointed to the first."""

    def __init__(self) -> None:
        self.channel = make_channel()
        self.departments = {
            "own department": make_department(name="东岭矿业有限公司"),
            "other department": make_department(name="西河发电有限公司"),
        }
        make_chain(Stage.UNIT, Stage.FIRST, Stage.SECOND, Stage.FINAL)
        own = self.departments["own department"]
        self.people = {role: appoint(f"person-{role.value}", role, own) for role in ROLES}
        self.author = User.objects.create_user("author", is_staff=True)
        self.printer = User.objects.create_superuser("printer")
        self._stories: dict[tuple[int, str, str], Article] = {}

    def story(self, role: Role, whose: str, state: str) -> Article:
        by = self.people[role] if whose == "own text" else self.author
        key = by.pk, whose, state
        if key not in self._stories:
            self._stories[key] = self._make(by, whose, state)
        return self._stories[key]

    def _make(self, by: User, whose: str, state: str) -> Article:
        stage, status = STATES[state]
        department = self.departments.get(whose, self.departments["own department"])
        article = manuscript(by, department, self.channel)
        if status in {"scheduled", "published", "changed", "withdrawn"}:
            article = at_stage(article, Stage.APPROVED)
            # As a form can spell it.
            tomorrow = (timezone.now() + timedelta(days=1)).replace(microsecond=0)
            period = Period(tomorrow) if status == "scheduled" else None
            publishing.publish(article, by=self.printer, period=period)
        if status == "changed":
            article = Article.objects.get(pk=article.pk)
            article.title = "改过的标题"
            writing.keep(article, body=article.body, tags=[], by=by, based_on=article.version)
        if status == "withdrawn":
            publishing.withdraw(article, by=self.printer, reason="数字有误")
        if status == "binned":
            Article.objects.filter(pk=article.pk).update(
                deleted_at=timezone.now(), deleted_by=by.pk
            )
        if status != "binned":
            at_stage(article, stage, "" if stage == Stage.WRITING else "first second final")
        return Article.objects.get(pk=article.pk)

    def may(self, role: Role, whose: str, state: str) -> set[str]:
        """The letters of what this role may do there, as the policy says."""
        person, article = fresh(self.people[role]), self.story(role, whose, state)
        return {
            letter for letter, action in ACTIONS.items() if workflow.can(person, action, article)
        }


# Columns are the roles in order; “-” is nothing.
TABLE = {
    "own text": """
        state               correspon   editor      unit        first       second      final       publisher   chief       auditor     administr
        writing             Sdelm       Sdelmp      l           l           l           l           l           Sdelmp      l           -
        unit                Rlm         Rlmp        lm          l           l           l           l           Rlmp        l           -
        received            lm          BHJSelmp    l           l           l           l           l           BHJSelmp    l           -
        first               lm          Rlmp        l           lm          l           l           l           Rlmp        l           -
        second              lm          Rlmp        l           l           lm          l           l           Rlmp        l           -
        final               lm          Rlmp        l           l           l           lm          l           Rlmp        l           -
        approved            lm          Rlmp        l           l           l           l           BPlm        BPRlmp      l           -
        returned            Sdelm       Sdelmp      l           l           l           l           l           Sdelmp      l           -
        rejected            lm          Olmp        l           l           l           l           l           Olmp        l           -
        reserve             lm          BJOSelmp    l           l           l           l           l           BJOSelmp    l           -
        scheduled           elm         elmp        l           l           l           l           DWXcl       DWXcelmp    l           -
        published           elm         elmp        l           l           l           l           WXcl        WXcelmp     l           -
        published, changed  Selm        Selmp       l           l           l           l           WXcl        SWXcelmp    l           -
        published, first    lm          Rlmp        l           lm          l           l           WXcl        RWXclmp     l           -
        published, approved lm          Rlmp        l           l           l           l           BPWXclm     BPRWXclmp   l           -
        withdrawn           Selm        Selmp       l           l           l           l           l           Selmp       l           -
        binned              tz          tz          -           -           -           -           -           tz          -           -
    """,  # noqa: E501
    "own department": """
        state               correspon   editor      unit        first       second      final       publisher   chief       auditor     administr
        writing             -           Sdelmp      -           -           -           -           -           Sdelmp      l           -
        unit                -           Rlmp        ABJlm       -           -           -           -           Rlmp        l           -
        received            -           BHJSelmp    -           -           -           -           -           BHJSelmp    l           -
        first               -           Rlmp        -           ABHJlm      -           -           -           ABHJRlmp    l           -
        second              -           Rlmp        -           -           ABHJlm      -           -           ABHJRlmp    l           -
        final               -           Rlmp        -           -           -           ABHJlm      -           ABHJRlmp    l           -
        approved            -           Rlmp        -           -           -           -           BPlm        BPRlmp      l           -
        returned            -           Sdelmp      -           -           -           -           -           Sdelmp      l           -
        rejected            -           Olmp        -           -           -           -           -           Olmp        l           -
        reserve             -           BJOSelmp    -           -           -           -           -           BJOSelmp    l           -
        scheduled           -           elmp        -           -           -           -           DWXcl       DWXcelmp    l           -
        published           -           elmp        -           -           -           -           WXcl        WXcelmp     l           -
        published, changed  -           Selmp       -           -           -           -           WXcl        SWXcelmp    l           -
        published, first    -           Rlmp        -           ABHJlm      -           -           WXcl        ABHJRWXclmp l           -
        published, approved -           Rlmp        -           -           -           -           BPWXclm     BPRWXclmp   l           -
        withdrawn           -           Selmp       -           -           -           -           l           Selmp       l           -
        binned              -           t           -           -           -           -           -           tz          -           -
    """,  # noqa: E501
    "other department": """
        state               correspon   editor      unit        first       second      final       publisher   chief       auditor     administr
        writing             -           -           -           -           -           -           -           -           -           -
        unit                -           -           -           -           -           -           -           -           -           -
        received            -           -           -           -           -           -           -           -           -           -
        first               -           -           -           -           -           -           -           -           -           -
        second              -           -           -           -           -           -           -           -           -           -
        final               -           -           -           -           -           -           -           -           -           -
        approved            -           -           -           -           -           -           -           -           -           -
        returned            -           -           -           -           -           -           -           -           -           -
        rejected            -           -           -           -           -           -           -           -           -           -
        reserve             -           -           -           -           -           -           -           -           -           -
        scheduled           -           -           -           -           -           -           -           -           -           -
        published           -           -           -           -           -           -           -           -           -           -
        published, changed  -           -           -           -           -           -           -           -           -           -
        published, first    -           -           -           -           -           -           -           -           -           -
        published, approved -           -           -           -           -           -           -           -           -           -
        withdrawn           -           -           -           -           -           -           -           -           -           -
        binned              -           -           -           -           -           -           -           -           -           -
    """,  # noqa: E501
}


def cells() -> dict[tuple[str, str, str], set[str]]:
    """(whose, state, role) → letters; a KeyError of whoever asks is a missing cell."""
    found = {}
    for whose, text in TABLE.items():
        for line in text.strip().splitlines()[1:]:
            words = line.split()
            state, allowed = " ".join(words[: -len(ROLES)]), words[-len(ROLES) :]
            for role, letters in zip(ROLES, allowed, strict=True):
                found[whose, state, role.value] = set(letters) - {"-"}
    return found
