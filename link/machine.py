"""How the machine is: its disk, memory and supply, read from the kernel's files."""

from __future__ import annotations

import errno
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from contract.machine import LEAST_FREE, MachineTrouble, Vitals, troubles_of

log = logging.getLogger(__name__)

_LOOK_EVERY_S: Final = 5.0
_LOOK_FOR_ALARMS_EVERY_S: Final = 1.5
"""The alarm of a supply that sagged for an instant stands for two seconds, until the driver asks the firmware again.
Source: Linux, drivers/hwmon/raspberrypi-hwmon.c."""
_ROOT: Final = Path("/")
_PROBE: Final = ".packline-can-write"
_REFUSES: Final[dict[int, str]] = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",
    errno.EROFS: "disk_read_only",
    errno.EIO: "disk_worn",
}


class Machine:
    """Looks at the machine that has `folder` on its disk. `root` holds `proc` and `sys`."""

    def __init__(
        self,
        folder: Path,
        root: Path = _ROOT,
        monotonic_ms: Callable[[], int] = lambda: time.monotonic_ns() // 1_000_000,
    ) -> None:
        self._folder = folder
        self._root = root
        self._monotonic_ms = monotonic_ms
        self._device = _device_of(folder)
        self._errors = root / "sys/fs/ext4" / _name_of(self._device, root) / "errors_count"
        self._alarms = _supply_alarms(root)
        self._undervolted_at: int | None = None
        self.look_every_s = _LOOK_FOR_ALARMS_EVERY_S if self._alarms else _LOOK_EVERY_S
        """So soon that nothing passes unseen."""
        self.troubles: tuple[MachineTrouble, ...] = ()

    def look(self) -> bool:
        """Look once; whether `troubles` are others than before."""
        found = troubles_of(self._vitals(), frozenset(trouble.kind for trouble in self.troubles))
        changed = found != self.troubles
        for trouble in found:
            if all(trouble.kind != known.kind for known in self.troubles):
                log.warning("this machine: %s (%d)", trouble.kind, trouble.amount)
        self.troubles = found
        return changed

    def _vitals(self) -> Vitals:
        disk = os.statvfs(self._folder)
        memory = _memory(self._root / "proc/meminfo")
        now = self._monotonic_ms()
        if any(_number(alarm) for alarm in self._alarms):
            self._undervolted_at = now
        return Vitals(
            disk_free=disk.f_bavail * disk.f_frsize,
            disk_size=disk.f_blocks * disk.f_frsize,
            disk_read_only=bool(disk.f_flag & os.ST_RDONLY) or self._gave_up(),
            disk_errors=_number(self._errors),
            memory_free=memory.get("MemAvailable"),
            memory_size=memory.get("MemTotal"),
            undervoltage_ms=None if self._undervolted_at is None else now - self._undervolted_at,
        )

    def _gave_up(self) -> bool:
        """Since Linux 6.15 ext4 takes nothing after an error and is not called read-only. Source: fs/ext4/super.c."""
        try:
            mounts = (self._root / "proc/self/mountinfo").read_text(errors="replace").splitlines()
        except OSError:
            return False
        fields = (mount.split() for mount in mounts)
        return any(found[2] == self._device and "emergency_ro" in found[-1].split(",") for found in fields)


def why_unwritable(folder: Path) -> MachineTrouble | None:
    """What keeps a file in `folder`, made when it is missing, from being written and synced; None when one just was.

    Raises `OSError` for what is no trouble of the disk, such as a missing right.
    """
    probe = folder / _PROBE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with probe.open("wb", buffering=0) as file:
            # A page: a file system may have room for a byte in a file's own node, and for no page of a database.
            if file.write(bytes(LEAST_FREE)) < LEAST_FREE:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(probe))
            os.fsync(file.fileno())
        probe.unlink()
    except OSError as error:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
        kind = _REFUSES.get(error.errno or 0)
        if kind is None:
            raise
        return MachineTrouble(kind)
    return None


def _device_of(folder: Path) -> str:
    """The number of the disk, as the kernel writes it: `179:2`."""
    there = folder
    while not there.exists():
        there = there.parent
    number = os.stat(there).st_dev
    return f"{os.major(number)}:{os.minor(number)}"


def _name_of(device: str, root: Path) -> str:
    """The kernel's name of the disk (`mmcblk0p2`); no file system has an empty one."""
    link = root / "sys/dev/block" / device
    return link.resolve().name if link.exists() else "none"


def _supply_alarms(root: Path) -> list[Path]:
    """The firmware's word that the supply sagged. Source: Linux, drivers/hwmon/raspberrypi-hwmon.c."""
    return [
        name.with_name("in0_lcrit_alarm")
        for name in root.glob("sys/class/hwmon/hwmon*/name")
        if name.read_text().strip() == "rpi_volt"
    ]


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return None


def _memory(file: Path) -> dict[str, int]:
    """Bytes by name. Source: proc_meminfo(5)."""
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return {}
    words = (line.split() for line in lines)
    return {found[0].rstrip(":"): int(found[1]) * 1024 for found in words if len(found) == 3 and found[1].isdigit()}
