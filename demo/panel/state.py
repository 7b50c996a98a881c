"""What the panel's page shows, as one value."""

from __future__ import annotations

from msgspec import Struct

from demo.packer import Look, Move, Scan, Type
from demo.table import Table


class NextView(Struct, frozen=True):
    """The next right thing; `ready` is false while there is nothing to do but wait."""

    what: str
    ready: bool


class State(Struct, frozen=True):
    """One server-sent event of the panel."""

    lit: tuple[str, ...]
    sounding: bool
    sentence: str
    tone: str
    next: NextView
    orders: tuple[str, ...]
    """The next papers on the pile."""
    grams: int
    scale_plugged: bool
    scale_trouble: str
    scanner_plugged: bool
    printer_plugged: bool
    cover_open: bool
    paper_out: bool
    labels: int
    """How many came out; the picture of the newest is `/label.png`."""
    slips: int
    sscc: str
    """Of the newest label that is on no parcel yet, as its bars say."""


_PILE = 10


def state_of(table: Table) -> State:
    """The bench as it is now."""
    bench, frame = table.bench, table.eyes.frame
    hands = table.hands
    return State(
        lit=tuple(sorted(bench.signals.lit)),
        sounding=bench.signals.sounding,
        sentence=frame.screen.sentence if frame else "The station is starting",
        tone=frame.screen.tone if frame else "wait",
        next=NextView(words_for(table.next), not isinstance(table.next, Look)),
        orders=tuple(table.orders[:_PILE]),
        grams=bench.scale.grams,
        scale_plugged=bench.scale.plugged,
        scale_trouble=bench.scale.trouble or "",
        scanner_plugged=bench.scanner.plugged,
        printer_plugged=bench.printer.plugged,
        cover_open=bench.printer.head_open,
        paper_out=bench.printer.paper_out,
        labels=len(bench.printer.labels),
        slips=len(bench.slips.receipts),
        sscc=hands.label.grouped if hands.label is not None else "",
    )


def words_for(move: Move) -> str:
    """The move as a button says it."""
    match move:
        case Scan():
            return f"Scan {move.what}"
        case Type():
            return f"Type the quantity of {move.what}"
        case _:
            return move.what[0].upper() + move.what[1:]
