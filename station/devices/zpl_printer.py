"""Label printers that speak ZPL, on TCP port 9100 or as /dev/usb/lp*."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Self

from station.devices.line import Line, open_node, open_tcp
from station.devices.ports import PaperState, PrinterStatus
from station.devices.settings import Port, PrinterSettings, Seconds, UsbIdentity, proven_place
from station.devices.udev import node_of
from station.devices.zebra_status import ASK, HostStatusReader

_NO_ANSWER = PrinterStatus(
    PaperState.UNKNOWN,
    "The printer does not answer: look whether it has labels, is closed and not paused.",
    detail_fr="L'imprimante ne répond pas : regardez si elle a des étiquettes, est fermée et n'est pas en pause.",
)


class ZplPrinterConfig(PrinterSettings, frozen=True, kw_only=True, tag="zpl_printer"):
    """`driver = "zpl_printer"`."""

    subsystem: ClassVar[str] = "usbmisc"
    host: str = ""
    port: Port = 9100
    path: str = ""
    usb: UsbIdentity | None = None
    answer_within_s: Seconds = 1.0
    take_within_s: Seconds = 10.0
    """How long the printer may take nothing while a label is sent."""

    def __post_init__(self) -> None:
        """Refuse a printer with no place or with two."""
        proven_place(self.path, self.usb)
        if bool(self.host) == bool(self.path or self.usb):
            raise ValueError('say where the printer is, once: host = "192.0.2.7", or path, or usb = { … }')


class ZplPrinter:
    """One connection, kept while it lives."""

    def __init__(self, config: ZplPrinterConfig) -> None:
        self._config = config
        self._answers = HostStatusReader()
        self._line: Line

    async def __aenter__(self) -> Self:
        config = self._config
        if config.host:
            self._line = await open_tcp(config.host, config.port, config.answer_within_s)
        else:
            self._line = open_node(node_of(config, config.subsystem))
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._line.close()

    async def status(self) -> PrinterStatus:
        """Ask `~HS`; silence is `UNKNOWN`."""
        self._drop_old_answers()
        try:
            async with asyncio.timeout(self._config.answer_within_s):
                await self._line.write(ASK)
                while True:
                    answer = self._answers.feed(await self._line.read())
                    if answer is not None:
                        return answer.printer_status
        except TimeoutError:
            return _NO_ANSWER

    async def send(self, document: bytes) -> None:
        """Write all of it and wait until the printer's end has taken it."""
        self._drop_old_answers()
        await self._line.write_through(document, self._config.take_within_s)

    def _drop_old_answers(self) -> None:
        """An answer that came after its time-out must not answer a later question; a closed line shows here."""
        while self._line.read_now() is not None:
            pass
        self._answers = HostStatusReader()
