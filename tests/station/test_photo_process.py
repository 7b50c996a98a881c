"""The picture of the open box by the true station process, from the camera's command to central."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from contract.messages import ParcelClosed
from contract.values import PhotoPolicy
from demo.broker import Broker
from station.devices.simulated import CameraTrouble, SimulatedRibbonCamera
from tests.station.played import (
    CONFIGURATION,
    GRAMS,
    PlayedBench,
    PlayedCentral,
    a_job,
    played_central,
    sscc_of,
)

pytestmark = pytest.mark.feature("D15", "P19")


@asynccontextmanager
async def under_a_camera(
    folder: Path, broker: Broker, photo: PhotoPolicy
) -> AsyncIterator[tuple[PlayedCentral, PlayedBench, SimulatedRibbonCamera]]:
    camera = SimulatedRibbonCamera(folder / "camera")
    async with played_central(broker) as central, PlayedBench(folder, broker) as bench:
        table = f'[[device]]\nname = "top"\ndriver = "rpicam_camera"\ncommand = "{camera.command}"\n'
        with bench.config.open("a") as config:
            config.write(f"{table}width = 640\nheight = 480\ntimeout_s = 20\n")
        central.jobs["1001"] = replace(a_job(), photo=photo)
        await bench.start()
        await central.until(lambda: central.state is not None and central.state.online)
        await central.send(CONFIGURATION)
        await bench.kiosk.until(lambda: bool(bench.kiosk.screen))
        await bench.sign_in_and_open("1001")
        yield central, bench, camera


async def closed(central: PlayedCentral, bench: PlayedBench) -> ParcelClosed:
    """Stick the label that comes out, and what central is told."""
    await bench.scan(f"]C100{sscc_of(await bench.label())}")
    await central.until(lambda: bool(central.bodies(ParcelClosed)))
    parcel: ParcelClosed = central.bodies(ParcelClosed)[0]
    return parcel


async def left_the_bench(bench: PlayedBench) -> None:
    """Wait until the pictures have."""
    folder = bench.folder / "state" / "photos"
    async with asyncio.timeout(60):
        while any(path.suffix == ".jpg" for path in folder.iterdir()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_picture_reaches_central_whole_and_leaves_the_bench(tmp_path: Path, broker: Broker) -> None:
    async with under_a_camera(tmp_path, broker, "wanted") as (central, bench, _):
        await bench.pack_all()
        await bench.kiosk.until(lambda: bool((bench.kiosk.screen["photo"] or {}).get("name")))
        photo = (await closed(central, bench)).photo
        assert photo is not None
        await central.until(lambda: len(central.photos.get(photo.sha256, b"")) == photo.size)
        assert hashlib.sha256(central.photos[photo.sha256]).hexdigest() == photo.sha256
        await left_the_bench(bench)


async def test_a_camera_that_hangs_holds_no_label_up(tmp_path: Path, broker: Broker) -> None:
    async with under_a_camera(tmp_path, broker, "wanted") as (central, bench, camera):
        camera.trouble = CameraTrouble.SLOW
        await bench.pack_all()
        photo = (await closed(central, bench)).photo
        assert photo is not None
        assert (photo.sha256, photo.missing) == ("", "The camera had not answered when the parcel was closed.")


async def test_a_required_picture_is_taken_again_by_a_code(tmp_path: Path, broker: Broker) -> None:
    async with under_a_camera(tmp_path, broker, "required") as (central, bench, camera):
        camera.trouble = CameraTrouble.HALF
        await bench.pack_all()
        await bench.kiosk.until(lambda: "no picture" in str(bench.kiosk.screen["photo"]))
        await bench.kiosk.until(lambda: bench.kiosk.screen["tone"] == "stop")
        assert bench.printer.labels == []
        camera.trouble = None
        await bench.scan("PK-PHOTO")
        assert ((await closed(central, bench)).photo or 0) != 0


async def test_a_station_that_is_killed_delivers_its_picture_after_its_start(tmp_path: Path, broker: Broker) -> None:
    async with under_a_camera(tmp_path, broker, "required") as (central, bench, _):
        central.gives_receipts = False
        await bench.pack_all()
        photo = (await closed(central, bench)).photo
        assert photo is not None
        await central.until(lambda: photo.sha256 in central.photos)
        bench.process.kill()
        central.gives_receipts = True
        bench.scale.place(0)
        await bench.start()
        await central.until(lambda: len(central.photos[photo.sha256]) == photo.size)
        assert hashlib.sha256(central.photos[photo.sha256]).hexdigest() == photo.sha256
        await left_the_bench(bench)


async def test_a_station_that_is_killed_while_the_camera_works_says_that_there_is_no_picture(
    tmp_path: Path, broker: Broker
) -> None:
    async with under_a_camera(tmp_path, broker, "required") as (_, bench, camera):
        camera.trouble = CameraTrouble.SLOW
        await bench.pack_all()
        await bench.kiosk.until(lambda: "picture…" in str(bench.kiosk.screen["photo"]))
        bench.process.kill()
        camera.trouble = None
        await bench.start()
        await bench.kiosk.until(lambda: "no picture" in str(bench.kiosk.screen.get("photo")))
        await bench.scan("PK-PHOTO")
        bench.scale.place(0)
        bench.scale.place(GRAMS)
        await bench.label()
