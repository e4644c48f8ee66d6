"""The hidden field that says which attachments a story has, in order, under which titles.

    [{"id": 3, "title": "宣讲材料清单"}, …]

An empty or missing field leaves them as they are; [] takes all of them off the story.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles import text, writing
from articles.attachments import LONGEST_TITLE
from articles.models import Attachment

LARGEST_NUMBER = 10**15


class AttachmentsField(forms.CharField):
    widget = forms.HiddenInput

    def __init__(self, **options: Any):
        super().__init__(required=False, strip=False, **options)

    def clean(self, value: Any) -> Any:
        """The lines, None to leave them as they are; ValidationError with sentences."""
        written = super().clean(value)
        if not written:
            return None
        lines = self._lines(written)
        if len(lines) > settings.MOST_ATTACHMENTS:
            raise ValidationError(
                _("A story has at most %(most)d attachments. Remove some, or put them into a zip.")
                % {"most": settings.MOST_ATTACHMENTS}
            )
        if faults := [each for place, line in enumerate(lines, 1) for each in _faults(place, line)]:
            raise ValidationError(faults)
        return lines

    def _lines(self, written: str) -> list[writing.AttachmentLine]:
        """Each attachment once; what is no such list is a broken page."""
        try:
            listed = {
                number: writing.AttachmentLine(number, text.tidy_line(entry["title"]))
                for entry in reversed(json.loads(written))
                if (number := _number(entry["id"]))
            }
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ValidationError(
                _("The list of attachments was not understood. Reload the page.")
            ) from error
        return list(reversed(listed.values()))

    @staticmethod
    def written(lines: Iterable[writing.AttachmentLine]) -> str:
        """The reverse of `clean`."""
        listed = [{"id": line.attachment, "title": line.title} for line in lines]
        return json.dumps(listed, ensure_ascii=False)

    def numbers_in(self, value: Any) -> list[int]:
        """The rows a form names, also one that is refused; [] when it cannot be read."""
        try:
            return [line.attachment for line in self._lines(value or "[]")]
        except ValidationError:
            return []


def facts(row: Attachment) -> dict[str, object]:
    """What the list in the form shows of an attachment; the size in bytes."""
    return {
        "id": row.pk,
        "title": row.title,
        "kind": row.extension,
        "size": row.size,
        "downloads": row.downloads,
    }


def facts_of(rows: Iterable[Attachment]) -> str:
    """The same of several, as JSON."""
    return json.dumps([facts(row) for row in rows], ensure_ascii=False)


def _number(value: Any) -> int:
    number = int(str(value))
    if not 0 < number < LARGEST_NUMBER:
        raise ValueError
    return number


def _faults(place: int, line: writing.AttachmentLine) -> list[str]:
    if not line.title:
        return [_("Attachment %(place)d has no title. Write what it is.") % {"place": place}]
    if len(line.title) > LONGEST_TITLE:
        sentence = _("The title of attachment %(place)d is longer than %(limit)d characters.")
        return [sentence % {"place": place, "limit": LONGEST_TITLE}]
    return []
