"""A second, simpler set of books for what a bench packs: kept from its inputs and answers alone."""

from __future__ import annotations

from collections import Counter

from contract.keys import Sscc
from contract.messages import (
    Fact,
    JobFinished,
    JobOpened,
    JobReturned,
    JobSuspended,
    LabelVoided,
    ParcelClosed,
    ShortReported,
)
from contract.values import Job, PackedLine
from labels.documents import LogisticLabel
from station.work import phases
from station.work.answers import Say
from station.work.inputs import AnyInput, Pressed, Scanned, Typed
from tests.station.work.story import LEA, MUG_EAN, TEA_CASE, TEA_EAN

GOODS = {
    MUG_EAN: ("B-17", 1),
    "b-17": ("B-17", 1),
    TEA_EAN: ("T-2", 1),
    TEA_CASE: ("T-2", 6),
    f"]C101{TEA_CASE}": ("T-2", 6),
    f"]d2010{MUG_EAN}21A": ("B-17", 1),
    f"]d2010{MUG_EAN}10L-9": ("B-17", 1),
    f"]d2010{MUG_EAN}17231101": ("B-17", 1),
}
_LINES = {1: "B-17", 2: "T-2"}
_REFUSALS = {
    Say.WRONG_ITEM,
    Say.TOO_MANY,
    Say.CASE_TOO_BIG,
    Say.BAD_CODE,
    Say.MUST_SCAN,
    Say.NO_SUCH_LINE,
    Say.TYPED_TOO_MANY,
    Say.TYPED_TOO_FEW,
    Say.EXPIRED,
    Say.SERIAL_TWICE,
    Say.WHICH_ONE,
    Say.ASK_ORIGIN,
}
"""Answers after which nothing is in the parcel that was not before."""


def _total(lines: tuple[PackedLine, ...]) -> Counter[str]:
    return Counter({line.sku: line.quantity for line in lines})


