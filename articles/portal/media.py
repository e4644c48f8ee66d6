"""Public pictures and films, for installations without a web server in front (nginx serves them
itself).

Only the public folder is reachable: originals, clean copies, renditions and films of drafts are
not.
"""

from posixpath import normpath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from articles.models.picture_file import PUBLIC_RENDITIONS
from newsroom import ranges

CONTENT_TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "mp4": "video/mp4"}
# A name is never used for another picture or film.
FOREVER = "public, max-age=31536000, immutable"


@require_safe
def public_file(request: HttpRequest, name: str) -> HttpResponseBase:
    content_type = CONTENT_TYPES.get(name.rpartition(".")[2])
    # “public/../originals/…” begins with the right folder and leaves it.
    if normpath(name) != name or not name.startswith(f"{PUBLIC_RENDITIONS}/"):
        raise Http404
    if content_type is None:
        raise Http404
    try:
        file = default_storage.open(name)
    except (OSError, SuspiciousFileOperation, ValueError) as error:
        raise Http404 from error
    return ranges.answer(
        request,
        file,
        tag=name.rpartition("/")[2],
        content_type=content_type,
        headers=ranges.INERT | {"Cache-Control": FOREVER},
    )
