"""Twins of the scanners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from station.devices.hid_pos_report import REPORT_ID, ROOM
from station.devices.key_events import EV_KEY, EV_MSC, EV_SYN, RECORD, SYN_DROPPED, SYN_REPORT
from station.devices.layouts import LAYOUTS, SPACING, LayoutName
from station.devices.simulated.cable import Cabled, OnNode
from station.devices.simulated.packets import SimulatedNode
from station.devices.simulated.tty import SimulatedTty

EndKey = Literal["enter", "keypad_enter", "tab", "none"]
GsKeys = Literal["ctrl_bracket", "f8", "alt_029"]
_LEFT_CTRL, _LEFT_SHIFT, _LEFT_ALT, _RIGHT_ALT, _SPACE, _RIGHT_BRACE, _F8 = 29, 42, 56, 100, 57, 27, 66
_KEYPAD_029 = (82, 80, 73)
_ENDS = {"enter": 28, "keypad_enter": 96, "tab": 15}
_MSC_SCAN = 4
_READ = 4096 // RECORD.size * RECORD.size
"""The kernel hands over as many whole events as the reader's buffer holds."""


class SimulatedSerialScanner(Cabled[SimulatedTty]):
    """A serial scanner: sends each code with its terminator."""

    def __init__(self, path: Path, *, terminator: bytes = b"\r") -> None:
        super().__init__(SimulatedTty(path))
        self._terminator = terminator

    def scan(self, text: str) -> None:
        """Read a bar code with this text."""
        self._line.say(text.encode() + self._terminator)

    def send(self, data: bytes) -> None:
        """Send these very bytes: half a scan, garbage."""
        self._line.say(data)


class SimulatedHidPosScanner(OnNode):
    """A scanner of the HID POS class: sends each code in reports of 64 bytes, as /dev/hidraw* gives them."""

    def __init__(self, path: Path, *, aim: str = "]C0") -> None:
        super().__init__(SimulatedNode(path))
        self._aim = aim

    def scan(self, text: str) -> None:
        """Read a bar code with this text; an AIM identifier in it goes to its own place."""
        aim, data = (text[:3], text[3:]) if text.startswith("]") else (self._aim, text)
        for report in pos_reports(aim, data.encode()):
            self._line.say(report)

    def send(self, packet: bytes) -> None:
        """Send these very bytes as one report."""
        self._line.say(packet)


def pos_reports(aim: str, data: bytes) -> Iterator[bytes]:
    """The reports that carry one code."""
    for place in range(0, len(data), ROOM) or (0,):
        part = data[place : place + ROOM]
        more = place + ROOM < len(data)
        yield (
            bytes((REPORT_ID, len(part))) + aim.encode().ljust(3, b"\0") + part.ljust(ROOM, b"\0") + bytes((0, 0, more))
        )


class SimulatedKeyboardScanner(OnNode):
    """A scanner that types: sends the kernel's `struct input_event` for each key, as /dev/input/event* does."""

    def __init__(
        self,
        path: Path,
        *,
        layout: LayoutName = "us",
        end: EndKey = "enter",
        gs: GsKeys = "ctrl_bracket",
    ) -> None:
        super().__init__(SimulatedNode(path))
        self._layout = layout
        self._end = end
        self._gs = gs

    def scan(self, text: str) -> None:
        """Read a bar code with this text. Raises `KeyError` for a character that the layout cannot type."""
        self._send(typed_records(text, self._layout, end=self._end, gs=self._gs))

    def type(self, text: str) -> None:
        """Type without an end: half a scan."""
        self._send(typed_records(text, self._layout, end="none", gs=self._gs))

    def press(self, code: int) -> None:
        """Press and release this key."""
        self._send(_press(code))

    def drop_events(self) -> None:
        """Do as the kernel does when its queue overflowed: events are missing here."""
        self._line.say(_event(EV_SYN, SYN_DROPPED, 0) + _event(EV_SYN, SYN_REPORT, 0))

    def send(self, packet: bytes) -> None:
        """Send these very bytes."""
        self._line.say(packet)

    def _send(self, events: bytes) -> None:
        for place in range(0, len(events), _READ):
            self._line.say(events[place : place + _READ])


def typed_records(text: str, layout: LayoutName, *, end: EndKey = "enter", gs: GsKeys = "ctrl_bracket") -> bytes:
    """The kernel's records of a scanner that types `text`. Raises `KeyError` for what the layout cannot type."""
    strokes = _strokes(layout)
    typed = b"".join(
        _GS[gs] if char == "\x1d" else b"".join(_press(*stroke) for stroke in strokes[char]) for char in text
    )
    return typed if end == "none" else typed + _press(_ENDS[end])


def _event(kind: int, code: int, value: int) -> bytes:
    return RECORD.pack(0, 0, kind, code, value)


def _key(code: int, value: int) -> bytes:
    return _event(EV_MSC, _MSC_SCAN, code) + _event(EV_KEY, code, value) + _event(EV_SYN, SYN_REPORT, 0)


def _press(code: int, modifier: int | None = None) -> bytes:
    pressed = _key(code, 1) + _key(code, 0)
    return pressed if modifier is None else _key(modifier, 1) + pressed + _key(modifier, 0)


_GS = {
    "ctrl_bracket": _press(_RIGHT_BRACE, _LEFT_CTRL),
    "f8": _press(_F8),
    "alt_029": _key(_LEFT_ALT, 1) + b"".join(map(_press, _KEYPAD_029)) + _key(_LEFT_ALT, 0),
}


@cache
def _strokes(layout: LayoutName) -> Mapping[str, tuple[tuple[int, int | None], ...]]:
    return dict(_each_stroke(layout))


def _each_stroke(layout: LayoutName) -> Iterator[tuple[str, tuple[tuple[int, int | None], ...]]]:
    """Each character of the layout with the keys that type it, and each key's modifier."""
    for code, key in LAYOUTS[layout].items():
        for char, modifier in ((key.altgr, _RIGHT_ALT), (key.shift, _LEFT_SHIFT), (key.plain, None)):
            if char in SPACING:
                yield SPACING[char], ((code, modifier), (_SPACE, None))
            elif char:
                yield char, ((code, modifier),)
