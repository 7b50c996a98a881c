"""Parcels, their lines and SSCC ranges as the books hold them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from central.stock.model import MAIN, Lot
from contract.keys import JobId, OrderId, Sku, Sscc
from contract.values import PackedLine


class ParcelRow(Struct, frozen=True, gc=False):
    """One closed parcel."""

    sscc: Sscc
    job_id: JobId
    number: int
    status: str
    """A `central.tracking.vocabulary.Status`: what the newest event said."""
    status_at: int
    orders: str
    """JSON list of order numbers."""
    contents: str
    """JSON of `contract.values.PackedLine`, scans included."""
    station: str
    badge: str
    box: str
    grams: int | None
    weighing: str
    """JSON of `contract.values.Weighing`, or empty."""
    overrides: str
    opened_at: int
    closed_at: int
    booked_at: int
    carrier: str
    tracking_number: str
    """Own-label parcels have their SSCC here; a manual number may come later and is empty until then."""
    token: str
    """The secret part of the customer's tracking link."""
    held: str = ""
    """Why it must not leave the house; empty when it may."""
    shipped_at: int | None = None
    delivered_at: int | None = None
    returned_at: int | None = None
    events: int = 0
    """Tracking events so far."""
    materials: str = "[]"
    """JSON list of the codes of filling and such."""
    warehouse: str = MAIN
    """Where it was packed."""
    photo: str = ""
    """JSON of `contract.values.Photo`; empty when no picture was wanted."""

    @property
    def packed_lines(self) -> tuple[PackedLine, ...]:
        return msgspec.json.decode(self.contents, type=tuple[PackedLine, ...])

    def lots_of(self, order: OrderId, line: int, sku: Sku) -> dict[str, int]:
        """Of which lots its pieces of an order line are, as far as that was told."""
        return lots_in(each for each in self.packed_lines if (each.order, each.line, each.sku) == (order, line, sku))

    @property
    def order_ids(self) -> tuple[OrderId, ...]:
        return msgspec.json.decode(self.orders, type=tuple[OrderId, ...])


def lots_in(packed: Iterable[PackedLine]) -> dict[str, int]:
    """How many pieces of each lot were told."""
    told: dict[str, int] = {}
    for trace in (each for line in packed for each in line.traces):
        if lot := Lot.of(trace.lot, trace.expiry).name:
            told[lot] = told.get(lot, 0) + trace.quantity
    return told


class ParcelLineRow(Struct, frozen=True, gc=False):
    """Pieces of an order line in a parcel."""

    order_id: OrderId
    line: int
    sscc: Sscc
    sku: Sku
    quantity: int
    counted: int
    """How many of them the order line counts as packed; fewer than `quantity` when more was packed than ordered."""


class TraceRow(Struct, frozen=True, gc=False):
    """Pieces of an order line in a parcel whose origin is known. Kept as told, also when the parcel is taken apart."""

    sscc: Sscc
    order_id: OrderId
    line: int
    number: int
    """Counts the line's traces in the parcel."""
    sku: Sku
    quantity: int
    lot: str
    serial: str
    expiry: str

    @property
    def item(self) -> str:
        """The one piece in the world that has this number, as `Keys.items` names it."""
        return item_key(self.sku, self.serial)


def item_key(sku: Sku, serial: str) -> str:
    return f"{sku}\n{serial}"


class CarrierLabelRow(Struct, frozen=True, gc=False):
    """The file of a carrier's label, as somebody brought it."""

    sscc: Sscc
    carrier: str
    tracking_number: str
    form: str
    """`zpl`, `png` or `pdf`."""
    dpi: int
    codes: str
    """JSON list of what its barcodes read, where that is not the tracking number."""
    sha256: str
    size: int
    """Bytes."""
    file: str
    """Base64."""
    kept_by: str
    kept_at: int


class SsccRangeRow(Struct, frozen=True, gc=False):
    """Serials that were given to a station and are never given again."""

    prefix: str
    first: int
    last: int
    station: str
    message_id: str
    """The ask that got them: a repeated ask gets the same serials."""
    leased_at: int
    of_day: int = 0
    """Serials leased on its day (UTC), these among them."""
