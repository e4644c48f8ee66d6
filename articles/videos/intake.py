"""Taking in a film: read under limits, stripped of what it gives away, filed.

The file is never in memory: it comes as a temporary file, is read box by box, and what says
where and on what it was made is overwritten before it is filed. Nothing is transcoded: that
takes minutes of a machine that serves pages; who exports a film can choose H.264 in a second.
"""

from __future__ import annotations

from typing import BinaryIO, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from articles.models import Video
from articles.videos import films
from articles.videos.boxes import Unreadable
from newsroom import uploads

# Baseline, Main, High: what every phone and office PC plays. 10 bits or 4:2:2 stay black.
PROFILES = frozenset({66, 77, 88, 100})
LONGEST_SIDE = 8_192
LONGEST = 12 * 60 * 60
NOTHING = bytes(64 * 1024)


class VideoRefused(Exception):
    """The file cannot be used; the message is a sentence that says what to do."""


def accept(upload: UploadedFile, *, by: User) -> Video:
    """Files a film as a fresh upload of this person; raises VideoRefused.

    All or nothing: when anything fails no file and no row is left.
    """
    size = upload.size or 0
    if not size:
        raise VideoRefused(_("The file is empty. Choose the video again."))
    if size > settings.LARGEST_VIDEO:
        raise VideoRefused(too_large())
    file = cast(BinaryIO, upload.file)
    film = _read(file, size)
    _refuse_unplayable(film)
    checksum = uploads.sha256(upload)
    _blank(file, film)
    return _file(upload, film, checksum, by)


def too_large() -> str:
    return _("The video is larger than %(limit)d MB. Export it smaller, for example in 720p.") % {
        "limit": settings.LARGEST_VIDEO // 1024 // 1024
    }


def _read(file: BinaryIO, size: int) -> films.Film:
    file.seek(0)
    if file.read(12)[4:8] != b"ftyp":
        raise VideoRefused(_("This is not an MP4 video. Export it as MP4 (H.264, AAC)."))
    try:
        return films.read(file, size)
    except films.Fragmented as error:
        raise VideoRefused(
            _("This video is made for streaming. Export it as an ordinary MP4 (H.264, AAC).")
        ) from error
    except Unreadable as error:
        raise VideoRefused(
            _("The video is damaged or incomplete. Copy it from the camera again.")
        ) from error


def _refuse_unplayable(film: films.Film) -> None:
    if film.brand == "qt":
        raise VideoRefused(_("This is a MOV video. Export it as MP4 (H.264, AAC)."))
    if film.picture in ("hvc1", "hev1", "dvh1", "dvhe"):
        raise VideoRefused(
            _(
                "The video is in H.265 (HEVC), which many computers cannot play. Export it as MP4 "
                "with H.264; on an iPhone choose Most Compatible in Settings, Camera, Formats."
            )
        )
    if film.picture not in ("avc1", "avc3") or film.profile not in PROFILES:
        raise VideoRefused(
            _("Browsers cannot play this video. Export it as MP4 with H.264, 8 bits, 4:2:0.")
        )
    if film.sound not in ("", "aac"):
        raise VideoRefused(_("Browsers cannot play the sound. Export the video with AAC sound."))
    if not min(film.width, film.height) > 0 or max(film.width, film.height) > LONGEST_SIDE:
        raise VideoRefused(_("The video has no usable picture size. Export it again as MP4."))
    if not 0 < film.duration <= LONGEST:
        raise VideoRefused(_("The video does not say how long it is. Export it again as MP4."))


def _blank(file: BinaryIO, film: films.Film) -> None:
    """Overwrites in place, so that nothing moves: positions in the file are part of it."""
    for box in film.boxes:
        file.seek(box.start + 4)
        file.write(films.FREE)
        _empty(file, box.body, box.end)
    for start, end in film.ranges:
        _empty(file, start, end)
    file.flush()
    file.seek(0)


def _empty(file: BinaryIO, start: int, end: int) -> None:
    file.seek(start)
    while start < end:
        start += file.write(NOTHING[: end - start])


def _file(upload: UploadedFile, film: films.Film, checksum: str, by: User) -> Video:
    row = Video(
        width=film.width,
        height=film.height,
        duration=film.duration,
        size=upload.size or 0,
        original_name=(upload.name or "")[-255:],
        sha256=checksum,
        uploaded_by=by,
    )
    uploads.put_down(row, {"file": ("video.mp4", upload)})
    return row
