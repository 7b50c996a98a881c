"""A light MQTT 5 client for many simulated stations in one process: connect, subscribe, QoS 1 both ways, keep alive.

Each of Packline's own links has a thread; a thousand of them would measure the machine's threads. Source of the
packets: MQTT 5.0, sections 3.1 to 3.12. Only what Mosquitto answers to what is sent here is understood.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Iterator

KEEPALIVE_S = 60
_CONNECT, _CONNACK, _PUBLISH, _PUBACK, _SUBSCRIBE, _SUBACK, _PINGREQ = 0x10, 2, 3, 4, 0x82, 9, 0xC0
_LASTING = b"\x05\x11\x00\x00\x0e\x10"
"""Properties of a connection: its session is kept for an hour."""


def _text(value: str) -> bytes:
    encoded = value.encode()
    return struct.pack("!H", len(encoded)) + encoded


def _packet(first: int, body: bytes) -> bytes:
    length, rest = b"", len(body)
    while True:
        rest, digit = rest >> 7, rest & 0x7F
        length += bytes([digit | 0x80 if rest else digit])
        if not rest:
            return bytes([first]) + length + body


class LightClient(asyncio.Protocol):
    """One connection that lives once; `link.relay.Line` for a relay."""

    def __init__(self, name: str, topic: str, came: Callable[[bytes], None]) -> None:
        """Subscribes to `topic`; `came` gets each payload, which is acknowledged when it returns."""
        self._name = name
        self._topic = topic
        self._came = came
        self._pubacks: dict[int, asyncio.Future[None]] = {}
        self._number = 0
        self._unread = b""
        self._transport: asyncio.Transport
        self.up = asyncio.Event()
        self.online = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        transport.write(
            _packet(
                _CONNECT, _text("MQTT") + b"\x05\x00" + struct.pack("!H", KEEPALIVE_S) + _LASTING + _text(self._name)
            )
        )

    def connection_lost(self, error: Exception | None) -> None:
        self.online = False
        for puback in self._pubacks.values():
            puback.cancel()

    def data_received(self, data: bytes) -> None:
        self._unread += data
        for kind, body in self._packets():
            if kind >> 4 == _PUBLISH:
                self._publish_came(body, kind >> 1 & 3)
            elif kind >> 4 == _PUBACK:
                puback = self._pubacks.pop(struct.unpack_from("!H", body)[0], None)
                if puback is not None and not puback.done():
                    puback.set_result(None)
            elif kind >> 4 == _CONNACK:
                self._transport.write(_packet(_SUBSCRIBE, b"\x00\x01\x00" + _text(self._topic) + b"\x01"))
            elif kind >> 4 == _SUBACK:
                self.online = True
                self.up.set()

    def _packets(self) -> Iterator[tuple[int, bytes]]:
        """Whole packets of what was read; the rest stays."""
        while len(self._unread) >= 2:
            length = shift = 0
            for at in range(1, min(5, len(self._unread))):
                length |= (self._unread[at] & 0x7F) << shift
                shift += 7
                if self._unread[at] < 0x80:
                    break
            else:
                return
            end = at + 1 + length
            if len(self._unread) < end:
                return
            kind, body = self._unread[0], self._unread[at + 1 : end]
            self._unread = self._unread[end:]
            yield kind, body

    def _publish_came(self, body: bytes, qos: int) -> None:
        at = 2 + struct.unpack_from("!H", body)[0]
        number = body[at : at + 2] if qos else b""
        at += len(number)
        # A length of properties below 128 has one byte; central sends none that are longer.
        self._came(body[at + 1 + body[at] :])
        if number:
            self._transport.write(_packet(_PUBACK << 4, number))

    def publish(
        self, topic: str, payload: bytes, *, retain: bool = False, correlation: bytes = b""
    ) -> asyncio.Future[None]:
        """QoS 1; ends at the broker's PUBACK."""
        self._number = self._number % 65_535 + 1
        properties = b"\x09" + struct.pack("!H", len(correlation)) + correlation if correlation else b""
        body = _text(topic) + struct.pack("!H", self._number) + bytes([len(properties)]) + properties + payload
        self._transport.write(_packet(_PUBLISH << 4 | 2 | retain, body))
        puback = self._pubacks[self._number] = asyncio.get_running_loop().create_future()
        return puback

    async def keep_alive(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(KEEPALIVE_S / 2)
            self._transport.write(_packet(_PINGREQ, b""))


async def connect(port: int, client: LightClient) -> None:
    """Return when it is subscribed. Raises `OSError`, `TimeoutError`."""
    await asyncio.get_running_loop().create_connection(lambda: client, "127.0.0.1", port)
    async with asyncio.timeout(30):
        await client.up.wait()
