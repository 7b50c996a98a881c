"""Frames that devices send: true ones, broken ones and hostile ones, each with what is to become of it.

True: a device in order sends it. Broken: one that is cut, garbled, doubled, set wrongly, or is another device. Hostile:
what no device sends by mistake, made to mislead or to cost memory and time.
"""

from __future__ import annotations

import ast
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from station.devices.layouts import LayoutName
from station.devices.ports import PaperState, ScaleState

FRAMES = Path(__file__).with_name("frames")
Hex = Annotated[str, Meta(pattern="^[0-9a-f \n]*$")]


class Kind(StrEnum):
    """How a frame was meant."""

    TRUE = "true"
    BROKEN = "broken"
    HOSTILE = "hostile"


class Frame(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of any protocol."""

    kind: Kind

    @property
    def pieces(self) -> list[bytes]:
        """What of it comes over a line, a node or a network."""
        raise NotImplementedError


class ScaleFrame(Frame, frozen=True, kw_only=True):
    """Of a scale. Without `state` it says nothing of the platform (`other`)."""

    raw: str
    state: ScaleState | None = None
    grams: int | None = None
    division_g: int | None = None
    note: str = ""
    unit: str = ""
    other: bool = False

    def __post_init__(self) -> None:
        """Refuse one that says both, or nothing."""
        if self.other is (self.state is not None):
            raise ValueError(f"{self.raw!r}: give state, or other")

    @property
    def sent(self) -> bytes:
        """The bytes of a serial scale, written as in Python."""
        sent: bytes = ast.literal_eval(f"b'{self.raw}'")
        return sent

    @property
    def pieces(self) -> list[bytes]:
        return [self.sent]


class ReportFrame(ScaleFrame, frozen=True, kw_only=True):
    """Of a USB scale, in hex."""

    @property
    def sent(self) -> bytes:
        return bytes.fromhex(self.raw)


class DescriptorFrame(Frame, frozen=True, kw_only=True):
    """What a HID device says of its reports; `raw` is one of them. Without it, nothing can be read."""

    name: str
    descriptor: Hex
    raw: Hex = ""
    state: ScaleState | None = None
    grams: int | None = None
    usages: list[int] = []
    """The applications that it says it has."""

    @property
    def pieces(self) -> list[bytes]:
        return [bytes.fromhex(self.descriptor)]


class StatusFrame(Frame, frozen=True, kw_only=True):
    """A printer's answer. Without `state` nothing may be concluded."""

    state: PaperState | None = None
    says: str = ""
    queued: int = 0


class LinesFrame(StatusFrame, frozen=True, kw_only=True):
    """Of a ZPL printer, line by line."""

    lines: list[str]

    @property
    def sent(self) -> bytes:
        return b"".join(b"\x02%s\x03\r\n" % line.encode() for line in self.lines)

    @property
    def pieces(self) -> list[bytes]:
        return [self.sent]


class TextFrame(StatusFrame, frozen=True, kw_only=True):
    """Of an EPL2 printer."""

    bytes: str

    @property
    def sent(self) -> Any:
        return self.bytes.encode("latin-1")

    @property
    def pieces(self) -> Any:
        return [self.sent]


class HexFrame(StatusFrame, frozen=True, kw_only=True):
    """Of a TSPL or an IPP printer."""

    hex: Hex

    @property
    def pieces(self) -> list[bytes]:
        return [bytes.fromhex(self.hex)]


class TwoAnswersFrame(StatusFrame, frozen=True, kw_only=True):
    """Of an ESC/POS printer, to both of its questions."""

    offline: Hex
    paper: Hex

    @property
    def pieces(self) -> list[bytes]:
        return [bytes.fromhex(self.offline), bytes.fromhex(self.paper)]


class PictureFrame(Frame, frozen=True, kw_only=True):
    """What a camera sends as a JPEG: its size, or what is wrong with it."""

    hex: Hex
    size: tuple[int, int] | None = None
    says: str = ""

    @property
    def pieces(self) -> list[bytes]:
        return [bytes.fromhex(self.hex)]


class RawPictureFrame(Frame, frozen=True, kw_only=True):
    """What a camera sends without compression, and the size that it told; `brightness` of the first two dots."""

    hex: Hex
    width: int
    height: int
    stride: int
    brightness: tuple[int, int] | None = None

    @property
    def pieces(self) -> list[bytes]:
        return [bytes.fromhex(self.hex)]


class CapabilityFrame(Frame, frozen=True, kw_only=True):
    """`struct v4l2_capability` of a node."""

    hex: Hex
    captures: bool

    @property
    def pieces(self) -> list[bytes]:
        return [bytes.fromhex(self.hex)]


class EdgesFrame(Frame, frozen=True, kw_only=True):
    """What is read from a GPIO line: `struct gpio_v2_line_event`, one or more."""

    hex: Hex
    rose: list[bool]

    @property
    def pieces(self) -> list[bytes]:
        return [bytes.fromhex(self.hex)]


class WordsFrame(Frame, frozen=True, kw_only=True):
    """The last words of a command."""

    words: str
    says: str

    @property
    def pieces(self) -> list[bytes]:
        return [self.words.encode()]


class LineFrame(Frame, frozen=True, kw_only=True):
    """Of a serial scanner, written as in Python; `pause`: the line then fell silent."""

    sent: str
    scans: list[str] = []
    refused: int = 0
    pause: bool = False

    @property
    def data(self) -> bytes:
        data: bytes = ast.literal_eval("b'" + self.sent.replace("'", "\\'") + "'")
        return data

    @property
    def pieces(self) -> list[bytes]:
        return [self.data]


class PosFrame(Frame, frozen=True, kw_only=True):
    """Of a HID POS scanner: reports as id, length, AIM, data, more; or their bytes."""

    reports: list[tuple[int, int, str, str, int]] = []
    hex: Hex = ""
    text: str = ""
    refused: bool = False

    @property
    def pieces(self) -> list[bytes]:
        """The reports as they come from the node, 64 bytes each."""
        packed = [
            bytes((number, length))
            + aim.encode().ljust(3, b"\0")
            + data.encode().ljust(56, b"\0")
            + bytes((0, 0, more))
            for number, length, aim, data, more in self.reports
        ]
        return packed or [bytes.fromhex(self.hex)]


class KeysFrame(Frame, frozen=True, kw_only=True):
    """What a scanner presses."""

    layout: LayoutName
    keys: str
    text: str = ""
    refused: bool = False


class RecordsFrame(Frame, frozen=True, kw_only=True):
    """`struct input_event` of a 64-bit kernel, one or more, as the node gives them."""

    what: str
    records: list[Hex]
    scans: list[str] = []
    refused: int = 0

    @property
    def pieces(self) -> list[bytes]:
        return [bytes.fromhex(each) for each in self.records]


class NoiseFrame(Frame, frozen=True, kw_only=True):
    """What comes over lines that have nothing to say, chunk after chunk."""

    what: str
    chunks: list[Hex]
    times: int = 1


class LabelFrame(Frame, frozen=True, kw_only=True):
    """How a file begins that is brought as a carrier's label."""

    hex: Hex
    form: Literal["zpl", "png", "pdf"] | None = None


OF: dict[str, type[Frame]] = {
    **dict.fromkeys(("adam", "nci", "pattern", "sics", "sma", "toledo"), ScaleFrame),
    "hid": ReportFrame,
    "hid_descriptors": DescriptorFrame,
    "zebra": LinesFrame,
    "epl2": TextFrame,
    "tspl": HexFrame,
    "ipp": HexFrame,
    "escpos": TwoAnswersFrame,
    "jpeg": PictureFrame,
    "yuyv": RawPictureFrame,
    "v4l2": CapabilityFrame,
    "gpio": EdgesFrame,
    "rpicam": WordsFrame,
    "scan_lines": LineFrame,
    "hid_pos": PosFrame,
    "keys": KeysFrame,
    "evdev": RecordsFrame,
    "noise": NoiseFrame,
    "carrier_labels": LabelFrame,
}
"""What the frames of each file are."""

F = TypeVar("F", bound=Frame)


def frames(name: str, of: type[F]) -> list[F]:
    """The frames of one file."""
    assert OF[name] is of
    return msgspec.convert(table(name)["frame"], list[of])  # type: ignore[valid-type]


def table(name: str) -> dict[str, Any]:
    """The whole file: beside its frames it may hold what else is known of the protocol."""
    known: dict[str, Any] = msgspec.toml.decode((FRAMES / f"{name}.toml").read_bytes())
    return known
