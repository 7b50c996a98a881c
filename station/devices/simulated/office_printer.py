"""Twin of an office printer: takes PDF by IPP, prints its jobs one after the other, and runs out of paper."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import NamedTuple, Self

from station.devices import ipp, ipp_status
from station.devices.ipp import Attribute, GroupTag, Message, Operation, Tag, one

_OK, _NOT_FOUND, _BAD_FORMAT, _NO_SUCH_OPERATION, _NOT_ACCEPTING = 0x0000, 0x0406, 0x040A, 0x0501, 0x0506
_PENDING, _PROCESSING, _STOPPED_JOB = 3, 5, 6
_UNDONE = (_PENDING, _PROCESSING, _STOPPED_JOB)
_PDF = "application/pdf"
_PATH = "/ipp/print"


class _Job:
    def __init__(self, number: int) -> None:
        self.number = number
        self.document = b""
        self.state = _PENDING


class _Asked(NamedTuple):
    path: str
    body: bytes


class SimulatedOfficePrinter:
    """Listens on TCP as a printer on the network does; `papers` is its output tray."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        printed: Callable[[bytes], None] = lambda _: None,
        taken: Callable[[], None] = lambda: None,
    ) -> None:
        self.host = host
        self.port = port
        """0 until it listens on a port that the system chose."""
        self.papers: list[bytes] = []
        """The PDFs that came out, oldest first."""
        self.silent = False
        """Takes requests and answers none."""
        self.closed = False
        """Refuses documents."""
        self._printed = printed
        self._taken = taken
        self._slow = False
        self._reasons: tuple[str, ...] = ()
        self._jobs: dict[int, _Job] = {}
        self._server: asyncio.Server | None = None
        self._hosts: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        await self.plug()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.unplug()

    @property
    def uri(self) -> str:
        """What station.toml gives as `uri`."""
        return f"ipp://{self.host}:{self.port}{_PATH}"

    @property
    def slow(self) -> bool:
        """Whether it is still at work on the first page of whatever it took."""
        return self._slow

    @slow.setter
    def slow(self, slow: bool) -> None:
        self._slow = slow
        self._print()

    @property
    def reasons(self) -> tuple[str, ...]:
        """What is wrong with it, as IPP says it: `media-empty-error`, `cover-open-error` …; nothing when empty."""
        return self._reasons

    @reasons.setter
    def reasons(self, reasons: tuple[str, ...]) -> None:
        self._reasons = reasons
        self._print()

    async def plug(self) -> None:
        """Listen, on the same port as before."""
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, self.host, self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def unplug(self) -> None:
        """Switch it off: connections break, what waits is lost."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for host in tuple(self._hosts):
            host.transport.abort()
        self._jobs = {number: job for number, job in self._jobs.items() if job.state == ipp_status.JOB_COMPLETED}
        await asyncio.sleep(0)

    def cancel(self) -> None:
        """Somebody presses the printer's CANCEL key: what waits is thrown away."""
        for job in self._jobs.values():
            if job.state in _UNDONE:
                job.state = ipp_status.JOB_CANCELLED

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._hosts.add(writer)
        try:
            while (asked := await read_post(reader, writer)) is not None:
                if self.silent:
                    continue
                status = "200 OK" if asked.path == _PATH else "404 Not Found"
                body = self._answer(asked.body) if asked.path == _PATH else b""
                head = f"HTTP/1.1 {status}\r\nContent-Type: application/ipp\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(head.encode("ascii") + body)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, ValueError):
            pass
        finally:
            self._hosts.discard(writer)
            writer.close()

    def _answer(self, body: bytes) -> bytes:
        message = ipp.read(body)
        handle = _HANDLERS.get(message.code)
        status, groups = handle(self, message) if handle is not None else (_NO_SUCH_OPERATION, [])
        said = [
            one("attributes-charset", Tag.CHARSET, "utf-8"),
            one("attributes-natural-language", Tag.LANGUAGE, "en"),
        ]
        return ipp.written(status, message.number, [(GroupTag.OPERATION, said), *groups])

    def _describe(self, _: Message) -> _Answer:
        waiting = [job for job in self._jobs.values() if job.state in _UNDONE]
        state = ipp_status.STOPPED if self._reasons and waiting else ipp_status.IDLE
        operations = tuple(int(operation) for operation in _HANDLERS)
        return _OK, [
            (
                GroupTag.PRINTER,
                [
                    one("printer-uri-supported", Tag.URI, self.uri),
                    one("uri-security-supported", Tag.KEYWORD, "none"),
                    one("uri-authentication-supported", Tag.KEYWORD, "none"),
                    one("printer-name", Tag.NAME, "office"),
                    one("printer-state", Tag.ENUM, state),
                    one("printer-state-reasons", Tag.KEYWORD, *(self._reasons or ("none",))),
                    one("printer-is-accepting-jobs", Tag.BOOLEAN, not self.closed),
                    one("queued-job-count", Tag.INTEGER, len(waiting)),
                    one("ipp-versions-supported", Tag.KEYWORD, "1.1", "2.0"),
                    one("operations-supported", Tag.ENUM, *operations),
                    one("document-format-supported", Tag.MIME, _PDF),
                    one("document-format-default", Tag.MIME, _PDF),
                    one("charset-supported", Tag.CHARSET, "utf-8"),
                    one("media-supported", Tag.KEYWORD, "iso_a4_210x297mm"),
                    one("sides-supported", Tag.KEYWORD, "one-sided"),
                    one("print-scaling-supported", Tag.KEYWORD, "none", "auto"),
                ],
            )
        ]

    def _validate_job(self, message: Message) -> _Answer:
        return self._refusal(message) or _OK, []

    def _print_job(self, message: Message) -> _Answer:
        refusal = self._refusal(message)
        if refusal:
            return refusal, []
        return self._take(self._new_job(), message.data)

    def _create_job(self, message: Message) -> _Answer:
        refusal = self._refusal(message)
        return (refusal, []) if refusal else (_OK, [(GroupTag.JOB, _about(self._new_job()))])

    def _send_document(self, message: Message) -> _Answer:
        job = self._job(message)
        return (_NOT_FOUND, []) if job is None else self._take(job, message.data)

    def _cancel_job(self, message: Message) -> _Answer:
        job = self._job(message)
        if job is None:
            return _NOT_FOUND, []
        job.state = ipp_status.JOB_CANCELLED
        return _OK, []

    def _job_attributes(self, message: Message) -> _Answer:
        job = self._job(message)
        return (_NOT_FOUND, []) if job is None else (_OK, [(GroupTag.JOB, _about(job))])

    def _all_jobs(self, _: Message) -> _Answer:
        return _OK, [(GroupTag.JOB, _about(job)) for job in self._jobs.values()]

    def _refusal(self, message: Message) -> int:
        if self.closed:
            return _NOT_ACCEPTING
        said = message.groups[0].text("document-format") if message.groups else ""
        return 0 if said in ("", _PDF) else _BAD_FORMAT

    def _new_job(self) -> _Job:
        job = _Job(len(self._jobs) + 1)
        self._jobs[job.number] = job
        return job

    def _job(self, message: Message) -> _Job | None:
        group = message.groups[0]
        number = group.number("job-id")
        if number is None:
            last = group.text("job-uri").rpartition("/")[2]
            number = int(last) if last.isdigit() else 0
        return self._jobs.get(number)

    def _take(self, job: _Job, document: bytes) -> _Answer:
        if not document.startswith(b"%PDF-"):
            job.state = ipp_status.JOB_ABORTED
            return _BAD_FORMAT, []
        job.document = document
        self._print()
        self._taken()
        return _OK, [(GroupTag.JOB, _about(job))]

    def _print(self) -> None:
        for job in self._jobs.values():
            if not job.document or job.state not in _UNDONE:
                continue
            if self._reasons or self._slow:
                job.state = _STOPPED_JOB if self._reasons else _PROCESSING
            else:
                job.state = ipp_status.JOB_COMPLETED
                self.papers.append(job.document)
                self._printed(job.document)


