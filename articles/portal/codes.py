"""The address of a story as a QR code, for reading on the phone.

A picture with an address of its own: making one takes ten times as long as sending a page, and
phones never ask for it.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.models import Edition
from newsroom import site

# Half a kilobyte each, made in 10 ms.
CODES_KEPT = 1_000
LONGEST_ADDRESS = 500


@require_safe
@cache_control(public=True, max_age=24 * 60 * 60)
def code(request: HttpRequest, article_id: int) -> HttpResponse:
    """The code as SVG; 404 for what readers cannot open."""
    address = site.absolute(request, reverse("article", args=[article_id]))
    live = Edition.objects.live(timezone.now()).filter(pk=article_id)
    if len(address) > LONGEST_ADDRESS or not live.exists():
        raise Http404
    return HttpResponse(_drawn(address), content_type="image/svg+xml")


@lru_cache(maxsize=CODES_KEPT)
def _drawn(address: str) -> bytes:
    """Black on white with its quiet margin, in the dark theme too: that is what cameras know."""
    drawing = BytesIO()
    code = segno.make_qr(address, error="m")
    code.save(drawing, kind="svg", xmldecl=False, omitsize=True, light="#fff")
    return drawing.getvalue()
