"""The machine's disk: Debian, a virtual environment in /opt/packline with what Packline needs, and the bench's test."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Final

from tests.device_vm.building import ROOT, BuildFailed, cached, key_of, run
from tests.device_vm.kernel import Packages

_SUITE: Final = "bookworm"
_PYTHON: Final = (3, 11)
"""Of that Debian: compiled packages must fit it."""
_PACKAGES: Final = "systemd-sysv,udev,dbus,kmod,python3,python3-venv,mosquitto"
_SPARE_MB: Final = 300
_NEVER_READ: Final = ("man", "doc", "locale", "info")
_UNIT: Final = Path(__file__).parent / "image" / "bench-test.service"
_ASLEEP: Final = ("apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer")
"""Would take the machine's time in the middle of the test."""
_FSTAB: Final = """\
/dev/vda / ext4 rw,noatime 0 1
host /mnt/host 9p trans=virtio,version=9p2000.L,msize=262144,nofail 0 0
"""
EXTRAS: Final = "demo,devices"
"""The robot that packs is the demo's."""


def disk(packages: Packages, kernel: Path) -> Path:
    """A folder with `root.ext4`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {name: wanted for name, wanted in project["optional-dependencies"].items() if name != "dev"}
    needed = repr((project["dependencies"], extras))
    pinned = (ROOT / "constraints.txt").read_bytes()
    key = key_of(*packages, kernel.name, needed, pinned, Path(__file__).read_bytes(), _UNIT.read_bytes())
    return cached("disk", key, lambda folder: _build(kernel, folder))


def wheel(folder: Path) -> Path:
    """Packline as it lies in the work tree, as a wheel."""
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    with tempfile.TemporaryDirectory(prefix="packline-wheel-") as scratch:
        for pattern in setuptools["packages"]["find"]["include"]:
            name = pattern.removesuffix("*")
            shutil.copytree(ROOT / name, Path(scratch, name), ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, scratch)
        _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, scratch)
    return next(folder.glob("packline-*.whl"))


def _build(kernel: Path, folder: Path) -> None:
    if sys.version_info[:2] != _PYTHON:
        raise BuildFailed("the machine's Debian has Python 3.11 and so must the one that builds for it: make PYTHON=…")
    if os.geteuid() != 0:
        raise BuildFailed("making a disk with Debian on it takes root: sudo make test-devices")
    with tempfile.TemporaryDirectory(prefix="packline-disk-", dir="/var/tmp") as scratch:
        root = Path(scratch, "root")
        _debian(root)
        _packline(root)
        _modules(root, kernel / "modules")
        _lay_out(root)
        megabytes = int(run("du", "--summarize", "--block-size=1M", root).split()[0]) + _SPARE_MB
        options = ("-q", "-t", "ext4", "-O", "^has_journal", "-m", "0", "-E", "root_owner=0:0")
        run("mke2fs", *options, "-d", root, folder / "root.ext4", f"{megabytes}M")


def _debian(root: Path) -> None:
    lists = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]
    sources = [
        file for file in lists if file.is_file() and file.suffix in (".list", ".sources") and file.stat().st_size
    ]
    left_out = [f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in _NEVER_READ]
    options = ("--variant=minbase", "--mode=root", "--format=directory", f"--include={_PACKAGES}")
    run("mmdebstrap", *options, *left_out, "--aptopt=Acquire::Languages none", _SUITE, root, *sources)


def _packline(root: Path) -> None:
    """As an administrator does it: an environment in /opt/packline, filled from wheels."""
    wheels = root / "var" / "tmp" / "wheels"
    wheels.mkdir()
    ours = wheel(wheels)
    pinned = ROOT / "constraints.txt"
    wanted = f"packline[{EXTRAS}] @ {ours.as_uri()}"
    _pip("wheel", "--no-build-isolation", "--constraint", pinned, "--wheel-dir", wheels, wanted)
    run("chroot", root, "python3", "-m", "venv", "/opt/packline")
    install = ("/opt/packline/bin/pip", "install", "--quiet", "--no-index", "--find-links=/var/tmp/wheels")
    run("chroot", root, *install, f"packline[{EXTRAS}]")
    shutil.rmtree(wheels)


def _modules(root: Path, modules: Path) -> None:
    shutil.copytree(modules, root / "usr" / "lib" / "modules", dirs_exist_ok=True)
    for release in modules.iterdir():
        run("depmod", "--basedir", root, release.name)


def _lay_out(root: Path) -> None:
    etc = root / "etc"
    (etc / "fstab").write_text(_FSTAB)
    (etc / "hostname").write_text("bench\n")
    (etc / "machine-id").write_text("")
    (root / "mnt" / "host").mkdir()
    units = etc / "systemd" / "system"
    shutil.copy(_UNIT, units)
    for name in (*_ASLEEP, "mosquitto.service"):
        (units / "multi-user.target.wants" / name).unlink(missing_ok=True)
    for name in _ASLEEP:
        (units / name).unlink(missing_ok=True)
        (units / name).symlink_to("/dev/null")
    (units / "default.target").unlink(missing_ok=True)
    (units / "default.target").symlink_to("/usr/lib/systemd/system/multi-user.target")
    (units / "multi-user.target.wants" / _UNIT.name).symlink_to(f"../{_UNIT.name}")


def _pip(*arguments: str | Path) -> None:
    run(sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments)
