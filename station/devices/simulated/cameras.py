"""Twins of the cameras: the Pi's, as the command that takes its pictures, and a webcam, as the kernel shows one."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from station.devices import v4l2
from station.devices.jpeg import without_tables
from station.devices.simulated import rpicam_still
from station.devices.simulated.scene import Light, jpeg, yuyv

_ROOT = Path(__file__).parents[3]


class CameraTrouble(StrEnum):
    """What can be wrong with the Pi's camera and its command."""

    NO_CAMERA = "no_camera"
    NO_FRAMES = "no_frames"
    """The ribbon cable is loose."""
    BUSY = "busy"
    DENIED = "denied"
    SLOW = "slow"
    """It never comes to an end."""
    KILLED = "killed"
    HALF = "half"
    """Half a JPEG, and no complaint."""
    NOTHING = "nothing"
    ENDLESS = "endless"


class SimulatedRibbonCamera:
    """`rpicam-still` in a folder of its own; the driver starts it as the true one."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._program = folder / "rpicam-still"
        self._knobs_file = folder / "knobs.json"
        self._knobs = rpicam_still.Knobs()
        self._put()
        self.install()

    @property
    def command(self) -> str:
        """What station.toml gives as `command`."""
        return str(self._program)

    def install(self) -> None:
        """The command is there."""
        module = rpicam_still.__name__
        self._program.write_text(
            f'#!/bin/sh\nPYTHONPATH="{_ROOT}" exec "{sys.executable}" -m {module} "{self._knobs_file}" "$@"\n'
        )
        self._program.chmod(0o755)

    def uninstall(self) -> None:
        """The command is gone."""
        self._program.unlink()

    @property
    def trouble(self) -> CameraTrouble | None:
        """What is wrong with the next picture."""
        return CameraTrouble(self._knobs.trouble) if self._knobs.trouble else None

    @trouble.setter
    def trouble(self, trouble: CameraTrouble | None) -> None:
        self._knobs = replace(self._knobs, trouble=trouble or "")
        self._put()

    def light(self, light: Light) -> None:
        """How bright it is, or whether a hand covers the lens."""
        self._knobs = replace(self._knobs, light=light)
        self._put()

    def show(self, number: int) -> None:
        """Another box lies under the camera."""
        self._knobs = replace(self._knobs, number=number)
        self._put()

    def _put(self) -> None:
        unfinished = self._knobs_file.with_suffix(".new")
        unfinished.write_bytes(msgspec.json.encode(self._knobs))
        unfinished.replace(self._knobs_file)


class SimulatedWebcam:
    """A UVC camera with the kernel's driver before it: gives a node at each opening."""

    def __init__(self, *formats: str) -> None:
        self.formats = tuple(v4l2.fourcc(name) for name in formats or ("YUYV", "MJPG"))
        self.light: Light = "day"
        self.plugged = True
        self.captures = True
        """False: the second node of a webcam, which only tells about the first."""
        self.refuses: dict[int, int] = {}
        """Error numbers by request: `{v4l2.STREAMON: errno.ENOSPC}`."""
        self.silent = False
        """Streams nothing."""
        self.half = False
        """Each frame breaks off."""
        self.bad_frames = 0
        """So many frames come with the mark that they are broken."""
        self.streaming = 0
        """How many nodes stream now."""

    def open(self, path: str) -> SimulatedNode:
        """What the driver gives as `open_node`."""
        if not self.plugged:
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        return SimulatedNode(self)


class SimulatedNode:
    """One opened node: answers each request by filling the driver's own struct, as the kernel does."""

    def __init__(self, camera: SimulatedWebcam) -> None:
        self._camera = camera
        self._ready = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_SEMAPHORE)
        self._pix = v4l2.PixelFormat()
        self._memories: list[Memory] = []
        self._queued: list[int] = []
        self._streaming = False
        self._frames = 0

    def fileno(self) -> int:
        return self._ready

    def close(self) -> None:
        os.close(self._ready)

    def memory(self, length: int, offset: int) -> Any:
        memory = self._memories[offset // 0x1_0000]
        assert length == len(memory)
        return memory

    def ioctl(self, request: int, said: Any) -> None:
        """Raises `OSError` as the kernel would."""
        if not self._camera.plugged:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        if (refusal := self._camera.refuses.get(request)) is not None:
            raise OSError(refusal, os.strerror(refusal))
        answers: dict[int, Callable[[Any], None]] = {
            v4l2.QUERYCAP: self._capability,
            v4l2.ENUM_FMT: self._describe,
            v4l2.S_FMT: self._settle_on,
            v4l2.REQBUFS: self._give_buffers,
            v4l2.QUERYBUF: self._tell_of,
            v4l2.QBUF: self._queue,
            v4l2.DQBUF: self._fill,
            v4l2.STREAMON: self._start,
            v4l2.STREAMOFF: self._stop,
        }
        answers[request](said)

    def _capability(self, said: v4l2.Capability) -> None:
        said.driver, said.card = b"uvcvideo", b"Simulated webcam"
        said.capabilities = 0x84A0_0001
        said.device_caps = 0x0420_0001 if self._camera.captures else 0x04A0_0000

    def _describe(self, said: v4l2.FormatDescription) -> None:
        if said.index >= len(self._camera.formats):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        said.pixelformat = self._camera.formats[said.index]

    def _settle_on(self, said: v4l2.Format) -> None:
        """A webcam has its own sizes: the nearest below."""
        pix = said.fmt.pix
        pix.width, pix.height = (1280, 720) if pix.width >= 1280 else (640, 480)
        pix.bytesperline = 2 * pix.width if pix.pixelformat == v4l2.YUYV else 0
        pix.sizeimage = 2 * pix.width * pix.height
        ctypes.memmove(ctypes.byref(self._pix), ctypes.byref(pix), ctypes.sizeof(pix))

    def _give_buffers(self, said: v4l2.RequestBuffers) -> None:
        self._memories = [Memory(self._pix.sizeimage) for _ in range(said.count)]

    def _tell_of(self, said: v4l2.Buffer) -> None:
        said.length, said.m.offset = len(self._memories[said.index]), said.index * 0x1_0000

    def _queue(self, said: v4l2.Buffer) -> None:
        self._queued.append(said.index)
        if self._streaming:
            self._frame_comes(1)

    def _start(self, said: Any) -> None:
        self._streaming = True
        self._camera.streaming += 1
        self._frame_comes(len(self._queued))

    def _stop(self, said: Any) -> None:
        self._streaming = False
        self._camera.streaming -= 1
        self._queued.clear()

    def _frame_comes(self, count: int) -> None:
        if count and not self._camera.silent:
            os.eventfd_write(self._ready, count)

    def _fill(self, said: v4l2.Buffer) -> None:
        os.eventfd_read(self._ready)
        frame = self._frame()
        said.index = self._queued.pop(0)
        self._memories[said.index][: len(frame)] = frame
        said.bytesused = len(frame)
        if self._frames <= self._camera.bad_frames:
            said.flags = v4l2.BAD_FRAME

    def _frame(self) -> bytes:
        self._frames += 1
        size, light = (self._pix.width, self._pix.height), self._camera.light
        if self._pix.pixelformat == v4l2.YUYV:
            frame = yuyv(*size, light, f"{self._frames}")
        else:
            frame = without_tables(jpeg(*size, 80, light, f"{self._frames}")) + bytes(64)
        return frame[: len(frame) // 2] if self._camera.half else frame


class Memory(bytearray):
    """A buffer that can be unmapped."""

    def close(self) -> None:
        self.clear()
