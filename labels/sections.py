"""Parts that slips, notes, lists and forms share: facts, addresses, lines of items, a barcode."""

from __future__ import annotations

from typing import NamedTuple

from contract.papers import SlipLine
from labels import gs1
from labels.characters import bound, printable
from labels.drawing import Box
from labels.flow import Flow, Piece
from labels.marks import copy_text
from labels.pen import Pen
from labels.typeset import Block, Line, Style, advance, fit
from labels.words import Words

_LEAST_DOTS = 2
"""A bar of one dot is what a worn head loses first."""
_BEST_MODULE_MM = 0.5


def copy_bar(flow: Flow, copy: int) -> None:
    """DUPLICATE and its number, on all but the first copy."""
    if copy > 1:
        flow.bar("copy", copy_text(copy), 8)
        flow.space(2)


def folio(copy: int, identity: str, spoken: Words) -> str:
    """What ties the sheets of one document together."""
    return f"{copy_text(copy)} · {identity} · {spoken.page}" if copy > 1 else f"{identity} · {spoken.page}"


def heading(flow: Flow, shop: str, title: str) -> None:
    """The shop's name and what the paper is."""
    flow.text("sender.name", shop, 7.0 if flow.wide else 5.6, bold=True)
    flow.text("", title, 5.0 if flow.wide else 4.0)
    divide(flow, 1.5)
    flow.space(1.5)


def divide(flow: Flow, before: float = 2.5) -> None:
    """A line over the whole width that begins a new part."""
    flow.space(before, keep=True)
    flow.rule(0.5)
    flow.space(1.5, keep=True)


def address(flow: Flow, field: str, lines: tuple[str, ...]) -> None:
    """An address block, its first line bold."""
    mm = 3.8 if flow.wide else 3.2
    flow.paragraphs(field, [Line(text, number == 0) for number, text in enumerate(lines)], mm, keep=True)
    flow.space(0)


def fact(flow: Flow, field: str, caption: str, value: str) -> None:
    """A caption with its value at the right edge, or below when the two are too long for one line."""
    pair(flow, field, Line(caption), Line(printable(field, value), True), flow.style(3.2), flow.style(3.2))


def pair(flow: Flow, field: str, left: Line, right: Line, style: Style, small: Style, *, keep: bool = False) -> None:
    """Two texts at the two edges of one line, or one below the other."""
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


def items(flow: Flow, spoken: Words, field: str, title: str, note: str, lines: tuple[SlipLine, ...]) -> None:
    """A titled list of items with their number; nothing when there are none."""
    if not lines:
        return
    pieces = sum(line.quantity for line in lines)
    divide(flow)
    count = f"{pieces} {spoken.item if pieces == 1 else spoken.items}"
    pair(flow, f"{field}.count", Line(title, True), Line(count), flow.style(4.2), flow.style(3.2), keep=True)
    if note:
        flow.text("", note, 3.0, keep=True)
    flow.space(1, keep=True)
    quantity = quantity_column(flow, [line.quantity for line in lines])
    for number, line in enumerate(lines):
        _item(flow, f"{field}[{number}]", line, quantity)


def quantity_column(flow: Flow, quantities: list[int]) -> int:
    """How wide the column of "12 ×" must be, in dots."""
    return max(advance(times(each), flow.canvas.dots(3.6), True) for each in quantities) + flow.canvas.dots(2)


def times(quantity: int) -> str:
    return f"{quantity} ×"


def _item(flow: Flow, field: str, line: SlipLine, column: int) -> None:
    """How many, the name, and the shop's number below it; on a page at the right."""
    right = flow.canvas.dots(40) if flow.wide else 0
    sku = Cell(f"{field}.sku", line.sku, 2.8, right or flow.width - column)
    name = Cell(f"{field}.name", bound(line.name), 3.6, flow.width - column - right)
    count = Cell(f"{field}.quantity", times(line.quantity), 3.6, column, bold=True)
    row(flow, [count, name, sku]) if right else row(flow, [count, name], [Cell("", "", 2.8, column), sku])


