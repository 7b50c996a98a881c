"""Twenty times the normal rate and back: `python -m bench.overload [--minutes 10] [--times 20] [--fleet 1000]`.

A fleet of simulated stations closes 1.5 parcels a minute each, then `--times` as many, then 1.5 again. Central, the
broker and one more station, which comes with a full journal, are the real processes. Nothing fails because a machine is
slow: what must be so anywhere is that nothing is lost or doubled and that the stock agrees.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import msgspec
from msgspec import Struct

from bench import shop
from bench.central_pipe import central_config
from bench.figures import cpu_s, resident_mb
from bench.fleet import Phase, Plan, Seen
from central.audit import compare
from contract.keys import StationId
from contract.messages import SignedIn
from demo.broker import Broker
from demo.children import Child
from demo.stand import program
from station.journal import Entry, Journal

PER_STATION = 1.5 / 60
NORMAL_S = 60.0
STANDSTILL_S = 60.0
"""Facts of which not one more was booked for so long will not come any more."""
FULL_JOURNAL = 5_000
"""Facts that the real station has not delivered when the flood begins."""
REAL = "bench-real"
PIECES = 3
"""Of every parcel of `bench.shop`."""

_ROOT = Path(__file__).parents[1]


class Usage(Struct):
    """One process, watched."""

    pid: int
    rss_mb: float = 0.0
    cpu: float = 0.0
    """Seconds at the last look."""

    def look(self) -> None:
        self.rss_mb = max(self.rss_mb, resident_mb(self.pid))
        self.cpu = cpu_s(self.pid)


class Watched:
    """What the processes use while the fleet runs, and the CPU of central and broker in each phase."""

    def __init__(self, fleet: Child, usages: dict[str, Usage]) -> None:
        self._fleet = fleet
        self.usages = usages
        self._marks: list[tuple[float, float, float]] = []

    async def run(self) -> Seen:
        """Until the fleet has ended. Raises `RuntimeError` with its last lines when it failed."""
        loop = asyncio.get_running_loop()
        while self._fleet.returncode is None:
            for usage in self.usages.values():
                usage.look()
            if len(self._phases()) > len(self._marks):
                self._mark(loop.time())
            await asyncio.sleep(0.25)
        self._mark(loop.time())
        seen = [line for line in self._fleet.lines if line.startswith("seen ")]
        if not seen:
            raise RuntimeError(self._fleet.obituary("did not come to its end"))
        return msgspec.json.decode(seen[0].removeprefix("seen "), type=Seen)

    def _phases(self) -> list[str]:
        return [line for line in self._fleet.lines if line.startswith("phase ")]

    def _mark(self, now: float) -> None:
        self._marks.append((now, self.usages["central"].cpu, self.usages["broker"].cpu))

    def shares(self) -> list[tuple[float, float]]:
        """Of one core, central and broker, for each phase; the flood's includes what it left behind."""
        return [
            ((after[1] - before[1]) / (after[0] - before[0]), (after[2] - before[2]) / (after[0] - before[0]))
            for before, after in zip(self._marks, self._marks[1:], strict=False)
        ]


class Booked(Struct, frozen=True):
    """What the database has of the fleet's parcels."""

    parcels: int
    doubled: int
    differences: int
    receipts: int
    """Of the real station's facts."""


