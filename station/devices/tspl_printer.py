"""Label printers that speak TSPL or TSPL2: TSC, and many that are sold without a name.

Source: TSC, TSPL/TSPL2 programming manual, `<ESC>!?`: one byte, a bit for each trouble.
"""

from __future__ import annotations

from msgspec import Struct

from station.devices import paper_trouble
from station.devices.line_printer import LinePrinter, LinePrinterSettings
from station.devices.ports import PaperState, PrinterStatus

ASK = b"\x1b!?"
HEAD_OPEN, JAM, NO_LABELS, NO_RIBBON, PAUSED, PRINTING, COVER_OPEN, OTHER = (1 << bit for bit in range(8))


class TsplPrinterConfig(LinePrinterSettings, frozen=True, kw_only=True, tag="tspl_printer"):
    """`driver = "tspl_printer"`."""


class TsplPrinter(LinePrinter):
    """Asked with `<ESC>!?`."""

    def __init__(self, config: TsplPrinterConfig) -> None:
        super().__init__(config, ASK, StatusByteReader)

    async def status(self) -> PrinterStatus:
        """Asked again before it is called well: a single byte of noise could have said that too."""
        first = await super().status()
        return await super().status() if first.state is PaperState.OK else first


class StatusByte(Struct, frozen=True):
    """The answer's bits."""

    bits: int

    @property
    def printer_status(self) -> PrinterStatus:
        """What the packer should know: the first thing to mend."""
        return paper_trouble.first_of(
            (
                (bool(self.bits & (HEAD_OPEN | COVER_OPEN)), paper_trouble.HEAD_OPEN),
                (bool(self.bits & JAM), paper_trouble.JAM),
                (bool(self.bits & NO_LABELS), paper_trouble.NO_LABELS),
                (bool(self.bits & NO_RIBBON), paper_trouble.NO_RIBBON),
                (bool(self.bits & OTHER), paper_trouble.OTHER),
                (bool(self.bits & PAUSED), paper_trouble.PAUSED),
            ),
            queued=int(bool(self.bits & PRINTING)),
        )


class StatusByteReader:
    """The answer has no frame: one byte alone is one, several together are noise that says nothing."""

    def feed(self, data: bytes) -> StatusByte | None:
        return StatusByte(data[0]) if len(data) == 1 else None
