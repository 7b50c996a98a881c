"""Tracking events, timeline entries and problems as the books hold them."""

from __future__ import annotations

from msgspec import Struct

from contract.keys import Sscc


class TrackingRow(Struct, frozen=True, gc=False):
    """Something that happened to a parcel."""

    sscc: Sscc
    number: int
    """1 for the parcel's first event."""
    status: str
    """A `central.tracking.vocabulary.Status`."""
    at: int
    recorded_at: int
    source: str
    """`station`, `office` or a carrier's name."""
    text: str = ""
    place: str = ""


class TimelineRow(Struct, frozen=True, gc=False):
    """What happened, when, where, by whom."""

    subject: str
    """`order/1001`, `parcel/034…`, `product/B-17`, `station/pack-1`."""
    at: int
    what: str
    """A stable name: `parcel_closed`, `label_printed`, `order_paid` …"""
    station: str = ""
    by: str = ""
    """Badge of a packer, or the name of an office user."""
    text: str = ""
    """What a person should know beyond `what`: an SSCC, a reason, a quantity."""


class ProblemRow(Struct, frozen=True, gc=False):
    """Something that a person in the office must look at."""

    kind: str
    text: str
    at: int
    station: str = ""
    badge: str = ""
    order_id: str = ""
    sscc: str = ""
    sku: str = ""
