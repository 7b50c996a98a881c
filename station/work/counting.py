"""Counting: scan a bin, then all that lies there. A bin is told to central as a whole, when it is done."""

from __future__ import annotations

from msgspec.structs import replace

from contract.commands import Command
from contract.messages import StockCounted
from contract.values import CountSpot, FoundPieces, Person
from station.devices.ports import Lamp
from station.work import goods, tracing
from station.work.answers import Say
from station.work.commands import Code, LinePick, Token
from station.work.inputs import CountArrived, Typed
from station.work.items import read
from station.work.load import Piece
from station.work.phases import AtShelf, Counting, Idle, NothingThere
from station.work.turn import Turn


def begin(turn: Turn, packer: Person, given: CountArrived) -> None:
    """The count is here."""
    turn.say(Lamp.GOOD, Say.OPENED)
    _next_bin(turn, Counting(packer, given.task))


def bins(phase: Counting) -> tuple[str, ...]:
    """The bins of the count, in their order."""
    return tuple(dict.fromkeys(spot.bin for spot in phase.task.spots))


def bins_left(phase: Counting) -> tuple[str, ...]:
    """Bins in which something is still to be counted."""
    left = {spot.bin for spot in phase.task.spots if not spot.counted} - set(phase.done)
    return tuple(each for each in bins(phase) if each in left)


def spots_of(phase: Counting, bin_: str) -> list[CountSpot]:
    """What is to be counted in a bin."""
    return [spot for spot in phase.task.spots if spot.bin == bin_]


def places_of(phase: Counting) -> list[int]:
    """Places of the items that the open bin should have, then of those that it has all the same."""
    skus = {spot.sku for spot in spots_of(phase, phase.bin or "")}
    there = {piece.line for piece in phase.pieces}
    expected = [place for place, item in enumerate(phase.items) if item.sku in skus]
    return [*expected, *sorted(there - set(expected))]


def answered(turn: Turn, phase: Counting, token: Token) -> None:
    """A code while no question stands."""
    if phase.bin is None:
        _choosing(turn, phase, token)
        return
    match token:
        case Code(text):
            _scanned(turn, phase, phase.bin, text)
        case Command.NEXT:
            _bin_done(turn, phase, phase.bin)
        case Command.UNDO:
            goods.undo(turn, phase)
        case Command.CANCEL if not phase.pieces and bins_left(phase) != ("",):
            turn.go(replace(phase, bin=None, touched=None))
            turn.say(Lamp.READY, Say.NEVER_MIND)
        case Command.CANCEL if not phase.pieces and not phase.done:
            turn.go(Idle(phase.packer))
            turn.say(Lamp.READY, Say.NEVER_MIND)
        case _:
            turn.say(Lamp.LOOK, Say.NOT_NOW)


def _choosing(turn: Turn, phase: Counting, token: Token) -> None:
    match token:
        case Code(text):
            bin_ = _bin_named(phase, text)
            if bin_ is not None:
                _open(turn, phase, bin_)
            elif goods.match(phase.items, text, read(text)[0]) is not None:
                turn.say(Lamp.LOOK, Say.BIN_FIRST)
            else:
                turn.say(Lamp.STOP, Say.WRONG_BIN, code=text[:32])
        case LinePick(place) if bins(phase)[place : place + 1] == ("",):
            _open(turn, phase, "")
        case Command.CANCEL if not phase.done:
            turn.go(Idle(phase.packer))
            turn.say(Lamp.READY, Say.NEVER_MIND)
        case _:
            turn.say(Lamp.LOOK, Say.BIN_FIRST)


def _bin_named(phase: Counting, text: str) -> str | None:
    barcode, _ = read(text)
    folded = (barcode.text if barcode is not None else text).casefold()
    return next((each for each in bins(phase) if each and each.casefold() == folded), None)


def _open(turn: Turn, phase: Counting, bin_: str) -> None:
    turn.go(replace(phase, bin=bin_, pieces=(), touched=None))
    turn.say(Lamp.GOOD, Say.BIN_OPENED, bin=bin_)


