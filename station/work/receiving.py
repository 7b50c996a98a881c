"""Receiving: scan goods of a supplier's delivery, then the bin that they are put to. Then they are told to central."""

from __future__ import annotations

import re

from msgspec.structs import replace

from contract.barcode import Barcode
from contract.commands import Command
from contract.messages import DeliveryEnded, GoodsDamaged, GoodsReceived
from contract.values import ArrivedPieces, Person
from station.devices.ports import Lamp
from station.work import goods, tracing
from station.work.answers import Say
from station.work.commands import Code, LinePick, Token
from station.work.inputs import DeliveryArrived, Typed
from station.work.items import read
from station.work.load import Piece
from station.work.phases import Idle, NewBin, NothingMore, Receiving, Short
from station.work.turn import Turn

_BIN = re.compile(r"[!-~]([ -~]{0,38}[!-~])?")
"""What may be the code of a bin: 40 characters that can be printed."""


def begin(turn: Turn, packer: Person, given: DeliveryArrived) -> None:
    """The delivery is here."""
    turn.go(Receiving(packer, given.delivery, put=(0,) * len(given.delivery.items)))
    turn.say(Lamp.GOOD, Say.OPENED)


def come(phase: Receiving, place: int) -> int:
    """Pieces of the product that have come: before, put to bins here, and in hand."""
    return phase.delivery.lines[place].received + phase.put[place] + goods.in_hand(phase, place)


def missing(phase: Receiving) -> list[int]:
    """Places of what has not come yet."""
    return [place for place, line in enumerate(phase.delivery.lines) if come(phase, place) < line.expected]


def answered(turn: Turn, phase: Receiving, token: Token) -> None:
    """A code while no question stands."""
    match token:
        case Code(text):
            _scanned(turn, phase, text)
        case Command.NEXT if phase.pieces and not phase.delivery.bins:
            put(turn, phase, "")
        case Command.NEXT if phase.pieces:
            turn.say(Lamp.LOOK, Say.PUT_AWAY_FIRST)
        case Command.NEXT if missing(phase):
            goods.ask(turn, phase, NothingMore(), Say.ASK_NOTHING_MORE, items=_named(phase, missing(phase)))
        case Command.NEXT:
            _done(turn, phase, Say.JOB_DONE)
        case Command.UNDO:
            goods.undo(turn, phase)
        case Command.DAMAGED:
            goods.ask(turn, phase, Short("damaged"), Say.ASK_DAMAGED)
        case Command.CANCEL if not phase.pieces and not any(phase.put):
            turn.go(Idle(phase.packer))
            turn.say(Lamp.READY, Say.NEVER_MIND)
        case _:
            turn.say(Lamp.LOOK, Say.NOT_NOW)


def _named(phase: Receiving, places: list[int]) -> str:
    lines = phase.delivery.lines
    return ", ".join(f"{lines[place].expected - come(phase, place)} × {lines[place].sku}" for place in places)


def _scanned(turn: Turn, phase: Receiving, text: str) -> None:
    barcode, fault = read(text)
    match = goods.match(phase.items, text, barcode)
    if match is not None:
        take(turn, phase, tracing.traced(Piece(match.line, match.quantity, (text,)), barcode))
    elif barcode is None:
        turn.say(Lamp.LOOK, Say.BAD_CODE, fault=fault)
    elif not phase.pieces or not _may_be_bin(barcode):
        known = _known_bin(phase, barcode.text)
        turn.say(*((Lamp.LOOK, Say.GOODS_FIRST) if known else (Lamp.STOP, Say.NOT_EXPECTED)), code=barcode.text[:32])
    elif (known := _known_bin(phase, barcode.text)) is not None:
        put(turn, phase, known)
    else:
        goods.ask(turn, phase, NewBin(barcode.text), Say.ASK_NEW_BIN, code=barcode.text)


def _may_be_bin(barcode: Barcode) -> bool:
    return barcode.gtin is None and barcode.sscc is None and _BIN.fullmatch(barcode.text) is not None


def _known_bin(phase: Receiving, text: str) -> str | None:
    folded = text.casefold()
    return next((each for each in phase.delivery.bins if each.casefold() == folded), None)


def take(turn: Turn, phase: Receiving, piece: Piece) -> None:
    """Take the pieces in hand, once what must be known of them is known."""
    item = goods.item_named(phase, piece.line)
    if piece.expiry and tracing.is_past(piece.expiry, turn.at):
        turn.go(replace(phase, question=None))
        turn.say(Lamp.STOP, Say.CAME_EXPIRED, item=item, expiry=piece.expiry)
    elif piece.serial and (piece.line, piece.serial) in _serials(phase):
        turn.go(replace(phase, question=None))
        turn.say(Lamp.STOP, Say.SERIAL_TWICE, item=item, serial=piece.serial)
    elif piece.quantity > 1 and "serial" in phase.items[piece.line].requires:
        turn.say(Lamp.LOOK, Say.ONE_BY_ONE, item=item)
    elif isinstance(after := goods.added(turn, phase, piece), Receiving):
        turn.go(after)
        _tell(turn, after, piece.line)


