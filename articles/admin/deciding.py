"""Who may look at, and who decides, what people decide about views."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User

from articles.models import Suspicion, ViewHold

Decided = type[ViewHold] | type[Suspicion]


def may_look(user: User | AnonymousUser, kind: Decided) -> bool:
    name = kind._meta.model_name
    return user.has_perm(f"articles.view_{name}") or may_decide(user, kind)


def may_decide(user: User | AnonymousUser, kind: Decided) -> bool:
    return user.has_perm(f"articles.change_{kind._meta.model_name}")
