"""The parsers of scanners."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from hypothesis import strategies as st

from station.devices.calibration_reading import readings_of_bytes, readings_of_keys
from station.devices.hid_pos_report import ReportReader
from station.devices.key_events import EV_KEY, RECORD, events_in
from station.devices.keymap import ALT, CAPS_LOCK, FUNCTION_KEYS, KEYPAD, MODIFIERS, KeyReader
from station.devices.layouts import LAYOUTS, NO_KEY
from station.devices.scan_framing import ScanFramer
from station.devices.scan_text import GS, Outcome, Scan
from station.devices.simulated.scanners import pos_reports, typed_records
from tests.station.devices.parsing.parser import Chunks, Hear, Parser


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


_RIGHT_BRACE = 27
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
    return ALT in pressed or _in_order(text, map(_typed_by, pressed))


def _n(number: int) -> str:
    return f"{number:06d}"


SCANNERS: Final = (
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
)  # fmt: skip
