"""Items into the open parcel: scanned, ticked, typed, undone, taken out; and the box that they go in."""

from __future__ import annotations

from typing import TypeAlias

from msgspec.structs import replace

from contract.barcode import BadBarcode, Barcode, read_barcode
from contract.keys import BadKey
from contract.values import Box
from station.devices.ports import Lamp
from station.work import tracing
from station.work.answers import Say
from station.work.boxes import too_large
from station.work.course import go_on, to_scale
from station.work.inputs import Typed
from station.work.load import Piece, Work, added, in_parcel, packed, remaining, with_pieces
from station.work.matching import Match, held, named, wanted
from station.work.phases import Instructing, OnScale, Packing
from station.work.turn import Turn

Filling: TypeAlias = Packing | OnScale


def read(text: str) -> tuple[Barcode | None, str]:
    """The barcode, or None and why it is none."""
    try:
        return read_barcode(text), ""
    except (BadBarcode, BadKey) as error:
        return None, str(error)


def item_named(work: Work, place: int) -> str:
    """A line as the packer knows it."""
    line = work.job.lines[place]
    return f"{line.sku} {line.name}"


def scanned(turn: Turn, phase: Filling, text: str) -> None:
    """A code that should be an item: take it, or refuse it with a reason."""
    barcode, fault = read(text)
    matches = named(phase.work, text, barcode)
    match = wanted(phase.work, matches)
    if match is not None:
        put_in(turn, phase, tracing.traced(Piece(match.line, match.quantity, (text,)), barcode))
    elif matches:
        _too_many(turn, phase.work, matches[0])
    elif barcode is None:
        turn.say(Lamp.LOOK, Say.BAD_CODE, fault=fault)
    elif barcode.sscc is not None and barcode.sscc in turn.session.bound:
        turn.say(Lamp.GOOD, Say.ALREADY_CLOSED, ends=barcode.sscc[-6:])
    else:
        turn.say(Lamp.STOP, Say.WRONG_ITEM, code=barcode.text[:32])


def _too_many(turn: Turn, work: Work, match: Match) -> None:
    open_pieces = remaining(work, match.line)
    item = item_named(work, match.line)
    if open_pieces:
        turn.say(Lamp.STOP, Say.CASE_TOO_BIG, item=item, counts=str(match.quantity), open=str(open_pieces))
    else:
        turn.say(Lamp.STOP, Say.TOO_MANY, item=item)


def put_in(turn: Turn, phase: Filling, piece: Piece) -> None:
    """Take the piece, unless its origin forbids it or must be asked for first."""
    if tracing.refused(turn, phase.work, piece):
        turn.go(phase)
    elif (kind := tracing.wanted(phase.work, piece)) is not None:
        tracing.ask(turn, phase, piece, kind)
    else:
        work = added(phase.work, piece)
        _tell(turn, work, piece.line)
        go_on(turn, phase.packer, work)


def _tell(turn: Turn, work: Work, place: int) -> None:
    said = Say.PACKED if remaining(work, place) else Say.LINE_DONE
    line = work.job.lines[place]
    turn.say(Lamp.GOOD, said, item=item_named(work, place), packed=str(packed(work, place)), of=str(line.quantity))


def ticked(turn: Turn, phase: Filling, place: int) -> None:
    """A line was touched: one piece on the packer's word, where the product's policy allows it."""
    if _by_hand(turn, phase, place):
        if remaining(phase.work, place):
            put_in(turn, phase, Piece(place, 1, proof="tick", badge=phase.packer.badge))
        else:
            turn.say(Lamp.STOP, Say.TOO_MANY, item=item_named(phase.work, place))


def typed(turn: Turn, phase: Filling, given: Typed) -> None:
    """The packed quantity of a line was typed: make it so, within what was ordered."""
    work, place = phase.work, place_of(phase.work, given)
    if place is None:
        turn.say(Lamp.LOOK, Say.NO_SUCH_LINE)
        return
    if not _by_hand(turn, phase, place):
        return
    more = given.quantity - packed(work, place)
    item = item_named(work, place)
    if more > remaining(work, place):
        turn.say(Lamp.STOP, Say.TYPED_TOO_MANY, item=item, open=str(remaining(work, place)))
    elif -more > in_parcel(work, place):
        turn.say(Lamp.STOP, Say.TYPED_TOO_FEW, item=item, closed=str(work.closed[place]))
    elif more > 0:
        put_in(turn, phase, Piece(place, more, proof="typed", badge=phase.packer.badge))
    elif more < 0:
        _take(turn, phase, place, -more)
    else:
        _tell(turn, work, place)