def _scanned(turn: Turn, phase: Counting, bin_: str, text: str) -> None:
    barcode, fault = read(text)
    match = goods.match(phase.items, text, barcode)
    if match is not None:
        piece = tracing.traced(Piece(match.line, match.quantity, (text,)), barcode)
        take(turn, phase, replace(piece, serial=""))
    elif (other := _bin_named(phase, text)) is not None:
        if other == bin_:
            _bin_done(turn, phase, bin_)
        else:
            turn.say(Lamp.LOOK, Say.BIN_NOT_DONE, bin=bin_)
    elif barcode is None:
        turn.say(Lamp.LOOK, Say.BAD_CODE, fault=fault)
    else:
        turn.say(Lamp.STOP, Say.NOT_COUNTED, code=barcode.text[:32])


def take(turn: Turn, phase: Counting, piece: Piece) -> None:
    """Count the piece, once what must be known of it is known."""
    after = goods.added(turn, phase, _of_the_only_lot(phase, piece))
    if after is not None:
        turn.go(after)
        _tell(turn, after, piece.line)


def _tell(turn: Turn, phase: AtShelf, place: int) -> None:
    turn.say(Lamp.GOOD, Say.COUNTED, item=goods.item_named(phase, place), counted=str(goods.in_hand(phase, place)))


def _of_the_only_lot(phase: Counting, piece: Piece) -> Piece:
    """Pieces whose code tells no lot are of the one lot that should lie here, where the lot need not be told."""
    if piece.lot or piece.expiry or goods.wants(phase, piece) is not None:
        return piece
    sku = phase.items[piece.line].sku
    lots = {spot.lot for spot in spots_of(phase, phase.bin or "") if spot.sku == sku}
    return replace(piece, lot=lots.pop()) if len(lots) == 1 else piece


def typed(turn: Turn, phase: Counting, given: Typed) -> None:
    """How many lie in the bin was typed."""
    if phase.bin is None or given.line not in places_of(phase):
        turn.say(Lamp.LOOK, Say.NO_SUCH_LINE)
        return
    piece = goods.typed(turn, phase, given.line, given.quantity)
    if piece is not None:
        others = tuple(each for each in phase.pieces if each.line != given.line)
        take(turn, replace(phase, pieces=others), piece)


def _bin_done(turn: Turn, phase: Counting, bin_: str) -> None:
    """The packer says that this is all of the bin: what was neither scanned nor typed is asked about first."""
    there = {phase.items[piece.line].sku for piece in phase.pieces}
    missing = dict.fromkeys(spot.sku for spot in spots_of(phase, bin_) if spot.sku not in there)
    if missing:
        goods.ask(turn, phase, NothingThere(), Say.ASK_NOTHING_THERE, items=", ".join(missing))
    else:
        close(turn, phase)


def close(turn: Turn, phase: Counting) -> None:
    """Tell what was found in the bin; what should be there and was not found is none."""
    bin_ = phase.bin or ""
    told = [each for each in goods.by_origin(phase.pieces) if each.quantity]
    known = {(phase.items[each.place].sku, each.lot or each.expiry) for each in told}
    none = [FoundPieces(spot.sku, 0, spot.lot) for spot in spots_of(phase, bin_) if (spot.sku, spot.lot) not in known]
    found = [
        FoundPieces(phase.items[each.place].sku, each.quantity, each.lot, each.expiry, each.scans) for each in told
    ]
    turn.record(StockCounted(phase.task.count, bin_, (*none, *found), phase.packer.badge, turn.at))
    turn.say(Lamp.GOOD, Say.BIN_COUNTED, bin=bin_)
    done = (*(each for each in phase.done if each != bin_), bin_)
    _next_bin(turn, replace(phase, bin=None, pieces=(), done=done, question=None, touched=None))


def _next_bin(turn: Turn, phase: Counting) -> None:
    """Have the next bin scanned; pieces that lie in none need no scan. Without any left the count is done."""
    left = bins_left(phase)
    if not left:
        turn.go(Idle(phase.packer))
        turn.say(Lamp.DONE, Say.JOB_DONE, orders=phase.task.count)
    else:
        turn.go(replace(phase, bin="") if left == ("",) else phase)
