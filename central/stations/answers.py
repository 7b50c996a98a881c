"""Stations as the REST interface and the pages show them."""

from __future__ import annotations

from msgspec import Struct

from contract.messages import Progress
from contract.values import DeviceState


class StationAnswer(Struct, frozen=True):
    """A station as it last spoke, and what its bench is doing now."""

    station: str
    online: bool
    version: str
    devices: tuple[DeviceState, ...]
    queued: int
    """Facts that central has not received yet, as the station counted them."""
    badge: str
    """Who is signed in."""
    seen_at: int
    progress: Progress | None = None


class StationList(Struct, frozen=True):
    """Every station that ever spoke, by name."""

    items: tuple[StationAnswer, ...]
