"""What the machine starts from, made when it is not in the user's cache folder."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tests.device_vm.building import BuildFailed, alone, run
from tests.device_vm.disk import disk
from tests.device_vm.kernel import Packages, is_built, kernel, newest


class Images(NamedTuple):
    """Files for QEMU. The disk is never written to."""

    kernel: Path
    initrd: Path
    disk: Path


def images() -> Images:
    """The newest kernel of Debian with a disk that fits it. Raises `BuildFailed`."""
    with alone():
        packages = _packages()
        booting = kernel(packages)
        return Images(booting / "vmlinuz", booting / "initrd", disk(packages, booting) / "root.ext4")


def _packages() -> Packages:
    """What apt knows; it asks again when that is nothing, or nothing that was built before."""
    try:
        packages = newest()
    except BuildFailed:
        packages = None
    if packages is not None and is_built(packages):
        return packages
    run("apt-get", "update", "-qq")
    return newest()
