"""How the read API answers: JSON for everybody, and problems that say what is wrong.

Everything it tells is public, needs no account and looks at no cookie, so pages of any site may
ask for it (CORS: *). Answers are kept as pages are. What has to be made anew is limited for each
address, so that one program that runs wild takes nothing from readers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from time import monotonic
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from articles.portal.kept_pages import kept
from articles.portal.pages import fresh
from newsroom.addresses import client_address

View = Callable[..., HttpResponse]

METHODS = "GET, HEAD, OPTIONS"
PROBLEM = "application/problem+json"
# Answers made anew, of one process; those that are kept cost nothing and are not counted.
MOST_A_MINUTE = 300
MINUTE = 60


class Problem(Exception):
    """What is wrong with a question, in a sentence; `errors`: parameter → sentence."""

    def __init__(self, status: int, detail: str, errors: Mapping[str, str] | None = None):
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors or {}


class Allowance:
    """How often each address has asked within the minute that is running."""

    def __init__(self) -> None:
        self._minute = 0
        self._asked: Counter[str] = Counter()

    def take(self, address: str) -> bool:
        minute = int(monotonic() // MINUTE)
        if minute != self._minute:
            self._minute, self._asked = minute, Counter()
        self._asked[address] += 1
        return self._asked[address] <= MOST_A_MINUTE


ALLOWANCE = Allowance()


def public(*parameters: str, life: timedelta | None = None) -> Callable[[View], View]:
    """Makes a view part of the API; the parameters are those it reads."""

    def decorate(view: View) -> View:
        answer_kept = kept(*parameters, life=life)(fresh(_open_to_all(view)))

        @csrf_exempt
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "OPTIONS":
                return _with_cors(_preflight())
            if request.method not in ("GET", "HEAD"):
                return _refused(Problem(405, _("Nothing can be changed here: ask with GET.")))
            if not ALLOWANCE.take(client_address(request)):
                return _refused(Problem(429, _("Too many requests. Ask again in a minute.")))
            return answer_kept(request, *args, **kwargs)

        return wrapper

    return decorate


def answer(values: Any) -> HttpResponse:
    return JsonResponse(values, json_dumps_params={"ensure_ascii": False})


def _open_to_all(view: View) -> View:
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return _with_cors(view(request, *args, **kwargs))
        except Problem as problem:
            return _refused(problem)
        except Http404:
            return _refused(Problem(404, _("There is nothing at this address.")))

    return wrapper


def _preflight() -> HttpResponse:
    headers = {
        "Allow": METHODS,
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": "*",
        "Access-Control-Max-Age": "86400",
    }
    return HttpResponse(status=204, headers=headers)


def _refused(problem: Problem) -> HttpResponse:
    """As RFC 9457 has it."""
    response = JsonResponse(_problem(problem), status=problem.status, content_type=PROBLEM)
    if problem.status == 405:
        response.headers["Allow"] = METHODS
    if problem.status == 429:
        response.headers["Retry-After"] = str(MINUTE)
    return _with_cors(response)


def _problem(problem: Problem) -> dict[str, Any]:
    titles = {
        400: _("The request cannot be understood"),
        404: _("Not found"),
        405: _("Only for reading"),
        410: _("Withdrawn"),
        429: _("Too many requests"),
    }
    values: dict[str, Any] = {
        "title": titles[problem.status],
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.errors:
        values["errors"] = [
            {"parameter": name, "detail": detail} for name, detail in problem.errors.items()
        ]
    return values


def _with_cors(response: HttpResponse) -> HttpResponse:
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
