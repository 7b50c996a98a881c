"""A disk of a process's own, which can be full and have room again."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

_MEGABYTES: Final = 4096
"""Far more than a long run writes: a disk is full only when it is made so."""
_TRIES: Final = 100


class Disk:
    """A tmpfs on `folder`; without the right to mount one, a limit on how long a file may grow stands for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._is_mounted = False

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True)
        size = f"size={_MEGABYTES}m"
        self._is_mounted = _mounts("-t", "tmpfs", "-o", size, "packline-chaos", str(self._folder))
        return self

    def __exit__(self, *exc: object) -> None:
        if self._is_mounted:
            kept = self._folder.with_name(f"{self._folder.name}.kept")
            shutil.copytree(self._folder, kept)
            subprocess.run(["umount", "--lazy", str(self._folder)], check=True)
            self._folder.rmdir()
            kept.rename(self._folder)

    def fill(self, pid: int) -> None:
        """Not one page more can be written. Raises `OSError` when its process is faster than we are."""
        if not self._is_mounted:
            longest = max((path.stat().st_size for path in self._folder.rglob("*") if path.is_file()), default=0)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (longest, resource.RLIM_INFINITY))
            return
        for _ in range(_TRIES):
            disk = os.statvfs(self._folder)
            # It cannot be smaller than what is on it: once more if something was written meanwhile. 0 is no limit.
            if self._has_size(max((disk.f_blocks - disk.f_bfree) * disk.f_frsize, 1)):
                return
        raise OSError(f"{self._folder}: the disk grew each time it was to be full")

    def free(self, pid: int) -> None:
        """As before `fill`."""
        if self._is_mounted:
            self._has_size(_MEGABYTES << 20)
            return
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def _has_size(self, size: int) -> bool:
        return _mounts("-o", f"remount,size={size}", str(self._folder))


def _mounts(*how: str) -> bool:
    return subprocess.run(["mount", *how], check=False, capture_output=True).returncode == 0
