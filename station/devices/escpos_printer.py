"""Receipt printers that speak ESC/POS, driven by python-escpos in a thread of their own."""

from __future__ import annotations

import asyncio
import os
import select
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from msgspec import Meta

from station.devices.escpos_status import ASK_PAPER, ASK_WHY_OFFLINE, NO_ANSWER, answer_in, read_status
from station.devices.line import arrived, broken, gone, not_there, stalled, unsent
from station.devices.ports import DeviceFault, PrinterStatus
from station.devices.settings import Port, PrinterRole, PrinterSettings, Seconds, UsbIdentity, proven_place
from station.devices.tap import tap_now
from station.devices.udev import node_of

T = TypeVar("T")
_PART, _NETWORK_PART = 4096, 65536
"""Bytes that are followed to the other end before the next ones are sent."""
_CAPABILITIES = Path(__file__).parent / "escpos_capabilities.json"
"""python-escpos' default printer and nothing else."""


class EscPosPrinterConfig(PrinterSettings, frozen=True, kw_only=True, tag="escpos_printer"):
    """`driver = "escpos_printer"`: `host` for a network printer, `path` or `usb` for USB, with `baud` for serial."""

    subsystem: ClassVar[str] = "usbmisc"
    roles: tuple[PrinterRole, ...] = ("slip",)
    width_mm: int = 80
    height_mm: int = 0
    host: str = ""
    port: Port = 9100
    path: str = ""
    usb: UsbIdentity | None = None
    baud: Literal[0, 9600, 19200, 38400, 57600, 115200] = 0
    """0: not a serial printer."""
    answer_within_s: Seconds = 0.5
    take_within_s: Seconds = 10.0
    """How long the printer may take nothing while a document is sent."""
    drawer: Literal[0, 2, 5] = 0
    """The pin of its drawer socket that a drawer hangs on; 0: none does."""
    drawer_pulse_s: Annotated[float, Meta(ge=0.002, le=0.5)] = 0.2

    def __post_init__(self) -> None:
        """Refuse a printer with no place or with two."""
        proven_place(self.path, self.usb)
        if bool(self.host) == bool(self.path or self.usb):
            raise ValueError('say where the printer is, once: host = "192.0.2.7", or path, or usb = { … }')
        if self.baud and not self.path:
            raise ValueError("baud is for a serial printer: give its path too")

    @property
    def kick(self) -> bytes:
        """`ESC p`: the pulse for the drawer, in steps of 2 ms, then as long a rest."""
        steps = round(self.drawer_pulse_s * 500)
        return bytes((0x1B, 0x70, 0 if self.drawer == 2 else 1, steps, steps))


