"""Label printers that speak EPL2: older desktop printers of Zebra and Eltron, and printers that imitate them.

Source: Zebra, EPL2 programmer's manual, `^ee` immediate error report: codes of two digits, `00` alone is none.
Printers on USB need not answer it, and none tells how many labels wait in it.
"""

from __future__ import annotations

import re

from msgspec import Struct

from station.devices import paper_trouble
from station.devices.line_printer import LinePrinter, LinePrinterSettings
from station.devices.paper_trouble import Trouble
from station.devices.ports import PrinterStatus

ASK = b"^ee\r\n"
_REPORT = re.compile(rb"(?<![0-9,])([0-9]{2}(?:,[0-9]{2})*)\r\n")
_KEPT = 256
_KNOWN = {
    "11": paper_trouble.HEAD_OPEN,
    "07": paper_trouble.NO_LABELS,
    "62": paper_trouble.TOO_HOT,
    "81": paper_trouble.CUTTER,
    "12": paper_trouble.PAUSED,
    "92": paper_trouble.PAUSED,
}
"""By urgency. 12 is Zebra's pause, 92 Intermec's."""


class Epl2PrinterConfig(LinePrinterSettings, frozen=True, kw_only=True, tag="epl2_printer"):
    """`driver = "epl2_printer"`."""


class Epl2Printer(LinePrinter):
    """Asked with `^ee`."""

    def __init__(self, config: Epl2PrinterConfig) -> None:
        super().__init__(config, ASK, ErrorReportReader)


class ErrorReport(Struct, frozen=True):
    """The codes of one answer."""

    codes: tuple[str, ...]

    @property
    def printer_status(self) -> PrinterStatus:
        """What the packer should know: the first thing to mend; a code that is not known is bad too."""
        wrong = [code for code in self.codes if code != "00"]
        known = [(code in wrong, trouble) for code, trouble in _KNOWN.items()]
        return paper_trouble.first_of([*known, (bool(wrong), _of_code(*wrong))])


class ErrorReportReader:
    """Finds whole reports among the marks (ACK, NAK, XON, XOFF) that a printer may send by itself."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> ErrorReport | None:
        """The newest whole report in what has arrived, if there is one."""
        self._held += data
        reports = list(_REPORT.finditer(self._held))
        if reports:
            self._held = self._held[reports[-1].end() :]
        if len(self._held) > _KEPT:
            # Its beginning is unknown: a comma in its place keeps the codes behind it from being a whole report.
            self._held = b"," + self._held[1 - _KEPT :]
        if not reports:
            return None
        return ErrorReport(tuple(reports[-1][1].decode("ascii").split(",")))


def _of_code(*codes: str) -> Trouble:
    said = ", ".join(codes)
    return Trouble(
        f"The printer reports error {said}: look it up in its manual, then switch it off and on.",
        f"L'imprimante signale l'erreur {said} : voyez son manuel, puis éteignez-la et rallumez-la.",
    )
