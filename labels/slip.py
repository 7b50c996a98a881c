"""The packing slip: what is in this parcel, what follows, what was cancelled, in the customer's language."""

from __future__ import annotations

from contract.papers import PackingSlip
from labels import sections
from labels.address import postal_lines
from labels.characters import printable
from labels.drawing import Box, Drawing
from labels.flow import Flow, Piece
from labels.media import Media, canvas_of
from labels.pen import Pen
from labels.typeset import Line
from labels.words import Words, long_date, words


def draw(slip: PackingSlip, media: Media) -> Drawing:
    """The slip on its medium. Raises `Unprintable` for what cannot be set."""
    canvas = canvas_of(media)
    flow, spoken = Flow(canvas), words(slip.language)
    sections.copy_bar(flow, slip.copy)
    _head(flow, slip, spoken)
    sections.items(flow, spoken, "packed", spoken.packed, "", slip.packed)
    sections.items(flow, spoken, "to_follow", spoken.to_follow, spoken.to_follow_note, slip.to_follow)
    sections.items(flow, spoken, "cancelled", spoken.cancelled, spoken.cancelled_note, slip.cancelled)
    if slip.gift_note:
        _gift(flow, slip.gift_note, spoken)
    sections.reach(flow, spoken, postal_lines("sender", slip.sender, slip.consignee.country), slip.contact)
    folio = sections.folio(slip.copy, slip.sscc.grouped.removeprefix("(00) "), spoken)
    return Drawing(canvas, flow.sheets(folio), endless=media.height_mm == 0)


def _head(flow: Flow, slip: PackingSlip, spoken: Words) -> None:
    lines = postal_lines("consignee", slip.consignee, slip.sender.country)
    sections.heading(flow, slip.sender.company or slip.sender.name, spoken.slip)
    if flow.wide:
        flow.beside(lambda left: _facts(left, slip, spoken), lambda right: sections.address(right, "consignee", lines))
    else:
        _facts(flow, slip, spoken)
        flow.space(1.5)
        sections.address(flow, "consignee", lines)


def _facts(flow: Flow, slip: PackingSlip, spoken: Words) -> None:
    orders = spoken.orders if len(slip.orders) > 1 else spoken.order
    sections.fact(flow, "orders", orders, ", ".join(slip.orders))
    sections.fact(flow, "number", spoken.parcel, str(slip.number))
    sections.fact(flow, "packed_at", spoken.date, long_date(slip.packed_at, slip.language))
    sections.fact(flow, "sscc", "SSCC", slip.sscc.grouped.removeprefix("(00) "))
    sections.order_codes(flow, slip.orders)


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
