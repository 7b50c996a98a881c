"""What lies in a parcel for sending things back: the label and the form."""

from __future__ import annotations

from contract.papers import SlipLine
from labels import marks, sections
from labels.address import postal_lines
from labels.characters import bound, printable
from labels.documents import ReturnForm, ReturnLabel
from labels.drawing import Box, Drawing
from labels.flow import Flow, Piece
from labels.media import Media, canvas_of
from labels.pen import Pen
from labels.sections import Cell
from labels.typeset import Line, fit
from labels.words import Words, words

_BOX = 4.5
_LINES_FOR_WORDS = 2


def draw_label(label: ReturnLabel, media: Media) -> Drawing:
    """The label for the way back. Raises `Unprintable` for what cannot be set."""
    canvas = canvas_of(media)
    flow, spoken = Flow(canvas), words(label.language)
    home = label.customer.country
    if flow.canvas.height is None:
        flow.bar("returning", spoken.returning, 9)
        sections.copy_bar(flow, label.copy)
        flow.text("", spoken.sender, 2.8)
        sections.address(flow, "customer", postal_lines("customer", label.customer, home))
    else:
        _from_beside_bar(flow, label, spoken)
    flow.space(2)
    flow.rule(0.4)
    flow.space(1.5)
    flow.text("", spoken.consignee, 2.8, keep=True)
    flow.space(1, keep=True)
    shop = [Line(text, number == 0) for number, text in enumerate(postal_lines("shop", label.shop, home))]
    flow.paragraphs("shop", shop, 5.2, indent=canvas.dots(4), keep=True)
    sections.divide(flow)
    orders = spoken.orders if len(label.orders) > 1 else spoken.order
    sections.fact(flow, "orders", orders, ", ".join(label.orders))
    sections.fact(flow, "service", spoken.service, label.service)
    sections.divide(flow, 1.5)
    flow.text("", spoken.return_code, 2.8, keep=True)
    flow.space(1, keep=True)
    sections.barcode(flow, "return_code", label.sscc.return_code, 25)
    folio = sections.folio(label.copy, label.sscc.return_code, spoken)
    return Drawing(canvas, flow.sheets(folio), endless=media.height_mm == 0)


def _from_beside_bar(flow: Flow, label: ReturnLabel, spoken: Words) -> None:
    """Who sends, small; beside it in white on black that it is a return, so that nobody packs with it."""
    dots = flow.canvas.dots
    right = flow.right - dots(marks.BAR_WIDTH)
    lines = [
        Line(text, number == 0)
        for number, text in enumerate(postal_lines("customer", label.customer, label.customer.country))
    ]
    caption = fit([Line(spoken.sender)], right - flow.left, None, flow.style(2.8))
    customer = fit(lines, right - flow.left - dots(2), None, flow.style(3.0))
    bars = [("returning", spoken.returning)]
    if label.copy > 1:
        bars.append(("copy", marks.copy_text(label.copy)))

    def put(pen: Pen, top: int) -> None:
        pen.write(flow.left, top, caption)
        below = top + caption.height
        pen.place("customer", Box(flow.left, below, right - dots(2), below + customer.height), customer)
        for number, (field, text) in enumerate(bars):
            above = top + number * dots(marks.BAR_HEIGHT + 1)
            marks.inverted_bar(pen, field, Box(right, above, flow.right, above + dots(marks.BAR_HEIGHT)), text)

    height = max(caption.height + customer.height, dots(marks.BAR_HEIGHT + 1) * len(bars))
    flow.pieces.append(Piece("customer", height, put))


def draw_form(form: ReturnForm, media: Media) -> Drawing:
    """The sheet to tick. Raises `Unprintable` for what cannot be set."""
    canvas = canvas_of(media)
    flow, spoken = Flow(canvas), words(form.language)
    sections.copy_bar(flow, form.copy)
    sections.heading(flow, form.shop.company or form.shop.name, spoken.return_form)
    sections.fact(flow, "orders", spoken.orders if len(form.orders) > 1 else spoken.order, ", ".join(form.orders))
    flow.text("within_days", spoken.return_form_note.format(days=form.within_days), 3.4)
    flow.space(1)
    for number, step in enumerate(spoken.return_steps, 1):
        flow.text("", f"{number}. {step}", 3.0)
    sections.divide(flow)
    for number, line in enumerate(form.lines):
        _to_tick(flow, f"lines[{number}]", line, spoken)
    sections.divide(flow, 1.5)
    reasons = " · ".join(f"{number}\xa0=\xa0{reason}" for number, reason in enumerate(spoken.return_reasons, 1))
    flow.text("", reasons, 3.0, keep=True)
    flow.space(2, keep=True)
    flow.text("", spoken.return_other, 3.0, keep=True)
    for _ in range(_LINES_FOR_WORDS):
        flow.space(8, keep=True)
        flow.rule(0.2)
    flow.space(3)
    sections.divide(flow)
    sections.barcode(flow, "return_code", form.sscc.return_code)
    sections.reach(flow, spoken, postal_lines("shop", form.shop, form.country or form.shop.country), form.contact)
    folio = sections.folio(form.copy, form.sscc.return_code, spoken)
    return Drawing(canvas, flow.sheets(folio), endless=media.height_mm == 0)


def _to_tick(flow: Flow, field: str, line: SlipLine, spoken: Words) -> None:
    """A square, the item, and room to write how many of how many and why."""
    width = flow.width - flow.canvas.dots(_BOX + 2)
    blanks = f"____ / {line.quantity}    {spoken.return_reason} ____"
    name = Cell(f"{field}.name", bound(printable(f"{field}.name", line.name)), 3.6, width)
    if not flow.wide:
        sections.row(flow, [name], [Cell(f"{field}.quantity", blanks, 3.6, width)], box=_BOX)
        return
    right, middle = flow.canvas.dots(52), flow.canvas.dots(30)
    name = name._replace(width=width - right - middle)
    sku = Cell(f"{field}.sku", line.sku, 2.8, middle)
    sections.row(flow, [name, sku, Cell(f"{field}.quantity", blanks, 3.6, right)], box=_BOX)
