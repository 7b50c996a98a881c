"""Raspberry Pi cameras on the ribbon cable, by libcamera's own command."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from typing import Annotated, Literal, Self

from msgspec import Meta

from station.devices.ports import DeviceFault, PictureFailed, Still
from station.devices.rpicam import arguments, meaning
from station.devices.settings import CameraSettings
from station.devices.still import MOST_BYTES, still_of

_COMMANDS = ("rpicam-still", "libcamera-still")
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
    """One process for each picture; it is killed when it takes too long."""

    def __init__(self, config: RpicamCameraConfig) -> None:
        self._config = config
        self._command = ""

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
        try:
            # A session of its own: what it starts dies with it.
            process = await asyncio.create_subprocess_exec(
                self._command,
                *asked,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=PIPE,
                stderr=PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise self._no_command(self._command) from error
        try:
            async with asyncio.timeout(config.timeout_s):
                data, words = await asyncio.gather(
                    _most(process.stdout, MOST_BYTES + 1), _most(process.stderr, _MOST_WORDS)
                )
                code = await process.wait()
        except TimeoutError as error:
            raise PictureFailed(
                f"the camera took no picture within {config.timeout_s:g} s: check its ribbon cable",
                "la caméra n'a pas répondu à temps : vérifiez sa nappe",
            ) from error
        finally:
            await _ended(process)
        if code != 0:
            raise PictureFailed(*meaning(words, code))
        return await asyncio.to_thread(still_of, data, time.time_ns() // 1_000_000)

    def _no_command(self, names: str) -> DeviceFault:
        return DeviceFault(
            f"{self._config.name}: {names} cannot be started: install rpicam-apps-lite",
            "la commande de la caméra n'est pas installée : appelez un technicien",
        )


async def _most(stream: asyncio.StreamReader | None, limit: int) -> bytes:
    """Read to the end and keep the first `limit` bytes, so that the process can never stand on a full pipe."""
    kept = bytearray()
    while stream is not None and (part := await stream.read(65_536)):
        kept += part[: limit - len(kept)]
    return bytes(kept)


async def _ended(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
