"""What a station costs: `python -m bench.station [--json]`, in less than three minutes.

The real station process between simulated devices that speak their true protocols; each time is taken outside it, at
the far end of the wires. Floors are measured in the same run, on the same disk. What it does now it says on stderr.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.figures import cpu_s, percentile, report, resident_mb
from contract.keys import OrderId, Sscc
from contract.values import Address
from demo.bench import Bench
from demo.playing import playing
from demo.robot import Robot
from demo.world import World
from labels.documents import LogisticLabel
from labels.media import Media
from labels.paper import drawing_of

TIMED, MORE = 16, 24
"""Parcels that are packed with a stop-watch, and as quickly as the bench lets one, to see what it weighs after them."""
COMMITS = 60
COMMIT_PAUSE_S = 0.1
DRAWINGS = 100
SETTLED_S, IDLE_S = 5.0, 20.0
"""Before it is idle: a scale is asked quickly for a while after it moved, and what was packed is tidied."""
PAUSE_S = 0.6
"""Between two timed moves, so that the lamps' pattern of the one before has ended."""
QUICK_S = 0.1
"""Between two moves that are not: the scale must see that a parcel was taken off."""
ROW_BYTES = 6_000
"""About a session in the middle of an order."""


class TimedBench(Bench):
    """A bench with a stop-watch on the scanner's, the lamps' and the printer's wires."""

    def __init__(self) -> None:
        super().__init__()
        self.light_ms: list[float] = []
        """From a scan's first byte on the scanner's line to the next change of a lamp or the buzzer."""
        self.label_ms: list[float] = []
        """From the light that says that the weight is accepted to the label's last byte at the printer."""
        self._scanned_at: float | None = None
        self._lit_at = 0.0

    def scan(self, text: str) -> None:
        self._scanned_at = time.perf_counter()
        super().scan(text)

    def _noted(self) -> None:
        self._lit_at = time.perf_counter()
        if self._scanned_at is not None:
            self.light_ms.append((self._lit_at - self._scanned_at) * 1000)
            self._scanned_at = None
        super()._noted()

    def _label_came(self, label: bytes) -> None:
        self.label_ms.append((time.perf_counter() - self._lit_at) * 1000)
        super()._label_came(label)


def commits_ms(folder: Path) -> list[float]:
    """One synced SQLite commit of a session's size, many times: WAL, `synchronous=FULL`, no thread in between.

    With a pause before each, as a bench has: in a hot loop a commit costs a third of that here.
    """
    connection = sqlite3.connect(folder / "floor.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE session (id integer PRIMARY KEY, body blob)")
    taken = []
    for number in range(COMMITS):
        body = number.to_bytes(4, "big") * (ROW_BYTES // 4)
        time.sleep(COMMIT_PAUSE_S)
        begun = time.perf_counter()
        connection.execute("INSERT OR REPLACE INTO session VALUES (1, ?)", (body,))
        taken.append((time.perf_counter() - begun) * 1000)
    connection.close()
    return taken


def drawings_ms() -> list[float]:
    """A logistic label drawn and nothing else, many times."""
    address = Address("Zoé Lefèvre", ("Résidence Les Tilleuls", "4 rue des Cartons"), "69007", "Lyon", "FR")
    taken = []
    for number in range(DRAWINGS):
        sscc = Sscc.numbered("0376012345", number)
        label = LogisticLabel(sscc, address, address, (OrderId("SO-1"),), 1, 1, 1234, "Standard", 1_790_000_000_000)
        begun = time.perf_counter()
        drawing_of(label, Media(102, 152, 203))
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


class Measured(NamedTuple):
    """What one station did."""

    light_ms: list[float]
    label_ms: list[float]
    resident_mb: float
    idle_percent: float
    """Of one core."""
    start_s: float


async def measure(folder: Path) -> Measured:
    """Pack parcels, rest, and start again."""
    world = World(folder, settle_s=0.05)
    world.stands[0].bench = bench = TimedBench()
    _now("starting broker, central and station")
    async with world:
        async with playing(world) as table:
            _now(f"timing each scan and label of {TIMED} parcels, {PAUSE_S} s between two moves: about 100 s")
            await Robot(table, pause_s=PAUSE_S).pack(TIMED)
            light_ms, label_ms = list(bench.light_ms), list(bench.label_ms)
            _now(f"packing {MORE} more, to see what the process weighs: about 30 s")
            await Robot(table, pause_s=QUICK_S).pack(MORE)
        resident = resident_mb(world.station.pid)
        _now(f"leaving it alone for {SETTLED_S + IDLE_S:.0f} s")
        await asyncio.sleep(SETTLED_S)
        before = cpu_s(world.station.pid)
        await asyncio.sleep(IDLE_S)
        idle = (cpu_s(world.station.pid) - before) / IDLE_S * 100
        _now("starting the station again")
        world.station.stop()
        begun = time.perf_counter()
        world.start_station()
        await world.station.is_ready()
        return Measured(light_ms, label_ms, resident, idle, time.perf_counter() - begun)


def _now(what: str) -> None:
    print(f"{what} …", file=sys.stderr, flush=True)


def main() -> None:
    """Measure, print a table and a last line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the line of JSON alone")
    json_only = parser.parse_args().json
    with tempfile.TemporaryDirectory(prefix="packline-bench-") as name:
        folder = Path(name)
        _now("the floors: synced commits, and drawing labels")
        commit, drawing = median(commits_ms(folder)), median(drawings_ms())
        measured = asyncio.run(measure(folder / "world"))
    light, label = median(measured.light_ms), median(measured.label_ms)
    result = {
        "scan_ratio_p50": light / commit,
        "label_ratio_p50": label / drawing,
        "rss_mb": measured.resident_mb,
        "idle_cpu_percent": measured.idle_percent,
        "start_s": measured.start_s,
    }
    rows = [
        ("scan → commit → light, p50", f"{light:.2f} ms", f"{commit:.2f} ms", "≤ 1.5 ×"),
        ("scan → commit → light, p99", f"{percentile(measured.light_ms, 0.99):.2f} ms", "", ""),
        ("weight accepted → label at the printer, p50", f"{label:.2f} ms", f"{drawing:.2f} ms", "≤ 2 ×"),
        (f"resident memory after {TIMED + MORE} parcels", f"{measured.resident_mb:.1f} MiB", "", "≤ 64 MiB"),
        ("idle CPU of one core", f"{measured.idle_percent:.2f} %", "", "≤ 1 %"),
        ("start to ready", f"{measured.start_s:.2f} s", "", "≤ 1.5 s"),
    ]
    report(f"A station, {len(measured.light_ms)} scans and {len(measured.label_ms)} labels", rows, result, json_only)


if __name__ == "__main__":
    main()
