"""A scanner that types as a French keyboard does, through /dev/uinput."""

from __future__ import annotations

import asyncio
from typing import Final

import evdev
from evdev import ecodes

NODE: Final = "/dev/packline/scanner"
SCANNER_S: Final = 0.01
HUMAN_S: Final = 0.09
"""From one key to the next."""

_MOVED: Final = {"A": "Q", "Q": "A", "Z": "W", "W": "Z", "M": "SEMICOLON"}
"""Letters that lie where an American keyboard has another key."""
_LETTERS: Final = {sign: getattr(ecodes, f"KEY_{_MOVED.get(sign, sign)}") for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_DIGITS: Final = dict(zip("1234567890", range(ecodes.KEY_1, ecodes.KEY_0 + 1), strict=True))
_SHIFTED: Final = {**_LETTERS, **_DIGITS}
_PLAIN: Final = {"-": ecodes.KEY_6}


class FrenchScanner:
    """One keyboard on the bus; `unplug` takes it away in whatever it was doing."""

    def __init__(self) -> None:
        self._keyboard: evdev.UInput | None = None
        self.key_s = SCANNER_S

    def plug(self) -> None:
        """Put the cable in."""
        codes = [*_SHIFTED.values(), *_PLAIN.values(), ecodes.KEY_LEFTSHIFT, ecodes.KEY_ENTER, ecodes.KEY_SPACE]
        self._keyboard = evdev.UInput(
            {ecodes.EV_KEY: codes}, name="Packline test scanner", vendor=0x0C2E, product=0x0B61, bustype=ecodes.BUS_USB
        )

    def unplug(self) -> None:
        """Pull it out."""
        if self._keyboard is not None:
            self._keyboard.close()
            self._keyboard = None

    async def scan(self, text: str) -> None:
        """Type a code and Enter."""
        await self.begin(text)
        await self._press(ecodes.KEY_ENTER, shifted=False)

    async def begin(self, text: str) -> None:
        """Type a code without its end."""
        for sign in text:
            await self._press(_SHIFTED.get(sign) or _PLAIN[sign], shifted=sign in _SHIFTED)

    async def _press(self, code: int, *, shifted: bool) -> None:
        keys = [ecodes.KEY_LEFTSHIFT, code] if shifted else [code]
        for key in keys:
            self._send(key, 1)
        for key in reversed(keys):
            self._send(key, 0)
        await asyncio.sleep(self.key_s)

    def _send(self, code: int, value: int) -> None:
        if self._keyboard is None:
            raise RuntimeError("the scanner is not plugged in")
        self._keyboard.write(ecodes.EV_KEY, code, value)
        self._keyboard.syn()
