"""A small disk of a process's own, which can be filled and freed."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

_MEGABYTES: Final = 64


class Disk:
    """A tmpfs on `folder`; without the right to mount one, a limit on how long a file may grow stands for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._is_mounted = False

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True)
        mounting = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={_MEGABYTES}m", "packline-chaos", str(self._folder)],
            check=False,
            capture_output=True,
        )
        self._is_mounted = mounting.returncode == 0
        return self

    def __exit__(self, *exc: object) -> None:
        if self._is_mounted:
            subprocess.run(["umount", "--lazy", str(self._folder)], check=True)

    def fill(self, pid: int) -> None:
        """Not one page more can be written."""
        if not self._is_mounted:
            longest = max((path.stat().st_size for path in self._folder.rglob("*") if path.is_file()), default=0)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (longest, resource.RLIM_INFINITY))
            return
        with self._filler.open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                self._grow(file.fileno(), size)

    def free(self, pid: int) -> None:
        """As before `fill`."""
        if self._is_mounted:
            self._filler.unlink(missing_ok=True)
            return
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    @property
    def _filler(self) -> Path:
        return self._folder / "filler"

    def _grow(self, file: int, size: int) -> None:
        block = bytes(size)
        while True:
            try:
                os.write(file, block)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                return
