"""A running station whose scanner is set otherwise than station.toml says: calibrated from its screen, and taped."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from demo.broker import Broker
from station.calibrating import STOP
from station.devices.calibration import FIRST, SECOND
from station.devices.simulated import SimulatedKeyboardScanner
from station.devices.tape import read_tape
from tests.station.played import PlayedBench


@pytest.mark.feature("D2", "D13")
async def test_a_scanner_is_calibrated_from_the_screen_while_its_traffic_is_taped(
    tmp_path: Path, broker: Broker
) -> None:
    twin = SimulatedKeyboardScanner(tmp_path / "dev" / "keys", layout="be")
    async with PlayedBench(tmp_path, broker) as bench, twin:
        settings = bench.config.read_text() + '[tape]\ndevices = ["keys"]\n'
        more = f'[[device]]\ndriver = "evdev_scanner"\nname = "keys"\npath = "{twin.path}"\n'
        bench.config.write_text(settings.replace("[[device]]", more + "[[device]]", 1))
        await bench.start()
        kiosk = bench.kiosk
        await kiosk.until(lambda: any(mark["can_calibrate"] for mark in kiosk.quiet.get("devices", ())))
        url = f"http://127.0.0.1:{kiosk.port}"
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
            assert (await client.post("/calibrate", json={"device": "zebra"})).status_code == 404
            await twin.opened()
            assert (await client.post("/calibrate", json={"device": "keys"})).status_code == 204
            await kiosk.until(lambda: "code 1" in kiosk.screen["sentence"])
            await twin.opened(2)
            twin.scan(FIRST)
            await kiosk.until(lambda: "code 2" in kiosk.screen["sentence"])
            twin.scan(SECOND)
            await kiosk.until(lambda: "étalonné" in kiosk.screen["sentence"])
            await twin.opened(3)
            assert (await client.post("/scan", json={"text": STOP})).status_code == 204
        await kiosk.until(lambda: "étalonné" not in kiosk.screen["sentence"])
        twin.scan("BADGE-77")
        await kiosk.until(lambda: "BADGE-77" in str(kiosk.screen) or "77" in kiosk.screen["why"])
        assert await bench.stop() == 0
    [tape] = (tmp_path / "state" / "tapes").glob("keys-*.tape")
    with tape.open("rb") as file:
        header, chunks = read_tape(file)
    assert header.scrubbed
    assert len(chunks) >= 3
