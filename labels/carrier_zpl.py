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
_MODULE = 2
"""Dots of a bar before the first ^BY."""


class _Barcode(NamedTuple):
    kind: str
    text: str
    left: int
    top: int
    module: int
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
    for found in _followed(stripped, canvas):
        if isinstance(found, _Barcode):
            _measure(found, canvas)
            codes.append(found.text)
        else:
            codes += gs1.find_all(found)
    read_wanted(codes, wanted_codes(label))
    head = zpl.encode(Drawing(canvas, copy_sheets(label, canvas))) if label.copy > 1 else b""
    return head + label.data


def _followed(text: str, canvas: Canvas) -> Iterator[_Barcode | Image.Image]:
    """The barcodes and pictures on the label, every position on the way proven to be on the paper."""
    home, at, module = (0, 0), (0, 0), _MODULE
    kind, upright, hexed = "", True, False
    for command, rest in _COMMAND.findall(text):
        name, fields = command[1:].upper(), [field.strip() for field in rest.split(",")]
        if not _HARMLESS.fullmatch(command) or (name in _LASTING and fields[0][:1] not in _LASTING[name]):
            raise Unprintable("data", f"the carrier's ZPL uses {name}{rest.strip()[:9]}, which no plain label needs")
        if name == "LH":
            home = (_number(fields, 0), _number(fields, 1))
        elif name in ("FO", "FT"):
            at = (home[0] + _number(fields, 0), home[1] + _number(fields, 1))
            _on_paper(at, canvas)
        elif name == "BY":
            module = _number(fields, 0) or module
        elif name == "PQ" and _number(fields, 0) > 1:
            raise Unprintable("data", f"the carrier's ZPL prints {fields[0]} labels, one is wanted")
        elif name in ("PW", "LL"):
            _size(name, _number(fields, 0), canvas)
        elif name == "FH":
            hexed = True
        elif name == "GF":
            yield _picture(rest, at, canvas)
        elif name[0] == "B":
            kind, upright = name, not fields[0] or fields[0][:1] in "NI"
        elif name in ("FD", "FV") and kind:
            yield _Barcode(kind, _data(kind, rest, hexed), *at, module, upright)
            kind = ""
        elif name == "FS":
            kind, hexed = "", False


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


def _data(kind: str, text: str, hexed: bool) -> str:
    """What a scanner reads of a field's data."""
    if hexed:
        text = re.sub(r"_([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), text)
    if kind == "BC":
        text = _STARTS_OF_CODE_128.sub("", text)
    if kind == "BQ":
        text = re.sub(r"^[HQML][AM],", "", text)
    return text.strip()


def _measure(found: _Barcode, canvas: Canvas) -> None:
    """A Code 128 with its bars of whole dots must end on the paper."""
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
