"""A scanner's key presses to scans. Pure: the keyboard's events in, text out.

The scanner types as a keyboard of its own layout; the machine's layout does not matter, nor does Num Lock: a
scanner's keypad gives digits. Enter, keypad Enter or Tab ends a scan, or a pause where the scanner types no end.
GS comes as Ctrl + `]`, as a function key, as Alt + 029, or as a text that the scanner puts in its place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Literal, get_args

from station.devices.layouts import LAYOUTS, NO_KEY, SPACING, Key, LayoutName
from station.devices.scan_text import GS, LONGEST, TOO_LONG, UNFINISHED, Outcome, outcome

FunctionKey = Literal["F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12"]
CapsLock = Literal["lit", "on", "off"]
"""Whether the scanner types as if Caps Lock was on: as the light says, always, never."""

CAPS_LOCK = 58
MODIFIERS = frozenset((29, 97, 42, 54, 56, 100))
_CTRL, _SHIFT, ALT, _ALTGR = frozenset((29, 97)), frozenset((42, 54)), 56, 100
_ENDS = frozenset((28, 96, 15))
_LINE_ENDS = frozenset("\r\n")
"""Ctrl + M and Ctrl + J: how some scanners type CR and LF."""
_RIGHT_BRACE = 27
_LONGEST_ALT_CODE = 4
_NO_SIGN = "\0"
"""Stands in no bar code, so its scan is refused."""
KEYPAD = dict(zip((71, 72, 73, 75, 76, 77, 79, 80, 81, 82, 83, 98, 55, 74, 78), "7894561230./*-+", strict=True))
FUNCTION_KEYS: Mapping[int, FunctionKey] = dict(zip((*range(59, 69), 87, 88), get_args(FunctionKey), strict=True))


class KeyReader:
    """Feed it each key; tell it with `pause` when none came for the time-out, with `lost` when events are missing."""

    def __init__(
        self,
        layout: LayoutName,
        *,
        pause_ends: bool = False,
        gs_keys: tuple[FunctionKey, ...] = ("F8",),
        gs_text: str = "",
        caps_lock: CapsLock = "lit",
    ) -> None:
        self._layout = LAYOUTS[layout]
        self._pause_ends = pause_ends
        self._gs_keys = frozenset(gs_keys)
        self._gs_text = gs_text
        self._caps_lock = caps_lock
        self._held: set[int] = set()
        self._caps = caps_lock == "on"
        self._at_rest: tuple[frozenset[int], bool] = frozenset(), self._caps
        self._dead = ""
        self._alt_digits = ""
        self._text = ""
        self._spoilt = False

    @property
    def open(self) -> bool:
        """Whether a scan has begun and not ended."""
        return bool(self._text or self._dead or self._alt_digits) or self._spoilt

    @property
    def settled(self) -> bool:
        """Whether no scan is open and the keyboard is as `start` left it; if not, a pause is worth telling."""
        return not self.open and (frozenset(self._held), self._caps) == self._at_rest

    def key(self, code: int, value: int) -> Outcome | None:
        """One key event: `value` 1 is down, 0 up, 2 the kernel's own repeat. The scan that it ends, if it does."""
        if code in MODIFIERS:
            self._modifier(code, down=value != 0)
            return None
        if value != 1:
            return None
        if code == CAPS_LOCK:
            self._caps = not self._caps
            return None
        char = "\n" if code in _ENDS else self._character(code)
        if char in _LINE_ENDS:
            # Scanners let go of everything before the end: a release that was lost must not spoil the next scan.
            self._held.clear()
            return self._end() if self.open else None
        self._type(char)
        return None

    def pause(self) -> Outcome | None:
        """No key for the time-out: the end of a scan where scanners type none, else a refusal."""
        if not self.open:
            return None
        if self._pause_ends or self._spoilt:
            return self._end()
        self._clear()
        return UNFINISHED

    def start(self, held: frozenset[int], caps: bool) -> None:
        """Go on from the keys that are down now, and from Caps Lock as it is lit."""
        self._held = set(held & MODIFIERS)
        self.lit(caps)
        self._at_rest = frozenset(self._held), self._caps

    def lit(self, caps: bool) -> None:
        """The light of Caps Lock went on or off."""
        self._caps = {"lit": caps, "on": True, "off": False}[self._caps_lock]

    def lost(self) -> None:
        """The kernel dropped events: the scan that is being typed is spoilt to its end."""
        self._dead = self._alt_digits = self._text = ""
        self._spoilt = True

    def _modifier(self, code: int, *, down: bool) -> None:
        if down:
            self._held.add(code)
            return
        self._held.discard(code)
        if code == ALT and self._alt_digits:
            digits, self._alt_digits = self._alt_digits, ""
            self._type(_alt_code(digits))

    def _character(self, code: int) -> str:
        """What the key types with the modifiers that are down; empty for nothing."""
        if code in KEYPAD:
            if ALT in self._held and KEYPAD[code].isdigit():
                # One digit more tells that it is too long; a scanner gone mad must not fill the memory.
                self._alt_digits = (self._alt_digits + KEYPAD[code])[: _LONGEST_ALT_CODE + 1]
                return ""
            return KEYPAD[code]
        if code in FUNCTION_KEYS:
            return GS if FUNCTION_KEYS[code] in self._gs_keys else ""
        key = self._layout.get(code, NO_KEY)
        # Ctrl + Alt is what some scanners press for AltGr.
        altgr = _ALTGR in self._held or (ALT in self._held and bool(_CTRL & self._held))
        shift = bool(_SHIFT & self._held)
        if altgr:
            return self._marked(key.both if shift and key.both else key.altgr)
        if _CTRL & self._held:
            return _control(key, code)
        if self._caps and key.shift == key.plain.upper() != key.plain:
            shift = not shift
        return self._marked(key.shift if shift else key.plain)

    def _marked(self, char: str) -> str:
        """`char` with the dead key before it; a dead key by itself waits."""
        dead, self._dead = self._dead, ""
        if not dead:
            if char in SPACING:
                self._dead = char
                return ""
            return char
        if char in (" ", dead):
            return SPACING[dead]
        composed = unicodedata.normalize("NFC", char + dead)
        return composed if len(composed) == 1 else SPACING[dead] + char

    def _type(self, text: str) -> None:
        if not self._spoilt:
            self._text += text
            if len(self._text) > LONGEST + 1:
                self._text = self._text[: LONGEST + 1]

    def _end(self) -> Outcome:
        text = self._text + SPACING.get(self._dead, "")
        # A sign that is typed by Alt and digits comes when Alt is let go: without that it is missing.
        spoilt = self._spoilt or bool(self._alt_digits)
        if self._gs_text:
            text = text.replace(self._gs_text, GS)
        self._clear()
        if spoilt:
            return UNFINISHED
        return TOO_LONG if len(text) > LONGEST else outcome(text)

    def _clear(self) -> None:
        self._dead = self._alt_digits = self._text = ""
        self._spoilt = False


def _control(key: Key, code: int) -> str:
    """The control character of Ctrl + key. `]` counts wherever the layout has it, and where a US keyboard has it."""
    if "]" in key or code == _RIGHT_BRACE:
        return GS
    for char in key:
        if "@" <= char.upper() <= "_" and len(char) == 1:
            return chr(ord(char.upper()) & 0x1F)
    return ""


def _alt_code(digits: str) -> str:
    """What Windows types for Alt + digits on the keypad: with a leading 0 from code page 1252, else from 437."""
    number = int(digits)
    if number > 255 or len(digits) > _LONGEST_ALT_CODE:
        return _NO_SIGN
    page = "cp1252" if digits.startswith("0") else "cp437"
    return bytes([number]).decode(page, "ignore") or _NO_SIGN
