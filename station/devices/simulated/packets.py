"""A device node whose reads keep packets apart (hidraw, evdev, pins), as a Unix packet socket."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path


class SimulatedNode:
    """Listens at `path`; whoever connects has the device open."""

    def __init__(
        self,
        path: Path,
        *,
        greet: Callable[[], None] = lambda: None,
        heard: Callable[[bytes], None] = lambda _: None,
    ) -> None:
        self.path = path
        self._greet = greet
        self._heard = heard
        self._listener: socket.socket | None = None
        self._hosts: set[socket.socket] = set()
        self._is_open = asyncio.Event()
        self._openings = 0

    @property
    def plugged(self) -> bool:
        """Whether the station can open it now."""
        return self._listener is not None

    @property
    def open(self) -> bool:
        """Whether somebody has it open."""
        return bool(self._hosts)

    async def opened(self, times: int = 1) -> None:
        """Wait until somebody has it open, at least so many times by now; what is said before is lost."""
        while self._openings < times or not self.open:
            self._is_open.clear()
            await self._is_open.wait()

    def plug(self) -> None:
        """Make the node."""
        if self._listener is not None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.setblocking(False)
        listener.bind(str(self.path))
        listener.listen()
        self._listener = listener
        asyncio.get_running_loop().add_reader(listener, self._accept)

    def unplug(self) -> None:
        """Take the node away; who has it open is cut off."""
        if self._listener is None:
            return
        asyncio.get_running_loop().remove_reader(self._listener)
        self._listener.close()
        self._listener = None
        self.path.unlink(missing_ok=True)
        for host in tuple(self._hosts):
            self._drop(host)

    def say(self, packet: bytes) -> None:
        """Give one packet to everybody who has it open; a queue that is full loses it, as the kernel's does."""
        for host in tuple(self._hosts):
            try:
                host.send(packet)
            except BlockingIOError:
                continue
            except OSError:
                self._drop(host)

    def _accept(self) -> None:
        if self._listener is None:
            return
        host, _ = self._listener.accept()
        host.setblocking(False)
        self._hosts.add(host)
        asyncio.get_running_loop().add_reader(host, self._listen, host)
        self._openings += 1
        self._is_open.set()
        self._greet()

    def _listen(self, host: socket.socket) -> None:
        try:
            packet = host.recv(4096)
        except OSError:
            packet = b""
        if packet:
            self._heard(packet)
        else:
            self._drop(host)

    def _drop(self, host: socket.socket) -> None:
        self._hosts.discard(host)
        if not self._hosts:
            self._is_open.clear()
        asyncio.get_running_loop().remove_reader(host)
        host.close()
