"""Where a bench can be: one closed union. A state that cannot be is not written here."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from contract.keys import JobId, OrderId, Sscc
from contract.papers import PackingSlip
from contract.values import CountTask, DueDelivery, Instruction, Person, ShortKind, StockItem, TraceKind, Weighing
from labels.documents import LogisticLabel
from station.work.load import Piece, Work
from station.work.weighing import Change


class Phase(Struct, frozen=True, tag=True):
    """Base of all phases; the class name travels as `type`."""


class SignedOut(Phase, frozen=True):
    """Nobody is at the bench, and no job is."""


class Idle(Phase, frozen=True):
    """A packer without a job."""

    packer: Person


class Opening(Phase, frozen=True):
    """The job behind the code was asked for."""

    packer: Person
    code: str
    since: int = 0
    scanned: str = ""
    """As the scanner gave it: with the lot, serial number or expiry date that `code` leaves out."""
    given_back: tuple[tuple[JobId, int], ...] = ()
    """Leases that were given back meanwhile: what is still on its way to be opened under one is asked for anew."""


class CheckingScale(Phase, frozen=True):
    """A packer without a job checks the scale with its check weight."""

    packer: Person
    step: Literal["empty", "weight", "return"]
    """The platform is to be empty, then to hold the weight, then to be empty again."""
    seen_g: int | None = None
    """What has stood on the platform since `seen_at`."""
    seen_at: int = 0
    zero_g: int = 0
    shown_g: int = 0


class Instructing(Phase, frozen=True):
    """Something must be read and confirmed before the work goes on."""

    packer: Person
    work: Work
    instruction: Instruction


class Packing(Phase, frozen=True):
    """Items are scanned into the open parcel."""

    packer: Person
    work: Work


class Halt(Struct, frozen=True):
    """Why a right weight gets no label yet: beyond a limit, or just beyond a price bracket."""

    kind: Literal["service", "box", "bracket"]
    weighing: Weighing
    limit_g: int


class OnScale(Phase, frozen=True):
    """The parcel is full, or the packer wants to close it: its weight is awaited."""

    packer: Person
    work: Work
    since: int
    unmoved_g: int | None = None
    """What the platform has shown ever since: a parcel that is packed on the scale still gets its last item."""
    wrong_weight: Weighing | None = None
    """The weight that was refused, with what was expected; None while none was."""
    finding: tuple[Change, ...] = ()
    """What most likely explains the refused weight; empty when nothing does."""
    halt: Halt | None = None
    """A right weight that is beyond a limit or bracket."""


class Unnumbered(Phase, frozen=True):
    """The weight is accepted and no SSCC is left: the label waits for serials from central."""

    packer: Person
    work: Work
    weighing: Weighing | None


class Unpictured(Phase, frozen=True):
    """The weight is accepted, and the job requires a picture that is not there yet."""

    packer: Person
    work: Work
    weighing: Weighing | None


class Labelling(Phase, frozen=True):
    """The label is printed or printing; its scan on the parcel closes the parcel."""

    packer: Person
    work: Work
    weighing: Weighing | None
    label: LogisticLabel
    print_id: str
    """Of the newest copy."""
    slip: PackingSlip | None = None
    scanned: bool = False
    """The label was scanned while the scale moved: the next stable weight decides."""


class TakeOut(Struct, frozen=True, tag=True):
    """Which item is taken out of the parcel?"""


class Short(Struct, frozen=True, tag=True):
    """Which item is missing or damaged?"""

    kind: ShortKind


class Discard(Struct, frozen=True, tag=True):
    """Really take everything out?"""


class Leave(Struct, frozen=True, tag=True):
    """Really sign out in the middle of a job?"""


class Unscanned(Struct, frozen=True, tag=True):
    """Has the insert no code that could be scanned?"""


class Reprint(Struct, frozen=True, tag=True):
    """Why must it be printed again, and what?"""


class Origin(Struct, frozen=True, tag=True):
    """What is the piece's lot, serial number or expiry date?"""

    piece: Piece
    wanted: TraceKind


Passable = Literal["weight", "scale", "label_scan", "photo"]
"""What a lead may let pass, as `Override.kind` names it."""


