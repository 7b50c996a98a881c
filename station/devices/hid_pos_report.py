"""The scanned-data report of a USB scanner (HID usage page 0x8C). Pure: reports in, scans and refusals out.

64 bytes: report id, length, AIM identifier (3), data (56), two bytes of no use here, and a last byte whose lowest bit
says that the code goes on in the next report. Source: USB-IF, HID Point of Sale Usage Tables 1.02, section 3, in the
fixed layout that scanners agree on.
"""

from __future__ import annotations

from station.devices.scan_text import LONGEST, NOT_TEXT, TOO_LONG, UNFINISHED, Outcome, Refusal, outcome

SIZE = 64
REPORT_ID = 2
AIM_AT, DATA_AT, MORE_AT = 2, 5, 63
ROOM = 56
"""Bytes of data in one report."""
_NO_POS = Refusal(
    "The scanner sent a report of a layout that is not known: set it to the interface USB HID POS.",
    "Le lecteur a envoyé un rapport de format inconnu : réglez-le sur l'interface USB HID POS.",
)


class ReportReader:
    """Feed it each report; tell it with `pause` when a code that goes on did not."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._open = False

    @property
    def open(self) -> bool:
        """Whether a code has begun and not ended."""
        return self._open

    def feed(self, report: bytes) -> Outcome | None:
        """The scan that this report ends; None while it goes on, and for reports of another kind."""
        if not report or report[0] != REPORT_ID:
            return None
        if len(report) != SIZE or report[1] > ROOM:
            self._clear()
            return _NO_POS
        if not self._open:
            self._held += _aim(report)
        self._held += report[DATA_AT : DATA_AT + report[1]]
        self._open = bool(report[MORE_AT] & 1)
        if len(self._held) > 4 * LONGEST:
            del self._held[LONGEST + 1 :]
        return None if self._open else self._end()

    def pause(self) -> Outcome | None:
        """The rest of a code did not come."""
        if not self._open:
            return None
        self._clear()
        return UNFINISHED

    def _end(self) -> Outcome | None:
        held = bytes(self._held)
        self._clear()
        if not held:
            return None
        if len(held) > LONGEST:
            return TOO_LONG
        try:
            # Scanners that end their codes with CR do so here too.
            return outcome(held.decode().rstrip("\r\n"))
        except UnicodeDecodeError:
            return NOT_TEXT

    def _clear(self) -> None:
        self._held.clear()
        self._open = False


def _aim(report: bytes) -> bytes:
    """The AIM identifier, which some scanners leave empty."""
    aim = report[AIM_AT:DATA_AT]
    return aim if aim[:1] == b"]" and aim[1:].isalnum() else b""
