"""Orders as the REST interface and the pages show them."""

from __future__ import annotations

from msgspec import Struct

from central.intake.report import Rejected
from central.orders.accepting import Outcome
from central.orders.model import Complaint, Contact, Note
from central.orders.quantities import Quantities
from central.orders.status import Status
from central.orders.urgency import Priority
from central.payments.answers import Paid
from central.payments.model import State
from central.policy.model import Paper
from central.shipping.answers import ParcelSummary
from central.shops.model import Difference
from central.tracking.answers import TimelineEntry
from contract.values import Address, PhotoPolicy


class OrderSummary(Struct, frozen=True):
    """An order in a list. Money in minor units, moments in milliseconds since the epoch."""

    order: str
    placed_at: int
    status: Status
    name: str
    city: str
    country: str
    payment: State
    currency: str
    total: int
    service: str
    source: str
    pieces: int
    """Ordered and not cancelled."""
    packed: int
    shipped: int
    held: tuple[Complaint, ...]
    promised_at: int | None
    priority: Priority
    version: int
    """Grows with each change of a person or a shop: say it when many orders are changed at once."""


class OrderPage(Struct, frozen=True):
    """One page of orders, newest first."""

    items: tuple[OrderSummary, ...]
    next: str | None
    """Give it as `after` to get the next page; null on the last one."""


class OrderLine(Quantities, Struct, frozen=True):
    """A line and where its pieces are."""

    line: int
    sku: str
    name: str
    ordered: int
    unit_price: int
    reserved: int
    packed: int
    shipped: int
    delivered: int
    returned: int
    cancelled: int
    picture: str = ""
    supplier: str = ""
    """Who sends it to the customer; empty: we do."""
    supplier_ordered: int = 0
    supplier_reference: str = ""


class OrderAnswer(Struct, frozen=True):
    """All that is known of an order."""

    order: str
    status: Status
    placed_at: int
    ship_to: Address
    contact: Contact
    payment: Paid
    currency: str
    total: int
    service: str
    gift_note: str
    notes: tuple[Note, ...]
    tote: str
    warehouse: str
    """From where it is promised and packed."""
    pick_list: str
    photo: PhotoPolicy | None
    """Whether its open boxes are photographed; null: as its service says."""
    promised_at: int | None
    source: str
    held: tuple[Complaint, ...]
    lines: tuple[OrderLine, ...]
    parcels: tuple[ParcelSummary, ...]
    timeline: tuple[TimelineEntry, ...]
    created_at: int
    changed_at: int
    version: int
    """Grows with each change of a person or a shop; give it as If-Match to be sure of what you change."""
    merged_with: tuple[str, ...]
    """The orders that are packed as one with this one, itself among them; empty: it goes alone."""
    priority: Priority
    priority_reason: str
    rules: tuple[str, ...]
    """The house's rules that act on it."""
    documents: tuple[Paper, ...]
    """What the bench that works on it prints, as rules ask."""
    proposed: Address | None
    """The address as the post and the label would take it, when they do not take it as it is."""
    due_at: int | None
    """By when it must be packed to leave in time; null when nothing says so."""
    differs: tuple[Difference, ...]
    """What the shop and the office both changed, and nobody has chosen about yet: until then it is held."""


class ImportReport(Struct, frozen=True):
    """What an import did. The rows that are not named here were taken."""

    created: int
    unchanged: int
    paid: int
    """Known orders that are paid now."""
    cancelled: int
    """Known orders that the shop has cancelled since."""
    rejected: tuple[Rejected, ...]

    @staticmethod
    def of(outcomes: list[Outcome], rejected: tuple[Rejected, ...]) -> ImportReport:
        return ImportReport(
            outcomes.count("created"),
            outcomes.count("unchanged"),
            outcomes.count("paid"),
            outcomes.count("cancelled"),
            rejected,
        )
