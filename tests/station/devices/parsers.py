"""Every parser of the devices: how it is fed, a good frame, and how a person would find in the bytes what it says."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st

from station.devices import ipp, rpicam, v4l2
from station.devices.calibration_reading import readings_of_bytes, readings_of_keys
from station.devices.epl2_printer import ErrorReportReader
from station.devices.escpos_status import answer_in
from station.devices.gpio_chip import FALLING, RISING, LineEvent, edges
from station.devices.hid_descriptor import layout_of
from station.devices.hid_pos_report import ReportReader
from station.devices.hid_report import read_report
from station.devices.hid_usages import application_usages
from station.devices.jpeg import read_jpeg
from station.devices.key_events import EV_KEY, RECORD, events_in
from station.devices.keymap import CAPS_LOCK, FUNCTION_KEYS, KEYPAD, MODIFIERS, KeyReader
from station.devices.layouts import LAYOUTS, NO_KEY
from station.devices.ports import PictureFailed, ScaleState
from station.devices.scan_framing import ScanFramer
from station.devices.scan_text import GS, Outcome, Scan
from station.devices.simulated.scanners import pos_reports, typed_records
from station.devices.simulated.scene import jpeg
from station.devices.still import still_of
from station.devices.tspl_printer import StatusByteReader
from station.devices.zebra_status import HostStatusReader
from tests.station.devices.corpus import CapabilityFrame, DescriptorFrame, frames
from tests.station.devices.serial_scales import SPOKEN, Spoken

Hear = Callable[[bytes], Iterable[Any]]
"""Takes a chunk; gives what the parser now says. Refusals and faults are nothing."""
Chunks = Sequence[bytes]


class Parser(NamedTuple):
    """One of them."""

    name: str
    modules: tuple[str, ...]
    """Those of `station.devices` that the bytes go through."""
    frames: str
    """Its file in `frames/`."""
    fresh: Callable[[], Hear]
    good: Callable[[int], bytes]
    says: Callable[[int], Any]
    """What the good frame of this number says."""
    was_sent: Callable[[Any, Chunks], bool]
    """Whether that stands in what came, found without the parser's help."""
    whole: bool = False
    """What is sent together comes together: a report, a packet, an answer by HTTP."""
    noise: st.SearchStrategy[bytes] = st.binary(max_size=60)


def _scale(spoken: Spoken) -> Parser:
    def fresh() -> Hear:
        reader = spoken.reader()
        return lambda chunk: [it.grams for it in reader.feed(chunk, 0) if it.state is ScaleState.STABLE]

    modules = {"pattern": "scale_pattern"}.get(spoken.name, spoken.name)
    return Parser(
        spoken.name,
        (modules, "scale_framing", "scale_reader"),
        spoken.name,
        fresh,
        spoken.frame,
        lambda number: number,
        lambda grams, chunks: grams in spoken.sent(spoken.first + b"".join(chunks)),
    )


_UNITS: Final = {1: 0.001, 2: 1.0, 3: 1000.0, 11: 28.349523, 12: 453.59237}
"""Grams in the units of a USB scale that weigh parcels."""


def _in_a_report(grams: int, chunks: Chunks) -> bool:
    """Whether the last six bytes of a report are this weight at rest."""
    for number, status, unit, exponent, mass in struct.iter_unpack(
        "<BBBbH", b"".join(it[-6:].rjust(6) for it in chunks)
    ):
        weighs = mass * _UNITS.get(unit, -1.0) * 10.0**exponent
        if number == 3 and status in (2, 4) and abs(weighs - grams) <= 0.51:
            return True
    return False


def _hid_report() -> Hear:
    def hear(chunk: bytes) -> list[int | None]:
        report = read_report(chunk)
        return [report.grams] if report is not None and report.state is ScaleState.STABLE else []

    return hear


_DESCRIBED: Final = [frame for frame in frames("hid_descriptors", DescriptorFrame) if frame.raw]


def _described(number: int) -> DescriptorFrame:
    return _DESCRIBED[number % len(_DESCRIBED)]


