"""Batches, their orders and their tasks as the books hold them."""

from __future__ import annotations

from msgspec import Struct

from contract.keys import OrderId, Sku


class BatchRow(Struct, frozen=True, gc=False):
    """Orders that are picked together."""

    batch: str
    kind: str
    """A `central.picking.model.BatchKind`."""
    warehouse: str
    state: str
    """A `central.picking.model.BatchState`."""
    begun_by: str
    begun_at: int
    ended_at: int | None = None


class BatchOrderRow(Struct, frozen=True, gc=False):
    """An order of a batch and the tote that takes its pieces."""

    batch: str
    order_id: OrderId
    place: int
    """Counts the batch's orders: how pickers call them."""
    tote: str = ""
    is_open: bool = True
    """While it is, no other batch may have the order."""


class TaskRow(Struct, frozen=True, gc=False):
    """Pieces of one order line in one bin."""

    batch: str
    task: int
    """In the order of the walk."""
    order_id: OrderId
    line: int
    sku: Sku
    bin: str
    lot: str
    quantity: int
    picked: int = 0
    ticked: int = 0
    """How many of them by a touch, without a scan."""
    short: int = 0
    """Not there, or not fit to send."""
    picker: str = ""
    """Who fetches it; empty until somebody does."""
    settled_at: int | None = None
    """When nothing of it was left to fetch."""

    @property
    def left(self) -> int:
        return self.quantity - self.picked - self.short
