"""Office printers for A4 documents: a CUPS queue, or a printer that speaks IPP itself and takes PDF."""

from __future__ import annotations

import asyncio
import http.client
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Annotated, NamedTuple, Self
from urllib.parse import urlsplit

from msgspec import Meta

from station.devices import ipp, ipp_status
from station.devices.ipp import GroupTag, Message, Operation, Tag, one
from station.devices.line import gone
from station.devices.paper_trouble import NO_ANSWER
from station.devices.ports import DeviceFault, DocumentRefused, PrinterStatus
from station.devices.settings import PrinterRole, PrinterSettings, Seconds
from station.devices.tap import tap_now

_PRINTER = ("printer-state", "printer-state-reasons", "printer-state-message", "printer-is-accepting-jobs")
_JOB = ("job-state", "job-state-reasons")
_NOT_FOUND = 0x0406
_LEAST_DPI = 100
_MOST_BYTES = 1024 * 1024
"""Of an answer; what is asked for takes some hundred."""


class IppPrinterConfig(PrinterSettings, frozen=True, kw_only=True, tag="ipp_printer"):
    """`driver = "ipp_printer"`, with `uri = "ipp://localhost:631/printers/office"`."""

    uri: str
    roles: tuple[PrinterRole, ...] = ("delivery_note", "pick_list")
    width_mm: Annotated[int, Meta(ge=20, le=300)] = 210
    height_mm: Annotated[int, Meta(ge=20, le=1000)] = 297
    dpi: Annotated[int, Meta(ge=_LEAST_DPI, le=600)] = 200
    """How finely pages are laid out; what is sent are lines and letters, which the printer sets at its own."""
    answer_within_s: Seconds = 3.0
    take_within_s: Seconds = 30.0
    """How long a queue may take for a document."""

    def __post_init__(self) -> None:
        """Refuse an address that is not IPP's."""
        place = urlsplit(self.uri)
        if place.scheme != "ipp" or not place.hostname or place.path in ("", "/"):
            raise ValueError(
                f"uri: {self.uri!r} is no address of a print queue: ipp://localhost:631/printers/NAME for CUPS,"
                " ipp://ADDRESS/ipp/print for a printer of its own. A printer with ipps only: make a queue for it"
            )


class _Answer(NamedTuple):
    """By HTTP; the body is IPP's when all is well."""

    status: int
    reason: str
    body: bytes