def _hid_descriptor() -> Hear:
    def hear(chunk: bytes) -> list[int]:
        layout = layout_of(chunk)
        return [] if layout is None else [layout.size]

    return hear


def _scans(found: Iterable[Outcome | None]) -> list[str]:
    return [each.text for each in found if isinstance(each, Scan)]


def _scan_lines() -> Hear:
    framer = ScanFramer()
    return lambda chunk: _scans(framer.feed(chunk))


def _pos() -> Hear:
    reader = ReportReader()
    return lambda chunk: _scans([reader.feed(chunk)])


def _in_reports(text: str, chunks: Chunks) -> bool:
    """Its bytes in order, AIM identifier and data; what stands between the parts of a long code is of no use."""
    sent = iter(b"".join(chunk[2:63] for chunk in chunks))
    return all(any(byte == each for each in sent) for byte in text.encode())


def _in_order(text: str, places: Iterable[frozenset[str]]) -> bool:
    left = iter(places)
    return all(any(char in place for place in left) for char in text)


def _typed_keys() -> Hear:
    reader = KeyReader("us")
    return lambda chunk: _scans(reader.key(code, value) for kind, code, value in events_in(chunk) if kind == EV_KEY)


_ALT, _RIGHT_BRACE = 56, 27
_ANY_KEY: Final = st.builds(
    lambda code, value: RECORD.pack(0, 0, EV_KEY, code, value),
    st.integers(0, 767) | st.sampled_from([*MODIFIERS, *KEYPAD, *FUNCTION_KEYS, CAPS_LOCK, 28]),
    st.integers(-1, 3),
)


def _typed_by(code: int) -> frozenset[str]:
    """All that this key of an American keyboard may type, whatever is held beside it."""
    gs = GS if code in FUNCTION_KEYS or code == _RIGHT_BRACE else ""
    control = {
        chr(ord(char.upper()) & 31) for char in LAYOUTS["us"].get(code, NO_KEY)[:2] if "@" <= char.upper() <= "_"
    }
    return (frozenset((*LAYOUTS["us"].get(code, NO_KEY)[:3], KEYPAD.get(code, ""), gs)) | control) - {""}


