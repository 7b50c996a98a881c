"""What a kernel says of its memory and its supply, laid out in files that can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.support.apart import apart

_MOUNT: Final = """
mount --bind "$1/meminfo" /proc/meminfo
mount -t tmpfs class /sys/class
mkdir -p /sys/class/hwmon/hwmon0
mount --bind "$1/rpi_volt" /sys/class/hwmon/hwmon0
"""


class Kernel:
    """A Raspberry Pi's, for those alone who are started `through` it."""

    def __init__(self, folder: Path) -> None:
        self.through: tuple[str, ...] = ()
        self._memory = folder / "meminfo"
        self._alarm = folder / "rpi_volt" / "in0_lcrit_alarm"

    def has(self, *, memory_mb: int, undervoltage: bool) -> None:
        """So much memory is left; the firmware says so of the supply."""
        self._memory.write_text(f"MemTotal:  948304 kB\nMemAvailable:  {memory_mb * 1024} kB\n", encoding="ascii")
        self._alarm.write_text(f"{undervoltage:d}\n", encoding="ascii")


@contextmanager
def laid_out(folder: Path) -> Iterator[Kernel]:
    """A kernel that is well, in files of `folder`."""
    (folder / "rpi_volt").mkdir(parents=True)
    (folder / "rpi_volt" / "name").write_text("rpi_volt\n", encoding="ascii")
    kernel = Kernel(folder)
    kernel.has(memory_mb=600, undervoltage=False)
    with apart(folder, _MOUNT, str(folder)) as view:
        kernel.through = view.through
        yield kernel
