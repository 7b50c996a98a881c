"""Cuts a serial scanner's bytes into scans. Pure.

CR, LF, CR LF, Tab or ETX ends a scan, or a pause where the scanner sends no end; a leading STX is dropped;
AIM identifier and GS are kept.
"""

from __future__ import annotations

from station.devices.scan_text import GS, LONGEST, NOT_TEXT, TOO_LONG, UNFINISHED, Outcome, outcome

_ENDS = frozenset(b"\r\n\t\x03")
_STX = 0x02


class ScanFramer:
    """Feed it what arrives; tell it with `pause` when the line went quiet in mid-scan."""

    def __init__(self, *, pause_ends: bool = False, gs_text: str = "") -> None:
        self._pause_ends = pause_ends
        self._gs_text = gs_text
        self._held = bytearray()
        self._over = False

    @property
    def open(self) -> bool:
        """Whether a scan has begun and not ended."""
        return bool(self._held) or self._over

    def feed(self, data: bytes) -> list[Outcome]:
        """The scans and refusals that these bytes complete, in order."""
        found: list[Outcome] = []
        for byte in data:
            if byte in _ENDS:
                if self.open:
                    found.append(self._end())
            elif byte == _STX:
                if self.open:
                    self._clear()
                    found.append(UNFINISHED)
            elif not self._over:
                self._held.append(byte)
                if len(self._held) > LONGEST:
                    self._held.clear()
                    self._over = True
        return found

    def pause(self) -> Outcome | None:
        """The line was quiet for the time-out: the end of a scan where scanners send none, else a refusal."""
        if not self.open:
            return None
        if self._pause_ends or self._over:
            return self._end()
        self._clear()
        return UNFINISHED

    def _end(self) -> Outcome:
        held, over = bytes(self._held), self._over
        self._clear()
        if over:
            return TOO_LONG
        try:
            text = held.decode()
        except UnicodeDecodeError:
            return NOT_TEXT
        return outcome(text.replace(self._gs_text, GS) if self._gs_text else text)

    def _clear(self) -> None:
        self._held.clear()
        self._over = False