def _was_typed(text: str, chunks: Chunks) -> bool:
    """Each of its signs by a key of its own, in order; with Alt any sign can be typed by its number."""
    records = (RECORD.iter_unpack(chunk[: len(chunk) // RECORD.size * RECORD.size]) for chunk in chunks)
    pressed = [code for each in records for _, _, kind, code, value in each if (kind, value) == (EV_KEY, 1)]
    return _ALT in pressed or _in_order(text, map(_typed_by, pressed))


def _first_of(text: str, layout: str | None) -> list[str]:
    return [text] if layout in ("us", None) else []


def _zebra() -> Hear:
    reader = HostStatusReader()
    return lambda chunk: [found.formats_waiting] if (found := reader.feed(chunk)) is not None else []


def _host_status(number: int) -> bytes:
    return (
        b"\x02030,0,0,1245,%03d,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
        % (number % 1000)
    )


def _epl2() -> Hear:
    reader = ErrorReportReader()
    return lambda chunk: [found.codes] if (found := reader.feed(chunk)) is not None else []


def _tspl() -> Hear:
    reader = StatusByteReader()
    return lambda chunk: [found.bits] if (found := reader.feed(chunk)) is not None else []


def _escpos() -> Hear:
    return lambda chunk: [] if (found := answer_in(chunk)) is None else [found]


_ESCPOS: Final = (0x12, 0x16, 0x1A, 0x32, 0x52, 0x72)


def _ipp() -> Hear:
    def hear(chunk: bytes) -> list[tuple[int, int | None]]:
        with suppress(ValueError):
            message = ipp.read(chunk)
            return [(message.number, each.number("printer-state")) for each in message.of(ipp.GroupTag.PRINTER)]
        return []

    return hear


def _ipp_answer(number: int) -> bytes:
    return ipp.written(0, number + 1, [(ipp.GroupTag.PRINTER, [ipp.one("printer-state", ipp.Tag.ENUM, 3)])])


def _ipp_stands(said: tuple[int, int | None], chunks: Chunks) -> bool:
    number, state = said
    numbers = [struct.pack(">I", number)] + ([] if state is None else [struct.pack(">i", state)])
    return any(all(each in chunk for each in numbers) for chunk in chunks)


_PICTURES: Final = [jpeg(160 + 16 * number, 120, 80) for number in range(3)]


def _picture(number: int) -> bytes:
    return _PICTURES[number % len(_PICTURES)]


def _jpeg() -> Hear:
    def hear(chunk: bytes) -> list[bytes]:
        with suppress(ValueError):
            return [read_jpeg(chunk).content]
        return []

    return hear


def _still() -> Hear:
    def hear(chunk: bytes) -> list[bytes]:
        with suppress(PictureFailed):
            return [still_of(chunk, 0).jpeg]
        return []

    return hear


def _came_as_picture(content: bytes, chunks: Chunks) -> bool:
    """Only its tables may have been put in."""
    return any(content == it[: len(content)] or content[-20:] in it for it in chunks)


def _yuyv() -> Hear:
    def hear(chunk: bytes) -> list[int]:
        with suppress(ValueError):
            return [read_jpeg(v4l2.jpeg_of_yuyv(chunk, 4, 2, 8, 80)).width]
        return []

    return hear


_NODES: Final = {
    frame.captures: bytes.fromhex(frame.hex) for frame in frames("v4l2", CapabilityFrame) if frame.kind == "true"
}
_CAPABILITY: Final = struct.Struct("<16s32s32s4xII12x")


def _captures() -> Hear:
    return lambda chunk: [v4l2.captures(v4l2.Capability.from_buffer_copy(chunk.ljust(104, b"\0")[:104]))]


def _can_capture(captures: bool, chunks: Chunks) -> bool:
    *_, all_nodes, this_node = _CAPABILITY.unpack(chunks[-1].ljust(104, b"\0")[:104])
    return not captures or bool((all_nodes | this_node) & 1 and (all_nodes | this_node) & 0x04000000)


_LAST_WORDS: Final = {
    b"ERROR: *** no cameras available ***\n": "sees no camera",
    b"Permission denied\n": "may not use it",
    b"Failed to allocate\n": "no memory",
}
_MEANS: Final = {
    "may not use it": ("permission denied", "not permitted"),
    "sees no camera": ("no cameras available",),
    "sends nothing": ("timed out", "sensor connector", "dequeue timer"),
    "another program": ("in use", "failed to acquire", "device or resource busy"),
    "no memory": ("failed to allocate", "cannot allocate", "dmaheap"),
    "no camera of this number": ("selected camera is not available", "invalid camera"),
}


def _words() -> Hear:
    def hear(chunk: bytes) -> list[str]:
        english, french = rpicam.meaning(chunk, 1)
        assert french
        return [next((means for means in _MEANS if means in english), english)]

    return hear


def _was_said(means: str, chunks: Chunks) -> bool:
    text = chunks[-1].decode("utf-8", "replace")
    if means in _MEANS:
        return any(word in text.lower() for word in _MEANS[means])
    quoted = means.partition(" and said: ")[2]
    return quoted == "nothing" or quoted in text


def _n(number: int) -> str:
    return f"{number:06d}"


PARSERS: Final = (
    *map(_scale, SPOKEN),
    Parser(
        "hid", ("hid_report",), "hid", _hid_report,
        lambda n: struct.pack("<BBBbH", 3, 4, 2, 0, n), lambda n: n, _in_a_report, whole=True,
    ),
    Parser(
        "hid_descriptor", ("hid_descriptor",), "hid_descriptors", _hid_descriptor,
        lambda n: bytes.fromhex(_described(n).descriptor), lambda n: len(bytes.fromhex(_described(n).raw)),
        lambda _, chunks: b"\x8d" in chunks[-1] and b"\x40" in chunks[-1], whole=True,
    ),
    Parser(
        "hid_usages", ("hid_usages",), "hid_descriptors", lambda: lambda chunk: [application_usages(chunk)],
        lambda n: bytes.fromhex(_described(n).descriptor),
        lambda n: {(usage >> 16, usage & 0xFFFF) for usage in _described(n).usages},
        lambda usages, chunks: {byte for page, _ in usages for byte in page.to_bytes(2)} - {0} <= set(chunks[-1]),
        whole=True,
    ),
    Parser(
        "scan_lines", ("scan_framing",), "scan_lines", _scan_lines,
        lambda n: f"{_n(n)}\r".encode(), _n, lambda text, chunks: text.encode() in b"".join(chunks),
    ),
    Parser(
        "hid_pos", ("hid_pos_report",), "hid_pos", _pos,
        lambda n: next(pos_reports("", _n(n).encode())), _n,
        _in_reports,
        whole=True,
    ),
    Parser(
        "keys", ("key_events", "keymap"), "evdev", _typed_keys,
        lambda n: typed_records(_n(n), "us"), _n, _was_typed, whole=True, noise=_ANY_KEY,
    ),
    Parser(
        "calibration, keys", ("calibration_reading",), "evdev",
        lambda: lambda chunk: [it.text for it in readings_of_keys(chunk) if it.layout == "us"][:1],
        lambda n: typed_records(_n(n), "us"), _n, _was_typed, whole=True, noise=_ANY_KEY,
    ),
    Parser(
        "calibration, lines", ("calibration_reading",), "scan_lines",
        lambda: lambda chunk: [it.text for it in readings_of_bytes(chunk)],
        lambda n: f"{_n(n)}\r".encode(), _n, lambda text, chunks: text.encode() in chunks[-1], whole=True,
    ),
    Parser(
        "zebra", ("zebra_status",), "zebra", _zebra,
        _host_status, lambda n: n % 1000, lambda waiting, chunks: str(waiting).encode() in b"".join(chunks),
    ),
    Parser(
        "epl2", ("epl2_printer",), "epl2", _epl2,
        lambda n: b"%02d\r\n" % (n % 100), lambda n: (f"{n % 100:02d}",),
        lambda codes, chunks: ",".join(codes).encode() + b"\r\n" in b"".join(chunks),
    ),
    Parser(
        "tspl", ("tspl_printer",), "tspl", _tspl,
        lambda n: bytes((n % 256,)), lambda n: n % 256, lambda bits, chunks: bytes((bits,)) in chunks, whole=True,
    ),
    Parser(
        "escpos", ("escpos_status",), "escpos", _escpos,
        lambda n: bytes((_ESCPOS[n % len(_ESCPOS)],)), lambda n: _ESCPOS[n % len(_ESCPOS)],
        lambda byte, chunks: byte in chunks[-1], whole=True,
    ),
    Parser(
        "ipp", ("ipp",), "ipp", _ipp, _ipp_answer, lambda n: (n + 1, 3), _ipp_stands, whole=True,
    ),
    Parser("jpeg", ("jpeg",), "jpeg", _jpeg, _picture, _picture, _came_as_picture, whole=True),
    Parser("still", ("still",), "jpeg", _still, _picture, _picture, _came_as_picture, whole=True),
    Parser(
        "yuyv", ("v4l2",), "yuyv", _yuyv,
        lambda n: bytes((16 + n % 200, 128)) * 8, lambda _: 4, lambda _, chunks: len(chunks[-1]) >= 16, whole=True,
    ),
    Parser(
        "v4l2", ("v4l2",), "v4l2", _captures,
        lambda n: _NODES[n % 2 == 0], lambda n: n % 2 == 0, _can_capture, whole=True,
    ),
    Parser(
        "rpicam", ("rpicam",), "rpicam", _words,
        lambda n: list(_LAST_WORDS)[n % 3], lambda n: list(_LAST_WORDS.values())[n % 3], _was_said, whole=True,
    ),
    Parser(
        "gpio", ("gpio_chip",), "gpio", lambda: edges,
        lambda n: bytes(LineEvent(id=RISING if n % 2 else FALLING)), lambda n: n % 2 == 1,
        lambda rose, chunks: (RISING if rose else FALLING).to_bytes(4, "little") in b"".join(chunks), whole=True,
    ),
)  # fmt: skip
