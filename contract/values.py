"""Values that messages carry. Units: grams (milligrams where a product's own mass is meant), millimetres,
milliseconds since the epoch."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from contract.keys import JobId, OrderId, Sku

Role = Literal["packer", "lead", "office", "admin"]
"""A lead and an admin may let pass what a bench has stopped."""
Language = Literal["fr", "en"]
"""The languages that screens speak."""
Policy = Literal["scan", "scan_where_possible", "manual"]
"""How a product must be verified; a typed quantity under `scan_where_possible` is an override with a name."""
CodeKind = Literal["gtin", "sku", "in_store"]
InstructionKind = Literal["instruction", "gift_note", "insert", "condition"]
Scope = Literal["order", "parcel", "item"]
ShortKind = Literal["missing", "damaged"]
ShortPolicy = Literal["back_order", "cancel"]
PrintedDocument = Literal[
    "label", "carrier_label", "return_label", "slip", "return_form", "delivery_note", "pick_list", "test"
]
ReturnPolicy = Literal["none", "form", "label_and_form"]
"""What a parcel carries for sending things back."""
TraceKind = Literal["lot", "serial", "expiry"]
"""What must be known of each piece of a product that is traced."""
PhotoPolicy = Literal["never", "wanted", "required"]
"""Whether a picture of the open box is kept with the parcel; without a required one only a lead lets it pass."""
Proof = Literal["scan", "tick", "typed"]
"""How an item was verified; anything but `scan` is an override."""


class Person(Struct, frozen=True):
    """Somebody with a badge. `badge` is the scanned text without its `BADGE-` prefix."""

    badge: str
    name: str
    role: Role = "packer"
    language: Language = "fr"


class Address(Struct, frozen=True):
    """A postal address as it goes on a label: no phone, no e-mail; those stay in central."""

    name: str
    lines: tuple[str, ...]
    """Street and its complements, 1 to 4 lines."""
    postcode: str
    city: str
    country: str
    """ISO 3166-1 alpha-2."""
    company: str = ""
    region: str = ""


class ItemCode(Struct, frozen=True):
    """One code that names a product.

    `gtin` has 14 digits; `in_store` is the 7-digit head of a GTIN-13 that begins with 2 (item reference
    without price or mass); `sku` is any other text, compared without regard to case.
    """

    code: str
    kind: CodeKind = "gtin"
    quantity: int = 1
    """Pieces that one scan counts: 12 for a case of 12."""


class UnitMass(Struct, frozen=True):
    """Mass of one piece: mean and standard deviation, in milligrams."""

    mean_mg: int
    spread_mg: int
    seen: int = 0
    """Pieces that both were learned from: the mean itself is unsure by `spread / √seen`. 0: as on file."""


class Instruction(Struct, frozen=True):
    """Something that the packer reads and confirms, once per order, per parcel or per item."""

    instruction: str
    """Its name, unique within the job."""
    text: str
    kind: InstructionKind = "instruction"
    scope: Scope = "order"
    line: int | None = None
    """The line that it belongs to when `scope` is `item`."""
    code: str = ""
    """The code that confirms it (an insert's own barcode); empty: the command CONFIRM or a touch."""
    order: OrderId | None = None
    """Whose line it is, in a job of several orders."""


class JobLine(Struct, frozen=True):
    """What is still to be packed of one order line."""

    order: OrderId
    line: int
    sku: Sku
    name: str
    quantity: int
    codes: tuple[ItemCode, ...] = ()
    mass: UnitMass | None = None
    """None when nobody has weighed one yet: the parcel cannot be checked by mass."""
    policy: Policy = "scan"
    picture: str = ""
    """File name under central's `/pictures/`; empty when there is none."""
    fragile: bool = False
    requires: tuple[TraceKind, ...] = ()
    """Read from the item's code, or asked for."""
    size: tuple[int, int, int] | None = None
    """Of one piece, in millimetres; None when nobody measured one."""


class Trace(Struct, frozen=True, omit_defaults=True):
    """Where pieces come from: their lot, their own serial number, their expiry date. Empty: not known."""

    quantity: int = 1
    lot: str = ""
    serial: str = ""
    expiry: str = ""
    """YYYY-MM-DD; day 00 is the month's last day."""


class PackedLine(Struct, frozen=True):
    """Pieces of one order line in one parcel."""

    order: OrderId
    line: int
    sku: Sku
    quantity: int
    scans: tuple[str, ...] = ()
    """The scanned texts that prove it, in order; fewer than `quantity` with case codes and overrides."""
    proof: Proof = "scan"
    """The weakest proof among the pieces."""
    traces: tuple[Trace, ...] = ()
    """Of the pieces that something is known of; fewer than `quantity` when not all are traced."""


class Box(Struct, frozen=True):
    """A box that a shop packs in. `code` is what its barcode says."""

    code: str
    name: str
    tare_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    """Inner dimensions."""
    max_g: int = 30_000


class Service(Struct, frozen=True):
    """How the parcel travels, as its label names it."""

    carrier: str
    """`own` (Packline's own label is the carrier's) or `manual` (number entered later), or a driver's name."""
    name: str
    max_g: int = 30_000
    max_length_mm: int = 0
    """0: no limit."""
    max_girth_mm: int = 0
    """Longest side and the tape around the other two together; 0: no limit."""
    brackets_g: tuple[int, ...] = ()
    """Masses above which the next price begins."""
    near_g: int = 20
    """So little above a bracket that the packer is told before the label is printed."""


class Job(Struct, frozen=True):
    """One packing job, leased to one station: everything that the bench needs with no network."""

    job: JobId
    fence: int
    """Grows with each lease of the job: central knows a stale station by it."""
    orders: tuple[OrderId, ...]
    """One order, or several of one consignee that go into one parcel."""
    consignee: Address
    sender: Address
    lines: tuple[JobLine, ...]
    service: Service
    language: Language = "fr"
    """The customer's, for the packing slip."""
    instructions: tuple[Instruction, ...] = ()
    short_policy: ShortPolicy = "back_order"
    box: str = ""
    """Code of the box to start with; the packer may scan another."""
    in_hand: tuple[PackedLine, ...] = ()
    """What an earlier station had scanned into the open parcel when it suspended."""
    parcels_closed: int = 0
    confirmed: tuple[str, ...] = ()
    """Instructions that were confirmed before the job was suspended."""
    codes: tuple[str, ...] = ()
    """Other codes that open this job: tote, pick list, SSCCs of parcels that were packed of it."""
    contact: str = ""
    """How the customer reaches the shop, for the packing slip: e-mail, telephone or web page."""
    returns: ReturnPolicy = "none"
    returns_within_days: int = 14
    photo: PhotoPolicy = "never"
    box_masses: dict[str, UnitMass] = {}
    """What boxes weigh with their filling and tape, by code, once enough were seen; others as on file."""


class Ahead(Struct, frozen=True):
    """On what terms a job is lent that nobody at the bench has asked for yet, and its place in the queue."""

    lasts_s: int
    """So long after it came it may be opened; then it is central's again. Opened, it stays."""
    priority: int = 0
    """The highest is packed first; then what is due first, then what was placed first."""
    due_at: int = 0
    placed_at: int = 0


class HeldJob(Struct, frozen=True):
    """A lease as the station has it."""

    job: JobId
    fence: int
    opened: bool = False


class StockItem(Struct, frozen=True):
    """A product as a bench must know it to count or receive it."""

    sku: Sku
    name: str
    codes: tuple[ItemCode, ...] = ()
    policy: Policy = "scan"
    picture: str = ""
    fragile: bool = False
    requires: tuple[TraceKind, ...] = ()
    bin: str = ""
    """Where it usually lies; empty when it has no place."""


class CountSpot(Struct, frozen=True):
    """Where pieces of one product and lot are to be counted; both empty where they lie loose."""

    sku: Sku
    bin: str = ""
    lot: str = ""
    counted: bool = False
    """Somebody has counted it already."""
    expected: int | None = None
    """What the books have; None in a blind count."""


class CountTask(Struct, frozen=True):
    """A count job, lent to a station with all that it needs with no network. Several stations may have it at once."""

    count: str
    what: str
    """In people's words."""
    warehouse: str
    spots: tuple[CountSpot, ...]
    items: tuple[StockItem, ...]
    """The products of `spots`."""


class DueLine(Struct, frozen=True):
    """Pieces of one product that a supplier owes, and what has come of them."""

    sku: Sku
    expected: int
    received: int = 0


class DueDelivery(Struct, frozen=True):
    """A supplier's delivery, lent to a station with all that it needs with no network. Several may have it at once."""

    delivery: str
    supplier: str
    """In people's words."""
    warehouse: str
    lines: tuple[DueLine, ...]
    items: tuple[StockItem, ...]
    """The products of `lines`, in their order."""
    bins: tuple[str, ...] = ()
    """Bins of the warehouse that are known to exist."""


class FoundPieces(Struct, frozen=True, omit_defaults=True):
    """Pieces of one product and lot that were counted in one bin, by the scans that prove them."""

    sku: Sku
    quantity: int
    lot: str = ""
    expiry: str = ""
    """YYYY-MM-DD; day 00 is the month's last."""
    scans: tuple[str, ...] = ()
    """Empty when the quantity was typed, or nothing was there."""


class ArrivedPieces(Struct, frozen=True, omit_defaults=True):
    """Pieces of one product and lot that came, by the scans that prove them."""

    sku: Sku
    quantity: int
    lot: str = ""
    expiry: str = ""
    """YYYY-MM-DD; day 00 is the month's last."""
    serials: tuple[str, ...] = ()
    scans: tuple[str, ...] = ()
    """Empty when the quantity was typed."""


class Weighing(Struct, frozen=True):
    """The weight that a parcel was accepted with, and why."""

    grams: int
    at: int
    scale: str
    raw: str
    """The scale's frame, escaped."""
    expected_g: int | None = None
    """None when a product's mass is unknown."""
    tolerance_g: int | None = None
    division_g: int = 1
    """What the scale rounds to."""


class Override(Struct, frozen=True):
    """Somebody let something pass."""

    kind: Literal["weight", "typed_quantity", "tick", "label_scan", "scale", "photo"]
    badge: str
    reason: str


class Photo(Struct, frozen=True):
    """The picture of a parcel's open box. The file itself travels in pieces on the station's topic `photo`."""

    sha256: str
    """Of the JPEG, 64 hexadecimal digits; empty when there is none."""
    at: int
    camera: str = ""
    size: int = 0
    """Bytes."""
    missing: str = ""
    """Why there is none, though one was wanted."""
    missing_fr: str = ""


class SsccRange(Struct, frozen=True):
    """SSCC serials leased to one station: `first` to `last`, both included, under `prefix`."""

    prefix: str
    first: int
    last: int


class Receipt(Struct, frozen=True):
    """Central has this message for good; the station forgets it."""

    message: str
    problem: str = ""
    """What central found wrong with it, for the packer; empty nearly always."""


class DeviceState(Struct, frozen=True):
    """One device as the station reports it. `kind` and `health` are `station.devices.ports` values."""

    name: str
    kind: str
    health: str
    detail: str = ""


class StockLevel(Struct, frozen=True):
    """Pieces of one product: on the shelf, promised, free, and packed but not shipped."""

    on_hand: int
    reserved: int
    available: int
    packed: int


class LineQuantities(Struct, frozen=True):
    """Where the pieces of one order line are. Status follows from these."""

    line: int
    sku: Sku
    ordered: int
    reserved: int = 0
    packed: int = 0
    shipped: int = 0
    delivered: int = 0
    returned: int = 0
    cancelled: int = 0
