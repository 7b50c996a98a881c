"""Parcels booked by central against a bare pipe that writes the same rows: `python -m bench.central_pipe [--json]`.

Saturated, at 50 parcels a second, and with many past orders. Central is the real process; so is the broker.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from bench import bare_pipe, shop
from bench.figures import cpu_s, report
from bench.offer import Plan, Seen
from demo.broker import Broker
from demo.children import Child

SATURATED = 10_000
PACED = 1_000
PER_SECOND = 50.0

_ROOT = Path(__file__).parents[1]

Facts = list[tuple[str, str, str]]


class Run(msgspec.Struct, frozen=True):
    """One offer to one pipe."""

    seen: Seen
    cpu_us: float
    """CPU of the pipe's process per parcel until the last receipt, in microseconds."""
    after_us: float
    """The same from there until it rests: central tells the news of what it booked when it has time."""

    @property
    def rate(self) -> float:
        return self.seen.receipted / self.seen.seconds


def _offer(port: int, pid: int, facts: Facts, per_second: float = 0.0) -> Run:
    plan = Plan(port, shop.HOUSE.site, list(facts), per_second)
    before = cpu_s(pid)
    done = subprocess.run(
        [sys.executable, "-m", "bench.offer"],
        input=msgspec.json.encode(plan),
        stdout=subprocess.PIPE,
        cwd=_ROOT,
        check=True,
    )
    seen = msgspec.json.decode(done.stdout, type=Seen)
    booked = cpu_s(pid)
    _until_it_rests(pid)
    return Run(seen, *((used / seen.receipted * 1_000_000) for used in (booked - before, cpu_s(pid) - booked)))


def _until_it_rests(pid: int) -> None:
    """Wait until the process has used next to nothing for a second."""
    before = -1.0
    while (now := cpu_s(pid)) - before > 0.02:
        before = now
        time.sleep(1)


def central_config(folder: Path, database: Path, port: int) -> Path:
    """A central of the benchmarks' shop, on a free HTTP port."""
    path = folder / "central.toml"
    path.write_text(
        f"""site = "{shop.HOUSE.site}"
database = "{database}"
[broker]
port = {port}
[http]
port = 0
[sender]
name = "Bench"
lines = ["4 rue des Cartons"]
postcode = "69007"
city = "LYON"
country = "FR"
[packing]
sscc_prefix = "{shop.HOUSE.sscc_prefix}"
"""
    )
    return path


def _floor(folder: Path, database: Path, port: int, full: Facts, calm: Facts) -> tuple[Run, Run]:
    """The bare pipe on a copy of `database`."""
    rows = folder / "rows.pickle"
    bare_pipe.prepare(database, full + calm, rows)
    copy = shop.copied(database, folder / "floor.sqlite")
    argv = [sys.executable, "-m", "bench.bare_pipe", str(port), shop.HOUSE.site, str(copy), str(rows)]
    with Child("bare", argv, folder, {"PYTHONPATH": str(_ROOT)}) as pipe:
        pipe.line("ready")
        return _offer(port, pipe.pid, full), _offer(port, pipe.pid, calm, PER_SECOND)


def _central(folder: Path, database: Path, port: int, full: Facts, calm: Facts) -> tuple[Run, Run | None]:
    """The real central on a copy of `database`; without `calm`, only saturated."""
    copy = shop.copied(database, folder / "central.sqlite")
    argv = [str(Path(sys.executable).parent / "packline-central"), "run", "--config"]
    with Child("central", [*argv, str(central_config(folder, copy, port))], folder) as pipe:
        pipe.ready()
        return _offer(port, pipe.pid, full), _offer(port, pipe.pid, calm, PER_SECOND) if calm else None


def _shop(folder: Path, past: int) -> Path:
    database = folder / f"shop-{past}.sqlite"
    asyncio.run(shop.make(database, past, SATURATED + PACED))
    return database


def _facts(past: int) -> tuple[Facts, Facts]:
    return shop.payloads(past + 1, SATURATED), shop.payloads(past + SATURATED + 1, PACED)


def main() -> None:
    """Measure, print a table and a last line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the line of JSON alone")
    parser.add_argument("--few", type=int, default=1_000, help="past orders of the small shop (default %(default)s)")
    parser.add_argument("--many", type=int, default=100_000, help="past orders of the large shop (default %(default)s)")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="packline-bench-") as name:
        folder = Path(name)
        with Broker(folder / "broker") as broker:
            small = _shop(folder, wanted.few)
            facts = _facts(wanted.few)
            floor, floor_calm = _floor(folder, small, broker.port, *facts)
            full, calm = _central(folder, small, broker.port, *facts)
            assert calm is not None
            large_full, _ = _central(folder, _shop(folder, wanted.many), broker.port, _facts(wanted.many)[0], [])
    result = {
        "cpu_ratio_saturated": full.cpu_us / floor.cpu_us,
        "rate_ratio_saturated": full.rate / floor.rate,
        "cpu_ratio_50": calm.cpu_us / floor_calm.cpu_us,
        "p99_ratio_50": calm.seen.p99_ms / floor_calm.seen.p99_ms,
        "growth_cpu_ratio": large_full.cpu_us / full.cpu_us,
        "news_cpu_us": full.after_us,
    }
    rows = [
        ("CPU per parcel, saturated", f"{full.cpu_us:.0f} µs", f"{floor.cpu_us:.0f} µs", "≤ 2 ×"),
        ("… and for its news, afterwards", f"{full.after_us:.0f} µs", "", ""),
        ("parcels a second, saturated", f"{full.rate:.0f}", f"{floor.rate:.0f}", "≥ 0.5 ×"),
        ("CPU per parcel at 50/s", f"{calm.cpu_us:.0f} µs", f"{floor_calm.cpu_us:.0f} µs", "≤ 2 ×"),
        ("sent → receipt at 50/s, p50", f"{calm.seen.p50_ms:.2f} ms", f"{floor_calm.seen.p50_ms:.2f} ms", ""),
        ("sent → receipt at 50/s, p99", f"{calm.seen.p99_ms:.2f} ms", f"{floor_calm.seen.p99_ms:.2f} ms", "≤ 2 ×"),
        (f"CPU per parcel, {wanted.many} past orders", f"{large_full.cpu_us:.0f} µs", f"{full.cpu_us:.0f} µs",
         "≤ 1.1 ×"),
    ]  # fmt: skip
    report("Booking parcels, against a bare pipe that writes the same rows", rows, result, wanted.json)


if __name__ == "__main__":
    main()