class LetPass(Struct, frozen=True, tag=True):
    """Why does the lead let it pass?"""

    kind: Passable
    lead: Person


Question: TypeAlias = TakeOut | Short | Discard | Leave | Unscanned | Reprint | LetPass | Origin
Working: TypeAlias = Instructing | Packing | OnScale | Unnumbered | Unpictured | Labelling


class Asking(Phase, frozen=True):
    """A question stands between the packer and the work."""

    question: Question
    before: Working
    since: int = 0

    @property
    def packer(self) -> Person:
        return self.before.packer

    @property
    def work(self) -> Work:
        return self.before.work


class NothingThere(Struct, frozen=True, tag=True):
    """Is there really nothing of what was not scanned in this bin?"""


class NothingMore(Struct, frozen=True, tag=True):
    """Does nothing more come of this delivery?"""


class NewBin(Struct, frozen=True, tag=True):
    """Is this the code of a bin, though nothing is known to lie there?"""

    bin: str


ShelfQuestion: TypeAlias = Leave | Discard | Short | Origin | NothingThere | NothingMore | NewBin


class Counting(Phase, frozen=True):
    """Pieces on the shelf are counted, bin by bin. Scans of a bin count when it is done, all at once."""

    packer: Person
    task: CountTask
    bin: str | None = None
    """The bin that is being counted; empty for pieces that lie in none. None: the next bin must be scanned."""
    pieces: tuple[Piece, ...] = ()
    """Counted in this bin; their lines are places in the task's items."""
    done: tuple[str, ...] = ()
    """Bins that were counted here."""
    question: ShelfQuestion | None = None
    """What must be answered before the work goes on."""
    since: int = 0
    """When it was asked."""
    touched: int | None = None

    @property
    def items(self) -> tuple[StockItem, ...]:
        return self.task.items

    @property
    def name(self) -> str:
        return self.task.count


class Receiving(Phase, frozen=True):
    """Goods of a supplier's delivery are scanned and put to bins. Scans count when their bin is scanned."""

    packer: Person
    delivery: DueDelivery
    pieces: tuple[Piece, ...] = ()
    """Scanned and in no bin yet; their lines are places in the delivery's items."""
    put: tuple[int, ...] = ()
    """Pieces of each item that were put to bins here."""
    serials: tuple[tuple[int, str], ...] = ()
    """Single pieces that were put to bins here, each with its item."""
    question: ShelfQuestion | None = None
    """What must be answered before the work goes on."""
    since: int = 0
    """When it was asked."""
    touched: int | None = None

    @property
    def items(self) -> tuple[StockItem, ...]:
        return self.delivery.items

    @property
    def name(self) -> str:
        return self.delivery.delivery


AtShelf: TypeAlias = Counting | Receiving


class Recalled(Phase, frozen=True):
    """Central took the job back; the packer confirms that the goods are off the bench."""

    packer: Person
    job: JobId
    fence: int
    orders: tuple[OrderId, ...]
    reason: str
    text: str
    text_fr: str
    label: Sscc | None = None
    """The label that was made for the open parcel."""


class Away(Phase, frozen=True):
    """The packer was signed out by idleness in the middle of a job: a badge goes on with it."""

    before: Working | Asking | Recalled | AtShelf


AnyPhase: TypeAlias = (
    SignedOut
    | Idle
    | Opening
    | CheckingScale
    | Instructing
    | Packing
    | OnScale
    | Unnumbered
    | Unpictured
    | Labelling
    | Asking
    | Counting
    | Receiving
    | Recalled
    | Away
)


def paper_waits(phase: AnyPhase) -> bool:
    """Whether the screen asks something else first: no answer is about a paper that failed or may not have come out."""
    if isinstance(phase, Counting | Receiving):
        return phase.question is not None
    return isinstance(phase, SignedOut | Away | Asking | Recalled | CheckingScale)


def work_in(phase: AnyPhase) -> Work | None:
    """The job on the bench, also behind a question and while its packer is away."""
    inner = phase.before if isinstance(phase, Away) else phase
    inner = inner.before if isinstance(inner, Asking) else inner
    return inner.work if isinstance(inner, Working) else None
