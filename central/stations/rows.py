"""Stations, receipts and set-aside payloads as the books hold them."""

from __future__ import annotations

from msgspec import Struct


class StationRow(Struct, frozen=True, gc=False):
    """What a station last said of itself."""

    station: str
    online: bool = False
    version: str = ""
    devices: str = "[]"
    """JSON of `contract.values.DeviceState`."""
    queued: int = 0
    badge: str = ""
    """Who is signed in."""
    configured: int = 0
    """Version of the last `Configure` that it was sent."""
    seen_at: int = 0
    troubles: str = "[]"
    """JSON of `contract.machine.MachineTrouble`."""
    wants: int = 0
    """So many orders it would have at hand, and the queue had fewer for it; 0: it has enough."""


class ReceivedRow(Struct, frozen=True, gc=False):
    """A fact that is booked for good, and what its receipt said."""

    message_id: str
    station: str
    sequence: int
    booked_at: int
    problem: str = ""


class ScaleCheckRow(Struct, frozen=True, gc=False):
    """One check weight on one scale; see `contract.messages.ScaleChecked`."""

    station: str
    scale: str
    at: int
    badge: str
    weight_g: int
    tolerance_g: int
    zero_g: int
    shown_g: int
    return_g: int
    empty_low_g: int
    empty_high_g: int
    passed: bool
    due_at: int


class AsideRow(Struct, frozen=True, gc=False):
    """A payload that could not be booked, kept for a person. `payload` is cut at `MOST_BYTES`."""

    topic: str
    reason: str
    payload: bytes
    size: int
    """Bytes of the whole payload."""
    at: int
