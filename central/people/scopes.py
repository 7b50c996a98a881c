"""What a person or a program may do: to read or to write in an area. Pure."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

Area: TypeAlias = Literal["orders", "stock", "parcels", "stations", "payments", "people", "problems", "settings"]
Scope: TypeAlias = Literal[
    "orders:read",
    "orders:write",
    "stock:read",
    "stock:write",
    "parcels:read",
    "parcels:write",
    "stations:read",
    "stations:write",
    "payments:read",
    "payments:write",
    "people:read",
    "people:write",
    "problems:read",
    "problems:write",
    "settings:read",
    "settings:write",
]
AREAS: Final[tuple[Area, ...]] = get_args(Area)
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
EVERYTHING: Final[frozenset[str]] = frozenset(SCOPES)
READING: Final[frozenset[str]] = frozenset(scope for scope in SCOPES if scope.endswith(":read"))
PUBLIC: Final = "public"
"""Instead of an area: everybody may ask, strangers included."""
_SAFE: Final = frozenset({"GET", "HEAD"})


def needed(area: str, method: str) -> str:
    """The scope that a request with this HTTP method needs."""
    return f"{area}:{'read' if method in _SAFE else 'write'}"
