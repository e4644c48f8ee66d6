"""Attachments of live stories: always a download, counted by themselves.

One download = one answer that begins with the first byte. A part asked for later (a download
going on), an answer “not changed”, a look at the headers, a page fetched in advance and a
program are none. Counting is a side effect of GET here, unlike a view: the file is what is
wanted, and no proxy may keep it.
"""

from __future__ import annotations

import logging

from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from articles import attachments, documents
from articles.portal.beacon import is_prefetch
from articles.portal.pages import channel_tree
from articles.visits.robots import is_robot
from newsroom import ranges

logger = logging.getLogger(__name__)


@require_safe
def attachment(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """The file, as long as a live story names it; 410 with a withdrawn one, else 404."""
    found = attachments.shown(attachment_id)
    if found is None:
        raise Http404
    if found.edition.is_gone:
        context = {"channels": channel_tree().children(), "edition": found.edition}
        response = render(request, "articles/withdrawn.html", context, status=410)
        response.headers["Cache-Control"] = "no-cache"
        return response
    if not found.edition.is_live():
        raise Http404
    answer = _file(request, found)
    if ranges.begins(answer) and _is_reader(request):
        _count(attachment_id)
    return answer


def _file(request: HttpRequest, found: attachments.Shown) -> HttpResponseBase:
    row = found.row
    try:
        file = row.file.open()
    except (OSError, ValueError) as error:
        raise Http404 from error
    return ranges.answer(
        request,
        file,
        tag=row.sha256[:32],
        content_type=documents.KINDS[row.extension].content_type,
        headers=ranges.INERT
        | {
            "Content-Disposition": str(content_disposition_header(True, found.name)),
            # Asked for again each time, so that a withdrawal counts at once.
            "Cache-Control": "no-cache",
            "X-Robots-Tag": "noindex",
        },
    )


def _is_reader(request: HttpRequest) -> bool:
    name = request.headers.get("User-Agent", "")
    return request.method == "GET" and not is_prefetch(request) and not is_robot(name)


def _count(attachment_id: int) -> None:
    try:
        attachments.count_download(attachment_id)
    except DatabaseError:
        # The reader gets the file all the same.
        logger.warning("A download could not be counted.", exc_info=True)
