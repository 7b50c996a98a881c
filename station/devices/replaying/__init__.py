"""Plays a tape to the ordinary driver: the device's part by a twin, the driver's turn taken as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext

from station.devices.gpio_signals import GpioSignalsConfig
from station.devices.ipp_printer import IppPrinterConfig
from station.devices.keeper import Keeper
from station.devices.registry import DeviceConfig
from station.devices.replaying.cameras import ribbon_camera, webcam
from station.devices.replaying.office import office_printer
from station.devices.replaying.signals import lines
from station.devices.replaying.stage import LAST_S, Audience, Stage, until_opened
from station.devices.replaying.wire import wire
from station.devices.rpicam_camera import RpicamCameraConfig
from station.devices.tape import BadTape, Chunk, Header
from station.devices.v4l2_camera import V4l2CameraConfig

__all__ = ["Audience", "replay"]


async def replay(header: Header, chunks: Sequence[Chunk], audience: Audience) -> None:
    """Tell all that the driver makes of the tape. Raises `BadTape`."""
    try:
        async with _stage(header.settings, chunks, audience) as stage:
            keeper = Keeper(stage.settings, audience, make=stage.make)
            task = asyncio.create_task(keeper.run(), name="replay")
            try:
                with keeper.tap.listening(stage.listener) if stage.listener is not None else nullcontext():
                    await until_opened(keeper)
                    await stage.play(keeper)
                    await asyncio.sleep(LAST_S)
            finally:
                task.cancel()
                await asyncio.wait({task})
    except (ValueError, LookupError) as error:
        raise BadTape(str(error)) from error


def _stage(config: DeviceConfig, chunks: Sequence[Chunk], audience: Audience) -> AbstractAsyncContextManager[Stage]:
    match config:
        case GpioSignalsConfig():
            return lines(config, chunks, audience)
        case IppPrinterConfig():
            return office_printer(config, chunks)
        case RpicamCameraConfig():
            return ribbon_camera(config, chunks, audience)
        case V4l2CameraConfig():
            return webcam(config, chunks, audience)
    return wire(config, chunks)
