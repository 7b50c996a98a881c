"""Lot, serial number and expiry: read from the item's code, or asked for, and checked before the piece is in."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime

from msgspec.structs import replace

from contract.barcode import BadBarcode, Barcode, read_barcode
from contract.keys import BadKey
from contract.values import TraceKind
from station.devices.ports import Lamp
from station.work.answers import Say
from station.work.load import Piece, Work, serials, taken_out
from station.work.matching import named
from station.work.phases import Asking, OnScale, Origin, Packing
from station.work.turn import Turn

_GIVEN = re.compile(r"[!-~]([ -~]{0,18}[!-~])?")
"""What GS1 allows for a lot or a serial number: 20 characters that can be printed."""
_YEAR_FIRST = re.compile(r"(?:20)?(\d\d)[-./ ]?(\d\d)[-./ ]?(\d\d)")
_DAY_FIRST = re.compile(r"(\d\d)[-./ ](\d\d)[-./ ]20(\d\d)")
_BAD: dict[TraceKind, Say] = {"lot": Say.BAD_LOT, "serial": Say.BAD_SERIAL, "expiry": Say.BAD_EXPIRY}


def traced(piece: Piece, barcode: Barcode | None) -> Piece:
    """The piece with what its code says of it; a count of several has no serial number of its own."""
    if barcode is None:
        return piece
    return replace(piece, lot=barcode.lot, serial=barcode.serial, expiry=barcode.expiry)


def refused(turn: Turn, work: Work, piece: Piece) -> bool:
    """Whether the piece must not go in, whatever else is known of it; the packer is told."""
    line = work.job.lines[piece.line]
    item = f"{line.sku} {line.name}"
    if piece.expiry and is_past(piece.expiry, turn.at):
        turn.say(Lamp.STOP, Say.EXPIRED, item=item, expiry=piece.expiry)
    elif piece.serial and (line.sku, piece.serial) in serials(work):
        turn.say(Lamp.STOP, Say.SERIAL_TWICE, item=item, serial=piece.serial)
    elif piece.quantity > 1 and "serial" in line.requires:
        turn.say(Lamp.LOOK, Say.ONE_BY_ONE, item=item)
    else:
        return False
    return True


def wanted(work: Work, piece: Piece) -> TraceKind | None:
    """What must still be asked for before the piece is in."""
    return next((kind for kind in work.job.lines[piece.line].requires if not getattr(piece, kind)), None)


def ask(turn: Turn, before: Packing | OnScale, piece: Piece, kind: TraceKind) -> None:
    """Ask for one thing; the piece waits."""
    turn.go(Asking(Origin(piece, kind), before, turn.at))
    turn.say(Lamp.LOOK, Say.ASK_ORIGIN)


def answered(turn: Turn, before: Packing | OnScale, question: Origin, text: str) -> Piece | None:
    """The piece with the answer in it; None when the text is none, and the question stands."""
    return told(turn, question, text, lambda barcode: bool(named(before.work, text, barcode)))


def told(turn: Turn, question: Origin, text: str, is_item: Callable[[Barcode], bool]) -> Piece | None:
    """As `answered`, for any work: `is_item` says whether the code names one of its items."""
    piece, kind = question.piece, question.wanted
    barcode = _read(text)
    own_item = barcode is not None and (barcode.sscc is not None or is_item(barcode))
    if barcode is not None and getattr(barcode, kind):
        given = {name: getattr(barcode, name) for name in ("lot", "serial", "expiry") if getattr(barcode, name)}
        return replace(piece, **given)
    value = expiry_in(text) if kind == "expiry" else text.strip()
    if own_item or not _GIVEN.fullmatch(value):
        turn.say(Lamp.LOOK, _BAD[kind])
        return None
    return replace(piece, **{kind: value})


def _read(text: str) -> Barcode | None:
    try:
        return read_barcode(text)
    except (BadBarcode, BadKey):
        return None


def expiry_in(text: str) -> str:
    """A date as it stands on goods: 271130, 2027-11-30, 30.11.2027; empty when it is none. YYYY-MM-DD."""
    text = text.strip()
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
    elif found := _YEAR_FIRST.fullmatch(text):
        year, month, day = found.groups()
    else:
        return ""
    written = f"20{year}-{month}-{day}"
    return written if _last_day(written) is not None else ""


def _last_day(expiry: str) -> date | None:
    """The last day on which it is good; None for a date that does not exist."""
    year, month, day = (int(part) for part in expiry.split("-"))
    if not 1 <= month <= 12 or day > monthrange(year, month)[1]:
        return None
    return date(year, month, day or monthrange(year, month)[1])


def last_good_day(expiry: str) -> str:
    """`2029-11-00` as `2029-11-30`; other texts as they are."""
    if not expiry.endswith("-00"):
        return expiry
    last = _last_day(expiry)
    return last.isoformat() if last is not None else expiry


def is_past(expiry: str, at: int) -> bool:
    """Whether the day (UTC) is over. A date that does not exist, such as 31 June, is over with its month."""
    last = _last_day(expiry) or _last_day(f"{expiry[:8]}00")
    return last is not None and datetime.fromtimestamp(at / 1_000, UTC).date() > last


def without(work: Work, line: int, quantity: int, barcode: Barcode | None = None) -> Work | None:
    """The same work with `quantity` pieces of the line less in the open parcel, the latest first.

    None when nothing says which: pieces of several origins are not alike, and only the code tells them apart.
    """
    places = [at for at, piece in enumerate(work.parcel.pieces) if piece.line == line]
    if barcode is not None:
        places = _meant(work, places, barcode)
    origins = {(piece.lot, piece.serial, piece.expiry) for piece in map(work.parcel.pieces.__getitem__, places)}
    if len(origins) != 1 or sum(work.parcel.pieces[at].quantity for at in places) < quantity:
        return None
    return taken_out(work, line, quantity, places)


def _meant(work: Work, places: list[int], barcode: Barcode) -> list[int]:
    """The pieces of which all that the code says is known; without any, those of which nothing else is known."""
    told = {name: value for name in ("lot", "serial", "expiry") if (value := getattr(barcode, name))}

    def agrees(at: int, *unknown: str) -> bool:
        return all(getattr(work.parcel.pieces[at], name) in (value, *unknown) for name, value in told.items())

    return [at for at in places if agrees(at)] or [at for at in places if agrees(at, "")]
