"""What the kernel says of a computer, as we read it; the disks are real ones."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from contract.machine import UNDERVOLTAGE_SHOWN_MS
from link.machine import Machine, why_unwritable
from tests.support.card import worn_card

ROOT = Path(__file__).parents[2]
REFUSED = """
import subprocess, sys
from pathlib import Path
from link.machine import Machine, why_unwritable
folder, how = Path(sys.argv[1]), sys.argv[2]
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "small", str(folder)], check=True)
assert why_unwritable(folder) is None
machine = Machine(folder)
if how == "full":
    (folder / "filler").write_bytes(bytes(1 << 20))
else:
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
machine.look()
print(why_unwritable(folder).kind, *[trouble.kind for trouble in machine.troubles if trouble.kind.startswith("disk")])
"""


LOOK = """
import sys
from pathlib import Path
from link.machine import Machine, why_unwritable
machine = Machine(Path(sys.argv[1]))
machine.look()
print(why_unwritable(Path(sys.argv[1])), *[trouble.kind for trouble in machine.troubles])
"""


@pytest.fixture
def pi(tmp_path: Path) -> Path:
    """The files of a Raspberry Pi's kernel that we read."""
    root = tmp_path / "pi"
    device = os.stat(tmp_path).st_dev
    disk = root / "sys/devices/mmc/mmcblk0p2"
    links = root / "sys/dev/block"
    supply, other = root / "sys/class/hwmon/hwmon1", root / "sys/class/hwmon/hwmon0"
    for folder in (disk, links, root / "sys/fs/ext4/mmcblk0p2", supply, other, root / "proc"):
        folder.mkdir(parents=True)
    (links / f"{os.major(device)}:{os.minor(device)}").symlink_to(disk)
    (root / "sys/fs/ext4/mmcblk0p2/errors_count").write_text("0\n")
    (other / "name").write_text("cpu_thermal\n")
    (supply / "name").write_text("rpi_volt\n")
    (supply / "in0_lcrit_alarm").write_text("0\n")
    (root / "proc/meminfo").write_text(
        "MemTotal:  948304 kB\nMemFree:  90000 kB\nMemAvailable:  600000 kB\nHugePages_Total: 0\n"
    )
    return root


def kinds(machine: Machine) -> list[str]:
    return [trouble.kind for trouble in machine.troubles if trouble.kind != "disk_low"]


@pytest.mark.feature("R6")
def test_what_a_pi_says_of_its_card_memory_and_supply(tmp_path: Path, pi: Path) -> None:
    now = [0]
    machine = Machine(tmp_path, pi, lambda: now[0])
    machine.look()
    assert kinds(machine) == []
    (pi / "sys/fs/ext4/mmcblk0p2/errors_count").write_text("2\n")
    (pi / "sys/class/hwmon/hwmon1/in0_lcrit_alarm").write_text("1\n")
    (pi / "proc/meminfo").write_text("MemTotal:  948304 kB\nMemAvailable:  30000 kB\n")
    assert machine.look()
    assert kinds(machine) == ["disk_worn", "memory_low", "undervoltage"]
    assert not machine.look()
    (pi / "sys/class/hwmon/hwmon1/in0_lcrit_alarm").write_text("0\n")
    now[0] += UNDERVOLTAGE_SHOWN_MS + 1
    machine.look()
    assert kinds(machine) == ["disk_worn", "memory_low"]


def test_a_disk_that_the_kernel_gave_up_is_read_only_whatever_it_is_called(tmp_path: Path, pi: Path) -> None:
    device = os.stat(tmp_path).st_dev
    disk = f"29 1 {os.major(device)}:{os.minor(device)} / / rw,noatime shared:1 - ext4 /dev/root rw,errors=remount-ro"
    other = "30 29 0:5 / /dev rw shared:2 - devtmpfs none rw,emergency_ro"
    (pi / "proc/self").mkdir()
    mounts = pi / "proc/self/mountinfo"
    machine = Machine(tmp_path, pi)
    mounts.write_text(f"{disk}\n{other}\n")
    machine.look()
    assert kinds(machine) == []
    mounts.write_text(f"{disk},emergency_ro\n{other}\n")
    machine.look()
    assert kinds(machine) == ["disk_read_only"]


@pytest.mark.feature("R6")
def test_a_card_that_this_kernel_gives_up_is_told_before_anybody_writes(tmp_path: Path) -> None:
    def looked() -> list[str]:
        look = [*card.through, sys.executable, "-c", LOOK, str(tmp_path / "card")]
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.run(look, env=surroundings, check=True, capture_output=True, text=True).stdout.split()

    with worn_card(tmp_path / "card") as card:
        assert looked() == ["None"]
        card.fails()
        told, *found = looked()
        assert told.startswith("MachineTrouble(kind='disk_read_only'")
        assert "disk_read_only" in found
        card.is_mended()
        assert looked() == ["None"]


def test_a_supply_is_looked_at_while_its_alarm_stands(tmp_path: Path, pi: Path) -> None:
    """The driver takes it back after two seconds."""
    assert Machine(tmp_path, pi).look_every_s < 2.0 < Machine(tmp_path, tmp_path).look_every_s


def test_a_kernel_that_tells_nothing_is_well(tmp_path: Path) -> None:
    machine = Machine(tmp_path, tmp_path / "nothing here")
    machine.look()
    assert kinds(machine) == []


def test_this_kernel_tells_of_its_memory(tmp_path: Path) -> None:
    assert Machine(tmp_path)._vitals().memory_size == os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


@pytest.mark.feature("R6")
@pytest.mark.parametrize(
    ("how", "told"), [("full", "disk_full disk_full"), ("read-only", "disk_read_only disk_read_only")]
)
def test_a_disk_that_takes_nothing_is_told_apart(tmp_path: Path, how: str, told: str) -> None:
    alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    found = subprocess.run(
        [*alone, sys.executable, "-c", REFUSED, str(tmp_path), how],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert found.stdout.strip() == told


def test_a_disk_that_takes_files_is_no_trouble_and_keeps_none(tmp_path: Path) -> None:
    assert why_unwritable(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_made(tmp_path: Path) -> None:
    assert why_unwritable(tmp_path / "not" / "there") is None


def test_what_is_no_folder_is_not_the_disks_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        why_unwritable(tmp_path / "file")