class IppPrinter:
    """Asks and prints with one short HTTP exchange each; nothing stays open."""

    def __init__(self, config: IppPrinterConfig) -> None:
        self._config = config
        self._place = urlsplit(config.uri)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"printer {config.name}")
        self._socket: socket.socket | None = None
        """Of the exchange that is under way."""
        self._tap = tap_now()
        self._number = 0
        self._jobs: set[int] = set()
        """Ours that are not done."""
        self._given_up = 0

    async def __aenter__(self) -> Self:
        """Raises `DeviceFault` when there is no such queue."""
        try:
            await self._printer()
        except TimeoutError as error:
            self._thread.shutdown(wait=False)
            raise gone(self._config.uri, "no answer") from error
        except BaseException:
            self._thread.shutdown(wait=False)
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._thread.shutdown(wait=False)

    async def status(self) -> PrinterStatus:
        """Ask the queue about its printer and about our documents; silence is `UNKNOWN`."""
        try:
            printer = await self._printer()
            for job in tuple(self._jobs):
                await self._follow(job)
        except TimeoutError:
            return NO_ANSWER
        return ipp_status.printer_status(printer, len(self._jobs), self._given_up)

    async def send(self, document: bytes) -> None:
        """Hand a PDF over as one job. Raises `DocumentRefused` when the queue did not take it."""
        self._given_up = 0
        media = f"custom_packline_{self._config.width_mm}x{self._config.height_mm}mm"
        if (self._config.width_mm, self._config.height_mm) == (210, 297):
            media = "iso_a4_210x297mm"
        try:
            answer = await self._ask(
                Operation.PRINT_JOB,
                one("requesting-user-name", Tag.NAME, "packline"),
                one("job-name", Tag.NAME, "Packline"),
                one("document-format", Tag.MIME, "application/pdf"),
                job=(
                    one("media", Tag.KEYWORD, media),
                    one("sides", Tag.KEYWORD, "one-sided"),
                    one("print-scaling", Tag.KEYWORD, "none"),
                ),
                data=document,
                within_s=self._config.take_within_s,
            )
        except TimeoutError as error:
            raise gone(self._config.uri, "no answer to a document") from error
        jobs = answer.of(GroupTag.JOB)
        number = jobs[0].number("job-id") if jobs else None
        if not answer.well or number is None or number < 1:
            raise DocumentRefused(
                f"{self._config.uri} did not take the document ({_words(answer)}): see whether the queue accepts PDF",
                f"{self._config.uri} a refusé le document ({_words(answer)})",
            )
        self._jobs.add(number)

    async def _follow(self, job: int) -> None:
        """Note that a document is out, or that it will never be."""
        answer = await self._ask(
            Operation.GET_JOB_ATTRIBUTES,
            one("job-id", Tag.INTEGER, job),
            one("requesting-user-name", Tag.NAME, "packline"),
            one("requested-attributes", Tag.KEYWORD, *_JOB),
        )
        groups = answer.of(GroupTag.JOB)
        state = groups[0].number("job-state") if answer.well and groups else None
        if state == ipp_status.JOB_COMPLETED:
            self._jobs.discard(job)
        elif state in (ipp_status.JOB_CANCELLED, ipp_status.JOB_ABORTED) or answer.code == _NOT_FOUND:
            self._jobs.discard(job)
            self._given_up += 1

    async def _printer(self) -> ipp.Group:
        answer = await self._ask(Operation.GET_PRINTER_ATTRIBUTES, one("requested-attributes", Tag.KEYWORD, *_PRINTER))
        groups = answer.of(GroupTag.PRINTER)
        if not answer.well or not groups:
            raise DeviceFault(
                f"there is no print queue {self._config.uri} ({_words(answer)}): lpstat -v shows those that there are",
                f"la file d'impression {self._config.uri} n'existe pas",
            )
        return groups[0]

    async def _ask(
        self,
        operation: Operation,
        *more: ipp.Attribute,
        job: tuple[ipp.Attribute, ...] = (),
        data: bytes = b"",
        within_s: float = 0,
    ) -> Message:
        """One exchange. Raises `TimeoutError`, or `DeviceFault` when nobody is there."""
        self._number += 1
        body = ipp.request(operation, self._number, self._config.uri, *more, job=job, data=data)
        self._tap.said(f"POST {self._place.path} HTTP/1.1\r\n\r\n".encode() + body)
        within_s = within_s or self._config.answer_within_s
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(within_s):
                try:
                    answer = await loop.run_in_executor(self._thread, self._exchange, body, within_s)
                except asyncio.CancelledError:
                    self._hang_up()
                    raise
            self._tap.heard(f"HTTP/1.1 {answer.status} {answer.reason}\r\n\r\n".encode() + answer.body)
            if answer.status != http.client.OK:
                raise ValueError(f"HTTP {answer.status} {answer.reason}")
            return ipp.read(answer.body)
        except TimeoutError:
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise gone(self._config.uri, ipp_status.in_short(str(error))) from error

    def _exchange(self, body: bytes, within_s: float) -> _Answer:
        connection = http.client.HTTPConnection(str(self._place.hostname), self._place.port or 631, timeout=within_s)
        try:
            connection.connect()
            self._socket = connection.sock
            connection.request("POST", self._place.path, body, {"Content-Type": "application/ipp"})
            answer = connection.getresponse()
            said = answer.read(_MOST_BYTES + 1) if answer.status == http.client.OK else b""
            if len(said) > _MOST_BYTES:
                raise ValueError(f"its answer is longer than {_MOST_BYTES} bytes")
            return _Answer(answer.status, answer.reason, said)
        finally:
            self._socket = None
            connection.close()

    def _hang_up(self) -> None:
        """Nobody waits for this answer any more: the thread that reads it, however slowly it comes, is free again."""
        if (line := self._socket) is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


def _words(answer: Message) -> str:
    message = next((group.text("status-message") for group in answer.of(GroupTag.OPERATION)), "")
    return ipp_status.in_short(message) or f"IPP status {answer.code:#06x}"
