"""A view of the file systems that only some processes have: what is mounted in it is nobody else's."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from demo.children import Child

_IS_ROOT: Final = os.geteuid() == 0
_ALONE: Final = ("unshare", "--mount") if _IS_ROOT else ("unshare", "--map-root-user", "--mount")
_AS_ROOT_THERE: Final = () if _IS_ROOT else ("--user", "--preserve-credentials")


class Apart:
    """Kept by a process that does nothing; made by `apart`."""

    def __init__(self, holder: Child) -> None:
        self._mounts = Path(f"/proc/{holder.pid}/mountinfo")
        self.through: tuple[str, ...] = ("nsenter", f"--target={holder.pid}", "--mount", *_AS_ROOT_THERE)
        """Whatever is started by this command has the view."""

    def run(self, *command: str, well: tuple[int, ...] = (0,)) -> None:
        """Run it there; `well` are the exit codes that are no failure."""
        done = subprocess.run([*self.through, *command], capture_output=True, text=True, check=False)
        assert done.returncode in well, f"{' '.join(command)}: {done.stdout}{done.stderr}"

    def source(self, place: Path) -> str:
        """What is mounted on `place` (`/dev/loop0`)."""
        mounts = [line.split() for line in self._mounts.read_text().splitlines()]
        return [found[-2] for found in mounts if found[4] == str(place)][-1]


@contextmanager
def apart(folder: Path, mounting: str, *arguments: str) -> Iterator[Apart]:
    """Run the shell's lines `mounting` in a view of its own, which is gone with the block. Its log is in `folder`."""
    lines = f"{mounting}\necho all is mounted\nexec sleep infinity"
    with Child("apart", [*_ALONE, "sh", "-ec", lines, "apart", *arguments], folder) as holder:
        holder.line("all is mounted")
        yield Apart(holder)
