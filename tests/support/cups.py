"""A real CUPS scheduler of a test's own, with one queue, in a folder of its own and on a free loopback port."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from pathlib import Path
from typing import Self

from demo.children import free_port

_UNPACKED = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "packline/debian/root"
"""Where `make setup` unpacks packages on a machine without root."""
_SYSTEM = "" if Path("/usr/lib/cups/backend/ipp").exists() else str(_UNPACKED)
_FILES = """
ServerRoot {root}/etc
ServerBin {system}/usr/lib/cups
DataDir {system}/usr/share/cups
StateDir {root}/state
CacheDir {root}/cache
RequestRoot {root}/spool
TempDir {root}/spool/tmp
AccessLog {root}/access
ErrorLog {root}/error
PageLog {root}/page
Sandboxing relaxed
PassEnv LD_LIBRARY_PATH
"""
_SETTINGS = """
Listen 127.0.0.1:{port}
Browsing No
WebInterface No
IdleExitTimeout 0
DirtyCleanInterval 0
LogLevel debug
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
    Allow all
  </Limit>
</Policy>
"""
_QUEUE = """
<Printer office>
DeviceURI {device}
State Idle
Accepting {accepting}
Shared No
OpPolicy default
ErrorPolicy {on_error}
</Printer>
"""


class Cups:
    """`cupsd` with the queue `office` in front of the printer at `device` (`ipp://…`)."""

    def __init__(self, device: str, *, accepting: bool = True, on_error: str = "retry-current-job") -> None:
        self._queue = _QUEUE.format(device=device, accepting="Yes" if accepting else "No", on_error=on_error)
        self._port = free_port()
        # Its filters run as another user, who may not enter the folders that pytest makes.
        self._root = Path(tempfile.mkdtemp(prefix="packline-cups-"))
        self._process: asyncio.subprocess.Process

    @property
    def uri(self) -> str:
        """The queue."""
        return f"ipp://127.0.0.1:{self._port}/printers/office"

    async def __aenter__(self) -> Self:
        self._root.chmod(0o755)
        for folder in ("etc", "state", "cache", "spool/tmp"):
            (self._root / folder).mkdir(parents=True)
        (self._root / "files.conf").write_text(_FILES.format(root=self._root, system=_SYSTEM))
        (self._root / "cupsd.conf").write_text(_SETTINGS.format(port=self._port))
        (self._root / "etc/printers.conf").write_text(self._queue)
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()
        shutil.rmtree(self._root, ignore_errors=True)

    async def start(self) -> None:
        """Begin to listen; the queue and its jobs are as they were."""
        program = shutil.which("cupsd", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program is not None, "cupsd is not here: make setup gets it"
        arguments = ("-f", "-c", str(self._root / "cupsd.conf"), "-s", str(self._root / "files.conf"))
        self._process = await asyncio.create_subprocess_exec(program, *arguments)
        async with asyncio.timeout(60):
            while not await self._listens():
                assert self._process.returncode is None, (self._root / "error").read_text()
                await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """End it, and what it had started."""
        if self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            return False
        writer.close()
        return True