def booked(database: Path) -> Booked:
    """Count. What was packed twice is in the lines, whatever its message says."""
    with closing(sqlite3.connect(database)) as connection:
        (parcels,) = connection.execute("SELECT count(*) FROM parcels").fetchone()
        (pieces,) = connection.execute("SELECT coalesce(sum(quantity), 0) FROM parcel_lines").fetchone()
        differences = len(compare(connection).differences)
        return Booked(parcels, pieces // PIECES - parcels, differences, _receipts(connection))


def _receipts(connection: sqlite3.Connection) -> int:
    (found,) = connection.execute("SELECT count(*) FROM received WHERE station = ?", (REAL,)).fetchone()
    return int(found)


async def _delivered(database: Path) -> None:
    """Until the real station's journal is booked whole, or nothing of it comes any more."""
    loop = asyncio.get_running_loop()
    found, moved_at = 0, loop.time()
    with closing(sqlite3.connect(database)) as connection:
        while found < FULL_JOURNAL and loop.time() - moved_at < STANDSTILL_S:
            await asyncio.sleep(0.25)
            if (receipts := _receipts(connection)) > found:
                found, moved_at = receipts, loop.time()


async def _real_station(folder: Path, port: int) -> Path:
    """A station whose journal is full of what nobody has heard."""
    state = folder / REAL
    state.mkdir()
    async with await Journal.open(state / "journal.db", shop.HOUSE.site, StationId(REAL), lambda: shop.AT) as journal:
        for _ in range(FULL_JOURNAL // 100):
            await journal.record(Entry(facts=tuple(SignedIn("4711", shop.AT) for _ in range(100))))
    path = folder / f"{REAL}.toml"
    path.write_text(
        f'station = "{REAL}"\nsite = "{shop.HOUSE.site}"\nstate_dir = "{state}"\n'
        'central_url = "http://127.0.0.1:9"\n'
        f"[broker]\nport = {port}\n[kiosk]\nport = 0\n"
    )
    return path


async def measure(folder: Path, stations: Sequence[str], phases: Sequence[Phase]) -> dict[str, float]:
    """Run all phases; the figures by name."""
    coming = sum(round(phase.per_second * phase.seconds) for phase in phases)
    database = folder / "shop.sqlite"
    print(f"preparing {coming} orders for {len(stations)} stations …", file=sys.stderr, flush=True)
    await shop.make(database, 0, coming, stations)
    with Broker(folder / "broker") as broker:
        plan = folder / "plan.json"
        plan.write_bytes(msgspec.json.encode(Plan(broker.port, shop.HOUSE.site, tuple(stations), 1, tuple(phases))))
        config = central_config(folder, database, broker.port)
        with (
            Child("central", program("central", "run", config), folder, {"PYTHONPATH": str(_ROOT)}) as central,
            Child("real", program("station", "run", await _real_station(folder, broker.port)), folder,
                  {"PYTHONPATH": str(_ROOT)}) as real,
        ):  # fmt: skip
            await central.is_ready()
            await real.is_ready()
            argv = [sys.executable, "-m", "bench.fleet", str(plan)]
            with Child("fleet", argv, folder, {"PYTHONPATH": str(_ROOT)}) as fleet:
                usages = {"central": Usage(central.pid), "broker": Usage(broker.pid), "station": Usage(real.pid)}
                watched = Watched(fleet, usages)
                seen = await watched.run()
            await _delivered(database)
            depth = _most_said(central, r"at most (\d+) messages")
            let_go = _most_said(central, r"(\d+) since the start are left")
    return _figures(seen, watched, booked(database), depth, let_go)


def _most_said(child: Child, pattern: str) -> int:
    """The highest number that its log has there; 0 when it says nothing of the kind."""
    found = (re.search(pattern, line) for line in child.lines)
    return max((int(each[1]) for each in found if each), default=0)


def _figures(seen: Seen, watched: Watched, found: Booked, depth: int, let_go: int) -> dict[str, float]:
    offered = sum(phase.offered for phase in seen.phases)
    figures: dict[str, float] = {
        "offered": offered,
        "booked": found.parcels,
        "lost": offered - found.parcels + FULL_JOURNAL - found.receipts,
        "doubled": found.doubled,
        "stock_differences": found.differences,
        "drained_s": seen.drained_s,
        "waiting_at_stations_max": seen.waiting,
        "under_way_max": seen.under_way,
        "waiting_in_central_max": depth,
        "let_go": let_go,
    }
    for phase, (central, broker) in zip(seen.phases, watched.shares(), strict=False):
        figures |= {
            f"{phase.name}_offered": phase.offered,
            f"{phase.name}_p50_ms": phase.p50_ms,
            f"{phase.name}_p99_ms": phase.p99_ms,
            f"{phase.name}_ask_p50_ms": phase.ask_p50_ms,
            f"{phase.name}_ask_p99_ms": phase.ask_p99_ms,
            f"{phase.name}_unanswered": phase.unanswered,
            f"{phase.name}_central_cpu_percent": central * 100,
            f"{phase.name}_broker_cpu_percent": broker * 100,
        }
    return figures | {f"{name}_rss_max_mb": usage.rss_mb for name, usage in watched.usages.items()}


def _table(figures: dict[str, float], phases: Sequence[Phase]) -> None:
    """Phases side by side, then what is of the whole run."""
    names = [phase.name for phase in phases]
    print("  ".join(["".ljust(24), *(name.rjust(12) for name in names)]))
    for what in (
        "offered",
        "p50_ms",
        "p99_ms",
        "ask_p50_ms",
        "ask_p99_ms",
        "unanswered",
        "central_cpu_percent",
        "broker_cpu_percent",
    ):
        print("  ".join([what.ljust(24), *(f"{figures[f'{name}_{what}']:12.1f}" for name in names)]))
    for what, value in figures.items():
        if not what.startswith(tuple(f"{name}_" for name in names)):
            print(f"{what:24}  {value:12.1f}")


def main() -> None:
    """Measure, print a table and a last line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the line of JSON alone")
    parser.add_argument("--fleet", type=int, default=1_000, help="simulated stations (default %(default)s)")
    parser.add_argument("--times", type=float, default=20.0, help="the normal rate, times this (default %(default)s)")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long so (default %(default)s)")
    parser.add_argument("--normal", type=float, default=NORMAL_S, help="seconds before and after (default %(default)s)")
    wanted = parser.parse_args()
    stations = [f"bench-{number:04d}" for number in range(1, wanted.fleet + 1)]
    normal = len(stations) * PER_STATION
    phases = (
        Phase("normal", normal, wanted.normal),
        Phase("flood", normal * wanted.times, wanted.minutes * 60),
        Phase("after", normal, wanted.normal),
    )
    with tempfile.TemporaryDirectory(prefix="packline-bench-") as name:
        figures = asyncio.run(measure(Path(name), stations, phases))
    if not wanted.json:
        _table(figures, phases)
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
