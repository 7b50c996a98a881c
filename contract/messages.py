"""Every message. Facts are in the past tense, asks and orders in the imperative; each channel has one closed union.

A message evolves by adding fields with defaults. The tag (`type` in the JSON) is the class name.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from msgspec import Struct

from contract.keys import JobId, OrderId, Sku, Sscc
from contract.machine import MachineTrouble
from contract.papers import OfficePaper
from contract.values import (
    Ahead,
    ArrivedPieces,
    Box,
    CountTask,
    DeviceState,
    DueDelivery,
    FoundPieces,
    HeldJob,
    Job,
    LineQuantities,
    Override,
    PackedLine,
    Person,
    Photo,
    PrintedDocument,
    Receipt,
    ShortKind,
    SsccRange,
    StockLevel,
    Weighing,
)


class Message(Struct, frozen=True, tag=True):
    """Base of every message: its class name travels as `type`."""


# --- facts: station -> central, durable in the journal first, QoS 1 -------------------------------------------


class SignedIn(Message, frozen=True):
    """A badge was accepted at this station."""

    badge: str
    at: int


class SignedOut(Message, frozen=True):
    """A packer left, by badge or by idleness."""

    badge: str
    at: int
    idle: bool = False


class JobOpened(Message, frozen=True):
    """The station began to work on a job that it holds."""

    job: JobId
    fence: int
    badge: str
    at: int


class JobSuspended(Message, frozen=True):
    """The station put a job down; any station may go on from here."""

    job: JobId
    fence: int
    badge: str
    at: int
    in_hand: tuple[PackedLine, ...] = ()
    """Scanned into the open parcel, which stays unlabelled."""
    confirmed: tuple[str, ...] = ()


class JobFinished(Message, frozen=True):
    """Nothing of the job is left for this station: packed, or reported short."""

    job: JobId
    fence: int
    badge: str
    at: int


class JobReturned(Message, frozen=True):
    """The station gave a job back unworked, or stopped it because central withdrew it."""

    job: JobId
    fence: int
    badge: str
    at: int
    reason: str


class ShortReported(Message, frozen=True):
    """Pieces were not there or not fit to send; the job's policy back-orders or cancels them."""

    job: JobId
    order: OrderId
    line: int
    sku: Sku
    quantity: int
    kind: ShortKind
    badge: str
    at: int


class ParcelClosed(Message, frozen=True):
    """A parcel is packed, weighed, labelled, and its label was scanned on it. Whole by itself."""

    sscc: Sscc
    job: JobId
    fence: int
    number: int
    """1 for the first parcel of the job."""
    contents: tuple[PackedLine, ...]
    weighing: Weighing | None
    """None only when a lead let the parcel pass without a scale; then `overrides` says so."""
    badge: str
    opened_at: int
    closed_at: int
    box: str = ""
    box_tare_g: int = 0
    materials: tuple[str, ...] = ()
    """Codes of filling and other material that was scanned into the parcel, each time anew."""
    label_copy: int = 1
    """The copy that was scanned on the parcel."""
    overrides: tuple[Override, ...] = ()
    last: bool = False
    """No further parcel of this job is expected."""
    photo: Photo | None = None
    """None when nobody wanted one."""


class LabelPrinted(Message, frozen=True):
    """A document left the printer (confirmed by the printer, by a scan, or by the packer's word)."""

    print_id: str
    document: PrintedDocument
    at: int
    sscc: Sscc | None = None
    copy: int = 1
    reason: str = ""
    """Why it was printed again; empty for the first copy."""
    printer: str = ""
    """Where it came out, when the printer told."""


class DocumentTroubled(Message, frozen=True):
    """A paper that the office asked for is not known to be out; the text says why and what to do."""

    print_id: str
    outcome: Literal["failed", "uncertain"]
    """`failed`: not on paper; it is tried again when a printer gets well. `uncertain`: it may be on paper."""
    text: str
    at: int


class LabelVoided(Message, frozen=True):
    """A printed label will not be used: its parcel was taken apart or recalled."""

    sscc: Sscc
    job: JobId
    at: int
    badge: str
    reason: str


class ProblemRaised(Message, frozen=True):
    """Something that a person in the office should see."""

    kind: str
    """A stable name: `unknown_item`, `weight_mismatch`, `lead_called` …"""
    text: str
    at: int
    badge: str = ""
    job: JobId | None = None
    sscc: Sscc | None = None


class DeviceChanged(Message, frozen=True):
    """A device came, went or fell ill."""

    device: DeviceState
    at: int


class ScaleChecked(Message, frozen=True):
    """A check weight was put on a scale. The station has judged; the numbers let anybody judge again. Grams."""

    scale: str
    at: int
    badge: str
    weight_g: int
    """What the check weight weighs."""
    tolerance_g: int
    zero_g: int
    """What the empty platform showed before."""
    shown_g: int
    """What the scale showed for the check weight."""
    return_g: int
    """What the empty platform showed after."""
    passed: bool
    due_at: int
    """When the next check is due; at once after one that failed."""
    empty_low_g: int = 0
    """The least that the empty platform showed since the check before."""
    empty_high_g: int = 0


