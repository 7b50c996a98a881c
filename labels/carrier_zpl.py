"""A carrier's label given as ZPL: sent on unchanged to a ZPL printer of its resolution, after it was read.

It is not drawn here: its commands are followed far enough to prove that nothing of it stands beyond the paper, that
it prints once and changes no setting that lasts, and that its barcodes say what they must.
Source: Zebra, ZPL II programming guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image

from contract.papers import CarrierLabel
from labels import gs1, zpl, zpl_graphics
from labels.carrier import copy_sheets, wanted_codes
from labels.documents import Unprintable
from labels.drawing import Drawing
from labels.media import Canvas, Media, canvas_of
from labels.preflight import read_wanted

_COMMAND = re.compile(r"([\^~\x1e\x1f][^\^~\x1e\x1f]{0,2})([^\^~\x1e\x1f]*)", re.DOTALL)
"""RS and US are other ways to write ^ and ~."""
_HARMLESS = re.compile(
    r"\^(X[AZ]|F[BDHNOPRSTVWX]|C[FIV]|A[A-Z0-9@]|B[0-9A-Z]|G[BCDEFS]|L[EHLRST]|P[MOQRW]|M[CDFMN])", re.IGNORECASE
)
"""What describes one label, or the paper in it; everything else is refused."""
_LASTING = {"LS": "0", "LT": "0", "MN": "YWA"}
"""What would move or lose our own next labels too, with the values that do not."""
_STARTS_OF_CODE_128 = re.compile(r">[:;<0-9=]")
_MODULE, _HIGH = 2, 10
"""Dots of a bar before the first ^BY."""
_MARKS = re.compile(r"G[BCDEFS]|F[DV]")
"""Put something on the label."""


class _Barcode(NamedTuple):
    kind: str
    text: str
    left: int
    top: int
    module: int
    high: int
    """0: not known."""
    upright: bool


def passed_on(label: CarrierLabel, media: Media) -> bytes:
    """The carrier's bytes, proven. Raises `Unprintable` with what speaks against printing them."""
    if label.dpi != media.dpi:
        made_for = f"{label.dpi} dpi" if label.dpi else "an unknown resolution"
        raise Unprintable("dpi", f"the carrier's ZPL is for {made_for}, the printer has {media.dpi}: ask for that one")
    try:
        text = label.data.decode("utf-8")
    except UnicodeDecodeError:
        text = label.data.decode("cp850")
    stripped = text.strip()
    if not (stripped.startswith("^XA") and stripped.endswith("^XZ")):
        raise Unprintable("data", "the carrier's ZPL is not whole: it must begin with ^XA and end with ^XZ")
    canvas = canvas_of(media)
    codes: list[str] = []
    for found in _Follower(canvas).followed(stripped):
        if isinstance(found, _Barcode):
            _measure(found, canvas)
            codes.append(found.text)
        else:
            codes += gs1.find_all(found)
    read_wanted(codes, wanted_codes(label))
    head = zpl.encode(Drawing(canvas, copy_sheets(label, canvas))) if label.copy > 1 else b""
    return head + label.data


