"""Twins of the scanners."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Self

from station.devices.evdev_scanner import EV_KEY, EV_SYN, EVENT, SYN_DROPPED, SYN_REPORT
from station.devices.layouts import LAYOUTS, SPACING, LayoutName
from station.devices.simulated.packets import SimulatedNode
from station.devices.simulated.tty import SimulatedTty

_LEFT_CTRL, _LEFT_SHIFT, _LEFT_ALT, _RIGHT_ALT, _SPACE, _RIGHT_BRACE, _F8 = 29, 42, 56, 100, 57, 27, 66
_KEYPAD_DIGITS = (82, 79, 80, 81, 75, 76, 77, 71, 72, 73)
_ENDS = {"enter": 28, "keypad_enter": 96, "tab": 15}
_EV_MSC, _MSC_SCAN = 4, 4


class SimulatedSerialScanner:
    """A serial scanner: sends each code with its terminator."""

    def __init__(self, path: Path, *, terminator: bytes = b"\r") -> None:
        self._tty = SimulatedTty(path)
        self._terminator = terminator

    async def __aenter__(self) -> Self:
        self._tty.plug()
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._tty.unplug()

    @property
    def path(self) -> str:
        """What station.toml gives as `path`."""
        return str(self._tty.path)

    @property
    def plugged(self) -> bool:
        """Whether the cable is in."""
        return self._tty.plugged

    def scan(self, text: str) -> None:
        """Read a bar code with this text."""
        self._tty.say(text.encode() + self._terminator)

    def send(self, data: bytes) -> None:
        """Send these very bytes: half a scan, garbage."""
        self._tty.say(data)

    def unplug(self) -> None:
        """Pull the cable."""
        self._tty.unplug()

    def plug(self) -> None:
        """Put the cable in again; the path is the same."""
        self._tty.plug()


class SimulatedKeyboardScanner:
    """A scanner that types: sends the kernel's `struct input_event` for each key, as /dev/input/event* does."""

    def __init__(
        self,
        path: Path,
        *,
        layout: LayoutName = "us",
        end: Literal["enter", "keypad_enter", "tab", "none"] = "enter",
        gs: Literal["ctrl_bracket", "f8", "alt_029"] = "ctrl_bracket",
    ) -> None:
        self._node = SimulatedNode(path)
        self._strokes = dict(_strokes(layout))
        self._end = end
        self._gs = gs

    async def __aenter__(self) -> Self:
        self._node.plug()
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._node.unplug()

    @property
    def path(self) -> str:
        """What station.toml gives as `path`."""
        return str(self._node.path)

    @property
    def plugged(self) -> bool:
        """Whether the cable is in."""
        return self._node.plugged

    @property
    def open(self) -> bool:
        """Whether the station has it open."""
        return self._node.open

    def scan(self, text: str) -> None:
        """Read a bar code with this text. Raises `KeyError` for a character that the layout cannot type."""
        self.type(text)
        if self._end != "none":
            self._press(_ENDS[self._end])

    def type(self, text: str) -> None:
        """Type without an end: half a scan."""
        for char in text:
            if char == "\x1d":
                self._type_gs()
            else:
                for stroke in self._strokes[char]:
                    self._press(*stroke)

    def press(self, code: int) -> None:
        """Press and release this key."""
        self._press(code)

    def drop_events(self) -> None:
        """Do as the kernel does when its queue overflowed: events are missing here."""
        self._node.say(_event(EV_SYN, SYN_DROPPED, 0) + _event(EV_SYN, SYN_REPORT, 0))

    def send(self, packet: bytes) -> None:
        """Send these very bytes."""
        self._node.say(packet)

    def unplug(self) -> None:
        """Pull the cable."""
        self._node.unplug()

    def plug(self) -> None:
        """Put the cable in again; the path is the same."""
        self._node.plug()

    def _type_gs(self) -> None:
        if self._gs == "ctrl_bracket":
            self._press(_RIGHT_BRACE, _LEFT_CTRL)
        elif self._gs == "f8":
            self._press(_F8)
        else:
            self._key(_LEFT_ALT, 1)
            for digit in (0, 2, 9):
                self._press(_KEYPAD_DIGITS[digit])
            self._key(_LEFT_ALT, 0)

    def _press(self, code: int, modifier: int | None = None) -> None:
        if modifier is not None:
            self._key(modifier, 1)
        self._key(code, 1)
        self._key(code, 0)
        if modifier is not None:
            self._key(modifier, 0)

    def _key(self, code: int, value: int) -> None:
        self._node.say(_event(_EV_MSC, _MSC_SCAN, code) + _event(EV_KEY, code, value) + _event(EV_SYN, SYN_REPORT, 0))


def _event(kind: int, code: int, value: int) -> bytes:
    return EVENT.pack(0, 0, kind, code, value)


def _strokes(layout: LayoutName) -> Iterator[tuple[str, tuple[tuple[int, int | None], ...]]]:
    """Each character of the layout with the keys that type it, and each key's modifier."""
    for code, key in LAYOUTS[layout].items():
        for char, modifier in ((key.altgr, _RIGHT_ALT), (key.shift, _LEFT_SHIFT), (key.plain, None)):
            if char in SPACING:
                yield SPACING[char], ((code, modifier), (_SPACE, None))
            elif char:
                yield char, ((code, modifier),)
