"""Parcels as the REST interface and the pages show them."""

from __future__ import annotations

from msgspec import Struct

from central.tracking.answers import TimelineEntry, TrackingEvent
from contract.values import Override, PackedLine, Photo, Weighing


class ParcelSummary(Struct, frozen=True):
    """A parcel in a list."""

    sscc: str
    status: str
    orders: tuple[str, ...]
    number: int
    station: str
    badge: str
    box: str
    grams: int | None
    closed_at: int
    carrier: str
    tracking_number: str
    held: str
    status_at: int
    """Since when it has its status."""


class ParcelResult(Struct, frozen=True):
    """What became of one parcel of many."""

    sscc: str
    done: bool
    status: str
    """Afterwards; empty when there is no such parcel."""
    text: str = ""
    """Why it was not done."""


class ParcelResults(Struct, frozen=True):
    """One for each that was named, in that order."""

    items: tuple[ParcelResult, ...]


class ParcelPage(Struct, frozen=True):
    """One page of parcels, newest first."""

    items: tuple[ParcelSummary, ...]
    next: str | None


class LabelAnswer(Struct, frozen=True):
    """A label that its carrier made; the file is at `/api/parcels/{sscc}/carrier-label`."""

    carrier: str
    tracking_number: str
    form: str
    """`zpl`, `png` or `pdf`."""
    dpi: int
    sha256: str
    size: int
    """Bytes."""
    kept_by: str
    kept_at: int


class ParcelAnswer(Struct, frozen=True):
    """All that is known of a parcel."""

    sscc: str
    status: str
    orders: tuple[str, ...]
    number: int
    contents: tuple[PackedLine, ...]
    weighing: Weighing | None
    overrides: tuple[Override, ...]
    station: str
    badge: str
    box: str
    grams: int | None
    opened_at: int
    closed_at: int
    booked_at: int
    carrier: str
    tracking_number: str
    carrier_label: LabelAnswer | None
    """Null for a parcel without one."""
    materials: tuple[str, ...]
    """Codes of filling and such, each as often as it was scanned."""
    photo: Photo | None
    """Of the open box; the file is at `/api/parcels/{sscc}/photo` once the station has delivered it."""
    tracking_path: str
    """The customer's page, below this server's address."""
    held: str
    events: tuple[TrackingEvent, ...]
    timeline: tuple[TimelineEntry, ...]
