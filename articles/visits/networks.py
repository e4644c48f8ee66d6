"""Which network a reader comes from, and how many new visits a minute it may bring.

Neither addresses nor networks are kept: the ledger holds a keyed hash of the network, whose salt
is destroyed after 48 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from time import monotonic

from django.conf import settings
from django.db import connection

from articles.models import KnownNetwork

# What one subscriber or one office is given (RFC 6177 for IPv6).
IPV4_BITS, IPV6_BITS = 24, 48
BUDGET_PERIOD = timedelta(minutes=1)
# Known networks are read again after so many seconds.
MEMORY = 30

Network = IPv4Network | IPv6Network
NEW_VISITS = """
    SELECT COUNT(DISTINCT visit_id) FROM articles_viewledger
    WHERE network = %s AND is_first AND counted_at > %s
"""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a beacon comes from: 10.1.2.3 → 10.1.2.0/24, "" for what is no address; and how many
    new visits a minute that are counted at once (None: all)."""

    network: str
    budget: int | None


def origin_of(address: str) -> Origin:
    found = _read(address)
    return Origin(_network(found) if found else "", _budget(found))


def _network(found: IPv4Address | IPv6Address) -> str:
    spare = found.max_prefixlen - (IPV4_BITS if found.version == 4 else IPV6_BITS)
    # Numbers: what is spelt out has to be read again, which takes longer than all the rest.
    start = type(found)(int(found) >> spare << spare)
    return f"{start}/{found.max_prefixlen - spare}"


def _read(address: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(address)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def tidy(typed: str) -> str:
    """10.1.2.3/16 → 10.1.0.0/16, and one address as itself; raises ValueError."""
    found = ip_network(typed.strip(), strict=False)
    return str(found if found.num_addresses > 1 else found.network_address)


def _budget(found: IPv4Address | IPv6Address | None) -> int | None:
    """That of the narrowest known network it lies in, else the one for all."""
    holding = [row for row in _known.rows() if found in row[0]] if found else []
    if not holding:
        return settings.VISIT_BUDGET
    return max(holding, key=lambda row: row[0].prefixlen)[1]


def is_over_budget(network: str, budget: int, now: datetime) -> bool:
    """Whether the network, by its hash, has brought as many new visits in a minute as it may."""
    since = connection.ops.adapt_datetimefield_value(now - BUDGET_PERIOD)
    with connection.cursor() as cursor:
        cursor.execute(NEW_VISITS, [network, since])
        return bool(cursor.fetchone()[0] >= budget)


@dataclass
class _Known:
    """The known networks, read at most every half minute."""

    until: float = 0.0
    found: tuple[tuple[Network, int | None], ...] = ()

    def rows(self) -> tuple[tuple[Network, int | None], ...]:
        if monotonic() >= self.until:
            rows = KnownNetwork.objects.values_list("network", "budget")
            self.found = tuple(
                (ip_network(network.strip(), strict=False), budget) for network, budget in rows
            )
            self.until = monotonic() + MEMORY
        return self.found


_known = _Known()


def forget() -> None:
    """Known networks are read again by the next beacon of this process."""
    _known.until = 0.0
