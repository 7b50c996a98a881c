"""The packing slip: what is in this parcel, what follows, what was cancelled, in the customer's language."""

from __future__ import annotations

from station.devices.ports import Media
from station.labels import marks
from station.labels.address import postal_lines
from station.labels.characters import bound, printable
from station.labels.documents import PackingSlip, SlipLine
from station.labels.drawing import Box, Drawing
from station.labels.flow import Flow, Piece
from station.labels.media import canvas_of
from station.labels.pen import Pen
from station.labels.typeset import Line, Style, advance, fit
from station.labels.words import Words, long_date, words


def draw(slip: PackingSlip, media: Media) -> Drawing:
    """The slip on its medium. Raises `Unprintable` for what cannot be set."""
    canvas = canvas_of(media)
    flow, spoken = Flow(canvas), words(slip.language)
    if slip.copy > 1:
        flow.bar("copy", marks.copy_text(slip.copy), 8)
        flow.space(2)
    _head(flow, slip, spoken)
    _items(flow, spoken, "packed", spoken.packed, "", slip.packed)
    _items(flow, spoken, "to_follow", spoken.to_follow, spoken.to_follow_note, slip.to_follow)
    _items(flow, spoken, "cancelled", spoken.cancelled, spoken.cancelled_note, slip.cancelled)
    if slip.gift_note:
        _gift(flow, slip.gift_note, spoken)
    _reach(flow, slip, spoken)
    return Drawing(canvas, flow.sheets(_folio(slip, spoken)), endless=media.height_mm == 0)


def _folio(slip: PackingSlip, spoken: Words) -> str:
    """What ties the labels of one slip together."""
    copy = f"{marks.copy_text(slip.copy)} · " if slip.copy > 1 else ""
    return f"{copy}{slip.sscc.grouped.removeprefix('(00) ')} · {spoken.page}"


def _head(flow: Flow, slip: PackingSlip, spoken: Words) -> None:
    flow.text("sender.name", slip.sender.company or slip.sender.name, 5.6, bold=True)
    flow.text("", spoken.slip, 4.0)
    flow.space(1.5)
    flow.rule(0.5)
    flow.space(1.5)
    _fact(flow, "orders", spoken.orders if len(slip.orders) > 1 else spoken.order, ", ".join(slip.orders))
    _fact(flow, "number", spoken.parcel, str(slip.number))
    _fact(flow, "packed_at", spoken.date, long_date(slip.packed_at, slip.language))
    _fact(flow, "sscc", "SSCC", slip.sscc.grouped.removeprefix("(00) "))
    flow.space(1.5)
    _address(flow, "consignee", postal_lines("consignee", slip.consignee, slip.sender.country))


def _address(flow: Flow, field: str, lines: tuple[str, ...]) -> None:
    flow.paragraphs(field, [Line(text, number == 0) for number, text in enumerate(lines)], 3.2, keep=True)
    flow.space(0)


def _fact(flow: Flow, field: str, caption: str, value: str) -> None:
    """A caption with its value at the right edge, or below when the two are too long for one line."""
    _pair(flow, field, Line(caption), Line(printable(field, value), True), flow.style(3.2), flow.style(3.2))


def _pair(flow: Flow, field: str, left: Line, right: Line, style: Style, small: Style, *, keep: bool = False) -> None:
    first, second = fit([left], flow.width, None, style), fit([right], flow.width, None, small)
    together = first.width + flow.canvas.dots(3) + second.width <= flow.width and len(second.lines) == 1

    def put(pen: Pen, top: int) -> None:
        pen.write(flow.left, top, first)
        if together:
            top += first.height - second.height
            room = Box(flow.right - second.width, top, flow.right, top + second.height)
        else:
            room = Box(flow.left, top + first.height, flow.right, top + first.height + second.height)
        pen.place(field, room, second)

    height = first.height if together else first.height + second.height
    flow.pieces.append(Piece(field, height, put, keep))


def _items(flow: Flow, spoken: Words, field: str, heading: str, note: str, lines: tuple[SlipLine, ...]) -> None:
    if not lines:
        return
    pieces = sum(line.quantity for line in lines)
    flow.space(2.5, keep=True)
    flow.rule(0.5)
    flow.space(1.5, keep=True)
    count = f"{pieces} {spoken.item if pieces == 1 else spoken.items}"
    _pair(flow, f"{field}.count", Line(heading, True), Line(count), flow.style(4.2), flow.style(3.2), keep=True)
    if note:
        flow.text("", note, 3.0, keep=True)
    flow.space(1, keep=True)
    column = max(advance(_times(line), flow.canvas.dots(3.6), True) for line in lines) + flow.canvas.dots(2)
    for number, line in enumerate(lines):
        _item(flow, f"{field}[{number}]", line, column)


def _item(flow: Flow, field: str, line: SlipLine, column: int) -> None:
    """How many, the name, and the shop's number below it."""
    style = flow.style(3.6)
    count = fit([Line(_times(line), True)], column, None, style)
    name = fit([Line(bound(printable(f"{field}.name", line.name)))], flow.width - column, None, style)
    sku = fit([Line(printable(f"{field}.sku", line.sku))], flow.width - column, None, flow.style(2.8))
    height = name.height + sku.height + flow.canvas.dots(1.2)

    def put(pen: Pen, top: int) -> None:
        pen.place(f"{field}.quantity", Box(flow.left, top, flow.left + column, top + count.height), count)
        left, below = flow.left + column, top + name.height
        pen.place(f"{field}.name", Box(left, top, flow.right, below), name)
        pen.place(f"{field}.sku", Box(left, below, flow.right, below + sku.height), sku)

    flow.pieces.append(Piece(f"{field}.name", height, put))


def _times(line: SlipLine) -> str:
    return f"{line.quantity} ×"


def _gift(flow: Flow, note: str, spoken: Words) -> None:
    """The giver's words behind a thick line, so that they are found at once."""
    flow.space(2.5, keep=True)
    flow.rule(0.5)
    flow.space(2, keep=True)
    first = len(flow.pieces)
    indent = flow.canvas.dots(4)
    flow.paragraphs("", [Line(spoken.gift, True)], 3.2, indent=indent, keep=True)
    paragraphs = [Line(printable("gift_note", text)) for text in note.splitlines() if text.strip()]
    flow.paragraphs("gift_note", paragraphs, 4.0, indent=indent)
    flow.pieces[first:] = [_beside_line(flow, piece) for piece in flow.pieces[first:]]


def _beside_line(flow: Flow, piece: Piece) -> Piece:
    def put(pen: Pen, top: int) -> None:
        pen.fill(Box(flow.left, top, flow.left + flow.canvas.dots(1), top + piece.height))
        piece.put(pen, top)

    return piece._replace(put=put)


def _reach(flow: Flow, slip: PackingSlip, spoken: Words) -> None:
    flow.space(2.5, keep=True)
    flow.rule(0.5)
    flow.space(1.5, keep=True)
    flow.text("", spoken.reach, 3.6, bold=True, keep=True)
    flow.text("", spoken.reach_note, 3.0, keep=True)
    flow.space(0.5, keep=True)
    _address(flow, "sender", postal_lines("sender", slip.sender, slip.consignee.country))
