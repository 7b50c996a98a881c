"""A memory card that wears out: from one moment on it takes nothing."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from demo.children import Child
from tests.support.apart import Apart, apart

_BYTES: Final = 64 << 20
_MOUNT: Final = 'mount -o loop,errors=remount-ro "$1" "$2" 2>/dev/null || mount -t tmpfs -o "size=$3" card "$2"'


class Card:
    """ext4 on `folder`, for those alone who are started `through` it.

    Without the right to mount one, a tmpfs stands for it: whoever writes is killed as the card fails.
    """

    def __init__(self, folder: Path, image: Path, view: Apart) -> None:
        self._folder = folder
        self._image = image
        self._view = view
        self.through = view.through

    @property
    def _disk(self) -> str | None:
        """The kernel's name of it (`loop0`); None for a tmpfs."""
        source = Path(self._view.source(self._folder))
        return source.name if source.is_absolute() else None

    def fails(self, *writing: Child) -> None:
        """The kernel meets an error on it and lets nobody write any more."""
        disk = self._disk
        if disk is None:
            for each in writing:
                each.kill()
            self.is_mounted("ro")
        else:
            Path(f"/sys/fs/ext4/{disk}/trigger_fs_error").write_text("the card is worn", encoding="ascii")

    def is_mended(self) -> None:
        """As after a start of the computer, which checks it; nobody may have a file open on it."""
        if self._disk is None:
            self.is_mounted("rw")
            return
        self._view.run("umount", str(self._folder))
        # 1: there were errors, they are mended.
        self._view.run("/usr/sbin/e2fsck", "-p", str(self._image), well=(0, 1))
        self._view.run("mount", "-o", "loop,errors=remount-ro", str(self._image), str(self._folder))

    def is_mounted(self, how: str) -> None:
        """`ro` or `rw`, while nobody has a file open on it to write."""
        self._view.run("mount", "-o", f"remount,{how}", str(self._folder))


@contextmanager
def worn_card(folder: Path) -> Iterator[Card]:
    """The card is in while the block runs, and gone with all that is on it afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    image = folder.with_name(f"{folder.name}.img")
    with image.open("wb") as file:
        file.truncate(_BYTES)
    subprocess.run(["/usr/sbin/mkfs.ext4", "-q", "-F", str(image)], check=True)
    with apart(folder.parent, _MOUNT, str(image), str(folder), str(_BYTES)) as view:
        yield Card(folder, image, view)
