"""Runs the programs that build the machine, and keeps what they made."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
_KEPT = 2
"""Of each image, how many are kept: the present one and the one before."""
_TOOK = "made_in_s"
TOLD: list[str] = []
"""What each image cost, in the order in which they were asked for."""


class BuildFailed(RuntimeError):
    """A program failed; the text has its last lines."""


def cache() -> Path:
    """Where images are kept: the user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "packline" / "device_vm"


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """What the program printed. Raises `BuildFailed` when it did not end well."""
    surroundings = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, cwd=cwd, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-30:])
        raise BuildFailed(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{said}")
    return done.stdout


def key_of(*parts: str | bytes) -> str:
    """A name for whatever is made from just these."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:16]


def is_cached(kind: str, key: str) -> bool:
    """Whether `cached` would make nothing."""
    return (cache() / f"{kind}-{key}").exists()


def cached(kind: str, key: str, make: Callable[[Path], None]) -> Path:
    """The folder that `make` fills, made once for each key."""
    place = cache() / f"{kind}-{key}"
    if place.exists():
        took = (place / _TOOK).read_text() if (place / _TOOK).exists() else "?"
        TOLD.append(f"{kind} from the cache, once made in {took} s")
        os.utime(place)
        return place
    began = time.monotonic()
    unfinished = cache() / f"{kind}-{key}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    make(unfinished)
    took = f"{time.monotonic() - began:.0f}"
    (unfinished / _TOOK).write_text(took)
    TOLD.append(f"{kind} made in {took} s")
    unfinished.rename(place)
    for old in sorted(cache().glob(f"{kind}-*"), key=lambda folder: folder.stat().st_mtime)[:-_KEPT]:
        shutil.rmtree(old)
    return place


@contextmanager
def alone() -> Iterator[None]:
    """One builder at a time, whoever starts it."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
