"""USB cameras of the UVC class, and whatever else the kernel shows as /dev/video*."""

from __future__ import annotations

import asyncio
import ctypes
import errno
import select
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from typing import Annotated, Any, ClassVar, Self

from msgspec import Meta

from station.devices import v4l2
from station.devices.camera_words import OPEN, PICTURE, Frame, framed
from station.devices.ports import DeviceFault, PictureFailed, Still
from station.devices.settings import CameraSettings, UsbIdentity, proven_place
from station.devices.still import still_of
from station.devices.tap import tap_now
from station.devices.udev import node_of
from station.devices.v4l2_node import KernelNode, Node, OverheardNode

_BUFFERS = 3


class V4l2CameraConfig(CameraSettings, frozen=True, kw_only=True, tag="v4l2_camera"):
    """`driver = "v4l2_camera"`."""

    subsystem: ClassVar[str] = "video4linux"
    path: str = ""
    """`/dev/v4l/by-path/…-video-index0` or `/dev/v4l/by-id/…`."""
    usb: UsbIdentity | None = None
    settle_frames: Annotated[int, Meta(ge=0, le=120)] = 10
    """Pictures that are thrown away while the camera finds its exposure."""

    def __post_init__(self) -> None:
        """Refuse a camera without a place, or with one that does not last."""
        proven_place(self.path, self.usb)
        if not self.path and self.usb is None:
            raise ValueError("say where the camera is: path or usb = { vendor, product, serial, port }")


