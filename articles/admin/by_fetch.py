"""Answers to the page's scripts: JSON, and what went wrong as a sentence under `problem`.

200 saved · 400 not for this address · 401 logged out · 403 may not
404 thrown away or never there · 409 somebody else saved · 422 not valid
423 submitted meanwhile, with `review`, the address of its review page · 503 database busy
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import writing
from articles.admin import receipts
from articles.models import Article

logger = logging.getLogger(__name__)


def by_fetch(site: AdminSite, view: Callable[..., JsonResponse]) -> Callable[..., HttpResponse]:
    """The view for a script: no log-in page, which a script cannot show, but 401."""
    guarded = site.admin_view(require_POST(view))

    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not site.has_permission(request):
            return problem(401, _("You are no longer logged in."))
        try:
            return guarded(request, *args, **kwargs)
        except receipts.OtherArticle:
            return wrong_address()
        except (Http404, Article.DoesNotExist):
            return problem(404, _("This article lies in the recycle bin or was deleted."))
        except writing.TextLocked as lock:
            sentence, review = lock.args
            return JsonResponse({"problem": sentence, "review": review}, status=423)
        except PermissionDenied:
            return problem(403, _("You may not change this article (any more)."))
        except OperationalError:
            # Busy, full, or without a column that a forgotten migration makes.
            logger.warning("A save from the page failed; its words are still there.", exc_info=True)
            return problem(
                503, _("Nothing could be saved just now. Wait a moment, then save again.")
            )

    return asked


def problem(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"problem": sentence}, status=status)


def wrong_address() -> JsonResponse:
    return problem(
        400,
        _("This was sent to the wrong address; nothing was saved. Reload the page and try again."),
    )


def invalid(form: ModelForm) -> JsonResponse:
    """422 with the sentences of each field, and one sentence for all that is merely missing."""
    missing, faults, errors = [], [], {}
    for name, found in form.errors.items():
        label = str(form.fields[name].label or "").capitalize() if name in form.fields else ""
        errors[name] = [str(sentence) for sentence in found]
        if label and form.has_error(name, code="required"):
            missing.append(label)
        else:
            faults += [
                _("%(field)s: %(sentence)s") % {"field": label, "sentence": sentence}
                if label
                else sentence
                for sentence in errors[name]
            ]
    if missing:
        names = _(", ").join(missing)
        faults.insert(0, _("Still missing: %(fields)s.") % {"fields": names})
    return JsonResponse({"errors": errors, "problem": " ".join(faults)}, status=422)


def clock(at: datetime) -> str:
    return date_format(timezone.localtime(at), "H:i:s")
