"""Runs the machine once, in software: no KVM, no network, a folder shared with it over 9p."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

from tests.device_vm.building import ROOT
from tests.device_vm.disk import wheel
from tests.device_vm.images import Images
from tests.support.broker import Authority

_LONGEST_S: Final = 900
_MEMORY_MB: Final = 1024
_GUEST: Final = Path(__file__).parent / "guest"
_KERNEL_LINE: Final = (
    "console=ttyS0 quiet loglevel=3 panic=-1 mitigations=off audit=0 net.ifnames=0 systemd.show_status=0"
    " systemd.mask=systemd-binfmt.service systemd.mask=proc-sys-fs-binfmt_misc.automount"
)


class NoResult(RuntimeError):
    """The machine ended, or was ended, without a result; the text has what it said."""


def result(images: Images, shared: Path) -> dict[str, Any]:
    """What was seen in the machine. `shared` is an empty folder, which keeps logs and labels."""
    _lay_out(shared)
    said = _run(images, shared)
    outcome = shared / "result.json"
    if not outcome.exists():
        raise NoResult(f"the machine left no result in {shared}:\n{said}")
    seen: dict[str, Any] = json.loads(outcome.read_text(encoding="utf-8"))
    return seen


def _lay_out(shared: Path) -> None:
    wheel(shared)
    shutil.copytree(_GUEST, shared / "guest", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("systemd", "broker_config"):
        shutil.copytree(ROOT / name, shared / name)
    authority = Authority(shared / "certificates")
    for name in ("station", "central"):
        authority.issue(name)


def _run(images: Images, shared: Path) -> str:
    """Until it switches itself off; what its console said last."""
    console = shared / "console.log"
    command = ["qemu-system-x86_64", "-machine", "q35", "-accel", "tcg,thread=multi", "-cpu", "Nehalem", "-smp", "2"]
    command += ["-m", str(_MEMORY_MB), "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"]
    command += ["-kernel", str(images.kernel), "-initrd", str(images.initrd), "-append", _KERNEL_LINE]
    # Written to a scratch file that ends with it.
    command += ["-drive", f"if=none,id=disk,file={images.disk},format=raw,snapshot=on,cache=unsafe"]
    command += ["-device", "virtio-blk-pci,drive=disk", "-device", "virtio-rng-pci", "-serial", f"file:{console}"]
    command += ["-fsdev", f"local,id=shared,path={shared},security_model=none"]
    command += ["-device", "virtio-9p-pci,fsdev=shared,mount_tag=host"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LONGEST_S)
        said = done.stderr
    except subprocess.TimeoutExpired:
        said = f"it was switched off after {_LONGEST_S} s"
    logs = [path.read_text(errors="replace")[-4000:] for path in (console, shared / "guest.log") if path.exists()]
    return "\n".join([said, *logs])