class Cell(NamedTuple):
    """One text in a row of a table; `width` in dots."""

    field: str
    text: str
    mm: float
    width: int
    bold: bool = False


def row(flow: Flow, *lines: list[Cell], keep: bool = False, box: float = 0) -> None:
    """Cells side by side, in one line or several that stay together; `box`: a square to tick before them."""
    indent = flow.canvas.dots(box + 2) if box else 0
    set_lines = [[(cell, _set(flow, cell)) for cell in line] for line in lines]
    baselines = [max(block.baseline for _, block in line) for line in set_lines]
    heights = [
        max(baseline - block.baseline + block.height for _, block in line)
        for line, baseline in zip(set_lines, baselines, strict=True)
    ]
    height = sum(heights) + flow.canvas.dots(1.2)

    def put(pen: Pen, top: int) -> None:
        if box:
            _tick_box(pen, flow, top, heights[0], flow.canvas.dots(box))
        for line, line_height, baseline in zip(set_lines, heights, baselines, strict=True):
            left = flow.left + indent
            for cell, block in line:
                if cell.text:
                    above = top + baseline - block.baseline
                    pen.place(cell.field, Box(left, above, left + cell.width, above + block.height), block)
                left += cell.width
            top += line_height

    flow.pieces.append(Piece(lines[0][-1].field, height, put, keep))


def _set(flow: Flow, cell: Cell) -> Block:
    return fit([Line(printable(cell.field, cell.text), cell.bold)], cell.width, None, flow.style(cell.mm))


def _tick_box(pen: Pen, flow: Flow, top: int, line_height: int, size: int) -> None:
    above = top + max(0, (line_height - size) // 2)
    pen.frame(Box(flow.left, above, flow.left + size, above + size), max(1, flow.canvas.dots(0.3)))


def barcode(flow: Flow, field: str, text: str, mm: float = 14) -> None:
    """Code 128 as wide as the paper allows, with the text below. The preflight refuses bars that are too wide."""
    canvas = flow.canvas
    bars = gs1.text_bars(printable(field, text))
    room = flow.width if flow.wide else canvas.width
    fitting = room // (bars.modules + 2 * gs1.QUIET_MODULES)
    dots = max(_LEAST_DOTS, min(fitting, canvas.dots(_BEST_MODULE_MM)))
    height = canvas.dots(mm)
    below = fit([Line(text)], flow.width, None, flow.style(3.2))
    middle = (flow.left + flow.right) // 2

    def put(pen: Pen, top: int) -> None:
        pen.barcode(field, top, middle, bars, dots, height)
        under = top + height + canvas.dots(0.8)
        pen.place(f"{field}.text", Box(flow.left, under, flow.right, under + below.height), below, centred=True)

    flow.pieces.append(Piece(field, height + canvas.dots(0.8) + below.height, put))


def order_codes(flow: Flow, orders: tuple[str, ...]) -> None:
    """Each order's number as a code that opens it at a bench, where the paper is wide enough for it."""
    room = flow.width if flow.wide else flow.canvas.width
    for place, number in enumerate(orders):
        if number.isascii() and number.isprintable():
            bars = gs1.text_bars(number)
            if (bars.modules + 2 * gs1.QUIET_MODULES) * _LEAST_DOTS <= room:
                flow.space(1.5, keep=True)
                barcode(flow, f"orders[{place}]", number, 9)


def reach(flow: Flow, spoken: Words, sender: tuple[str, ...], contact: str) -> None:
    """How the customer reaches the shop."""
    divide(flow)
    flow.text("", spoken.reach, 3.6, bold=True, keep=True)
    flow.text("", spoken.reach_note, 3.0, keep=True)
    if contact:
        flow.space(0.5, keep=True)
        ways = [Line(printable("contact", way).replace(" ", "\xa0"), True) for way in contact.split(" · ")]
        flow.paragraphs("contact", ways, 3.6, keep=True)
    flow.space(0.5, keep=True)
    address(flow, "sender", sender)
