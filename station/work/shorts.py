"""Pieces that will not come: missing from the shelf, or not fit to send."""

from __future__ import annotations

from contract.barcode import Barcode
from contract.messages import ShortReported
from contract.values import ShortKind
from station.devices.ports import Lamp
from station.work import tracing
from station.work.answers import Say
from station.work.course import go_on
from station.work.items import Filling, item_named, read
from station.work.load import in_parcel, open_lines, remaining, reported_short
from station.work.matching import named
from station.work.turn import Turn


def report_scanned(turn: Turn, phase: Filling, kind: ShortKind, text: str) -> None:
    """The item's code names what is short: one piece a scan, also of a case."""
    barcode, fault = read(text)
    places = [match.line for match in named(phase.work, text, barcode)]
    if places:
        place = next((each for each in places if remaining(phase.work, each)), places[0])
        report(turn, phase, kind, place, 1, barcode)
    elif barcode is None:
        turn.say(Lamp.LOOK, Say.BAD_CODE, fault=fault)
    else:
        turn.say(Lamp.STOP, Say.WRONG_ITEM, code=barcode.text[:32])


def report_only_line(turn: Turn, phase: Filling, kind: ShortKind) -> None:
    """With a single open line there is no need to name it."""
    places = open_lines(phase.work)
    if len(places) == 1:
        report(turn, phase, kind, places[0], 1)
    else:
        turn.say(Lamp.LOOK, Say.NAME_THE_ITEM)


def report(
    turn: Turn, phase: Filling, kind: ShortKind, place: int | None, quantity: int, barcode: Barcode | None = None
) -> None:
    """Tell central and pack without them. A damaged piece may be in the parcel already: it comes out."""
    work = phase.work
    if place is None or place >= len(work.job.lines):
        turn.say(Lamp.LOOK, Say.NO_SUCH_LINE)
        return
    item = item_named(work, place)
    from_parcel = max(0, quantity - remaining(work, place)) if kind == "damaged" else 0
    if quantity < 1 or quantity - from_parcel > remaining(work, place) or from_parcel > in_parcel(work, place):
        turn.say(Lamp.LOOK, Say.NONE_OPEN, item=item, open=str(remaining(work, place)))
        return
    if from_parcel:
        left = tracing.without(work, place, from_parcel, barcode)
        if left is None:
            turn.say(Lamp.LOOK, Say.WHICH_ONE, item=item)
            return
        work = left
    work = reported_short(work, place, quantity)
    line = work.job.lines[place]
    turn.record(
        ShortReported(
            job=work.job.job,
            order=line.order,
            line=line.line,
            sku=line.sku,
            quantity=quantity,
            kind=kind,
            badge=phase.packer.badge,
            at=turn.at,
        )
    )
    said = Say.SHORT_REPORTED if kind == "missing" else Say.DAMAGED_REPORTED
    turn.say(Lamp.LOOK, said, item=item, quantity=str(quantity))
    go_on(turn, phase.packer, work)
