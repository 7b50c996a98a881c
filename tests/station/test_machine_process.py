"""A bench whose computer is ill: it says so on its screen and to the office, and goes on."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contract.messages import JobFinished, SignedIn
from demo.broker import Broker
from tests.station.played import CONFIGURATION, PlayedBench, PlayedCentral, a_job, kinds, played_central, sscc_of
from tests.support.kernel import laid_out

THREE_HOURS_MS = 3 * 3_600_000


@pytest.fixture
async def central(broker: Broker) -> AsyncIterator[PlayedCentral]:
    async with played_central(broker) as played:
        played.jobs["1001"] = a_job()
        yield played


@pytest.mark.feature("R6")
async def test_a_full_disk_stops_the_bench_with_a_sentence_until_there_is_room(
    tmp_path: Path, broker: Broker, central: PlayedCentral
) -> None:
    async with PlayedBench(tmp_path, broker) as bench:
        # No file may grow: what a full disk does to whoever writes.
        await bench.start("prlimit", "--fsize=0:unlimited")
        await bench.kiosk.until(lambda: bench.kiosk.screen.get("tone") == "stop")
        assert bench.kiosk.screen["sentence"] == "Arrêt : disque du poste plein"
        assert "appelez un technicien" in bench.kiosk.screen["why"]
        await central.until(lambda: kinds(central) == ["disk_full"])

        resource.prlimit(bench.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        await bench.kiosk.until(lambda: bench.kiosk.screen["tone"] == "ready")
        await central.send(CONFIGURATION)
        await central.until(lambda: bool(central.asks) and kinds(central) == [])
        await bench.sign_in_and_open("1001")
        await bench.pack_all()
        await bench.scan(str(sscc_of(await bench.label())))
        await central.until(lambda: len(central.bodies(JobFinished)) == 1)


@pytest.mark.feature("R6")
async def test_a_disk_that_fills_while_the_bench_runs_is_told_by_the_next_start(
    tmp_path: Path, broker: Broker, central: PlayedCentral
) -> None:
    """systemd starts the station again; this test does."""
    async with PlayedBench(tmp_path, broker) as bench:
        await bench.start()
        await central.send(CONFIGURATION)
        await bench.kiosk.until(lambda: bool(bench.kiosk.screen))
        await bench.sign_in()
        resource.prlimit(bench.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        bench.scanner.scan("1001")
        assert await asyncio.to_thread(bench.process.wait) == 1
        await bench.start("prlimit", "--fsize=0:unlimited")
        await central.until(lambda: kinds(central) == ["disk_full"])
        resource.prlimit(bench.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        await bench.kiosk.until(lambda: bench.kiosk.screen["packer"] == "Ada")


@pytest.mark.feature("R6")
@pytest.mark.parametrize("ahead_ms", [THREE_HOURS_MS, -THREE_HOURS_MS])
async def test_a_wrong_clock_is_shown_told_and_marked(
    tmp_path: Path, broker: Broker, central: PlayedCentral, ahead_ms: int
) -> None:
    central.ahead_ms = ahead_ms
    async with PlayedBench(tmp_path, broker) as bench:
        await bench.start()
        await central.send(CONFIGURATION)
        await bench.kiosk.until(lambda: bool(bench.kiosk.quiet.get("troubles")))
        (trouble,) = bench.kiosk.quiet["troubles"]
        assert trouble["kind"] == "clock_wrong"
        assert trouble["short"] == "horloge fausse"
        assert "diffèrent de 2 h" in trouble["text"] or "diffèrent de 3 h" in trouble["text"]
        await central.until(lambda: kinds(central) == ["clock_wrong"])
        await bench.sign_in()
        await central.until(lambda: len(central.bodies(SignedIn)) == 1)
        (signed,) = [each for each in central.facts.values() if isinstance(each.body, SignedIn)]
        assert not signed.clock_ok


@pytest.mark.feature("R6")
async def test_little_memory_and_a_weak_supply_are_shown_told_and_stop_nothing(
    tmp_path: Path, broker: Broker, central: PlayedCentral
) -> None:
    """That the supply sagged is said for ten minutes more: it will again."""
    with laid_out(tmp_path / "kernel") as kernel:
        async with PlayedBench(tmp_path, broker) as bench:
            await bench.start(*kernel.through)
            await central.send(CONFIGURATION)
            await bench.kiosk.until(lambda: bool(bench.kiosk.screen))
            await bench.sign_in()
            assert bench.kiosk.quiet["troubles"] == []
            kernel.has(memory_mb=30, undervoltage=True)
            await central.until(lambda: kinds(central) == ["memory_low", "undervoltage"])
            await bench.kiosk.until(lambda: len(bench.kiosk.quiet["troubles"]) == 2)
            memory, supply = bench.kiosk.quiet["troubles"]
            assert (memory["short"], supply["short"]) == ("memory nearly full", "weak power supply")
            assert "30 MB of memory left" in memory["text"]

            await bench.scan("1001")
            await bench.kiosk.until(lambda: bool(bench.kiosk.screen["lines"]))
            kernel.has(memory_mb=600, undervoltage=False)
            await central.until(lambda: kinds(central) == ["undervoltage"])
            await bench.kiosk.until(
                lambda: [each["kind"] for each in bench.kiosk.quiet["troubles"]] == ["undervoltage"]
            )
            await bench.pack_all()
            await bench.scan(str(sscc_of(await bench.label())))
            await central.until(lambda: len(central.bodies(JobFinished)) == 1)
