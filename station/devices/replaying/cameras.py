"""Cameras: the Pi's command that ends as it did, and a node that gives the kernel's answers again."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple

from msgspec.structs import replace

from station.devices import v4l2
from station.devices.camera_words import CODE, OPEN, PICTURE, WORDS, read_frame, read_grey
from station.devices.grey_pictures import painted
from station.devices.keeper import Keeper
from station.devices.ports import DeviceFault
from station.devices.replaying.stage import Audience, Stage, becomes
from station.devices.rpicam_camera import RpicamCameraConfig
from station.devices.simulated.cameras import Memory
from station.devices.tape import Chunk
from station.devices.v4l2_camera import V4l2Camera, V4l2CameraConfig

_NEVER = "exec sleep 3600"
_HERE = b"%d 0" % 0x0400_0001
"""Captures and streams: for a tape that began when the camera was open."""
_MOST_MEMORY = 2**26
_CODE = re.compile(rb"-?\d{1,3}")


class _Told(NamedTuple):
    """One thing that a camera said."""

    about: bytes
    content: bytes


@asynccontextmanager
async def ribbon_camera(
    config: RpicamCameraConfig, chunks: Sequence[Chunk], audience: Audience
) -> AsyncIterator[Stage]:
    """A command in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="tape") as folder:
        command = _Command(Path(folder))
        command.will_say(())
        yield Stage(
            replace(config, command=str(command.path)), lambda keeper: _play(keeper, chunks, audience, command.will_say)
        )


@asynccontextmanager
async def webcam(config: V4l2CameraConfig, chunks: Sequence[Chunk], audience: Audience) -> AsyncIterator[Stage]:
    """The kernel's side of the node."""
    node = _Node()
    node.will_say(next(_pictures(chunks))[1])
    settings = replace(config, path="/dev/v4l/by-path/tape-video-index0", usb=None)
    try:
        yield Stage(
            settings,
            lambda keeper: _play(keeper, chunks, audience, node.will_say, lambda: node.has_said),
            lambda _: V4l2Camera(settings, node.open),
        )
    finally:
        node.free()


async def _play(
    keeper: Keeper,
    chunks: Sequence[Chunk],
    audience: Audience,
    prepare: Callable[[Sequence[Chunk]], None],
    said: Callable[[], bool] = lambda: True,
) -> None:
    for asked, came in _pictures(chunks):
        if asked is not None:
            prepare(came)
            await becomes(lambda: keeper.opened)
            with suppress(DeviceFault):  # told as the camera's state
                audience.pictured(await keeper.picture())
        await becomes(said)


def _told(chunk: Chunk) -> _Told:
    """The first word, and what is behind it."""
    about, _, content = chunk.data.partition(b" ")
    return _Told(about, content)


def _pictures(chunks: Sequence[Chunk]) -> Iterator[tuple[Chunk | None, tuple[Chunk, ...]]]:
    """Each wish for a picture with all that came until the next; None: what came before the first."""
    asked, came = None, list[Chunk]()
    for chunk in chunks:
        if chunk.direction == "in":
            came.append(chunk)
        elif chunk.data.startswith(PICTURE):
            yield asked, tuple(came)
            asked, came = chunk, []
    yield asked, tuple(came)


def _frame(came: Iterable[Chunk]) -> bytes:
    """The picture among them, painted when it was taken out; empty where there is none."""
    for chunk in came:
        if (frame := read_frame(chunk.data)) is not None:
            return frame.content
        if (grey := read_grey(chunk.data)) is not None:
            return painted(grey, chunk.withheld)
    return b""


class _Command:
    """Says what the Pi's command said, and ends as it did."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "rpicam-still"
        self._folder = folder

    def will_say(self, came: Sequence[Chunk]) -> None:
        """What belongs to one picture. Raises `ValueError`."""
        said = {each.about: each.content for each in map(_told, came)}
        (self._folder / "frame").write_bytes(_frame(came))
        (self._folder / "words").write_bytes(said.get(WORDS, b""))
        code = _code(said[CODE]) if CODE in said else None
        end = _NEVER if code is None else f"exit {code}" if code >= 0 else f"kill {code} $$"
        self.path.write_text(f"#!/bin/sh\ncd {quote(str(self._folder))}\ncat words >&2\ncat frame\n{end}\n")
        self.path.chmod(0o755)


def _code(said: bytes) -> int:
    """With which a process ended. Raises `ValueError`."""
    if not _CODE.fullmatch(said):
        raise ValueError(f"a command does not end with {said.decode('utf-8', 'replace')!r}")
    return int(said)


class _Node:
    """Gives each request the answers that it had, in their order."""

    def __init__(self) -> None:
        self._ready = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_SEMAPHORE)
        self._answers: dict[bytes, deque[bytes]] = {}
        self._here = _HERE
        self._frame = b""
        self._places: dict[int, int] = {}
        self._memories: dict[int, Memory] = {}

    def will_say(self, came: Sequence[Chunk]) -> None:
        """What belongs to one picture, and whatever came until the next."""
        self._frame = _frame(came)
        self._answers = {name: deque() for name in (OPEN, *(each.name.encode() for each in v4l2.ANSWERS.values()))}
        for about, content in map(_told, came):
            queue = self._answers.get(about)
            if queue is not None and not (about == OPEN and queue):  # however often the station had tried
                queue.append(content)
        with suppress(BlockingIOError):
            while True:
                os.eventfd_read(self._ready)
        if frames := len(self._answers[b"DQBUF"]):
            os.eventfd_write(self._ready, frames)

    @property
    def has_said(self) -> bool:
        """Whether it was asked for all that it has to say of being there or not."""
        return not self._answers[OPEN] and not self._answers[b"QUERYCAP"]

    def free(self) -> None:
        """It is not needed any more."""
        os.close(self._ready)

    def open(self, path: str) -> _Node:
        """Raises `OSError` as the kernel did."""
        if queue := self._answers[OPEN]:
            _numbers(queue.popleft())
        return self

    def fileno(self) -> int:
        return self._ready

    def close(self) -> None:
        """It can be opened again."""

    def memory(self, length: int, offset: int) -> Memory:
        if not 0 <= length <= _MOST_MEMORY:
            raise ValueError(f"the tape tells of a buffer of {length} bytes")
        memory = self._memories[offset] = Memory(length)
        return memory

    def ioctl(self, request: int, said: Any) -> None:
        """Raises `OSError` as the kernel did."""
        name, fields = v4l2.ANSWERS[request]
        queue = self._answers[name.encode()]
        if request == v4l2.QUERYCAP:
            self._here = queue.popleft() if queue else self._here
            v4l2.answer(request, said, _numbers(self._here))
            return
        if request == v4l2.DQBUF:
            os.eventfd_read(self._ready)
        if not queue:
            if not fields or (request == v4l2.REQBUFS and not said.count):
                return
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        numbers = _numbers(queue.popleft())
        if request == v4l2.QUERYBUF:
            self._places[said.index] = numbers[1]
        v4l2.answer(request, said, numbers)
        if request == v4l2.DQBUF and self._frame and said.bytesused:
            self._memories[self._places[said.index]][: len(self._frame)] = self._frame
            said.bytesused = len(self._frame)


def _numbers(answer: bytes) -> tuple[int, ...]:
    """Those of an answer. Raises `OSError` when it was an error."""
    if answer.startswith(b"!"):
        raise OSError(int(answer[1:]), os.strerror(int(answer[1:])))
    return tuple(map(int, answer.split()))
