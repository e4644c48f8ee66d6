"""Telling a double click from a form that was saved, gone back to, and written on."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID, uuid4, uuid5

from django.http import HttpRequest, QueryDict

from articles.models import SaveReceipt

# Neither the token nor which button was pressed is typed. An autosave is another thing than
# a save with the same words: `_autosave` counts.
NOT_TYPED = frozenset(
    {"csrfmiddlewaretoken", "_save", "_publish", "_writer", "sitting", "continues", "step"}
)


def of(request: HttpRequest) -> SaveReceipt | None:
    """The receipt that was filed for the form sent here; None when it was not saved before."""
    try:
        key = UUID(request.POST.get("receipt", ""))
    except ValueError:
        return None
    return SaveReceipt.objects.select_related("article").filter(key=key).first()


def fingerprint(request: HttpRequest) -> str:
    """Checksum of what was typed, a SHA-256 as hex."""
    typed = sorted((name, request.POST[name]) for name in request.POST if name not in NOT_TYPED)
    return sha256(repr(typed).encode("utf-8", "surrogatepass")).hexdigest()


def is_from_a_copy(request: HttpRequest, saved: SaveReceipt) -> bool:
    """Whether a copied tab sent this: it has the receipt, but neither is nor continues the form.

    A page that was gone back to says in `continues` which sitting it was. Without JavaScript
    there are no sittings, and nobody can tell.
    """
    saves = saved.article.revisions.order_by("number")
    first = saves.values_list("sitting", flat=True).first()
    sitting = request.POST.get("sitting")
    if not first or not sitting:
        return False
    return first not in (sitting, request.POST.get("continues"))


def told_apart(request: HttpRequest) -> QueryDict:
    """What a copied tab sent, with a receipt of its own: the same one each time it is sent."""
    data = request.POST.copy()
    data["receipt"] = str(uuid5(UUID(request.POST["receipt"]), request.POST["sitting"]))
    return data


def renewed(request: HttpRequest, saved: SaveReceipt) -> QueryDict:
    """What was sent, as a form that was not saved yet: written on from what was saved with it."""
    data = request.POST.copy()
    data["based_on"] = str(saved.version)
    data["receipt"] = str(uuid4())
    return data
