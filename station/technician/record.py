"""`packline-station record`: one device's raw traffic on a tape, while its ordinary driver works."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from station.devices.keeper import Keeper
from station.devices.registry import DeviceConfig
from station.taping import Recorder, private, tape_name
from station.technician.replay import Printed


async def record(device: DeviceConfig, out: Path | None, seconds: float, *, scrub: bool) -> None:
    """Record until cancelled, or for so many seconds; 0 is without end."""
    path = out or Path(tape_name(device.name, time.gmtime()))
    keeper = Keeper(device, Printed())
    with private(path) as file:
        recorder = Recorder(file, device, scrub=scrub)
        with keeper.tap.listening(recorder):
            print(f"Recording {device.name} to {path}; Ctrl + C ends it.", flush=True)
            task = asyncio.create_task(keeper.run(), name=f"record {device.name}")
            try:
                await asyncio.wait({task}, timeout=seconds or None)
            finally:
                task.cancel()
                await asyncio.wait({task})
                recorder.close()
                print(f"{path}: {recorder.chunks} chunks", flush=True)