class StockCounted(Message, frozen=True):
    """All that a count asked for in one bin was counted there, at this moment. Whole by itself."""

    count: str
    bin: str
    """Empty for pieces that lie in no bin."""
    found: tuple[FoundPieces, ...]
    """Also what was looked for and not there: quantity 0."""
    badge: str
    at: int


class GoodsReceived(Message, frozen=True):
    """Goods of a supplier's delivery were put to a place. Whole by itself."""

    delivery: str
    bin: str
    """Empty for the products' own bins."""
    goods: tuple[ArrivedPieces, ...]
    badge: str
    at: int


class GoodsDamaged(Message, frozen=True):
    """Pieces of a supplier's delivery came broken: they were put aside and are not received."""

    delivery: str
    sku: Sku
    quantity: int
    badge: str
    at: int


class DeliveryEnded(Message, frozen=True):
    """Somebody at the station says that nothing more comes of a supplier's delivery."""

    delivery: str
    badge: str
    at: int


class DrawerOpened(Message, frozen=True):
    """A packer had the bench's drawer opened. What the drawer did of it is not known to the station."""

    drawer: str
    """The device that opens it."""
    at: int
    badge: str


Fact: TypeAlias = (
    SignedIn
    | SignedOut
    | JobOpened
    | JobSuspended
    | JobFinished
    | JobReturned
    | ShortReported
    | ParcelClosed
    | LabelPrinted
    | DocumentTroubled
    | LabelVoided
    | ProblemRaised
    | DeviceChanged
    | ScaleChecked
    | DrawerOpened
    | StockCounted
    | GoodsReceived
    | GoodsDamaged
    | DeliveryEnded
)


# --- asks: station -> central, QoS 1 with expiry; the answer comes to the inbox with the same correlation -----


NEXT_WORK: Final = "PK-WORK"
"""The code that asks for the next work of the queue, whichever order that is."""
COUNT_PREFIX: Final = "COUNT-"
DELIVERY_PREFIX: Final = "DELIVERY-"
"""Before a count's or a delivery's name: what its page shows to be scanned. Without it an order may have the name."""


class OpenWork(Message, frozen=True):
    """Lease me the job behind this code: order, tote, pick list, SSCC, tracking number, a product, or `NEXT_WORK`.

    Or lend me the count or the supplier's delivery with this name.
    """

    code: str
    badge: str = ""


class LeaseSscc(Message, frozen=True):
    """Give me this many more SSCCs."""

    count: int


class WhoIs(Message, frozen=True):
    """Whose badge is this? For badges that `Configure` did not name."""

    badge: str


class TellTime(Message, frozen=True):
    """What is the time at central? A station whose clock is far from it says so."""


class WhichLack(Message, frozen=True):
    """Which of these facts of mine does your database lack? Asked page by page after `CompareFacts`."""

    messages: tuple[str, ...]
    ranges: tuple[SsccRange, ...] = ()
    """The SSCCs that this station was leased, as far as it remembers: none of them may be leased again."""


class LendAhead(Message, frozen=True):
    """Lend me what comes next, to be packed with no network if need be. This is all that I hold: set it right."""

    most: int
    """So many unopened orders at most, with those that are held; 0: none, only compare."""
    held: tuple[HeldJob, ...] = ()
    settled: bool = False
    """Every fact of this station has its receipt."""


Ask: TypeAlias = OpenWork | LeaseSscc | WhoIs | TellTime | WhichLack | LendAhead


# --- inbox: central -> one station, QoS 1 ---------------------------------------------------------------------


class Receipts(Message, frozen=True):
    """Facts that central has booked; a repeated fact gets its first receipt again."""

    receipts: tuple[Receipt, ...]


class JobOffered(Message, frozen=True):
    """The job is leased to this station until it is finished, returned, suspended or withdrawn."""

    job: Job
    ahead: Ahead | None = None
    """None when the station has asked for this very job."""


class AheadLent(Message, frozen=True):
    """Answer to `LendAhead`: so many orders of the station are lent and not opened. Each came, or comes, by itself."""

    lent: int


class WorkComing(Message, frozen=True):
    """The work behind the code is lent to another station, which is asked to give it back: ask again at once."""

    code: str
    text: str
    """For the packer, when it does not come in time."""
    text_fr: str


class CountOffered(Message, frozen=True):
    """A count's bins that are not counted yet, lent to this station."""

    task: CountTask


class DeliveryOffered(Message, frozen=True):
    """A supplier's delivery, lent to this station."""

    delivery: DueDelivery


class WorkRefused(Message, frozen=True):
    """Nothing was leased for the code; the text says why and what to do."""

    code: str
    reason: Literal[
        "unknown",
        "held",
        "unpaid",
        "cancelled",
        "packed",
        "leased",
        "out_of_stock",
        "elsewhere",
        "none_waiting",
        "over",
    ]
    text: str
    text_fr: str


