"""The delivery note: what was delivered, in which parcels, and room for a signature."""

from __future__ import annotations

from contract.papers import DeliveryNote
from labels import sections
from labels.address import postal_lines
from labels.characters import printable
from labels.drawing import Drawing
from labels.flow import Flow
from labels.media import Media, canvas_of
from labels.typeset import Line
from labels.words import Words, long_date, words


def draw(note: DeliveryNote, media: Media) -> Drawing:
    """The note on its medium. Raises `Unprintable` for what cannot be set."""
    canvas = canvas_of(media)
    flow, spoken = Flow(canvas), words(note.language)
    lines = postal_lines("consignee", note.consignee, note.sender.country)
    sections.copy_bar(flow, note.copy)
    sections.heading(flow, note.sender.company or note.sender.name, spoken.delivery_note)
    if flow.wide:
        flow.beside(lambda left: _facts(left, note, spoken), lambda right: sections.address(right, "consignee", lines))
    else:
        _facts(flow, note, spoken)
        flow.space(1.5)
        sections.address(flow, "consignee", lines)
    sections.items(flow, spoken, "lines", spoken.delivered, "", note.lines)
    sections.items(flow, spoken, "to_follow", spoken.to_follow, spoken.to_follow_note, note.to_follow)
    if note.notes:
        _notes(flow, note.notes, spoken)
    if note.parcels:
        sections.divide(flow)
        flow.text("", spoken.parcels, 3.6, bold=True, keep=True)
        flow.paragraphs("parcels", [Line(sscc.grouped) for sscc in note.parcels], 3.2)
    sections.divide(flow)
    flow.text("", spoken.received, 3.4, bold=True, keep=True)
    flow.space(16, keep=True)
    flow.rule(0.2)
    flow.space(3)
    sections.reach(flow, spoken, postal_lines("sender", note.sender, note.consignee.country), note.contact)
    return Drawing(canvas, flow.sheets(sections.folio(note.copy, note.number, spoken)), endless=media.height_mm == 0)


def _notes(flow: Flow, notes: tuple[str, ...], spoken: Words) -> None:
    sections.divide(flow)
    flow.text("", spoken.note, 3.6, bold=True, keep=True)
    for place, written in enumerate(notes):
        field = f"notes[{place}]"
        flow.paragraphs(field, [Line(printable(field, text)) for text in written.splitlines() if text.strip()], 3.6)


def _facts(flow: Flow, note: DeliveryNote, spoken: Words) -> None:
    sections.fact(flow, "number", spoken.delivery_number, note.number)
    orders = spoken.orders if len(note.orders) > 1 else spoken.order
    sections.fact(flow, "orders", orders, ", ".join(note.orders))
    sections.fact(flow, "at", spoken.date, long_date(note.at, note.language))
    sections.order_codes(flow, note.orders)
