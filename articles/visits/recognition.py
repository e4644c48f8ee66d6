"""Which visit a request belongs to. Pure: values in, values out; the clock is a parameter.

A visit is the activity of one browser with gaps under 30 minutes (the window of Matomo,
Plausible and GA4), at most 12 hours long, not cut at midnight. It is recognised, in order, by

1. the signed visit cookie;
2. a random key the page's script keeps in localStorage, so that two first tabs agree;
3. without storage, for someone logged in: the account, within one clock hour;
4. without storage, otherwise: address, browser and language, within one clock hour.

3 and 4 are keyed hashes with a salt that is destroyed after 48 hours; neither address nor
account is kept. The roads not taken: fingerprints (unlawful and wrong behind one proxy) and
the session framework (public pages set no session).
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.core import signing
from django.utils import timezone
from django.utils.encoding import force_bytes

from articles.visits import clock

GAP = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
# Two beacons of one visit that are on their way at once do not know of each other.
UNDER_WAY = timedelta(minutes=1)
# A server's clock may be set back by as much, also over midnight.
SET_BACK = timedelta(hours=1)
FLAGS: tuple[list[str], ...] = ([], [""], ["c"], ["h"], ["ch"])
KEY = re.compile(r"[0-9A-Za-z_-]{16,64}")
_signer = signing.Signer(salt="articles.visits")
_secret = force_bytes(_signer.key)


@dataclass(frozen=True)
class Visit:
    """A visit as of its latest sign of life. `start_known` is False when only a key was sent.

    `has_counted`: a view of it is in the ledger; `is_held`: its views wait for a person.
    """

    id: str
    started: datetime
    last: datetime
    start_known: bool = True
    has_counted: bool = False
    is_held: bool = False

    @property
    def day(self) -> date:
        """The local day on which the visit began; the ledger files it there."""
        return clock.day_of(self.started)

    def possible_days(self) -> list[date]:
        """The two days it may be filed under: it may have begun before midnight without this cookie
        knowing, long before where only the key is known; or behind it, by a clock since set back.
        """
        if self.start_known:
            return [self.day, clock.day_of(self.started - UNDER_WAY)]
        before = clock.day_of(self.started - LONGEST)
        behind = clock.day_of(self.started + SET_BACK)
        return [self.day, before if before != self.day else behind]

    def remembering(self, *, is_held: bool) -> Visit:
        """The same visit after a view of it went into the ledger."""
        return replace(self, has_counted=True, is_held=self.is_held or is_held)


def digest(secret: bytes, *parts: str) -> str:
    """128 bits as hex; parts are joined by NUL, so that no two lists spell the same."""
    return hmac.digest(secret, "\0".join(parts).encode(), "sha256").hex()[:32]


def to_cookie(visit: Visit) -> str:
    started, last = (int(moment.timestamp()) for moment in (visit.started, visit.last))
    flags = f"{'c' if visit.has_counted else ''}{'h' if visit.is_held else ''}"
    return _signer.sign(f"{visit.id}.{started}.{last}.{flags}")


def from_cookie(value: str) -> Visit | None:
    """The visit a cookie tells of, or None when it is not one of ours."""
    try:
        # Cookies written before there were flags have none.
        visit_id, started, last, *flags = _signer.unsign(value).split(".")
        if flags not in FLAGS:
            return None
        return Visit(
            visit_id,
            _moment(started),
            _moment(last),
            has_counted="c" in "".join(flags),
            is_held="h" in "".join(flags),
        )
    except (signing.BadSignature, ValueError, OverflowError, OSError):
        return None


def _moment(seconds: str) -> datetime:
    return datetime.fromtimestamp(int(seconds), tz=timezone.get_default_timezone())


def carry_on(visit: Visit, now: datetime) -> Visit:
    """The same visit, or the next one after 30 quiet minutes or 12 hours.

    The next one's id follows from the old cookie, so that two tabs that wake up together with
    one stale cookie agree on it.
    """
    if now - visit.last < GAP and now - visit.started < LONGEST:
        return replace(visit, last=max(now, visit.last))
    successor = digest(_secret, "next", visit.id, visit.last.isoformat())
    # The same stale cookie may have been sent shortly before midnight too.
    return Visit(successor, now, now, start_known=False)


def by_key(key: str, now: datetime) -> Visit | None:
    """The visit named by the key a script sent; None for anything that is not such a key."""
    if not KEY.fullmatch(key):
        return None
    return Visit(digest(_secret, "key", key), now, now, start_known=False)


def by_traits(salt: bytes, traits: tuple[str, ...], now: datetime) -> Visit:
    """Where nothing can be stored: at most one visit a clock hour for the same traits."""
    hour = clock.local(now).strftime("%Y-%m-%d %H")
    return Visit(digest(salt, *traits, hour), now, now)
