"""The process that takes the Pi camera's picture never outlives who wanted it."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from station.devices.rpicam_camera import RpicamCamera, RpicamCameraConfig

pytestmark = pytest.mark.feature("D15")
TAKES_ONE = """
import asyncio, sys
from station.devices.rpicam_camera import RpicamCamera, RpicamCameraConfig
async def main():
    async with RpicamCamera(RpicamCameraConfig(name="camera", command=sys.argv[1], timeout_s=600)) as camera:
        await camera.picture()
asyncio.run(main())
"""


class Command:
    """A command that never takes its picture; it says its process id, or that of what it started itself."""

    def __init__(self, folder: Path, *, starts_another: bool) -> None:
        self.path = folder / "rpicam-still"
        self._said = folder / "said"
        os.mkfifo(self._said)
        others = f"sh -c 'echo $$ >{self._said}; exec sleep 3600' &\nwait\n"
        itself = f"echo $$ >{self._said}; exec sleep 3600\n"
        self.path.write_text(f"#!/bin/sh\n{others if starts_another else itself}")
        self.path.chmod(0o755)

    @contextmanager
    def running(self) -> Iterator[int]:
        """Wait until it runs, and give what `select` is told of its end; it is ended here if nobody else did."""
        line = os.open(self._said, os.O_RDONLY | os.O_NONBLOCK)
        try:
            assert select.select([line], [], [], 15)[0], "it was not started"
            handle = os.pidfd_open(int(os.read(line, 20)))
        finally:
            os.close(line)
        try:
            yield handle
        finally:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
            os.close(handle)

    def camera(self) -> RpicamCamera:
        return RpicamCamera(RpicamCameraConfig(name="camera", command=str(self.path), timeout_s=600))


def ended(handle: int) -> bool:
    """Whether the process ends; long without is a failure."""
    return bool(select.select([handle], [], [], 15)[0])


@pytest.mark.parametrize("turns", range(1, 9))
async def test_a_picture_that_is_given_up_while_its_command_starts_leaves_nothing_of_it(
    tmp_path: Path, turns: int
) -> None:
    command = Command(tmp_path, starts_another=True)
    async with command.camera() as camera:
        taking = asyncio.create_task(camera.picture())
        for _ in range(turns):
            await asyncio.sleep(0)
        with command.running() as handle:
            taking.cancel()
            await asyncio.wait({taking}, timeout=60)
            assert taking.cancelled()
            assert ended(handle)


async def test_a_picture_that_is_given_up_twice_leaves_nothing_of_its_command(tmp_path: Path) -> None:
    command = Command(tmp_path, starts_another=True)
    async with command.camera() as camera:
        taking = asyncio.create_task(camera.picture())
        await asyncio.sleep(0)
        with command.running() as handle:
            for _ in range(3):
                taking.cancel()
                await asyncio.sleep(0)
            await asyncio.wait({taking}, timeout=60)
            assert ended(handle)


@pytest.mark.parametrize("starts_another", [False, True])
async def test_a_station_that_is_killed_takes_its_cameras_command_with_it(tmp_path: Path, starts_another: bool) -> None:
    command = Command(tmp_path, starts_another=starts_another)
    station = await asyncio.create_subprocess_exec(sys.executable, "-c", TAKES_ONE, str(command.path))
    with command.running() as handle:
        station.kill()
        await station.wait()
        assert ended(handle)
