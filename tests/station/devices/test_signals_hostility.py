"""Whatever comes over GPIO lines, however it is cut: no driver ends, no press was not sent, the next one is heard."""

from __future__ import annotations

import asyncio
import os
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.devices.gpio_chip import FALLING, LineEvent
from station.devices.gpio_signals import GpioSignals, GpioSignalsConfig
from station.devices.ports import Health
from station.devices.simulated.gpio_kernel import Chip, GpioKernel
from tests.station.devices.corpus import EdgesFrame, frames
from tests.station.devices.cutting import cut_anyhow
from tests.station.devices.watching import Watcher, config, kept

pytestmark = pytest.mark.feature("D11", "R4")
UNDO, CONFIRM = 6, 5
SENT = [bytes.fromhex(frame.hex) for frame in frames("gpio", EdgesFrame)]
ANYTHING = cut_anyhow(st.lists(st.sampled_from(SENT) | st.binary(max_size=60), max_size=6).map(b"".join))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANYTHING)
def test_no_bytes_of_a_line_end_the_driver_or_press_a_button_and_the_second_press_is_heard(
    tmp_path: Path, chunks: list[bytes]
) -> None:
    async def story() -> None:
        watcher, chip = Watcher(), Chip("pinctrl-bcm2711")
        (tmp_path / "gpiochip0").unlink(missing_ok=True)
        with closing(GpioKernel(tmp_path)) as kernel:
            kernel.plug("gpiochip0", chip)
            device = config(driver="gpio_signals", buttons={"undo": UNDO, "confirm": CONFIRM}, debounce_s=0)
            assert isinstance(device, GpioSignalsConfig)
            make = lambda _: GpioSignals(device, devices=kernel.devices, ioctl=kernel.ioctl)  # noqa: E731
            async with kept(device, watcher, make):
                await watcher.health(Health.OK)
                for chunk in chunks:
                    os.write(chip.ends[UNDO], chunk)
                    await asyncio.sleep(0)
                kernel.edge(chip, CONFIRM, high=False)
                await watcher.until(lambda: "confirm" in watcher.presses)
                noise = watcher.presses.count("undo")
                for high in (True, False, True, False):
                    kernel.edge(chip, UNDO, high=high)
                    await asyncio.sleep(0.005)
                await watcher.until(lambda: watcher.presses.count("undo") > noise)
            sent = b"".join(chunks)
            assert noise <= sent.count(FALLING.to_bytes(4, "little"))
            assert set(watcher.presses) == {"undo", "confirm"}
            assert Health.LOST not in watcher.healths

    asyncio.run(story())


def test_an_event_is_as_long_as_the_kernels() -> None:
    assert len(bytes(LineEvent())) == 48
