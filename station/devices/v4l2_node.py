"""An open /dev/video*: the kernel's own, and one that is overheard."""

from __future__ import annotations

import fcntl
import mmap
import os
from collections.abc import Callable
from typing import Any, Protocol

from station.devices import v4l2


class Node(Protocol):
    """An open /dev/video*."""

    def fileno(self) -> int: ...
    def ioctl(self, request: int, said: Any) -> None:
        """Raises `OSError`."""
        ...

    def memory(self, length: int, offset: int) -> Any:
        """A buffer of the driver's, mapped for reading; it has `close`."""
        ...

    def close(self) -> None: ...


class KernelNode:
    """The kernel's own."""

    def __init__(self, path: str) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def fileno(self) -> int:
        return self._descriptor

    def ioctl(self, request: int, said: Any) -> None:
        fcntl.ioctl(self._descriptor, request, said)

    def memory(self, length: int, offset: int) -> Any:
        return mmap.mmap(self._descriptor, length, prot=mmap.PROT_READ | mmap.PROT_WRITE, offset=offset)

    def close(self) -> None:
        os.close(self._descriptor)


class OverheardNode:
    """Passes everything on, and the kernel's answers, as `camera_words` has them, to `heard` as well."""

    def __init__(self, node: Node, heard: Callable[[bytes], None]) -> None:
        self._node = node
        self._heard = heard
        self._there = ""
        """What it said last of what it is: asked every two seconds, it is told when it changes."""
        self.fileno, self.memory, self.close = node.fileno, node.memory, node.close

    def ioctl(self, request: int, said: Any) -> None:
        """As the node does it."""
        name, fields = v4l2.ANSWERS[request]
        try:
            self._node.ioctl(request, said)
        except BlockingIOError:
            raise
        except OSError as error:
            self._tell(request, f"{name} !{error.errno}")
            raise
        if fields:
            self._tell(request, " ".join((name, *map(str, v4l2.answered(request, said)))))

    def _tell(self, request: int, text: str) -> None:
        if request == v4l2.QUERYCAP:
            if text == self._there:
                return
            self._there = text
        self._heard(text.encode("ascii"))
