"""Where a working copy stands on its way, from the first words to what is printed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where the working copy stands on its way; `status` says what readers have meanwhile."""

    WRITING = "writing", _("being written")
    UNIT = "unit", _("unit review")
    RECEIVED = "received", _("received")
    FIRST = "first", _("first review")
    SECOND = "second", _("second review")
    FINAL = "final", _("final review")
    APPROVED = "approved", _("approved")
    RETURNED = "returned", _("sent back")
    REJECTED = "rejected", _("rejected")
    RESERVE = "reserve", _("held in reserve")


REVIEWS = (Stage.UNIT, Stage.FIRST, Stage.SECOND, Stage.FINAL)
# Here the text stays as it was sent: what is decided on must be what was read.
LOCKED = (*REVIEWS, Stage.APPROVED, Stage.REJECTED)
# Where correspondents submit to, and where editors do: what they move on is adopted.
SENT_TO = (Stage.UNIT, Stage.RECEIVED)
EDITED_TO = (Stage.FIRST, Stage.SECOND, Stage.FINAL, Stage.APPROVED)
