"""The GS1 logistic label: addresses on top, the parcel in the middle, the SSCC at the bottom."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from contract.values import Language
from labels import gs1, marks
from labels.address import postal_lines
from labels.characters import printable
from labels.countries import FRENCH_SPEAKING
from labels.documents import LogisticLabel, Unprintable
from labels.drawing import Box, Drawing, Form
from labels.media import Canvas, Media, canvas_of
from labels.pen import Pen
from labels.typeset import Line, Style, fit
from labels.words import kilograms, short_date, words

LEAST_HEIGHT_MM = 130
ROLL_LENGTH_MM = 152
"""How long the label is on paper without end."""

_MARGIN = 3.0
_SENDER = 21.5
_CELL = 15.0
_BARS = gs1.LEAST_HEIGHT_MM + 0.5
_FOOT = 2.5 + _BARS + 1.0 + 6.0 + 2.5
"""From the rule above the bars to the lower edge."""


class _Layout(NamedTuple):
    """What every label of one size shares: the form, and the room of each field."""

    form: Form
    rooms: dict[str, Box]


def draw(label: LogisticLabel, media: Media) -> Drawing:
    """The label on its medium. Raises `Unprintable` for what no size of type can mend."""
    canvas = canvas_of(media)
    if canvas.height is None:
        canvas = canvas._replace(height=canvas.dots(ROLL_LENGTH_MM))
    language: Language = "fr" if label.sender.country in FRENCH_SPEAKING else "en"
    layout = _layout(canvas, language, len(label.orders) > 1)
    pen = Pen.on(layout.form)
    _addresses(pen, layout, label, canvas)
    _parcel(pen, layout, label, canvas, language)
    _sscc(pen, layout, label, canvas)
    if label.copy > 1:
        marks.inverted_bar(pen, "copy", layout.rooms["copy"], marks.copy_text(label.copy))
    if label.fragile:
        room = layout.rooms["fragile"]
        marks.fragile(pen, room if label.copy > 1 else room._replace(top=layout.rooms["copy"].top + canvas.dots(3)))
    return Drawing(canvas, (pen.sheet(),), endless=media.height_mm == 0)


def _addresses(pen: Pen, layout: _Layout, label: LogisticLabel, canvas: Canvas) -> None:
    home = label.sender.country
    sender = [Line(text, number == 0) for number, text in enumerate(postal_lines("sender", label.sender, home))]
    lines = postal_lines("consignee", label.consignee, home)
    bold_from = len(lines) - (1 if label.consignee.country == home else 2)
    consignee = [Line(text, number == 0 or number >= bold_from) for number, text in enumerate(lines)]
    for field, block, style in (
        ("sender", sender, Style(canvas.dots(3.0), canvas.dots(2.0), 1.06)),
        ("consignee", consignee, Style(canvas.dots(5.2), canvas.dots(4.0), 1.17)),
    ):
        room = layout.rooms[field]
        pen.place(field, room, fit(block, room.width, room.height, style), at_top=field == "sender")


def _parcel(pen: Pen, layout: _Layout, label: LogisticLabel, canvas: Canvas, language: Language) -> None:
    number = f"{label.number} {words(language).of} {label.of}" if label.of else str(label.number)
    style = Style(canvas.dots(4.9), canvas.dots(3.0), 1.08)
    for field, text in (
        ("orders", printable("orders", ", ".join(label.orders))),
        ("number", number),
        ("grams", kilograms(label.grams, language)),
        ("service", printable("service", label.service)),
        ("packed_at", short_date(label.packed_at)),
    ):
        room = layout.rooms[field]
        pen.place(field, room, fit([Line(text, True)], room.width, room.height, style))


def _sscc(pen: Pen, layout: _Layout, label: LogisticLabel, canvas: Canvas) -> None:
    room = layout.rooms["sscc"]
    bars = gs1.sscc_bars(label.sscc)
    pen.barcode("sscc", room.top, (room.left + room.right) // 2, bars, gs1.module_dots(canvas.per_mm), room.height)
    text = layout.rooms["sscc.text"]
    style = Style(canvas.dots(5.6), canvas.dots(4.4), 1.0)
    block = fit([Line(label.sscc.grouped, True)], text.width, text.height, style)
    pen.place("sscc.text", text, block, centred=True)


@lru_cache(maxsize=8)
def _layout(canvas: Canvas, language: Language, several_orders: bool) -> _Layout:
    """Rules and captions, drawn once for each size of label."""
    assert canvas.height is not None
    if canvas.mm(canvas.height) < LEAST_HEIGHT_MM:
        high = f"{canvas.mm(canvas.height):.0f} mm"
        raise Unprintable("media", f"a logistic label is {LEAST_HEIGHT_MM} mm high or more, this one has {high}")
    dots = canvas.dots
    left, right = dots(_MARGIN), canvas.width - dots(_MARGIN)
    foot = canvas.height - dots(_FOOT)
    rows = (foot - dots(2 * _CELL), foot - dots(_CELL))
    below_sender = dots(_MARGIN + _SENDER)
    spoken = words(language)
    pen = Pen.blank(canvas.width, canvas.height)
    rooms = _outer_rooms(canvas, left, right, below_sender, rows[0], foot)

    _caption(pen, canvas, left, dots(_MARGIN), spoken.sender)
    _rule(pen, canvas, left, right, below_sender, 0.4)
    _caption(pen, canvas, left, below_sender + dots(2), spoken.consignee)
    for top, heavy in ((rows[0], 0.8), (rows[1], 0.4), (foot, 0.8)):
        _rule(pen, canvas, left, right, top, heavy)

    orders = spoken.orders if several_orders else spoken.order
    first = (("orders", orders, 0.66), ("number", spoken.parcel, 0.34))
    second = (("grams", spoken.gross_mass, 0.27), ("service", spoken.service, 0.39), ("packed_at", spoken.date, 0.34))
    for top, cells in zip(rows, (first, second), strict=True):
        place = left
        for field, caption, share in cells:
            wide = round((right - left) * share)
            rooms[field] = _cell(pen, canvas, place, top, wide, caption, ruled=place > left)
            place += wide
    return _Layout(pen.form(), rooms)


def _outer_rooms(canvas: Canvas, left: int, right: int, below_sender: int, parcel: int, foot: int) -> dict[str, Box]:
    dots = canvas.dots
    copy = marks.bar_box(canvas)
    bars_top = foot + dots(2.5)
    text_top = bars_top + dots(_BARS) + dots(1.0)
    return {
        "sender": Box(left, dots(_MARGIN + 3.4), copy.left - dots(2), below_sender - dots(1)),
        "copy": copy,
        "fragile": Box(copy.left, copy.bottom + dots(1), right, below_sender - dots(1.2)),
        "consignee": Box(left + dots(6), below_sender + dots(5.5), right, parcel - dots(1.5)),
        "sscc": Box(left, bars_top, right, bars_top + dots(_BARS)),
        "sscc.text": Box(left, text_top, right, text_top + dots(6.0)),
    }


def _caption(pen: Pen, canvas: Canvas, left: int, top: int, text: str) -> None:
    size = canvas.dots(2.5)
    pen.write(left, top, fit([Line(text)], canvas.width, None, Style(size, size)))


def _rule(pen: Pen, canvas: Canvas, left: int, right: int, top: int, thickness: float) -> None:
    pen.fill(Box(left, top, right, top + max(1, canvas.dots(thickness))))


def _cell(pen: Pen, canvas: Canvas, left: int, top: int, width: int, caption: str, *, ruled: bool) -> Box:
    """A captioned cell of the middle block; returns the room of its value."""
    dots = canvas.dots
    bottom = top + dots(_CELL)
    inner = left + (dots(2) if ruled else 0)
    if ruled:
        pen.fill(Box(left, top, left + max(1, dots(0.4)), bottom))
    _caption(pen, canvas, inner, top + dots(1.3), caption)
    return Box(inner, top + dots(4.6), left + width - dots(1), bottom - dots(0.6))
