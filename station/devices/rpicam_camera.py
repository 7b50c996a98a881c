"""Raspberry Pi cameras on the ribbon cable, by libcamera's own command."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from subprocess import PIPE, Popen
from typing import IO, Annotated, Literal, Self

from msgspec import Meta

from station.devices.camera_words import CODE, PICTURE, WORDS, Frame, framed
from station.devices.ports import DeviceFault, PictureFailed, Still
from station.devices.rpicam import arguments, meaning
from station.devices.settings import CameraSettings
from station.devices.still import MOST_BYTES, still_of
from station.devices.tap import tap_now

_COMMANDS = ("rpicam-still", "libcamera-still")
_DIES_WITH_US = """
exec 3<&0 </dev/null
( { read -r _; kill -KILL 0; } <&3 >/dev/null 2>&1 & )
exec 3<&-
exec "$@"
"""
"""Becomes the command. Beside it, and not as a child that it could wait for, a shell reads from us, who say nothing.

When we are killed and can end nothing ourselves, it reads the end, and kills the command with all that it started.
"""
_MOST_WORDS = 64 * 1024


class RpicamCameraConfig(CameraSettings, frozen=True, kw_only=True, tag="rpicam_camera"):
    """`driver = "rpicam_camera"`."""

    command: str = ""
    """Empty: rpicam-still, else libcamera-still, wherever PATH has it."""
    camera: Annotated[int, Meta(ge=0, le=9)] = 0
    """As `rpicam-still --list-cameras` counts."""
    rotation: Literal[0, 180] = 0
    """180 for a camera that hangs upside down."""
    settle_ms: Annotated[int, Meta(ge=1, le=10_000)] = 600
    """How long the camera may look for exposure and white balance."""


class RpicamCamera:
    """One process for each picture; it is ended when it takes too long, or when nobody waits for it any more."""

    def __init__(self, config: RpicamCameraConfig) -> None:
        self._config = config
        self._command = ""
        self._tap = tap_now()

    async def __aenter__(self) -> Self:
        names = (self._config.command,) if self._config.command else _COMMANDS
        self._command = next((found for name in names if (found := shutil.which(name))), "")
        if not self._command:
            raise self._no_command(" and ".join(names))
        return self

    async def __aexit__(self, *exc: object) -> None:
        pass

    async def check(self) -> None:
        """The camera on the ribbon cannot be asked without being opened; only whether its command is still there."""
        if not os.access(self._command, os.X_OK):
            raise self._no_command(self._command)

    async def picture(self) -> Still:
        """Run the command once."""
        config = self._config
        asked = arguments(config.camera, config.width, config.height, config.quality, config.rotation, config.settle_ms)
        await self.check()
        self._tap.said(b" ".join((PICTURE, *(each.encode() for each in asked))))
        process = _begun([self._command, *asked])
        async with _ended(process):
            try:
                async with asyncio.timeout(config.timeout_s):
                    async with asyncio.TaskGroup() as reading:
                        data = reading.create_task(_most(process.stdout, MOST_BYTES + 1))
                        words = reading.create_task(_most(process.stderr, _MOST_WORDS))
                    # Its number stays its own until all that it started is ended.
                    await asyncio.to_thread(os.waitid, os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
            except TimeoutError as error:
                raise PictureFailed(
                    f"the camera took no picture within {config.timeout_s:g} s: check its ribbon cable",
                    "la caméra n'a pas répondu à temps : vérifiez sa nappe",
                ) from error
        self._tap.heard(framed(Frame("JPEG", config.width, config.height, 0, data.result())))
        self._tap.heard(b"%s %s" % (WORDS, words.result()))
        self._tap.heard(b"%s %d" % (CODE, process.returncode))
        if process.returncode != 0:
            raise PictureFailed(*meaning(words.result(), process.returncode))
        return await asyncio.to_thread(still_of, data.result(), time.time_ns() // 1_000_000)

    def _no_command(self, names: str) -> DeviceFault:
        return DeviceFault(
            f"{self._config.name}: {names} cannot be started: install rpicam-apps-lite",
            "la commande de la caméra n'est pas installée : appelez un technicien",
        )


def _begun(command: list[str]) -> Popen[bytes]:
    """Begin it, in a session of its own. Raises `DeviceFault`.

    Not by asyncio: given up while it starts, that ends the command alone and waits for ever for what it started.
    """
    try:
        return Popen(
            ["sh", "-c", _DIES_WITH_US, "sh", *command], stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=True
        )
    except OSError as error:
        raise DeviceFault(f"{command[0]} cannot be started ({error}): look at the computer's memory") from error


@asynccontextmanager
async def _ended(process: Popen[bytes]) -> AsyncIterator[None]:
    """End it in any case, with all that it started."""
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
        await asyncio.to_thread(process.wait)


async def _most(pipe: IO[bytes] | None, limit: int) -> bytes:
    """Read to the end and keep the first `limit` bytes, so that the process can never stand on a full pipe."""
    stream, kept = asyncio.StreamReader(), bytearray()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stream), pipe
    )
    try:
        while part := await stream.read(65_536):
            kept += part[: limit - len(kept)]
    finally:
        transport.close()
    return bytes(kept)
