"""Office printers: a print queue that gives to each kind of question the answer that it gave then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from msgspec.structs import replace

from station.devices import ipp
from station.devices.ipp import Operation
from station.devices.ipp_printer import IppPrinterConfig
from station.devices.ipp_scrubbing import HEAD_END
from station.devices.keeper import Keeper
from station.devices.ports import DeviceFault
from station.devices.replaying.stage import Stage, becomes, rest
from station.devices.simulated.office_printer import read_post
from station.devices.tape import Chunk


class _Exchange(NamedTuple):
    asked: Chunk
    operation: int
    answer: bytes | None
    """As it travels; None: there was none."""


@asynccontextmanager
async def office_printer(config: IppPrinterConfig, chunks: Sequence[Chunk]) -> AsyncIterator[Stage]:
    """A queue on a port of its own."""
    exchanges = tuple(_exchanges(chunks))
    async with _Queue(exchanges) as queue:
        uri = f"ipp://127.0.0.1:{queue.port}{urlsplit(config.uri).path}"

        async def play(keeper: Keeper) -> None:
            for before, exchange in pairwise((None, *exchanges)):
                assert exchange is not None
                if before is not None and exchange[1:] == before[1:] and exchange.operation != Operation.PRINT_JOB:
                    continue  # the same answer again says nothing new
                await rest(before.asked if before is not None else None, exchange.asked)
                queue.answers[exchange.operation] = exchange.answer
                await becomes(lambda: keeper.opened)
                with suppress(DeviceFault):  # told as the device's state
                    if exchange.operation == Operation.PRINT_JOB:
                        await keeper.send(b"%PDF-" + bytes(exchange.asked.withheld))
                    else:
                        await keeper.printer_status()

        yield Stage(replace(config, uri=uri), play)


def _exchanges(chunks: Sequence[Chunk]) -> Iterator[_Exchange]:
    """Each question with its answer. Raises `ValueError` for a question that is no IPP request."""
    for asked, answered in pairwise((*chunks, None)):
        if asked is not None and asked.direction == "out":
            operation = ipp.read(asked.data.partition(HEAD_END)[2]).code
            got = answered is not None and answered.direction == "in"
            yield _Exchange(asked, operation, _as_it_travels(answered) if got and answered is not None else None)


def _as_it_travels(answer: Chunk) -> bytes:
    head, _, body = answer.data.partition(HEAD_END)
    body += bytes(answer.withheld)
    return b"%s\r\nContent-Length: %d\r\n\r\n%s" % (head, len(body), body)


class _Queue:
    """Answers by HTTP; what it has no answer to stays unanswered."""

    def __init__(self, exchanges: Sequence[_Exchange]) -> None:
        self.port = 0
        self.answers: dict[int, bytes | None] = {}
        """By the operation that they answer; at first, what it answered first."""
        for exchange in reversed(exchanges):
            self.answers[exchange.operation] = exchange.answer
        self._server: asyncio.Server
        self._hosts: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._server.close()
        for host in self._hosts:
            host.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._hosts.add(writer)
        try:
            while (asked := await read_post(reader, writer)) is not None:
                answer = self.answers.get(ipp.read(asked.body).code)
                if answer is not None:
                    writer.write(answer)
                    await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._hosts.discard(writer)
            writer.close()
