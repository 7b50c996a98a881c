"""The scale's own business in the station process: checked with a weight, zeroed on command, killed in the middle."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contract.messages import ScaleChecked
from demo.broker import Broker
from tests.station.played import CONFIGURATION, PlayedBench, PlayedCentral, a_job, played_central

pytestmark = pytest.mark.feature("D14", "D6")


@pytest.fixture
async def central(broker: Broker) -> AsyncIterator[PlayedCentral]:
    async with played_central(broker) as played:
        played.jobs["1001"] = a_job()
        yield played


@pytest.fixture
async def bench(tmp_path: Path, broker: Broker, central: PlayedCentral) -> AsyncIterator[PlayedBench]:
    """A bench whose scale was never checked, and must be."""
    async with PlayedBench(tmp_path, broker) as played:
        with played.config.open("a") as config:
            config.write('[scale_check]\nweight_g = 2000\ntolerance_g = 5\noverdue = "block"\n')
        await played.start()
        await central.until(lambda: central.state is not None and central.state.online)
        await central.send(CONFIGURATION)
        await played.kiosk.until(lambda: bool(played.kiosk.screen))
        await played.sign_in()
        yield played


async def shows(bench: PlayedBench, sentence: str) -> None:
    await bench.kiosk.until(lambda: bench.kiosk.screen["sentence"] == sentence)


async def test_no_order_is_begun_before_the_check_and_a_kill_in_its_middle_loses_nothing(
    bench: PlayedBench, central: PlayedCentral
) -> None:
    await bench.scan("1001")
    await shows(bench, "Check the scale first")
    bench.scale.place(3)
    await bench.scan("PK-ZERO")
    await bench.scan("PK-CHECKSCALE")
    await shows(bench, "Put the check weight on: 2000 g")
    bench.scale.place(2_005)
    await shows(bench, "Take the check weight off")
    bench.process.kill()
    await bench.start()
    await shows(bench, "Take the check weight off")
    bench.scale.place(3)
    await shows(bench, "Scan an order")
    await central.until(lambda: bool(central.bodies(ScaleChecked)))
    (fact,) = central.bodies(ScaleChecked)
    assert (fact.scale, fact.badge, fact.passed) == ("scale", "0001", True)
    assert (fact.zero_g, fact.shown_g, fact.return_g) == (0, 2_002, 0)
    await bench.scan("1001")
    await bench.kiosk.until(lambda: bool(bench.kiosk.screen["lines"]))