class JobWithdrawn(Message, frozen=True):
    """Stop: the order was edited or cancelled, or the job went elsewhere. The station answers `JobReturned`.

    For `wanted` (another station asks for it) and `expired` only a job that was lent ahead and is not opened is given
    back; one that is opened stays. `text` says why, to who works on it or may have fetched its goods; empty where that
    concerns nobody there.
    """

    job: JobId
    fence: int
    reason: Literal["cancelled", "edited", "stale", "wanted", "expired"]
    text: str
    text_fr: str


class SsccLeased(Message, frozen=True):
    """These serials are this station's alone. A repeat of one that it has changes nothing."""

    range: SsccRange


class BadgeKnown(Message, frozen=True):
    """Answer to `WhoIs`."""

    person: Person


class BadgeUnknown(Message, frozen=True):
    """Answer to `WhoIs`: nobody has this badge."""

    badge: str


class TimeTold(Message, frozen=True):
    """Answer to `TellTime`: central's clock as it answered."""

    at: int


class PhotoHeld(Message, frozen=True):
    """So much of a picture is on central's disk, from its beginning. Of the whole picture: for good."""

    sha256: str
    held: int


class MessageToPacker(Message, frozen=True):
    """A sentence from the office, shown until it is confirmed."""

    text: str
    text_fr: str = ""
    """The same in French; empty: there is `text` alone."""


class PrintDocument(Message, frozen=True):
    """Put this paper of the office on paper, once: the same `print_id` again is the same paper."""

    print_id: str
    document: OfficePaper
    reason: str = ""
    """Why it is printed again; empty for the first copy."""


class WithdrawDocument(Message, frozen=True):
    """Do not print it any more, unless its first byte has left."""

    print_id: str


class CompareFacts(Message, frozen=True):
    """Central's database was restored from a copy at this moment: ask `WhichLack` of your facts, tell what you hold."""

    restored_at: int


class FactsLacking(Message, frozen=True):
    """Answer to `WhichLack`: send these again."""

    messages: tuple[str, ...]


class Configure(Message, frozen=True):
    """What central decides for a station: people, boxes. Replaces what was there; sent on every connect."""

    version: int
    people: tuple[Person, ...] = ()
    boxes: tuple[Box, ...] = ()


InboxItem: TypeAlias = (
    Receipts
    | JobOffered
    | AheadLent
    | WorkComing
    | CountOffered
    | DeliveryOffered
    | WorkRefused
    | JobWithdrawn
    | SsccLeased
    | BadgeKnown
    | BadgeUnknown
    | TimeTold
    | PhotoHeld
    | MessageToPacker
    | PrintDocument
    | WithdrawDocument
    | CompareFacts
    | FactsLacking
    | Configure
)


# --- photo: station -> central; state and progress: station -> all ----------------------------------------------


class PhotoPiece(Message, frozen=True):
    """A part of a parcel's picture. Central answers each with `PhotoHeld`; without any bytes it only asks for that."""

    sha256: str
    size: int
    """Bytes of the whole picture."""
    offset: int
    data: bytes = b""
    """Base64 in the JSON."""


class StationState(Message, frozen=True):
    """Retained; the last will is the same with `online` false and nothing else known."""

    online: bool
    version: str = ""
    devices: tuple[DeviceState, ...] = ()
    queued: int = 0
    """Facts that have no receipt yet."""
    since: int = 0
    troubles: tuple[MachineTrouble, ...] = ()
    """What is wrong with the station's computer."""
    restored_at: int | None = None
    """The restoration of central's database that this station has compared its facts with; -1: it is about to. None: an
    older station, which cannot."""
    configured: int | None = None
    """`Configure.version` of what this station goes by; 0: nothing yet. None: an older station, which does not say."""
    forgotten_at: int | None = None
    """When the broker last did not know this station as it connected: what waited there for it is lost. None: it always
    did."""


class Progress(Message, frozen=True):
    """What the bench is doing now, for the office's live page. Not durable."""

    phase: str
    sentence: str
    at: int
    badge: str = ""
    orders: tuple[OrderId, ...] = ()
    packed: int = 0
    to_pack: int = 0
    grams: int | None = None


# --- news: central -> anyone, retained until a day after its end ---------------------------------------------


class OrderNews(Message, frozen=True):
    """Where an order stands."""

    order: OrderId
    status: str
    lines: tuple[LineQuantities, ...]
    at: int


class ParcelNews(Message, frozen=True):
    """Where a parcel stands."""

    sscc: Sscc
    orders: tuple[OrderId, ...]
    status: str
    grams: int | None
    tracking_number: str
    at: int


class StockNews(Message, frozen=True):
    """How much of a product there is."""

    sku: Sku
    level: StockLevel
    at: int


News: TypeAlias = OrderNews | ParcelNews | StockNews
