"""SSCC serials leased to this station. Each is given out once, whatever arrives twice."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from contract.keys import Sscc
from contract.values import SsccRange

_REMEMBERED = 32
"""Used-up leases kept to know a late repeat by; a repeat comes within hours, this is months of labels."""


class Lease(Struct, frozen=True):
    """A range from central and how far it is used: `following` is the next serial to give."""

    range: SsccRange
    following: int


def left(leases: tuple[Lease, ...]) -> int:
    """How many SSCCs can still be given."""
    return sum(lease.range.last - lease.following + 1 for lease in leases)


def leased(leases: tuple[Lease, ...], new: SsccRange) -> tuple[Lease, ...]:
    """With one more range. A range that overlaps one known here is a repeat and changes nothing."""
    room = 10 ** (17 - len(new.prefix)) if new.prefix.isascii() and new.prefix.isdigit() else 0
    if not 0 <= new.first <= new.last < room or any(_overlap(lease.range, new) for lease in leases):
        return leases
    used_up = [lease for lease in leases if lease.following > lease.range.last][:-_REMEMBERED]
    return (*(lease for lease in leases if lease not in used_up), Lease(new, new.first))


def _overlap(one: SsccRange, other: SsccRange) -> bool:
    return one.prefix == other.prefix and one.first <= other.last and other.first <= one.last


def take(leases: tuple[Lease, ...]) -> tuple[Sscc, tuple[Lease, ...]] | None:
    """The next SSCC and what is left, or None when none is."""
    for place, lease in enumerate(leases):
        if lease.following <= lease.range.last:
            sscc = Sscc.numbered(lease.range.prefix, lease.following)
            used = replace(lease, following=lease.following + 1)
            return sscc, (*leases[:place], used, *leases[place + 1 :])
    return None
