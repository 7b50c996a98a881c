"""The pages in groups, as the bar at the top has them; who may not read a page does not see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple


class Link(NamedTuple):
    """A page and the scope that reading it needs."""

    path: str
    words: str
    scope: str


class Group(NamedTuple):
    """Pages that belong together. A group of one page has no second row."""

    words: str
    links: tuple[Link, ...]
    current: Link | None = None
    """The page of the group that is shown."""


GROUPS: Final = (
    Group("Today", (Link("/start", "Today", "orders:read"),)),
    Group(
        "Orders",
        (
            Link("/orders", "Orders", "orders:read"),
            Link("/queue", "Queue", "orders:read"),
            Link("/payments", "Payments", "payments:read"),
            Link("/documents", "Papers", "orders:read"),
            Link("/rules", "Rules", "orders:read"),
        ),
    ),
    Group(
        "Stock",
        (
            Link("/stock", "Stock", "stock:read"),
            Link("/deliveries", "Deliveries", "stock:read"),
            Link("/counts", "Counts", "counts:read"),
            Link("/lots", "Lots", "stock:read"),
        ),
    ),
    Group("Picking", (Link("/picking", "Picking", "picking:read"),)),
    Group("Parcels", (Link("/parcels", "Parcels", "parcels:read"),)),
    Group(
        "Stations",
        (Link("/stations", "Stations", "stations:read"), Link("/claims", "Certificates", "stations:read")),
    ),
    Group("Problems", (Link("/problems", "Problems", "problems:read"),)),
    Group(
        "Settings",
        (
            Link("/people", "People", "people:read"),
            Link("/tokens", "Tokens", "settings:read"),
            Link("/audit", "Audit trail", "people:read"),
        ),
    ),
)


def groups(here: str, may: Callable[[str], bool]) -> tuple[Group, ...]:
    """What a visitor sees who is at `here`."""
    seen = []
    for group in GROUPS:
        links = tuple(link for link in group.links if may(link.scope))
        if links:
            seen.append(Group(group.words, links, next((link for link in links if _is_at(here, link.path)), None)))
    return tuple(seen)


def _is_at(here: str, path: str) -> bool:
    return here == path or here.startswith(f"{path}/")
