"""An HTTP server without its socket: bytes of a connection in, bytes of the answers out."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import msgspec
from uvicorn import Config
from uvicorn.server import ServerState

from link.http import Http
from tests.fuzz.door import Finding

_STATUS = re.compile(rb"(?:^|(?<=\n|\}|>))HTTP/1\.1 (\d{3})")
_TURN_S = 0.02


class _Line(asyncio.Transport):
    """The server's end of a connection."""

    def __init__(self, protocol: Http) -> None:
        super().__init__()
        self.said = bytearray()
        self._protocol = protocol
        self._closing = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("127.0.0.1", 50_000), "sockname": ("127.0.0.1", 8000)}.get(name, default)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.said += data

    def close(self) -> None:
        # As asyncio's own: the protocol is told in the loop's next turn, once.
        if not self._closing:
            self._closing = True
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, None)

    def is_closing(self) -> bool:
        return self._closing

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class Wire:
    """Connections to one application, one after the other."""

    def __init__(self, app: Any) -> None:
        self._config = Config(app, log_config=None, access_log=False, server_header=False, ws="none", lifespan="off")
        self._config.load()
        self._state = ServerState()

    async def exchange(self, data: bytes) -> bytes:
        """What the server says to a connection on which this comes, and then nothing more."""
        protocol = Http(self._config, self._state, {})
        line = _Line(protocol)
        protocol.connection_made(line)
        if data:
            protocol.data_received(data)
        while self._state.tasks and not _waits(protocol, line):
            await asyncio.wait(self._state.tasks, timeout=_TURN_S)
        line.close()
        await asyncio.sleep(0)
        while self._state.tasks:
            await asyncio.wait(self._state.tasks)
        return bytes(line.said)


def _waits(protocol: Http, line: _Line) -> bool:
    """For a body that does not come, or for somebody who reads a stream."""
    cycle = protocol.cycle
    return (cycle is not None and cycle.more_body) or b"\r\ncontent-type: text/event-stream" in line.said.lower()


def sentence_of(answer: bytes) -> str:
    """What the last answer refuses; empty when it does not. Raises `Finding` for an answer that breaks down."""
    statuses = [int(found) for found in _STATUS.findall(answer)]
    if any(status >= 500 for status in statuses):
        raise Finding(f"answered with {statuses}: {answer[-300:]!r}")
    if not statuses or statuses[-1] < 400:
        return "" if statuses else "nothing is answered to half a request"
    head, _, body = answer.rpartition(b"\r\n\r\n")
    if b"json" in head.rpartition(b"HTTP/1.1 ")[2]:
        told = msgspec.json.decode(body)
        return str(told.get("detail") or told.get("text") or told)
    return f"refused with {statuses[-1]}"
