"""Telling a double click from a form that was saved, gone back to, and written on."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID, uuid4, uuid5

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, QueryDict

from articles.admin.numbers import number_in
from articles.admin.sittings import sitting_in, sittings_in
from articles.models import SaveReceipt

# Neither the token nor which button was pressed is typed. An autosave is another thing than
# a save with the same words: `_autosave` counts.
NOT_TYPED = frozenset(
    {
        "csrfmiddlewaretoken",
        "_save",
        "_publish",
        "_submit",
        "_writer",
        "sitting",
        "continues",
        "step",
    }
)


class OtherArticle(Exception):
    """The receipt was filed for another article than the one the form was sent to."""


def claimed(request: HttpRequest, object_id: str | None) -> SaveReceipt | None:
    """The receipt of the form sent to this article, or to none yet; None when it is a first time.

    A copied tab is told apart: `request.POST` has a receipt of its own from then on.
    """
    saved = _at(request, object_id)
    if saved and is_from_a_copied_tab(request, saved):
        request.POST = told_apart(request)  # type: ignore[assignment]
        saved = _at(request, object_id)
    return saved


def of(request: HttpRequest) -> SaveReceipt | None:
    """The receipt that was filed under the key sent here, whoever sent it."""
    try:
        key = UUID(request.POST.get("receipt", ""))
    except ValueError:
        return None
    return SaveReceipt.objects.select_related("article").filter(key=key).first()


def _at(request: HttpRequest, object_id: str | None) -> SaveReceipt | None:
    saved = of(request)
    if saved and object_id not in (None, str(saved.article_id)):
        raise OtherArticle
    return saved


def fingerprint(request: HttpRequest) -> str:
    """Checksum of what was typed, a SHA-256 as hex."""
    typed = sorted((name, request.POST[name]) for name in request.POST if name not in NOT_TYPED)
    return sha256(repr(typed).encode("utf-8", "surrogatepass")).hexdigest()


def is_repeated(request: HttpRequest, saved: SaveReceipt) -> bool:
    """Whether the very words that were saved came once more."""
    return saved.fingerprint == fingerprint(request)


def is_saved_by(saved: SaveReceipt, user: User | AnonymousUser) -> bool:
    version = saved.article.revisions.filter(number=saved.version)
    return version.filter(saved_by=user.pk).exists()


def is_from_a_copied_tab(request: HttpRequest, saved: SaveReceipt) -> bool:
    """Whether this page has the receipt, but neither is nor continues the form it was filed for.

    A page that was gone back to says in `continues` which sittings sent it, the earliest first.
    Without JavaScript there are no sittings, and nobody can tell.
    """
    sitting = sitting_in(request.POST.get("sitting"))
    if not saved.sitting or not sitting:
        return False
    return saved.sitting not in (sitting, *sittings_in(request.POST.get("continues")))


def told_apart(request: HttpRequest) -> QueryDict:
    """What a copied tab sent, with a receipt of its own: the same one each time it is sent."""
    data = request.POST.copy()
    first, *_later = [*sittings_in(request.POST.get("continues")), request.POST["sitting"]]
    data["receipt"] = str(uuid5(UUID(request.POST["receipt"]), first))
    return data


def renewed(request: HttpRequest, saved: SaveReceipt) -> QueryDict:
    """What was sent, as a form that was not saved yet: written on from what was saved with it.

    A page gone back to more than once may have been saved later too, by the last that sent it; one
    that was fetched again shows a newer version still, which its form names.
    """
    pages = sittings_in(request.POST.get("continues"))
    later = saved.article.revisions.filter(
        sitting__in=pages, saved_by=request.user.pk, number__gt=saved.version
    )
    newest = later.order_by("-number").values_list("number", flat=True).first()
    data = request.POST.copy()
    shown = number_in(data.get("based_on")) or 0
    data["based_on"] = str(max(shown, newest or saved.version))
    data["receipt"] = str(uuid4())
    return data
