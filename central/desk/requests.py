"""Requests that carry a key of their own: each is carried out once, and answered alike however often it comes."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

KEPT_FOR_MS: Final = 48 * 3600 * 1000
"""How long an answer is remembered at least; the newest are remembered longer. A forgotten key is a new request."""
ALWAYS_KEPT: Final = 1_000
"""So many of the newest are kept however old the clock makes them: it may have jumped."""


class RequestRow(Struct, frozen=True, gc=False):
    """A request that was carried out."""

    name: str
    """Who asked, and the key."""
    digest: str
    """Of method, address and body: another request under the same key is refused."""
    answer: str
    """JSON of what was answered."""
    at: int
