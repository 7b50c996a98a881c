"""The kernel finds an error on a bench's card in the middle of a parcel and lets nobody write any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contract.messages import JobFinished, ParcelClosed
from demo.broker import Broker
from tests.station.played import (
    CONFIGURATION,
    GRAMS,
    MUG,
    PLATE,
    PlayedBench,
    PlayedCentral,
    a_job,
    kinds,
    played_central,
    sscc_of,
)
from tests.support.card import Card, worn_card


@pytest.fixture
async def central(broker: Broker) -> AsyncIterator[PlayedCentral]:
    async with played_central(broker) as played:
        played.jobs["1001"] = a_job()
        yield played


async def begins(bench: PlayedBench, central: PlayedCentral, card: Card) -> None:
    """Start the station, sign in, and put one of two mugs into the parcel."""
    await bench.start(*card.through)
    await central.send(CONFIGURATION)
    await bench.kiosk.until(lambda: bool(bench.kiosk.screen))
    await bench.sign_in_and_open("1001")
    await bench.scan(MUG)


async def is_stopped(bench: PlayedBench, central: PlayedCentral) -> None:
    """Wait until the packer and central are told."""
    await bench.kiosk.until(lambda: bench.kiosk.screen["tone"] == "stop")
    assert bench.kiosk.screen["sentence"] == "Arrêt : carte mémoire en panne"
    assert "emballez à un autre poste et appelez un technicien" in bench.kiosk.screen["why"]
    await central.until(lambda: kinds(central) == ["disk_read_only"])


async def goes_on(bench: PlayedBench, central: PlayedCentral) -> None:
    """The mug that was scanned before is in the parcel; pack the rest."""
    await bench.kiosk.until(lambda: [line["packed"] for line in bench.kiosk.screen["lines"]] == [1, 0])
    for code in (MUG, PLATE):
        await bench.scan(code)
    bench.scale.place(GRAMS)
    await bench.scan(str(sscc_of(await bench.label())))
    await central.until(lambda: len(central.bodies(JobFinished)) == 1 and kinds(central) == [])
    (closed,) = central.bodies(ParcelClosed)
    assert [line.quantity for line in closed.contents] == [2, 1]
    assert len(bench.printer.labels) == 1


@pytest.mark.feature("R2", "R6")
async def test_a_card_that_fails_stops_the_bench_and_the_parcel_goes_on_when_it_is_mended(
    tmp_path: Path, broker: Broker, central: PlayedCentral
) -> None:
    """systemd starts the station again; this test does."""
    with worn_card(tmp_path / "state") as card:
        async with PlayedBench(tmp_path, broker) as bench:
            await begins(bench, central, card)

            card.fails(bench.process)
            bench.scanner.scan(MUG)
            await asyncio.to_thread(bench.process.wait)
            await bench.start(*card.through)
            await is_stopped(bench, central)
            await bench.stop()
            card.is_mended()
            await bench.start(*card.through)
            await goes_on(bench, central)


@pytest.mark.feature("R2", "R6")
async def test_a_bench_that_starts_on_a_read_only_card_goes_on_by_itself_when_it_can_write(
    tmp_path: Path, broker: Broker, central: PlayedCentral
) -> None:
    with worn_card(tmp_path / "state") as card:
        async with PlayedBench(tmp_path, broker) as bench:
            await begins(bench, central, card)
            bench.process.kill()
            card.is_mounted("ro")
            await bench.start(*card.through)
            await is_stopped(bench, central)
            card.is_mounted("rw")
            await goes_on(bench, central)
