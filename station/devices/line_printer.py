"""What label printers of every language share: one byte stream by network, USB or serial line, and one question."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar, Literal, Protocol, Self

from station.devices.line import Handshake, Line, open_node, open_serial, open_tcp
from station.devices.paper_trouble import NO_ANSWER
from station.devices.ports import PrinterStatus
from station.devices.settings import Port, PrinterSettings, Seconds, UsbIdentity, proven_place
from station.devices.udev import node_of


class LinePrinterSettings(PrinterSettings, frozen=True, kw_only=True):
    """`host` for a network printer, `path` or `usb` for /dev/usb/lp*, `path` with `baud` for a serial line."""

    subsystem: ClassVar[str] = "usbmisc"
    host: str = ""
    port: Port = 9100
    path: str = ""
    usb: UsbIdentity | None = None
    baud: Literal[0, 9600, 19200, 38400, 57600, 115200] = 0
    """0: not a serial printer."""
    handshake: Handshake = "rtscts"
    """How a serial printer says that its memory is full; bitmaps are longer than it."""
    answer_within_s: Seconds = 1.0
    take_within_s: Seconds = 10.0
    """How long the printer may take nothing while a document is sent."""

    def __post_init__(self) -> None:
        """Refuse a printer with no place or with two."""
        proven_place(self.path, self.usb)
        if bool(self.host) == bool(self.path or self.usb):
            raise ValueError('say where the printer is, once: host = "192.0.2.7", or path, or usb = { … }')
        if self.baud and not self.path:
            raise ValueError("baud is for a serial printer: give its path too")

    @property
    def place(self) -> str:
        """Where it is, for a person."""
        return f"{self.host}:{self.port}" if self.host else self.path or str(self.usb)


class Answer(Protocol):
    """What a printer said of itself."""

    @property
    def printer_status(self) -> PrinterStatus: ...


class AnswerReader(Protocol):
    """Finds answers in what a printer sends."""

    def feed(self, data: bytes) -> Answer | None:
        """The newest whole answer in what has arrived, if there is one."""
        ...


class LinePrinter:
    """One connection, kept while it lives."""

    def __init__(self, config: LinePrinterSettings, ask: bytes, reader: Callable[[], AnswerReader]) -> None:
        self._config = config
        self._ask = ask
        self._reader = reader
        self._answers = reader()
        self._line: Line

    async def __aenter__(self) -> Self:
        config = self._config
        if config.host:
            self._line = await open_tcp(config.host, config.port, config.answer_within_s)
        elif config.baud:
            self._line = open_serial(
                config.path, baud=config.baud, bits=8, parity="N", stop_bits=1, handshake=config.handshake
            )
        else:
            self._line = open_node(node_of(config, config.subsystem))
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._line.close()

    async def status(self) -> PrinterStatus:
        """Ask; silence is `UNKNOWN`."""
        self._drop_old_answers()
        try:
            async with asyncio.timeout(self._config.answer_within_s):
                await self._line.write(self._ask)
                while True:
                    answer = self._answers.feed(await self._line.read())
                    if answer is not None:
                        return answer.printer_status
        except TimeoutError:
            # What lies there unread came in time: only we were busy.
            late = [answer for data in self._line.read_waiting() if (answer := self._answers.feed(data)) is not None]
            return late[-1].printer_status if late else NO_ANSWER

    async def send(self, document: bytes) -> None:
        """Write all of it and wait until the printer's end has taken it."""
        self._drop_old_answers()
        await self._line.write_through(document, self._config.take_within_s)

    def _drop_old_answers(self) -> None:
        """An answer that came after its time-out must not answer a later question; a closed line shows here."""
        self._line.read_waiting()
        self._answers = self._reader()
