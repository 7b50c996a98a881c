"""What a person or a program may do: to read or to write in an area; and which role may do what. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, get_args

from contract.values import Role

Area: TypeAlias = Literal[
    "orders", "stock", "counts", "parcels", "stations", "payments", "picking", "people", "problems", "settings"
]
Scope: TypeAlias = Literal[
    "orders:read",
    "orders:write",
    "stock:read",
    "stock:write",
    "counts:read",
    "counts:write",
    "parcels:read",
    "parcels:write",
    "stations:read",
    "stations:write",
    "payments:read",
    "payments:write",
    "picking:read",
    "picking:write",
    "people:read",
    "people:write",
    "problems:read",
    "problems:write",
    "settings:read",
    "settings:write",
]
"""What a token may be given."""
AREAS: Final[tuple[Area, ...]] = get_args(Area)
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
OWN: Final = "own"
"""Instead of an area: what every person may do who is signed in, with what is their own."""
PUBLIC: Final = "public"
"""Instead of an area: everybody may ask, strangers included."""
OWN_SCOPES: Final = frozenset({"own:read", "own:write"})
EVERYTHING: Final[frozenset[str]] = frozenset(SCOPES) | OWN_SCOPES


def _of(*areas: Area, reading: tuple[Area, ...] = ()) -> frozenset[str]:
    both = {f"{area}:{way}" for area in areas for way in ("read", "write")}
    return OWN_SCOPES | both | {f"{area}:read" for area in reading}


OF_ROLE: Final[Mapping[Role, frozenset[str]]] = {
    "packer": _of("picking"),
    "lead": _of("picking", "counts", "problems", reading=("orders", "stock", "parcels", "stations")),
    "office": _of("orders", "stock", "counts", "parcels", "stations", "payments", "picking", "problems"),
    "admin": EVERYTHING,
}
_SAFE: Final = frozenset({"GET", "HEAD"})


def needed(area: str, method: str) -> str:
    """The scope that a request with this HTTP method needs."""
    return f"{area}:{'read' if method in _SAFE else 'write'}"
