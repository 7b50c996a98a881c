"""The pick list: what to fetch and where, in the order of the walk, with the code that opens the work at a bench."""

from __future__ import annotations

from contract.papers import PickLine, PickList
from labels import sections
from labels.characters import bound, printable
from labels.drawing import Drawing
from labels.flow import Flow
from labels.media import Media, canvas_of
from labels.sections import Cell
from labels.words import Words, long_date, short_time, words

_BOX = 4.5


def draw(listed: PickList, media: Media) -> Drawing:
    """The list on its medium. Raises `Unprintable` for what cannot be set."""
    canvas = canvas_of(media)
    flow, spoken = Flow(canvas), words(listed.language)
    sections.copy_bar(flow, listed.copy)
    flow.text("", spoken.pick_list, 5.6, bold=True)
    flow.space(1.5)
    if flow.wide:
        flow.beside(lambda left: _facts(left, listed, spoken), lambda right: _code(right, listed, spoken))
    else:
        _facts(flow, listed, spoken)
        flow.space(1.5)
        _code(flow, listed, spoken)
    if listed.note:
        flow.space(2)
        flow.text("note", f"{spoken.pick_note} : {listed.note}", 3.6, bold=True)
    sections.divide(flow)
    for number, line in enumerate(listed.lines):
        _line(flow, f"lines[{number}]", line)
        flow.rule(0.15, keep=False)
        flow.space(1)
    return Drawing(canvas, flow.sheets(sections.folio(listed.copy, listed.number, spoken)), media.height_mm == 0)


def _facts(flow: Flow, listed: PickList, spoken: Words) -> None:
    orders = spoken.orders if len(listed.orders) > 1 else spoken.order
    sections.fact(flow, "orders", orders, ", ".join(listed.orders))
    sections.fact(flow, "at", spoken.date, f"{long_date(listed.at, listed.language)}, {short_time(listed.at)}")
    pieces = sum(line.quantity for line in listed.lines)
    sections.fact(flow, "pieces", spoken.items.capitalize(), str(pieces))


def _code(flow: Flow, listed: PickList, spoken: Words) -> None:
    flow.text("", spoken.pick_list_code, 2.8, keep=True)
    flow.space(1, keep=True)
    sections.barcode(flow, "number", listed.number)


def _line(flow: Flow, field: str, line: PickLine) -> None:
    """The place first and large: it is read while walking."""
    dots = flow.canvas.dots
    width = flow.width - dots(_BOX + 2)
    count = Cell(f"{field}.quantity", sections.times(line.quantity), 4.6, dots(16), bold=True)
    place = Cell(f"{field}.place", line.place, 4.6, width - count.width, bold=True)
    name = Cell(f"{field}.name", bound(printable(f"{field}.name", line.name)), 3.6, width)
    sku = Cell(f"{field}.sku", f"{line.sku} · {line.order}" if line.order else line.sku, 2.8, width)
    if not flow.wide:
        sections.row(flow, [place, count], [name], [sku], box=_BOX)
        return
    place = place._replace(width=dots(32))
    rest = width - place.width - count.width
    indent = Cell("", "", 2.8, place.width + count.width)
    sections.row(flow, [place, count, name._replace(width=rest)], [indent, sku._replace(width=rest)], box=_BOX)