def place_of(work: Work, given: Typed) -> int | None:
    """The line's place in the job."""
    wanted_line = (given.order, given.line)
    return next((at for at, line in enumerate(work.job.lines) if (line.order, line.line) == wanted_line), None)


def _by_hand(turn: Turn, phase: Filling, place: int) -> bool:
    if place >= len(phase.work.job.lines):
        turn.say(Lamp.LOOK, Say.NO_SUCH_LINE)
        return False
    if phase.work.job.lines[place].policy == "scan":
        turn.say(Lamp.LOOK, Say.MUST_SCAN, item=item_named(phase.work, place))
        return False
    return True


def undo(turn: Turn, phase: Filling | Instructing) -> None:
    """Take back the last accepted piece."""
    pieces = phase.work.parcel.pieces
    if not pieces:
        turn.say(Lamp.LOOK, Say.NOTHING_TO_UNDO)
        return
    turn.say(Lamp.LOOK, Say.UNDONE, item=item_named(phase.work, pieces[-1].line), quantity=str(pieces[-1].quantity))
    go_on(turn, phase.packer, with_pieces(phase.work, pieces[:-1], pieces[-1].line))


def take_out(turn: Turn, phase: Filling, text: str) -> bool:
    """A scan answers which item comes out of the parcel; whether it did."""
    barcode, fault = read(text)
    matches = named(phase.work, text, barcode)
    match = held(phase.work, matches)
    if match is not None:
        return _take(turn, phase, match.line, match.quantity, barcode)
    if matches:
        turn.say(Lamp.LOOK, Say.NOT_IN_PARCEL, item=item_named(phase.work, matches[0].line))
    elif barcode is None:
        turn.say(Lamp.LOOK, Say.BAD_CODE, fault=fault)
    else:
        turn.say(Lamp.STOP, Say.WRONG_ITEM, code=barcode.text[:32])
    return False


def take_out_line(turn: Turn, phase: Filling, place: int | None) -> bool:
    """A touch answers which item comes out; whether it did."""
    if place is None or place >= len(phase.work.job.lines):
        turn.say(Lamp.LOOK, Say.NO_SUCH_LINE)
        return False
    if not in_parcel(phase.work, place):
        turn.say(Lamp.LOOK, Say.NOT_IN_PARCEL, item=item_named(phase.work, place))
        return False
    return _take(turn, phase, place, 1)


def _take(turn: Turn, phase: Filling, place: int, quantity: int, barcode: Barcode | None = None) -> bool:
    work = tracing.without(phase.work, place, quantity, barcode)
    if work is None:
        turn.say(Lamp.LOOK, Say.WHICH_ONE, item=item_named(phase.work, place))
        return False
    turn.say(Lamp.LOOK, Say.TAKEN_OUT, item=item_named(phase.work, place), quantity=str(quantity))
    go_on(turn, phase.packer, work)
    return True


def close_asked(turn: Turn, phase: Packing) -> None:
    """The packer wants to close this parcel and go on with the rest in another."""
    if phase.work.parcel.pieces:
        turn.say(Lamp.GOOD, Say.TO_SCALE)
        to_scale(turn, phase.packer, phase.work)
    else:
        turn.say(Lamp.LOOK, Say.PARCEL_EMPTY)


def box_of(turn: Turn, text: str) -> Box | None:
    """The box that a code names, if it is one of the shop's."""
    folded = text.casefold()
    return next((box for box in turn.session.boxes if box.code.casefold() == folded), None)


_MOST_MATERIALS = 20


def material(turn: Turn, phase: Filling | Instructing, code: str) -> None:
    """Filling goes in with the goods; each scan is one of it."""
    parcel = phase.work.parcel
    if len(parcel.materials) < _MOST_MATERIALS:
        turn.go(replace(phase, work=replace(phase.work, parcel=replace(parcel, materials=(*parcel.materials, code)))))
    turn.say(Lamp.GOOD, Say.MATERIAL, code=code)


def boxed(turn: Turn, phase: Filling | Instructing, box: Box) -> None:
    """The parcel is packed in this box, if the carrier takes it; a refused weight is compared anew."""
    service = phase.work.job.service
    if too_large(box, service):
        turn.say(Lamp.STOP, Say.BOX_TOO_LARGE, name=box.name, service=service.name)
        return
    work = replace(phase.work, parcel=replace(phase.work.parcel, box=box.code))
    turn.say(Lamp.GOOD, Say.BOX, name=box.name)
    if isinstance(phase, OnScale):
        turn.go(OnScale(phase.packer, work, since=phase.since))
    else:
        turn.go(replace(phase, work=work))
