"""What a keeper does with a device that comes, goes, lies and breaks."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from typing import Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices.keeper import FIRST_DELAY_S, LONGEST_DELAY_S, Keeper, delay_s
from station.devices.ports import (
    DeviceFault,
    Health,
    Printer,
    PrinterStatus,
    Reading,
    Scale,
    ScaleOrder,
    ScaleState,
    ScannedText,
    Scanner,
)
from station.devices.registry import Device, DeviceConfig
from tests.station.devices.watching import Watcher, config

pytestmark = pytest.mark.feature("D7")

SCANNER = config(driver="serial_scanner", path="/dev/serial/by-path/x")
PRINTER = config(driver="zpl_printer", host="127.0.0.1")


class Broken(Scanner):
    """A driver with a mistake in it, at the place that the test chooses."""

    def __init__(self, fail: Callable[[str], None]) -> None:
        self._fail = fail

    async def __aenter__(self) -> Self:
        self._fail("open")
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._fail("close")

    async def scans(self) -> AsyncIterator[ScannedText]:
        yield ScannedText("4006381333931", "it", 0)
        self._fail("read")


async def keep(keeper: Keeper, until: Callable[[], object], watcher: Watcher) -> None:
    task = asyncio.create_task(keeper.run())
    try:
        await watcher.until(until)
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.wait({task})


@pytest.mark.parametrize("where", ["open", "read", "close"])
@pytest.mark.parametrize(
    "error", [ValueError("odd"), OSError(5, "i/o"), KeyError("x"), DeviceFault("gone"), TimeoutError()]
)
async def test_no_mistake_of_a_driver_ends_the_keeper(where: str, error: Exception) -> None:
    def fail(place: str) -> None:
        if place == where:
            raise error

    watcher, lives = Watcher(), 0

    def make(_: DeviceConfig) -> Device:
        nonlocal lives
        lives += 1
        watcher.poke()
        return Broken(fail)

    await keep(Keeper(SCANNER, watcher, make=make, chance=lambda: 0), lambda: lives == 2, watcher)
    assert Health.LOST in watcher.healths
    assert all(status.detail for status in watcher.statuses if status.health is Health.LOST)


async def test_a_driver_whose_constructor_fails_is_tried_again() -> None:
    watcher, lives = Watcher(), 0

    def make(_: DeviceConfig) -> Device:
        nonlocal lives
        lives += 1
        watcher.poke()
        raise ZeroDivisionError

    await keep(Keeper(SCANNER, watcher, make=make, chance=lambda: 0), lambda: lives == 2, watcher)
    (status,) = watcher.statuses
    assert "serial_scanner failed (ZeroDivisionError" in status.detail
    assert "station.toml" in status.detail


async def test_it_is_loud_once_and_quiet_after(caplog: pytest.LogCaptureFixture) -> None:
    watcher, lives = Watcher(), 0

    def make(_: DeviceConfig) -> Device:
        nonlocal lives
        lives += 1
        watcher.poke()
        raise DeviceFault("/dev/x is not there: plug it in")

    with caplog.at_level(logging.INFO):
        await keep(Keeper(SCANNER, watcher, make=make, chance=lambda: 0), lambda: lives == 3, watcher)
    assert len(watcher.statuses) == 1
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "it is lost: /dev/x is not there: plug it in"
    ]


async def test_a_lost_device_that_fails_for_another_reason_is_loud_again(caplog: pytest.LogCaptureFixture) -> None:
    """It was plugged in, and may not be opened: whoever reads the log must see why it stays lost."""
    watcher = Watcher()
    reasons = iter(("it is not there", "it may not be opened", "it may not be opened"))

    def make(_: DeviceConfig) -> Device:
        raise DeviceFault(next(reasons, "it may not be opened"))

    with caplog.at_level(logging.INFO):
        await keep(Keeper(SCANNER, watcher, make=make, chance=lambda: 0), lambda: len(watcher.statuses) == 2, watcher)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "it is lost: it is not there",
        "it is lost: it may not be opened",
    ]


async def test_a_mistake_of_the_listener_is_not_taken_for_the_devices() -> None:
    class Deaf(Watcher):
        def scanned(self, scan: ScannedText) -> None:
            raise LookupError("the bench is broken")

    keeper = Keeper(SCANNER, Deaf(), make=lambda _: Broken(lambda _: None))
    with pytest.raises(LookupError, match="bench"):
        await keeper.run()


async def test_a_pause_of_the_stations_own_is_no_silence_of_the_scale() -> None:
    settings = config(driver="toledo_scale", path="/dev/serial/by-path/x", silent_after_s=0.6)

    class HeldUp(Scale):
        orders = ()

        async def __aenter__(self) -> Self:
            return self

        async def __aexit__(self, *exc: object) -> None: ...
        async def readings(self) -> AsyncIterator[Reading]:
            for grams in (100, 200, 300):
                yield Reading(ScaleState.STABLE, grams, 0, "", "it", 1)
                time.sleep(2 * settings.silent_after_s)  # noqa: ASYNC251 - the loop does something else
                for _ in range(3):
                    await asyncio.sleep(0)
            await asyncio.Event().wait()

        def order(self, what: ScaleOrder) -> None:
            raise AssertionError

    watcher = Watcher()
    await keep(Keeper(settings, watcher, make=lambda _: HeldUp()), lambda: 300 in watcher.weights, watcher)
    assert watcher.healths == [Health.OK]


async def test_a_printer_that_is_not_there_refuses_at_once_with_the_reason() -> None:
    class Nothing(Printer):
        async def __aenter__(self) -> Self:
            raise DeviceFault("no printer answers at 127.0.0.1:9100: switch it on", "allumez-la")

        async def __aexit__(self, *exc: object) -> None: ...
        async def status(self) -> PrinterStatus:
            raise AssertionError

        async def send(self, document: bytes) -> None:
            raise AssertionError

    watcher = Watcher()
    keeper = Keeper(PRINTER, watcher, make=lambda _: Nothing())
    await keep(keeper, lambda: watcher.statuses, watcher)
    with pytest.raises(DeviceFault, match=r"it is not connected\. no printer answers") as caught:
        await keeper.send(b"^XA^XZ")
    assert caught.value.text_fr == "allumez-la"


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_the_delay_grows_is_capped_and_spreads_over_its_upper_half(failures: int, chance: float) -> None:
    delay = delay_s(failures, chance)
    assert FIRST_DELAY_S / 2 <= delay <= LONGEST_DELAY_S
    assert delay_s(failures, 0) * 2 == pytest.approx(delay_s(failures, 1))
    assert delay_s(failures, chance) <= delay_s(failures + 1, chance)