_Answer = tuple[int, list[tuple[GroupTag, list[Attribute]]]]
_HANDLERS: Mapping[int, Callable[[SimulatedOfficePrinter, Message], _Answer]] = {
    Operation.PRINT_JOB: SimulatedOfficePrinter._print_job,
    Operation.VALIDATE_JOB: SimulatedOfficePrinter._validate_job,
    Operation.CREATE_JOB: SimulatedOfficePrinter._create_job,
    Operation.SEND_DOCUMENT: SimulatedOfficePrinter._send_document,
    Operation.CANCEL_JOB: SimulatedOfficePrinter._cancel_job,
    Operation.GET_JOB_ATTRIBUTES: SimulatedOfficePrinter._job_attributes,
    Operation.GET_JOBS: SimulatedOfficePrinter._all_jobs,
    Operation.GET_PRINTER_ATTRIBUTES: SimulatedOfficePrinter._describe,
}


def _about(job: _Job) -> list[Attribute]:
    return [
        one("job-id", Tag.INTEGER, job.number),
        one("job-uri", Tag.URI, f"ipp://printer/jobs/{job.number}"),
        one("job-state", Tag.ENUM, job.state),
        one("job-state-reasons", Tag.KEYWORD, "printer-stopped" if job.state == _STOPPED_JOB else "none"),
    ]


async def read_post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> _Asked | None:
    """The next request; None when the other end has closed. Raises `ValueError` for what is no POST."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    if method != "POST":
        raise ValueError(f"{method} is not how IPP asks")
    fields = dict(line.lower().split(":", 1) for line in lines if ":" in line)
    if "100-continue" in fields.get("expect", ""):
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if "chunked" not in fields.get("transfer-encoding", ""):
        return _Asked(path, await reader.readexactly(int(fields.get("content-length", "0"))))
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return _Asked(path, body)
