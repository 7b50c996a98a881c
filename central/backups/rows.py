"""Restorations as the books hold them."""

from __future__ import annotations

from msgspec import Struct


class RestorationRow(Struct, frozen=True, gc=False):
    """A copy took the place of the database."""

    restored_at: int
    """Milliseconds since the epoch; no two are alike."""
    taken_at: int
    """The moment that the database went back to."""
    copy: str
    by: str
