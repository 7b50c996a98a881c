"""Debian's own kernel, the modules that the bench needs, and gpio-sim, which Debian does not build."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from tests.device_vm.building import BuildFailed, cached, is_cached, key_of, run

_TO_THE_DISK: Final = ("virtio_pci", "virtio_blk", "ext4", "crc32c_generic")
_AFTER_IT: Final = (
    *("9p", "9pnet_virtio", "virtio_rng", "autofs4", "uinput", "evdev", "hid-generic", "usbhid", "usblp"),
    *("configfs", "libcomposite", "usb_f_printer", "usb_f_acm", "usb_f_hid", "dummy_hcd", "cdc-acm", "usbserial"),
    *("ftdi_sio", "uvcvideo", "vivid", "uhid"),
)
_GPIO_SIM: Final = ("drivers/gpio/gpio-sim.c", "drivers/gpio/gpiolib.h", "kernel/irq/irq_sim.c")
_COMPILER: Final = "gcc-12"
_INIT: Final = Path(__file__).parent / "image" / "init"


class Packages(NamedTuple):
    """Debian's names for one kernel and all that belongs to it."""

    image: str
    version: str

    @property
    def release(self) -> str:
        """As `uname -r` says it."""
        return self.image.removeprefix("linux-image-")

    @property
    def series(self) -> str:
        """`6.1`, as the packages of the source and of the build scripts are named."""
        return ".".join(self.release.split(".")[:2])

    @property
    def wanted(self) -> tuple[str, ...]:
        """For `apt-get download`."""
        common = self.release.removesuffix("-amd64") + "-common"
        names = [self.image, f"linux-headers-{self.release}", f"linux-headers-{common}"]
        names += [f"linux-kbuild-{self.series}", f"linux-source-{self.series}"]
        return (*(f"{name}={self.version}" for name in names), "busybox-static")


def newest() -> Packages:
    """The kernel that Debian gives today. Raises `BuildFailed` where apt knows none."""
    depends = run("apt-cache", "depends", "linux-image-amd64")
    image = re.search(r"Depends: (linux-image-\S+)", depends)
    version = image and re.search(r"Candidate: (\S+)", run("apt-cache", "policy", image[1]))
    if not image or not version:
        raise BuildFailed("apt knows no linux-image-amd64: run `apt-get update`, on Debian 12 for amd64")
    return Packages(image[1], version[1])


def kernel(packages: Packages) -> Path:
    """A folder with `vmlinuz`, `initrd` and `modules/`, the tree that goes to /usr/lib/modules."""
    return cached("kernel", _key(packages), lambda folder: _build(packages, folder))


def is_built(packages: Packages) -> bool:
    """Whether `kernel` has nothing to do."""
    return is_cached("kernel", _key(packages))


def _key(packages: Packages) -> str:
    return key_of(*packages, Path(__file__).read_bytes(), _INIT.read_bytes())


def _build(packages: Packages, folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="packline-kernel-", dir="/var/tmp") as scratch:
        debs, tree = Path(scratch, "debs"), Path(scratch, "tree")
        debs.mkdir()
        run("apt-get", "download", "-qq", *packages.wanted, cwd=debs)
        sources = next(debs.glob("linux-source-*.deb"))
        for deb in debs.glob("*.deb"):
            if deb != sources:
                run("dpkg-deb", "--extract", deb, tree)
        if not (tree / "lib" / "modules").exists():
            shutil.copytree(tree / "usr" / "lib" / "modules", tree / "lib" / "modules")
        shutil.copy(tree / "boot" / f"vmlinuz-{packages.release}", folder / "vmlinuz")
        run("depmod", "--basedir", tree, packages.release)
        to_the_disk = _with_what_they_need(tree, packages.release, _TO_THE_DISK)
        _initrd(to_the_disk, next(tree.glob("**/bin/busybox")), Path(scratch, "initrd"), folder / "initrd")
        modules = folder / "modules" / packages.release
        everything = tree / "lib" / "modules" / packages.release
        for module in (*to_the_disk, *_with_what_they_need(tree, packages.release, _AFTER_IT)):
            place = modules / module.relative_to(everything)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(module, place)
        for listing in ("modules.order", "modules.builtin", "modules.builtin.modinfo"):
            shutil.copy(everything / listing, modules)
        shutil.copy(_gpio_sim(packages, tree, sources, Path(scratch)), modules)


def _with_what_they_need(tree: Path, release: str, names: tuple[str, ...]) -> list[Path]:
    """Files of modules in the order in which they can be loaded; built-in ones have none."""
    files: dict[Path, None] = {}
    for name in names:
        said = run("modprobe", "--dirname", tree, "--set-version", release, "--show-depends", name)
        files.update({Path(file): None for file in re.findall(r"^insmod (\S+)", said, re.MULTILINE)})
    return list(files)


def _initrd(modules: list[Path], busybox: Path, scratch: Path, target: Path) -> None:
    """As little as finds the disk: busybox, the modules in order, and `image/init`."""
    for folder in ("bin", "dev", "proc", "sys", "disk", "modules"):
        (scratch / folder).mkdir(parents=True)
    shutil.copy(busybox, scratch / "bin" / "busybox")
    shutil.copy(_INIT, scratch / "init")
    (scratch / "init").chmod(0o755)
    for place, module in enumerate(modules):
        shutil.copy(module, scratch / "modules" / f"{place:02d}-{module.name}")
    run("sh", "-c", f"find . | cpio --create --format=newc --quiet --owner=0:0 >{target}", cwd=scratch)


def _gpio_sim(packages: Packages, tree: Path, sources: Path, scratch: Path) -> Path:
    """gpio-sim.ko, compiled from the same kernel's source with the interrupt simulator that it needs inside it."""
    source = f"linux-source-{packages.series}"
    members = " ".join(f"{source}/{file}" for file in _GPIO_SIM)
    inner = f"./usr/src/{source}.tar.xz"
    unpack = f"dpkg-deb --fsys-tarfile {sources} | tar -xO {inner} | xz -dc -T0 | tar -x {members}"
    run("sh", "-c", unpack, cwd=scratch)
    work = scratch / "gpio-sim"
    work.mkdir()
    for file in _GPIO_SIM:
        shutil.copy(scratch / source / file, work)
    (work / "gpio-sim.c").rename(work / "chip.c")
    simulator = (work / "irq_sim.c").read_text()
    # A module may not look up an interrupt's descriptor; the exported call does that for it.
    simulator = simulator.replace("handle_simple_irq(irq_to_desc(irqnum))", "generic_handle_irq(irqnum)")
    (work / "irq_sim.c").write_text(re.sub(r"^EXPORT_SYMBOL.*$", "", simulator, flags=re.MULTILINE))
    (work / "Makefile").write_text("obj-m := gpio-sim.o\ngpio-sim-y := chip.o irq_sim.o\n")
    headers = tree / "usr" / "src" / f"linux-headers-{packages.release}"
    makefile = headers / "Makefile"
    makefile.write_text(makefile.read_text().replace("/usr/src/linux-headers", f"{tree}/usr/src/linux-headers"))
    run("make", "-s", "-C", headers, f"M={work}", f"CC={_COMPILER}", "modules")
    run("strip", "--strip-debug", work / "gpio-sim.ko")
    return work / "gpio-sim.ko"
