"""Orders as the books hold them: one row per order, one per line. JSON columns stay text until somebody needs them."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import Struct

from central.orders.model import Complaint, Note
from central.orders.quantities import Quantities
from central.payments.model import SETTLED
from central.policy.model import Actions
from central.stock.model import MAIN
from contract.keys import OrderId, Sku
from contract.values import Address, LineQuantities

NEVER: Final = 9_000_000_000_000_000
"""Later than every moment: the end of the queue."""


class OrderRow(Struct, frozen=True, gc=False):
    """One order. The field order is the column order of `orders.load` and `orders.write`."""

    order_id: OrderId
    placed_at: int
    ship_to: str
    """JSON of a `contract.values.Address`."""
    status: str = "open"
    """Follows from the lines' quantities and the fields below; set by `central.orders.status` alone."""
    name: str = ""
    """Of the consignee, for searching."""
    email: str = ""
    phone: str = ""
    language: str = "fr"
    payment: str = "awaiting"
    """A `central.payments.model.State`; follows from the payments and the total."""
    payment_method: str = ""
    payment_reference: str = ""
    paid_amount: int = 0
    """All that ever came."""
    refunded_amount: int = 0
    currency: str = "EUR"
    total: int = 0
    service: str = ""
    gift_note: str = ""
    notes: str = "[]"
    """JSON list of `central.orders.model.Note`."""
    tote: str = ""
    pick_list: str = ""
    promised_at: int | None = None
    source: str = "rest"
    held: str = "[]"
    """JSON list of `central.orders.model.Complaint`; `[]` when the order is not held."""
    cancelled: bool = False
    """Nothing more of it will be packed."""
    content: str = ""
    """Digest of what the shop sent: the same order twice changes nothing, another content is a conflict."""
    created_at: int = 0
    changed_at: int = 0
    version: int = 1
    """Grows with each change of a person or a shop: see `central.orders.rules.changed`."""
    warehouse: str = MAIN
    """From where it is promised and packed."""
    routed_by: str = ""
    """Who chose the warehouse; empty: the rule did."""
    priority: int = 0
    """Of `central.orders.urgency`: the higher, the sooner."""
    priority_reason: str = ""
    ready_at: int | None = None
    """Since when it may be packed; None while something stops it. Set by `central.orders.status` alone."""
    due_at: int = NEVER
    """By when it must be packed to leave in time; `NEVER` when nothing says so. Set by `central.orders.status`."""
    pays_by: str = ""
    """How the customer means to pay, in the shop's words; empty: nobody told."""
    photo: str = ""
    """A `contract.values.PhotoPolicy`; empty: as its service says."""
    merged_into: OrderId = OrderId("")
    """The first of the orders that it is packed together with, maybe itself; empty: it goes alone."""
    decided: str = ""
    """JSON of `central.policy.model.Actions`: what rules make of it; empty when none acts."""

    @property
    def actions(self) -> Actions:
        """What rules make of it."""
        return msgspec.json.decode(self.decided, type=Actions) if self.decided else Actions()

    @property
    def is_held(self) -> bool:
        return self.held != "[]"

    @property
    def is_paid(self) -> bool:
        """As far as packing asks."""
        return self.payment in SETTLED

    @property
    def awaits_money(self) -> bool:
        """As the list of orders that incoming money is proposed for."""
        return self.payment in ("awaiting", "partly_paid") and not self.cancelled

    @property
    def owed(self) -> int:
        """What is still to come, in minor units."""
        return max(0, self.total - self.paid_amount)

    @property
    def address(self) -> Address:
        return msgspec.json.decode(self.ship_to, type=Address)

    @property
    def reasons(self) -> tuple[Complaint, ...]:
        """Why it is held."""
        return msgspec.json.decode(self.held, type=tuple[Complaint, ...])

    @property
    def noted(self) -> tuple[Note, ...]:
        return msgspec.json.decode(self.notes, type=tuple[Note, ...])


class LineRow(Quantities, Struct, frozen=True, gc=False):
    """One order line.

    Held true: shipped ≤ packed ≤ ordered − cancelled, delivered ≤ shipped, reserved ≤ what is left to pack.
    """

    order_id: OrderId
    line: int
    sku: Sku
    ordered: int
    name: str = ""
    unit_price: int = 0
    reserved: int = 0
    packed: int = 0
    shipped: int = 0
    delivered: int = 0
    returned: int = 0
    cancelled: int = 0
    supplier: str = ""
    """Who sends it to the customer; empty: we do, from our own shelf."""
    supplier_ordered: int = 0
    """Pieces that were ordered from the supplier."""
    supplier_reference: str = ""
    """The supplier's order or tracking number."""

    @property
    def quantities(self) -> LineQuantities:
        return LineQuantities(
            self.line,
            self.sku,
            self.ordered,
            self.reserved,
            self.packed,
            self.shipped,
            self.delivered,
            self.returned,
            self.cancelled,
        )
