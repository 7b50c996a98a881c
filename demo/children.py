"""Child processes: started, watched until they are ready, ended by their own id and never left behind."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Self

_PORTS: Final = (15_000, 32_000)
"""Below those that Linux gives to outgoing connections: a server that was killed finds its port free."""


_CLAIMS: Final = deque[int](maxlen=200)
"""Descriptors of the newest."""


class ChildFailed(RuntimeError):
    """The process ended or stayed silent; the text has its last lines."""


class Child:
    """One process. Its output is kept in `folder/name.log` and in `lines`.

    The kernel ends it when the thread that started it dies, whatever kills us: start it from the main thread.
    """

    def __init__(self, name: str, argv: Sequence[str], folder: Path, env: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.lines: list[str] = []
        self._news = threading.Condition()
        self._ready = self._ended = False
        self._log = (folder / f"{name}.log").open("a", encoding="utf-8")
        # A socket's path may have 107 characters: the folder of a test is often longer.
        self._notice_folder = tempfile.TemporaryDirectory(prefix="packline-")
        self._notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        self._notices.bind(f"{self._notice_folder.name}/notify")
        surroundings = {"NOTIFY_SOCKET": f"{self._notice_folder.name}/notify", "PYTHONUNBUFFERED": "1"}
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", *argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder,
            process_group=0,  # Ctrl-C is for us: we end our children in order.
            env={**os.environ, **surroundings, **(env or {})},
        )
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._read_lines, self._read_notices)]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """The process's own id: `setpriv` becomes the program that it starts."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it lives."""
        return self._process.poll()

    def ready(self, timeout_s: float = 60) -> None:
        """Wait until it says READY=1 as systemd would. Raise `ChildFailed` when it dies or takes too long."""
        self._await(lambda: self._ready, "did not say that it is ready", timeout_s)

    def line(self, part: str, timeout_s: float = 60) -> str:
        """Wait for a line of its output that has `part` in it; the first such line."""
        self._await(lambda: any(part in line for line in self.lines), f"did not print {part!r}", timeout_s)
        return next(line for line in self.lines if part in line)

    async def ended(self) -> str:
        """Wait, while the event loop goes on, until it ends by itself; what there is to say of it."""
        await asyncio.to_thread(self._process.wait)
        return self.obituary("ended")

    async def is_ready(self, timeout_s: float = 60) -> None:
        """As `ready`, while the event loop goes on."""
        await asyncio.to_thread(self.ready, timeout_s)

    def kill(self) -> None:
        """kill -9, as a power cut does it."""
        self._process.kill()
        self._end()

    def stop(self, timeout_s: float = 60) -> int:
        """SIGTERM, then wait; kill what does not listen. The exit code."""
        self._process.terminate()
        return self.wait(timeout_s)

    def wait(self, timeout_s: float = 60) -> int:
        """Wait until it ends by itself, and kill it when it does not. The exit code."""
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
        return self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        if not self._log.closed:
            self.stop()

    def _end(self) -> int:
        code = self._process.wait()
        if not self._log.closed:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell:
                bell.sendto(b"", self._notices.getsockname())
            for thread in self._threads:
                thread.join()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._notices.close()
            self._notice_folder.cleanup()
            self._log.close()
        return code

    def _await(self, done: Callable[[], bool], complaint: str, timeout_s: float) -> None:
        with self._news:
            self._news.wait_for(lambda: done() or self._ended, timeout_s)
            if not done():
                raise ChildFailed(self.obituary(complaint))

    def obituary(self, complaint: str) -> str:
        """How it stands with the process, and its last lines."""
        code = self._process.poll()
        state = f"{self.name} {complaint}" if code is None else f"{self.name} ended with exit code {code}"
        return state + "; its last lines:\n" + "\n".join(f"  {line}" for line in self.lines[-20:])

    def _read_lines(self) -> None:
        assert self._process.stdout is not None
        for raw in self._process.stdout:
            line = raw.decode(errors="replace").rstrip("\n")
            self._log.write(line + "\n")
            self._log.flush()
            with self._news:
                self.lines.append(line)
                self._news.notify_all()
        self._process.wait()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _read_notices(self) -> None:
        """Until the empty datagram that `_end` sends."""
        while notice := self._notices.recv(4096):
            if b"READY=1" in notice.split(b"\n"):
                with self._news:
                    self._ready = True
                    self._news.notify_all()


def free_port(wish: int = 0) -> int:
    """A TCP port of the loopback that nobody uses now, nor gets from the kernel for a connection of its own.

    The one that is wished for, if nobody has it.

    Nobody else gets it from here either, in any process, while this one lives and has asked for fewer than 200 more.
    """
    wishes = [wish] if wish else []
    while True:
        port = wishes.pop() if wishes else random.randrange(*_PORTS)
        claim = socket.socket()
        try:
            claim.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        # From now on servers may take the port, which all of them ask for in this way; another claim may not.
        claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if len(_CLAIMS) == _CLAIMS.maxlen:
            os.close(_CLAIMS.popleft())
        _CLAIMS.append(claim.detach())
        return port