class V4l2Camera:
    """Streams only while a picture is taken: a camera at rest takes no USB bandwidth and does not get warm."""

    def __init__(self, config: V4l2CameraConfig, open_node: Callable[[str], Node] = KernelNode) -> None:
        self._config = config
        self._open_node = open_node
        self._node: Node
        self._tap = tap_now()
        self._loop: asyncio.AbstractEventLoop
        self._hand = ThreadPoolExecutor(max_workers=1, thread_name_prefix="camera")

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        place = node_of(self._config, self._config.subsystem)
        with _told(place):
            self._node = OverheardNode(self._opened(place), self._heard)
        try:
            await self.check()
        except BaseException:
            self._node.close()
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        # A picture that is being taken ends first: its thread holds the node.
        await self._loop.run_in_executor(self._hand, self._node.close)
        self._hand.shutdown(wait=False)

    async def check(self) -> None:
        """Ask the kernel whether the camera is still there."""
        said = v4l2.Capability()
        with _told(self._config.name):
            self._node.ioctl(v4l2.QUERYCAP, said)
        if not v4l2.captures(said):
            raise DeviceFault(
                f"{self._config.name}: {said.card.decode('utf-8', 'replace')!r} gives no pictures here: a camera"
                " has several nodes, take the one that ends in -video-index0"
            )

    async def picture(self) -> Still:
        """Stream until the exposure has settled, keep one frame."""
        self._tap.said(PICTURE)
        return await self._loop.run_in_executor(self._hand, self._taken)

    def _opened(self, place: str) -> Node:
        try:
            return self._open_node(place)
        except OSError as error:
            self._heard(b"%s !%d" % (OPEN, error.errno or errno.EIO))
            raise

    def _heard(self, words: bytes) -> None:
        """May be called in the thread that takes the pictures."""
        self._loop.call_soon_threadsafe(self._tap.heard, words)

    def _taken(self) -> Still:
        with _told(self._config.name), ExitStack() as undo:
            pix = self._agreed()
            frame = self._frame(undo)
        form = v4l2.named(pix.pixelformat)
        self._heard(framed(Frame(form, pix.width, pix.height, pix.bytesperline, frame)))
        at = time.time_ns() // 1_000_000
        if pix.pixelformat != v4l2.YUYV:
            return still_of(frame, at)
        try:
            jpeg = v4l2.jpeg_of_yuyv(frame, pix.width, pix.height, pix.bytesperline, self._config.quality)
        except ValueError as error:
            raise PictureFailed(
                f"the camera sent half a picture ({error}): check its cable", "photo incomplète : vérifiez le câble"
            ) from error
        return still_of(jpeg, at)

    def _agreed(self) -> v4l2.PixelFormat:
        """The size and format that the camera makes of what is wanted."""
        offered = tuple(self._offered())
        wanted = v4l2.liked(offered)
        if wanted is None:
            names = ", ".join(map(v4l2.named, offered)) or "nothing"
            raise DeviceFault(f"{self._config.name} offers {names}; Packline reads MJPG, JPEG and YUYV")
        given = v4l2.Format(type=v4l2.CAPTURE)
        given.fmt.pix.width, given.fmt.pix.height = self._config.width, self._config.height
        given.fmt.pix.pixelformat = wanted
        self._node.ioctl(v4l2.S_FMT, given)
        pix: v4l2.PixelFormat = given.fmt.pix
        return pix

    def _offered(self) -> Iterator[int]:
        for index in range(64):
            said = v4l2.FormatDescription(index=index, type=v4l2.CAPTURE)
            try:
                self._node.ioctl(v4l2.ENUM_FMT, said)
            except OSError as error:
                if error.errno == errno.EINVAL:  # there are no more
                    return
                raise
            yield said.pixelformat

    def _frame(self, undo: ExitStack) -> bytes:
        node, config = self._node, self._config
        asked = v4l2.RequestBuffers(count=_BUFFERS, type=v4l2.CAPTURE, memory=v4l2.MEMORY_MMAP)
        node.ioctl(v4l2.REQBUFS, asked)
        undo.callback(self._quietly, v4l2.REQBUFS, v4l2.RequestBuffers(type=v4l2.CAPTURE, memory=v4l2.MEMORY_MMAP))
        memories = []
        for index in range(asked.count):
            buffer = self._buffer(index)
            node.ioctl(v4l2.QUERYBUF, buffer)
            memories.append(undo.enter_context(closing(node.memory(buffer.length, buffer.m.offset))))
            node.ioctl(v4l2.QBUF, buffer)
        kind = ctypes.c_int32(v4l2.CAPTURE)
        node.ioctl(v4l2.STREAMON, kind)
        undo.callback(self._quietly, v4l2.STREAMOFF, kind)
        until = time.monotonic() + config.timeout_s
        good = 0
        while True:
            buffer = self._next(until)
            if buffer.bytesused and not buffer.flags & v4l2.BAD_FRAME:
                if good >= config.settle_frames:
                    return bytes(memories[buffer.index][: buffer.bytesused])
                good += 1
            node.ioctl(v4l2.QBUF, buffer)

    def _next(self, until: float) -> v4l2.Buffer:
        waiting = select.poll()
        waiting.register(self._node.fileno(), select.POLLIN)
        while True:
            left_ms = int(1_000 * (until - time.monotonic()))
            if left_ms <= 0 or not waiting.poll(left_ms):
                raise PictureFailed(
                    f"the camera sent no picture within {self._config.timeout_s:g} s: unplug it and plug it in again",
                    "la caméra n'envoie rien : débranchez-la et rebranchez-la",
                )
            buffer = self._buffer(0)
            try:
                self._node.ioctl(v4l2.DQBUF, buffer)
            except BlockingIOError:
                continue
            return buffer

    def _buffer(self, index: int) -> v4l2.Buffer:
        return v4l2.Buffer(index=index, type=v4l2.CAPTURE, memory=v4l2.MEMORY_MMAP)

    def _quietly(self, request: int, said: Any) -> None:
        """Give back; a camera that is gone has given everything back already."""
        try:
            self._node.ioctl(request, said)
        except OSError:
            return


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Errors of the kernel, in words."""
    try:
        yield
    except OSError as error:
        text, text_fr = v4l2.trouble(error)
        raise DeviceFault(f"{name}: {text}", text_fr) from error
