"""What is in hand: the job, the open parcel and its pieces. Values and their arithmetic."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from contract.keys import Sku
from contract.values import Job, JobLine, Override, PackedLine, Proof, Trace

_WEAKNESS: dict[Proof, int] = {"scan": 0, "tick": 1, "typed": 2}


class Piece(Struct, frozen=True, omit_defaults=True):
    """One accepted answer of the packer: a scan, a tick or a typed quantity."""

    line: int
    """Index in the job's lines."""
    quantity: int
    scans: tuple[str, ...] = ()
    proof: Proof = "scan"
    badge: str = ""
    """Whose word it was, when it was not a scan."""
    lot: str = ""
    serial: str = ""
    expiry: str = ""

    @property
    def trace(self) -> Trace | None:
        """What is known of where it comes from; None when nothing is."""
        if not (self.lot or self.serial or self.expiry):
            return None
        return Trace(self.quantity, self.lot, self.serial, self.expiry)


class Shot(Struct, frozen=True, omit_defaults=True):
    """The picture of the open parcel's box, as far as it has come."""

    name: str
    """Of this attempt, once in the world; empty when nobody could be asked."""
    state: Literal["asked", "taken", "missed"]
    at: int
    camera: str = ""
    sha256: str = ""
    """Of the newest picture that there is; while another is asked for, still of the one before."""
    size: int = 0
    reason: str = ""
    """Why there is none."""
    reason_fr: str = ""


class Parcel(Struct, frozen=True):
    """The open parcel."""

    number: int
    opened_at: int
    box: str = ""
    """Code of the box that is packed in; empty while none was named."""
    pieces: tuple[Piece, ...] = ()
    """In the order of their acceptance: undo takes the last."""
    confirmed: tuple[str, ...] = ()
    """Instructions of scope `parcel` that were confirmed for this one."""
    overrides: tuple[Override, ...] = ()
    materials: tuple[str, ...] = ()
    """Filling and such, by its codes, in the order of the scans."""
    suggested: str = ""
    """Code of the box that should hold what is left; empty when that is not known."""
    shot: Shot | None = None
    """None before the box was complete, and when no picture is wanted."""
    shots: int = 0
    """How many were asked for."""


class Work(Struct, frozen=True):
    """A job on the bench. `closed` and `short` hold pieces per line, aligned to the job's lines."""

    job: Job
    parcel: Parcel
    closed: tuple[int, ...]
    short: tuple[int, ...]
    confirmed: tuple[str, ...] = ()
    """Instructions of scope `order` and `item` that were confirmed."""
    touched: int | None = None
    """The line that the last answer changed."""
    serials: tuple[tuple[Sku, str], ...] = ()
    """Pieces in closed parcels that have a number of their own."""


def in_parcel(work: Work, line: int) -> int:
    """Pieces of the line in the open parcel."""
    return sum(piece.quantity for piece in work.parcel.pieces if piece.line == line)


def packed(work: Work, line: int) -> int:
    """Pieces of the line in this parcel and in closed ones."""
    return work.closed[line] + in_parcel(work, line)


def remaining(work: Work, line: int) -> int:
    """Pieces of the line that are neither packed nor reported short."""
    return work.job.lines[line].quantity - work.short[line] - packed(work, line)


def open_lines(work: Work) -> tuple[int, ...]:
    """The lines that still want pieces."""
    return tuple(line for line in range(len(work.job.lines)) if remaining(work, line) > 0)


def contents(work: Work) -> tuple[PackedLine, ...]:
    """The open parcel as its facts tell it, one entry per order line, in the job's order."""
    return tuple(
        _packed_line(job_line, [piece for piece in work.parcel.pieces if piece.line == line])
        for line, job_line in enumerate(work.job.lines)
        if in_parcel(work, line)
    )


def _packed_line(line: JobLine, pieces: list[Piece]) -> PackedLine:
    return PackedLine(
        order=line.order,
        line=line.line,
        sku=line.sku,
        quantity=sum(piece.quantity for piece in pieces),
        scans=tuple(scan for piece in pieces for scan in piece.scans),
        proof=max((piece.proof for piece in pieces), key=_WEAKNESS.__getitem__),
        traces=tuple(trace for piece in pieces if (trace := piece.trace) is not None),
    )


def spoken_for(work: Work) -> tuple[Override, ...]:
    """The overrides that the pieces themselves are: ticks and typed quantities, with who gave them."""
    return tuple(
        Override(
            "typed_quantity" if piece.proof == "typed" else "tick",
            piece.badge,
            f"{piece.quantity} × {work.job.lines[piece.line].sku}",
        )
        for piece in work.parcel.pieces
        if piece.proof != "scan"
    )


def with_pieces(work: Work, pieces: Iterable[Piece], touched: int | None) -> Work:
    """The same work with these pieces in the open parcel."""
    return replace(work, parcel=replace(work.parcel, pieces=tuple(pieces)), touched=touched)


def added(work: Work, piece: Piece) -> Work:
    """The same work with one more piece in the open parcel."""
    return with_pieces(work, (*work.parcel.pieces, piece), piece.line)


def taken_out(work: Work, line: int, quantity: int, places: Collection[int]) -> Work:
    """The same work with `quantity` pieces of the line less in the open parcel, the latest of these places first.

    A case that loses some of its pieces keeps its scan: what is left of it was proven by it.
    """
    left = quantity
    kept: list[Piece] = []
    for at, piece in reversed(tuple(enumerate(work.parcel.pieces))):
        if at not in places or left == 0:
            kept.append(piece)
        elif piece.quantity > left:
            kept.append(replace(piece, quantity=piece.quantity - left))
            left = 0
        else:
            left -= piece.quantity
    return with_pieces(work, reversed(kept), line)


def reported_short(work: Work, line: int, quantity: int) -> Work:
    """The same work with `quantity` pieces of the line that will not come."""
    short = (*work.short[:line], work.short[line] + quantity, *work.short[line + 1 :])
    return replace(work, short=short, touched=line)


def serials(work: Work) -> tuple[tuple[Sku, str], ...]:
    """Every piece of the job, in this parcel and in closed ones, that has a number of its own."""
    here = ((work.job.lines[piece.line].sku, piece.serial) for piece in work.parcel.pieces if piece.serial)
    return (*work.serials, *here)


def next_parcel(work: Work, at: int) -> Work:
    """The same work after its open parcel was closed: its pieces count as packed, an empty parcel is open."""
    closed = tuple(packed(work, line) for line in range(len(work.job.lines)))
    parcel = Parcel(work.parcel.number + 1, at, box=work.job.box)
    return replace(work, closed=closed, parcel=parcel, touched=None, serials=serials(work))
