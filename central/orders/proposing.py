"""Orders that could go in one parcel, for a person to accept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from central.orders.merging import destination
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


async def proposals(reads: Reads) -> tuple[Proposal, ...]:
    """All there are, by consignee."""
    return tuple(each for each in _grouped(await reads.read("orders.mergeable")) if not each.merged)


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
