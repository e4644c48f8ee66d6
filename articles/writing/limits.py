"""What is longer under pictures and videos than their columns hold, as sentences."""

from __future__ import annotations

from typing import Any, cast

from django.db import models
from django.utils.translation import gettext as _

from articles import markup
from articles.models import ArticleImage, Video


def figure_faults(figures: list[markup.Figure]) -> list[str]:
    """What is too long under the pictures and videos, as sentences; [] when all of it fits."""
    faults = []
    place = 0
    for figure in figures:
        for picture in figure.pictures:
            place += 1
            name = _("Picture %(place)d") % {"place": place}
            faults += _too_long(name, ArticleImage, vars(picture))
        if figure.pictures:
            first = _("Picture %(place)d") % {"place": place - len(figure.pictures) + 1}
            faults += _too_long(first, ArticleImage, {"caption": figure.caption})
        if figure.video:
            words = {"caption": figure.caption, "credit": figure.credit}
            faults += _too_long(_("The video"), Video, words)
    return faults


def _too_long(name: str, model: type[models.Model], words: dict[str, Any]) -> list[str]:
    faults = []
    for column in ("caption", "credit", "alternative", "rights_note"):
        if column not in words:
            continue
        field = cast(models.CharField, model._meta.get_field(column))
        limit = field.max_length or 0
        if len(words[column]) > limit:
            sentence = _("%(name)s: %(field)s is longer than %(limit)d characters. Shorten it.")
            faults.append(sentence % {"name": name, "field": field.verbose_name, "limit": limit})
    return faults
