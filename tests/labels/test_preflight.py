"""The preflight finds whatever is wrong with a drawing, and says which field it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import ImageDraw

from contract.keys import Sscc
from labels import gs1, paper, preflight
from labels.documents import Unprintable
from labels.drawing import Box, Drawing, Sheet
from labels.media import canvas_of
from labels.pen import Pen
from tests.labels.specimens import LABEL, LABELS, SLIP, TRIAL, fields

MEDIA = LABELS["4x6 203"]


def drawn() -> Drawing:
    return paper.drawing_of(LABEL, MEDIA)


def with_sheet(drawing: Drawing, sheet: Sheet) -> Drawing:
    return drawing._replace(sheets=(sheet,))


def inked(draw: Callable[[ImageDraw.ImageDraw, Box], None]) -> Drawing:
    """A good label with something drawn on it that should not be there."""
    drawing = drawn()
    (sheet,) = drawing.sheets
    draw(ImageDraw.Draw(sheet.image), sheet.symbols[0].box)
    return drawing


def bars(dots: int = 4, mm: float = 32.5, centre: int = 408) -> Drawing:
    """A sheet with nothing but the bars of the specimen."""
    canvas = canvas_of(MEDIA)
    assert canvas.height is not None
    pen = Pen.blank(canvas.width, canvas.height)
    pen.barcode("sscc", 100, centre, gs1.sscc_bars(LABEL.sscc), dots, canvas.dots(mm))
    return Drawing(canvas, (pen.sheet(),))


@pytest.mark.feature("L9")
@pytest.mark.parametrize("document", [LABEL, SLIP, TRIAL])
@pytest.mark.parametrize("name", LABELS)
def test_good_drawings_pass(document: paper.Document, name: str) -> None:
    preflight.prove(paper.drawing_of(document, LABELS[name]))


@pytest.mark.feature("L9")
@pytest.mark.parametrize(
    ("drawing", "says"),
    [
        (bars(dots=3), "0.375 mm thin"),
        (bars(mm=31.5), "31.5 mm high"),
        (bars(centre=330), "white margins"),
        (bars(centre=500), "white margins"),
        (bars(dots=6), "is 132 mm wide, the paper 102 mm"),
        (inked(lambda pen, box: pen.point((box.left + 2, box.top + 90), 1)), "over the bars"),
        (inked(lambda pen, box: pen.point((box.left - 30, box.top + 90), 0)), "over the bars or beside"),
        (inked(lambda pen, box: pen.line((0, box.top + 9, 999, box.top + 9), 1)), "over the bars"),
        (inked(lambda pen, box: pen.rectangle((box.left + 8, box.top, box.left + 11, box.bottom), 0)), "whole modules"),
        (inked(lambda pen, box: pen.rectangle((box.left - 20, box.top, box.left - 9, box.bottom), 0)), "whole modules"),
    ],
)
def test_bars_that_a_scanner_may_miss_are_refused(drawing: Drawing, says: str) -> None:
    with pytest.raises(Unprintable, match=says) as refusal:
        preflight.prove(drawing)
    assert refusal.value.field == "sscc"


@pytest.mark.feature("L9")
def test_bars_of_another_parcel_are_refused() -> None:
    drawing = drawn()
    (sheet,) = drawing.sheets
    other = gs1.sscc_bars(Sscc.numbered("3401234", 18))
    swapped = sheet._replace(symbols=(sheet.symbols[0]._replace(bars=other),))
    with pytest.raises(Unprintable, match="whole modules"):
        preflight.prove(with_sheet(drawing, swapped))


@pytest.mark.feature("L9")
def test_the_bytes_that_a_scanner_reads_are_compared() -> None:
    """The bars are as drawn, but they say something else than the label does."""
    drawing = drawn()
    (sheet,) = drawing.sheets
    symbol = sheet.symbols[0]
    other = symbol._replace(bars=symbol.bars._replace(data=b"00" + Sscc.numbered("3401234", 18).encode()))
    with pytest.raises(Unprintable, match="it should read") as refusal:
        preflight.prove(with_sheet(drawing, sheet._replace(symbols=(other,))))
    assert refusal.value.field == "sscc"


@pytest.mark.feature("L9")
def test_bars_without_fnc1_are_no_gs1_128() -> None:
    drawing = drawn()
    canvas, height = drawing.canvas, drawing.canvas.dots(32.5)
    plain = gs1.text_bars(f"00{LABEL.sscc}")
    pen = Pen.blank(*drawing.sheets[0].image.size)
    pen.barcode("sscc", 100, 408, plain._replace(gs1=True), 4, height)
    with pytest.raises(Unprintable, match="it should read"):
        preflight.prove(Drawing(canvas, (pen.sheet(),)))


@pytest.mark.feature("L9")
def test_text_beyond_its_room_beyond_the_paper_or_over_other_text_is_refused() -> None:
    drawing = drawn()
    (sheet,) = drawing.sheets
    service = fields(drawing)["service"]

    def moved(box: Box, room: Box) -> Drawing:
        others = tuple(placed for placed in sheet.placed if placed.field != "service")
        return with_sheet(drawing, sheet._replace(placed=(*others, service._replace(box=box, room=room))))

    wide = service.box._replace(right=service.room.right + 1)
    with pytest.raises(Unprintable, match="service: the text needs"):
        preflight.prove(moved(wide, service.room))
    outside = service.box._replace(right=sheet.image.width + 1)
    with pytest.raises(Unprintable, match="service: it would stand beyond the edge"):
        preflight.prove(moved(outside, outside))
    over = fields(drawing)["consignee"].box
    with pytest.raises(Unprintable, match="it would be printed over"):
        preflight.prove(moved(over, over))


@pytest.mark.feature("L9")
def test_paper_smaller_than_the_drawing_and_greys_are_refused() -> None:
    drawing = drawn()
    (sheet,) = drawing.sheets
    small = canvas_of(LABELS["A6 203"])._replace(width=sheet.image.width - 1)
    with pytest.raises(Unprintable, match="more than the paper"):
        preflight.prove(drawing._replace(canvas=small))
    with pytest.raises(Unprintable, match="greys"):
        preflight.prove(with_sheet(drawing, sheet._replace(image=sheet.image.convert("L"))))