class Tally:
    """What the open parcel holds, what is closed, what is short; each fact is checked against it."""

    def __init__(self) -> None:
        self.job: Job | None = None
        self.pieces: list[tuple[str, int]] = []
        self.closed: Counter[str] = Counter()
        self.short: Counter[str] = Counter()
        self.ordered: Counter[str] = Counter()
        self.scanned: Counter[str] = Counter()
        self.spent: set[Sscc] = set()
        self.labels: dict[str, LogisticLabel] = {}

    @property
    def in_hand(self) -> Counter[str]:
        total: Counter[str] = Counter()
        for sku, quantity in self.pieces:
            total[sku] += quantity
        return total

    # --- inputs and answers ------------------------------------------------------------------------------------

    def heard(self, given: AnyInput, before: phases.AnyPhase, after: phases.AnyPhase, said: Say) -> None:
        """Book what an input did, as far as the answer tells it."""
        filling = isinstance(before, phases.Packing | phases.OnScale)
        if isinstance(given, Scanned) and given.text in GOODS:
            self.scanned[given.text] += 1
        if isinstance(before, phases.Asking) and isinstance(before.question, phases.Origin):
            if isinstance(given, Scanned) and said in (Say.PACKED, Say.LINE_DONE, Say.ALL_IN):
                piece = before.question.piece
                self.pieces.append((_LINES[piece.line + 1], piece.quantity))
            return
        piece = self._named(given)
        if isinstance(given, Typed) and filling and said not in _REFUSALS:
            self._typed(_LINES[given.line], given.quantity)
        elif piece is not None and filling and said not in _REFUSALS:
            self.pieces.append(piece)
        elif piece is not None and self._answered(before, after, phases.TakeOut):
            self.take(*piece)
        elif said is Say.UNDONE and given in (Scanned(given.at, "PK-UNDO"), Pressed(given.at, "undo")):
            self.pieces.pop()
        elif self._answered(before, after, phases.Discard) and given in (
            Scanned(given.at, "PK-YES"),
            Scanned(given.at, "PK-DISCARD"),
        ):
            self.pieces = []

    def _named(self, given: AnyInput) -> tuple[str, int] | None:
        match given:
            case Scanned(text=text) if text in GOODS:
                return GOODS[text]
            case Scanned(text="PK-LINE-1") | Typed(line=1):
                return "B-17", 1
            case Scanned(text="PK-LINE-2") | Typed(line=2):
                return "T-2", 1
            case _:
                return None

    @staticmethod
    def _answered(before: phases.AnyPhase, after: phases.AnyPhase, question: type[object]) -> bool:
        asked = isinstance(before, phases.Asking) and isinstance(before.question, question)
        return asked and not isinstance(after, phases.Asking)

    def _typed(self, sku: str, quantity: int) -> None:
        more = quantity - self.closed[sku] - self.in_hand[sku]
        if more > 0:
            self.pieces.append((sku, more))
        else:
            self.take(sku, -more)

    def take(self, sku: str, quantity: int) -> None:
        """The latest pieces of the product come out."""
        for at in reversed(range(len(self.pieces))):
            name, held = self.pieces[at]
            if name == sku:
                out = min(held, quantity)
                quantity -= out
                self.pieces[at] = (name, held - out)
        self.pieces = [piece for piece in self.pieces if piece[1]]
        assert quantity == 0

    # --- facts -------------------------------------------------------------------------------------------------

    def opened(self, job: Job, opener: str, counted: bool) -> None:
        """A job begins; a product that opened it is in hand."""
        self.job = job
        self.closed, self.short, self.pieces = Counter(), Counter(), []
        self.ordered = Counter({line.sku: line.quantity for line in job.lines})
        if counted:
            self.pieces.append(GOODS[opener])

    def check(self, fact: Fact) -> None:
        """The fact agrees with the books; book it."""
        match fact:
            case JobOpened(job=job):
                assert self.job is not None
                assert job == self.job.job
            case ParcelClosed():
                self._check_parcel(fact)
                self.closed.update(self.in_hand)
                self.pieces = []
            case ShortReported(sku=sku, quantity=quantity, kind=kind):
                room = self.ordered[sku] - self.closed[sku] - self.short[sku] - self.in_hand[sku]
                if quantity > room:
                    assert kind == "damaged"
                    self.take(sku, quantity - room)
                self.short[sku] += quantity
            case JobSuspended(in_hand=in_hand):
                assert _total(in_hand) == self.in_hand
                self._left()
            case JobFinished():
                assert self.closed + self.short == +self.ordered
                self._left()
            case JobReturned(job=job):
                if self.job is not None and job == self.job.job:
                    self._left()
            case LabelVoided(sscc=sscc):
                assert sscc in self.labels
                self._spend(sscc)
            case _:
                pass

    def _left(self) -> None:
        self.pieces, self.closed, self.short = [], Counter(), Counter()

    def _spend(self, sscc: Sscc) -> None:
        assert sscc not in self.spent
        self.spent.add(sscc)

    def _check_parcel(self, parcel: ParcelClosed) -> None:
        self._spend(parcel.sscc)
        assert self.job is not None
        label = self.labels[parcel.sscc]
        assert (label.number, label.orders, label.copy) == (parcel.number, self.job.orders, parcel.label_copy)
        assert self.pieces
        assert _total(parcel.contents) == self.in_hand
        scans = Counter(scan for line in parcel.contents for scan in line.scans)
        assert all(count <= self.scanned[scan] for scan, count in scans.items())
        assert parcel.overrides or all(line.proof == "scan" for line in parcel.contents)
        by_a_lead = {override.kind for override in parcel.overrides if override.badge == LEA.badge}
        weighing = parcel.weighing
        if weighing is None:
            assert "scale" in by_a_lead
            return
        assert weighing.grams <= self.job.service.max_g
        if weighing.expected_g is not None and weighing.tolerance_g is not None:
            assert abs(weighing.grams - weighing.expected_g) <= weighing.tolerance_g or "weight" in by_a_lead
