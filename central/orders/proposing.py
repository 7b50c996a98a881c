"""Orders that could go in one parcel, for a person to accept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from central.office.paging import USUAL, sorted_part
from central.orders.merging import destination
from central.orders.terms import folded
from central.store.store import Reads
from contract.values import Address


class Proposal(Struct, frozen=True):
    """Paid orders that wait to be packed for one address, by one service, the oldest first."""

    orders: tuple[str, ...]
    name: str
    city: str
    country: str
    service: str
    merged: bool
    """Whether all of them are packed together already."""


class ProposalPage(Struct, frozen=True):
    """One page of proposals, by consignee."""

    items: tuple[Proposal, ...]
    next: str | None


SORTED: Final[Mapping[str, Callable[[Proposal], tuple[Any, ...]]]] = {
    "consignee": lambda each: (folded(each.name), each.orders[0]),
    "orders": lambda each: (len(each.orders), each.orders[0]),
    "service": lambda each: (each.service, each.orders[0]),
}
"""What the list may be sorted by, the usual order first."""


async def proposals(reads: Reads, text: str = "", after: str = "", limit: int = USUAL, sort: str = "") -> ProposalPage:
    """Those with `text` in the consignee's name, or with that order. Raises `Refused`."""
    text = text.strip()
    found = (each for each in _grouped(await reads.read("orders.mergeable")) if not each.merged)
    fitting = (each for each in found if folded(text) in folded(each.name) or text in each.orders)
    return ProposalPage(*sorted_part(fitting, SORTED, sort, after, limit))


async def proposal_of(reads: Reads, order: str, name: str) -> Proposal | None:
    """What one order could be packed with, by its consignee's name."""
    found = _grouped(await reads.read("orders.mergeable_of", (name,)))
    return next((each for each in found if order in each.orders and not each.merged), None)


def _grouped(rows: Iterable[Mapping[str, Any]]) -> Iterable[Proposal]:
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        address = msgspec.json.decode(row["ship_to"], type=Address)
        groups.setdefault(destination(address, row["service"], row["warehouse"]), []).append(row)
    for group in groups.values():
        if len(group) > 1:
            address = msgspec.json.decode(group[0]["ship_to"], type=Address)
            merged = {row["merged_into"] for row in group}
            yield Proposal(
                tuple(row["order_id"] for row in group),
                address.name,
                address.city,
                address.country,
                group[0]["service"],
                len(merged) == 1 and merged != {""},
            )
