"""The drawer in the station process: a code, a button, the lock on a pin, the fact, and the door in the corner."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.messages import DrawerOpened
from demo.broker import Broker
from station.devices.simulated import SimulatedSignals
from tests.station.devices.watching import Watcher
from tests.station.played import CONFIGURATION, PlayedBench, played_central

pytestmark = pytest.mark.feature("D11")


async def test_a_packer_opens_the_drawer_by_code_and_by_button(tmp_path: Path, broker: Broker) -> None:
    lock = Watcher()
    signals = SimulatedSignals(
        tmp_path / "pins", lights={"green": 22}, buttons={"drawer": 5}, drawer=12, door=13, changed=lock.poke
    )
    async with signals, played_central(broker) as central, PlayedBench(tmp_path, broker) as bench:
        table = f'[[device]]\nname = "lights"\ndriver = "gpio_signals"\npins = "simulated"\npath = "{signals.path}"\n'
        pins = "lights = { green = 22 }\nbuttons = { drawer = 5 }\ndrawer = 12\ndoor = 13\n"
        with bench.config.open("a") as config:
            config.write(table + pins)
        await bench.start()
        await central.until(lambda: central.state is not None and central.state.online)
        await central.send(CONFIGURATION)
        await bench.kiosk.until(lambda: bool(bench.kiosk.screen))
        await bench.sign_in()
        await bench.scan("PK-DRAWER")
        await central.until(lambda: len(central.bodies(DrawerOpened)) == 1)
        signals.move_door(shut=True)
        await central.until(
            lambda: any(
                device.name == "lights" and device.detail == "The door is shut."
                for device in (central.state.devices if central.state else ())
            )
        )
        signals.press("drawer")
        await central.until(lambda: len(central.bodies(DrawerOpened)) == 2)
        assert {(fact.drawer, fact.badge) for fact in central.bodies(DrawerOpened)} == {("lights", "0001")}
        await lock.until(lambda: signals.pulses == 2 and not signals.pulled)
