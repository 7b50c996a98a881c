"""Goods that are counted or received: named by their codes, their origin asked for, typed, taken back."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from contract.barcode import Barcode
from contract.values import StockItem, TraceKind
from station.devices.ports import Lamp
from station.work import tracing
from station.work.answers import Say
from station.work.load import Piece
from station.work.matching import Match, counted
from station.work.phases import AtShelf, Counting, Origin, ShelfQuestion
from station.work.turn import Turn

_MOST_TYPED = 100_000


def match(items: tuple[StockItem, ...], text: str, barcode: Barcode | None) -> Match | None:
    """The product that a code names, and the pieces that one scan of it counts."""
    folded = (barcode.text if barcode is not None else text).casefold()
    found = (Match(place, counted(item, folded, barcode)) for place, item in enumerate(items))
    return next((each for each in found if each.quantity), None)


def item_named(phase: AtShelf, place: int) -> str:
    """A product as the packer knows it."""
    item = phase.items[place]
    return f"{item.sku} {item.name}"


def in_hand(phase: AtShelf, place: int) -> int:
    """Pieces of the product that were scanned for the bin that is open."""
    return sum(piece.quantity for piece in phase.pieces if piece.line == place)


def ask(turn: Turn, phase: AtShelf, question: ShelfQuestion, say: Say, **args: str) -> None:
    """Put a question before the work."""
    turn.go(replace(phase, question=question, since=turn.at))
    turn.say(Lamp.LOOK, say, **args)


def wants(phase: AtShelf, piece: Piece) -> TraceKind | None:
    """What must still be told of the piece. What is counted needs no serial number, nor the date of a lot."""
    requires = phase.items[piece.line].requires if piece.quantity else ()
    if not isinstance(phase, Counting):
        return next((kind for kind in requires if not getattr(piece, kind)), None)
    if piece.lot:
        return None
    if "lot" in requires:
        return "lot"
    return "expiry" if "expiry" in requires and not piece.expiry else None


def added(turn: Turn, phase: AtShelf, piece: Piece) -> AtShelf | None:
    """The phase with the piece in it; None when something of it is asked for first."""
    piece = replace(piece, expiry=tracing.last_good_day(piece.expiry))
    kind = wants(phase, piece)
    if kind is not None:
        ask(turn, phase, Origin(piece, kind), Say.ASK_ORIGIN)
        return None
    return replace(phase, pieces=(*phase.pieces, piece), question=None, touched=piece.line)


def undo(turn: Turn, phase: AtShelf) -> None:
    """Take back the last scan."""
    if not phase.pieces:
        turn.say(Lamp.LOOK, Say.NOTHING_TO_UNDO)
        return
    last = phase.pieces[-1]
    turn.go(replace(phase, pieces=phase.pieces[:-1], touched=last.line))
    turn.say(Lamp.LOOK, Say.SCAN_UNDONE, item=item_named(phase, last.line), quantity=str(last.quantity))


def typed(turn: Turn, phase: AtShelf, place: int, quantity: int) -> Piece | None:
    """The one piece that stands for all that is in hand of the product now; None when it may not be typed.

    A quantity of none is a piece of quantity 0.
    """
    item = item_named(phase, place)
    pieces = [piece for piece in phase.pieces if piece.line == place]
    origins = {(piece.lot, piece.serial, piece.expiry) for piece in pieces}
    if phase.items[place].policy == "scan":
        turn.say(Lamp.LOOK, Say.MUST_SCAN, item=item)
    elif not 0 <= quantity <= _MOST_TYPED:
        turn.say(Lamp.LOOK, Say.TYPED_TOO_MANY, item=item, open=str(_MOST_TYPED))
    elif len(origins) > 1:
        turn.say(Lamp.LOOK, Say.WHICH_ONE, item=item)
    else:
        first = pieces[0] if pieces else Piece(place, 0)
        return replace(first, quantity=quantity, scans=(), proof="typed", badge=phase.packer.badge)
    return None


class Told(NamedTuple):
    """Pieces of one product and origin together."""

    place: int
    lot: str
    expiry: str
    quantity: int
    scans: tuple[str, ...]
    serials: tuple[str, ...]


def by_origin(pieces: tuple[Piece, ...]) -> list[Told]:
    """What was scanned, by product and lot; pieces that only have a date are a lot by that date."""
    groups: dict[tuple[int, str], list[Piece]] = {}
    for piece in pieces:
        groups.setdefault((piece.line, piece.lot or piece.expiry), []).append(piece)
    return [
        Told(
            place,
            each[0].lot,
            max(piece.expiry for piece in each),
            sum(piece.quantity for piece in each),
            tuple(scan for piece in each for scan in piece.scans),
            tuple(piece.serial for piece in each if piece.serial),
        )
        for (place, _), each in groups.items()
    ]