class EscPosPrinter:
    """One connection, kept while it lives. python-escpos blocks, so only this printer's thread calls it."""

    def __init__(self, config: EscPosPrinterConfig) -> None:
        self._config = config
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"printer {config.name}")
        self._printer: Any = None
        self._answers = False
        self._tap = tap_now()
        """Heard on the loop, though the bytes come and go in the thread."""

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        try:
            self._printer = await self._in_thread(self._open)
        except BaseException:
            self._thread.shutdown(wait=False)
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._thread.submit(self._close)
        self._thread.shutdown(wait=False)

    async def status(self) -> PrinterStatus:
        """Ask `DLE EOT`; silence is `UNKNOWN`."""
        return await self._in_thread(self._status)

    async def send(self, document: bytes) -> None:
        """Hand all of it over and wait until the printer's end has taken it."""
        await self._in_thread(lambda: self._send(document))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _open(self) -> Any:
        # Else it parses a database of all printers at import: 3 MB and 100 ms for features that we do not use.
        os.environ.setdefault("ESCPOS_CAPABILITIES_FILE", str(_CAPABILITIES))
        from escpos import printer as escpos
        from escpos.exceptions import DeviceNotFoundError

        config = self._config
        try:
            if config.host:
                printer: Any = escpos.Network(config.host, config.port, timeout=config.answer_within_s)
                printer.open()
                printer.device.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                printer.device.settimeout(config.take_within_s)
            elif config.baud:
                printer = escpos.Serial(config.path, config.baud, timeout=config.answer_within_s, dsrdtr=False)
                printer.open()
                printer.device.write_timeout = config.take_within_s
            else:
                node = node_of(config, config.subsystem)
                printer = escpos.File(node)
                # python-escpos opens it for writing only; the printer's answers come on the same node.
                printer.device = open(node, "r+b", buffering=0)  # noqa: SIM115 - closed with the printer
        except DeviceNotFoundError as error:
            cause = error.__context__
            raise not_there(self._place, cause if isinstance(cause, OSError) else OSError(str(error))) from error
        except OSError as error:
            raise not_there(self._place, error) from error
        return printer

    def _close(self) -> None:
        # Not by python-escpos: it waits for a serial printer to print everything, for ever if it is gone.
        device, self._printer.device = self._printer.device, False
        device.close()

    @property
    def _place(self) -> str:
        config = self._config
        return f"{config.host}:{config.port}" if config.host else config.path or str(config.usb)

    def _status(self) -> PrinterStatus:
        descriptor = self._printer.device.fileno()
        until = time.monotonic() + self._config.answer_within_s
        while select.select([descriptor], [], [], 0)[0] and time.monotonic() < until:
            self._read(descriptor)  # an answer that came after its time-out must not answer a later question
        offline = self._answer(descriptor, ASK_WHY_OFFLINE)
        self._answers = offline is not None
        paper = None if offline is None else self._answer(descriptor, ASK_PAPER)
        return NO_ANSWER if offline is None or paper is None else read_status(offline, paper)

    def _answer(self, descriptor: int, question: bytes) -> int | None:
        until = time.monotonic() + self._config.answer_within_s
        if not select.select([], [descriptor], [], self._config.answer_within_s)[1]:
            return None
        self._write(question, 0, len(question))
        while True:
            # Looked at once more when the time is up: what lies there unread came in time, only we were busy.
            left = max(0.0, until - time.monotonic())
            if not select.select([descriptor], [], [], left)[0]:
                return None
            answer = answer_in(self._read(descriptor))
            if answer is not None or not left:
                return answer

    def _send(self, document: bytes) -> None:
        descriptor = self._printer.device.fileno()
        size = _NETWORK_PART if self._config.host else _PART
        for sent in range(0, len(document), size):
            until = time.monotonic() + self._config.take_within_s
            if not select.select([], [descriptor], [], self._config.take_within_s)[1]:
                raise self._stalled(sent, len(document))
            self._write(document[sent : sent + size], sent, len(document))
            if self._answers and self._config.host and sent + size >= len(document):
                # The answer carries the acknowledgement that TCP would else hold back for 40 ms or more.
                self._answer(descriptor, ASK_WHY_OFFLINE)
            while unsent(descriptor) and not broken(descriptor):
                if time.monotonic() > until:
                    raise self._stalled(sent, len(document))
                time.sleep(0.002)
            if broken(descriptor):
                raise self._gone("it closed its end", sent, len(document))

    def _write(self, part: bytes, sent: int, of: int) -> None:
        self._loop.call_soon_threadsafe(self._tap.said, part)
        try:
            self._printer._raw(part)
        except TimeoutError as error:
            raise self._stalled(sent, of) from error
        except OSError as error:
            raise self._gone(str(error), sent, of) from error

    def _read(self, descriptor: int) -> bytes:
        try:
            data = os.read(descriptor, 64)
        except OSError as error:
            raise self._gone(str(error)) from error
        if not data:
            raise self._gone("it closed its end")
        self._loop.call_soon_threadsafe(self._tap.heard, data)
        return data

    def _gone(self, why: str, sent: int = 0, of: int = 0) -> DeviceFault:
        fault = gone(self._place, why)
        return DeviceFault(f"{fault}. {arrived(sent, of)}", fault.text_fr) if of else fault

    def _stalled(self, sent: int, of: int) -> DeviceFault:
        return stalled(self._place, sent, of)
