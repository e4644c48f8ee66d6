"""What becomes of a look at a story, in words for staff."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.models import Outcome


class Rule(NamedTuple):
    """A column of the table of days: its heading, and why a look stands in it."""

    label: str | Promise
    words: str | Promise


# In the order of `Outcome`.
RULES = {
    Outcome.COUNTED: Rule(
        _("Counted"),
        _(
            "The first time in one visit that the story is visible in a browser. A visit is what "
            "one browser reads without a pause of 30 minutes, at most 12 hours."
        ),
    ),
    Outcome.REPEAT: Rule(
        _("Same visit again"),
        _(
            "The page was reloaded, gone back to or opened in another tab, and this visit was "
            "counted already."
        ),
    ),
    Outcome.ROBOT: Rule(
        _("Robot"),
        _("A search engine, a monitor or another program that says what it is. Nobody is reading."),
    ),
    Outcome.PREFETCH: Rule(
        _("Prefetched"),
        _(
            "A browser or an app fetched the page ahead and says so. It counts once somebody looks "
            "at it."
        ),
    ),
    Outcome.STAFF: Rule(
        _("Staff"),
        _(
            "Somebody who was logged in to the desk. Only where IT has set that colleagues are not "
            "counted."
        ),
    ),
    Outcome.HELD: Rule(
        _("Held at first"),
        _(
            "New visits from one network came faster than they may. They are accepted, and counted "
            "when somebody releases them; then they stand under “Counted” too."
        ),
    ),
}
