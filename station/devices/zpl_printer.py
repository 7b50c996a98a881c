"""Label printers that speak ZPL."""

from __future__ import annotations

from station.devices.line_printer import LinePrinter, LinePrinterSettings
from station.devices.zebra_status import ASK, HostStatusReader


class ZplPrinterConfig(LinePrinterSettings, frozen=True, kw_only=True, tag="zpl_printer"):
    """`driver = "zpl_printer"`."""


class ZplPrinter(LinePrinter):
    """Asked with `~HS`."""

    def __init__(self, config: ZplPrinterConfig) -> None:
        super().__init__(config, ASK, HostStatusReader)

    async def send(self, document: bytes) -> None:
        """Write all of it and wait until the printer's end has taken it."""
        # A question behind it: the answer carries the acknowledgement that TCP would else hold back for 40 ms or more.
        await super().send(document + ASK)