def _serials(phase: Receiving) -> set[tuple[int, str]]:
    return {*phase.serials, *((piece.line, piece.serial) for piece in phase.pieces)}


def _tell(turn: Turn, phase: Receiving, place: int) -> None:
    expected, now = phase.delivery.lines[place].expected, come(phase, place)
    more = now > expected
    turn.say(
        Lamp.LOOK if more else Lamp.GOOD,
        Say.MORE_THAN_EXPECTED if more else Say.CAME,
        item=goods.item_named(phase, place),
        come=str(now),
        of=str(expected),
    )


def typed(turn: Turn, phase: Receiving, given: Typed) -> None:
    """How many of a product have come was typed; what is in bins already stays there."""
    place = given.line
    if not 0 <= place < len(phase.items):
        turn.say(Lamp.LOOK, Say.NO_SUCH_LINE)
        return
    settled = come(phase, place) - goods.in_hand(phase, place)
    item = goods.item_named(phase, place)
    if given.quantity < settled:
        turn.say(Lamp.LOOK, Say.CAME_ALREADY, item=item, come=str(settled))
        return
    piece = goods.typed(turn, phase, place, given.quantity - settled)
    if piece is None:
        return
    others = replace(phase, pieces=tuple(each for each in phase.pieces if each.line != place))
    if piece.quantity:
        take(turn, others, piece)
    else:
        turn.go(replace(others, touched=place))
        _tell(turn, others, place)


def put(turn: Turn, phase: Receiving, bin_: str) -> None:
    """All that is in hand lies in this bin now; without a name each in its own."""
    arrived = tuple(
        ArrivedPieces(phase.items[each.place].sku, each.quantity, each.lot, each.expiry, each.serials, each.scans)
        for each in goods.by_origin(phase.pieces)
    )
    turn.record(GoodsReceived(phase.delivery.delivery, bin_, arrived, phase.packer.badge, turn.at))
    after = replace(
        phase,
        pieces=(),
        put=tuple(before + goods.in_hand(phase, place) for place, before in enumerate(phase.put)),
        serials=tuple(sorted(each for each in _serials(phase) if each[1])),
        question=None,
        touched=None,
    )
    turn.go(after)
    pieces = str(sum(each.quantity for each in arrived))
    if missing(after):
        turn.say(Lamp.GOOD, Say.PUT_AWAY, pieces=pieces, bin=bin_)
    else:
        turn.say(Lamp.DONE, Say.ALL_CAME)


def damaged(turn: Turn, phase: Receiving, token: Token) -> None:
    """Which piece came broken: one a scan or touch, also of a case."""
    match token:
        case Code(text):
            barcode, fault = read(text)
            match = goods.match(phase.items, text, barcode)
            if match is not None:
                _damaged(turn, phase, match.line)
            elif barcode is None:
                turn.say(Lamp.LOOK, Say.BAD_CODE, fault=fault)
            else:
                turn.say(Lamp.STOP, Say.NOT_EXPECTED, code=barcode.text[:32])
        case LinePick(place) if place < len(phase.items):
            _damaged(turn, phase, place)
        case _:
            turn.say(Lamp.LOOK, Say.ASK_DAMAGED)


def _damaged(turn: Turn, phase: Receiving, place: int) -> None:
    sku = phase.items[place].sku
    turn.record(GoodsDamaged(phase.delivery.delivery, sku, 1, phase.packer.badge, turn.at))
    turn.go(replace(phase, question=None, touched=place))
    turn.say(Lamp.LOOK, Say.DAMAGED_REPORTED, item=goods.item_named(phase, place), quantity="1")


def end(turn: Turn, phase: Receiving) -> None:
    """Nothing more comes of the delivery."""
    turn.record(DeliveryEnded(phase.delivery.delivery, phase.packer.badge, turn.at))
    _done(turn, phase, Say.DELIVERY_ENDED)


def wait_for_the_rest(turn: Turn, phase: Receiving) -> None:
    """The rest of the delivery comes another day."""
    _done(turn, phase, Say.REST_COMES)


def _done(turn: Turn, phase: Receiving, say: Say) -> None:
    turn.go(Idle(phase.packer))
    turn.say(Lamp.DONE, say, orders=phase.delivery.delivery)