class _Follower:
    """Where the commands have come to; every position on the way is proven to be on the paper."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._home = self._at = (0, 0)
        self._on_baseline = False
        self._module, self._high = _MODULE, _HIGH
        self._kind = ""
        self._bars_high = 0
        self._upright = True
        self._hex = ""
        """What stands before two hexadecimal digits in the field; empty for nothing."""
        self._labels = 0
        self._blank = True

    def followed(self, text: str) -> Iterator[_Barcode | Image.Image]:
        """The barcodes and pictures on the label."""
        for command, rest in _COMMAND.findall(text):
            name, fields = command[1:].upper(), [field.strip() for field in rest.split(",")]
            if not _HARMLESS.fullmatch(command) or (name in _LASTING and fields[0][:1] not in _LASTING[name]):
                raise Unprintable(
                    "data", f"the carrier's ZPL uses {name}{rest.strip()[:9]}, which no plain label needs"
                )
            self._count(name, fields)
            self._move(name, fields)
            if name == "GF":
                yield _picture(rest, self._at, self._canvas)
            elif name[0] == "B" and name != "BY":
                self._begin(name, fields)
            elif name == "FH":
                self._hex = rest[:1].strip() or "_"
            elif name in ("FD", "FV") and self._kind:
                read = _data(self._kind, rest, self._hex)
                yield _Barcode(self._kind, read, *self._at, self._module, self._bars_high, self._upright)
                self._kind = ""
            elif name == "FS":
                self._kind = self._hex = ""

    def _count(self, name: str, fields: list[str]) -> None:
        """One label comes out, and once; a format that marks nothing only sets the printer."""
        if name == "XA":
            self._blank = True
        elif self._blank and _MARKS.fullmatch(name):
            self._blank = False
            self._labels += 1
        copies = _number(fields, 0) if name == "PQ" else 1
        if self._labels > 1 or copies > 1:
            raise Unprintable(
                "data", f"the carrier's ZPL prints {max(self._labels, copies)} labels or more, one is wanted"
            )

    def _move(self, name: str, fields: list[str]) -> None:
        if name == "LH":
            self._home = _number(fields, 0), _number(fields, 1)
        elif name in ("FO", "FT"):
            self._at = self._home[0] + _number(fields, 0), self._home[1] + _number(fields, 1)
            self._on_baseline = name == "FT"
            _on_paper(self._at, self._canvas)
        elif name == "BY":
            self._module = _number(fields, 0) or self._module
            self._high = _number(fields, 2) or self._high
        elif name in ("PW", "LL"):
            _size(name, _number(fields, 0), self._canvas)
        elif name in ("GB", "GC", "GD", "GE"):
            self._draw(*_shape(name, fields))

    def _begin(self, name: str, fields: list[str]) -> None:
        self._kind, self._upright = name, not fields[0] or fields[0][:1] in "NI"
        if name == "BC":
            high = _number(fields, 1) or self._high
            self._bars_high = 0 if self._on_baseline else high

    def _draw(self, wide: int, high: int) -> None:
        """A box or a line must end on the paper, but for the millimetre that labels of inches are larger."""
        spare = round(self._canvas.per_mm)
        down = 0 if self._on_baseline else max(0, high - 1 - spare)
        _on_paper((self._at[0] + max(0, wide - 1 - spare), self._at[1] + down), self._canvas)


def _shape(name: str, fields: list[str]) -> tuple[int, int]:
    """How wide and high a box, circle, diagonal or ellipse is."""
    if name == "GC":
        return _number(fields, 0), _number(fields, 0)
    thick = _number(fields, 2) or 1
    return max(_number(fields, 0), thick), max(_number(fields, 1), thick)


def _number(fields: list[str], place: int) -> int:
    """The whole number at that place; 0 when it is left out."""
    text = fields[place] if place < len(fields) else ""
    if not text:
        return 0
    if not re.fullmatch(r"\d{1,5}(\.\d+)?", text):
        raise Unprintable("data", f"the carrier's ZPL has {text!r} where a number must be")
    return int(float(text))


def _on_paper(at: tuple[int, int], canvas: Canvas) -> None:
    if at[0] >= canvas.width or (canvas.height is not None and at[1] >= canvas.height):
        where = f"{canvas.mm(at[0]):.0f} × {canvas.mm(at[1]):.0f} mm"
        raise Unprintable("data", f"the carrier's label has something at {where}, beyond the paper; load larger labels")


def _size(name: str, dots: int, canvas: Canvas) -> None:
    room = canvas.width if name == "PW" else canvas.height
    # A label of exactly 4 × 6 inches is up to 4 dots larger than one of 102 × 152 mm.
    if room is not None and dots > room + round(canvas.per_mm):
        side = "wide" if name == "PW" else "high"
        raise Unprintable(
            "data", f"the carrier's label is {canvas.mm(dots):.0f} mm {side}, the paper {canvas.mm(room):.0f} mm"
        )


def _picture(rest: str, at: tuple[int, int], canvas: Canvas) -> Image.Image:
    try:
        image = zpl_graphics.picture(rest)
    except ValueError as error:
        raise Unprintable("data", f"a picture in the carrier's ZPL cannot be read: {error}") from error
    _on_paper((at[0] + image.width - 8, at[1] + image.height - 1), canvas)
    return image


def _data(kind: str, text: str, mark: str) -> str:
    """What a scanner reads of a field's data; `mark` stands before hexadecimal digits."""
    if mark:
        text = re.sub(re.escape(mark) + r"([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), text)
    if kind == "BC":
        text = _STARTS_OF_CODE_128.sub("", text)
    if kind == "BQ":
        text = re.sub(r"^[HQML][AM],", "", text)
    return text.strip()


def _measure(found: _Barcode, canvas: Canvas) -> None:
    """A Code 128 with its bars of whole dots must end on the paper, and they too."""
    if found.kind != "BC":
        return
    try:
        long = gs1.text_bars(found.text).modules * found.module
    except ValueError as error:
        raise Unprintable("data", f"the carrier's barcode {found.text!r} cannot be a Code 128") from error
    start, room = (found.left, canvas.width) if found.upright else (found.top, canvas.height)
    if room is not None and start + long > room:
        where = f"{canvas.mm(long):.0f} mm long, which is beyond the paper"
        raise Unprintable("data", f"the barcode {found.text} of the carrier's label is {where}")
    start, room = (found.top, canvas.height) if found.upright else (found.left, canvas.width)
    if room is not None and start + found.high > room:
        where = f"{canvas.mm(found.high):.0f} mm high, which is beyond the paper"
        raise Unprintable("data", f"the barcode {found.text} of the carrier's label is {where}")
