"""The command sheet: every command with its name, what it does and its code, in the order of a packer's work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from contract.commands import Command, reason_code
from contract.values import Language
from labels import gs1
from labels.command_words import COMMANDS, GROUPS, REASON, REASONS, TITLE, Group
from labels.documents import CommandSheet
from labels.drawing import Box, Drawing
from labels.flow import Flow, Piece
from labels.media import Canvas, Media, canvas_of
from labels.pen import Pen
from labels.typeset import Line, fit

MOST_REASONS = 4
"""No question has more to choose from."""
_BESIDE_MM = 120
"""On paper as wide as this the code stands beside its name; never two codes in one line: a beam would cross both."""
_LEAST_MODULE_MM, _MODULE_MM = 0.25, 0.5
_BARS_MM, _GAP_MM = 11.0, 4.5


class _Row(NamedTuple):
    code: str
    name: str
    does: str


def draw(sheet: CommandSheet, media: Media) -> Drawing:
    """The sheet on its medium. Raises `Unprintable` for paper that the longest code does not fit on."""
    canvas = canvas_of(media)
    flow, language = Flow(canvas), sheet.language
    flow.bar("title", TITLE.to(language), 9)
    flow.space(1.5)
    flow.text("station", sheet.station or "Packline", 4.2, bold=True)
    groups = list(_groups(language))
    module = _module(canvas, flow, [row.code for _, rows in groups for row in rows])
    for title, rows in groups:
        flow.space(3, keep=True)
        flow.rule(0.5)
        flow.space(1, keep=True)
        flow.text(title, title, 4.6, bold=True, keep=True)
        for row in rows:
            flow.space(_GAP_MM, keep=True)
            _beside(flow, row, module) if _wide(canvas) else _below(flow, row, module)
    return Drawing(canvas, flow.sheets(TITLE.to(language)), endless=media.height_mm == 0)


def _groups(language: Language) -> Iterator[tuple[str, list[_Row]]]:
    for group in Group:
        mine = [command for command in COMMANDS if COMMANDS[command].group is group]
        yield GROUPS[group].to(language), [_row(command, language) for command in mine]
    reasons = (
        _Row(reason_code(place), REASON.to(language).format(place=place + 1), "") for place in range(MOST_REASONS)
    )
    yield REASONS.to(language), list(reasons)


def _row(command: Command, language: Language) -> _Row:
    said = COMMANDS[command]
    return _Row(command.value, said.name.to(language), said.does.to(language))


def _wide(canvas: Canvas) -> bool:
    return canvas.height is not None and canvas.mm(canvas.width) >= _BESIDE_MM


def _module(canvas: Canvas, flow: Flow, codes: list[str]) -> int:
    """One width of bars for the whole sheet: what the longest code has room for."""
    most = max(gs1.text_bars(code).modules for code in codes) + 2 * gs1.QUIET_MODULES
    room = flow.width * 3 // 5 if _wide(canvas) else canvas.width
    least = -int(-canvas.per_mm * _LEAST_MODULE_MM // 1)
    return max(least, min(canvas.dots(_MODULE_MM), room // most))


def _beside(flow: Flow, row: _Row, module: int) -> None:
    """Name and meaning at the left, the code at the right edge."""
    canvas, bars = flow.canvas, gs1.text_bars(row.code)
    middle = flow.right - flow.width * 3 // 10
    room = flow.width * 2 // 5
    name = fit([Line(row.name, True)], room, None, flow.style(6.5))
    does = fit([Line(row.does)], room, None, flow.style(3.4))
    height = max(canvas.dots(_BARS_MM), name.height + does.height)

    def put(pen: Pen, top: int) -> None:
        under = top + name.height
        pen.place(f"{row.code}.name", Box(flow.left, top, flow.left + room, under), name)
        pen.place(f"{row.code}.does", Box(flow.left, under, flow.left + room, top + height), does, at_top=True)
        pen.barcode(row.code, top, middle, bars, module, height)

    flow.pieces.append(Piece(row.code, height, put))


def _below(flow: Flow, row: _Row, module: int) -> None:
    """The code below its name, as on labels and rolls."""
    canvas, bars = flow.canvas, gs1.text_bars(row.code)
    height = canvas.dots(_BARS_MM)
    flow.text(f"{row.code}.name", row.name, 6.0, bold=True, keep=True)
    if row.does:
        flow.text(f"{row.code}.does", row.does, 3.4, keep=True)
    flow.space(1, keep=True)

    def put(pen: Pen, top: int) -> None:
        pen.barcode(row.code, top, canvas.width // 2, bars, module, height)

    flow.pieces.append(Piece(row.code, height, put))
