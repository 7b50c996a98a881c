"""What news that stands costs the broker: `python -m bench.broker [--json]`, in about a minute.

Mosquitto with the shipped configuration. It writes all that it has to its file every second, and answers nobody
meanwhile: what stands there decides how long its longest silence is, and how much it writes.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from bench.figures import percentile, report
from demo.broker import Broker
from link.client import BrokerConfig, Delivery, Link, Subscription

STANDING = (0, 3_000, 30_000, 300_000)
"""A year of a house that packs four hundred a day has the last: an order and a parcel each."""
NEWS_BYTES = 366
"""Of an order with two lines, envelope and topic."""
ASKED_S = 8.0
PAUSE_S = 0.01
_AT_ONCE = 500


class Echo:
    """A client that hears itself, with a stop-watch."""

    def __init__(self, broker: Broker) -> None:
        self._came = asyncio.Event()
        self.up = asyncio.Event()
        self.link = Link(
            BrokerConfig(host=broker.host, port=broker.port),
            "bench",
            subscriptions=[Subscription("echo")],
            deliver=self._deliver,
            changed=lambda online: self.up.set() if online else None,
        )

    async def stand(self, first: int, last: int) -> None:
        """Retained messages with these numbers."""
        for begin in range(first, last, _AT_ONCE):
            numbers = range(begin, min(last, begin + _AT_ONCE))
            await asyncio.gather(*(self.link.publish(f"n/{each}", b"x" * NEWS_BYTES, retain=True) for each in numbers))

    async def answers_ms(self) -> list[float]:
        """How long a message takes through the broker, again and again."""
        taken, ends = list[float](), time.perf_counter() + ASKED_S
        while time.perf_counter() < ends:
            self._came.clear()
            begun = time.perf_counter()
            await self.link.publish("echo", b"x")
            await self._came.wait()
            taken.append((time.perf_counter() - begun) * 1000)
            await asyncio.sleep(PAUSE_S)
        return taken

    def _deliver(self, delivery: Delivery) -> None:
        delivery.ack()
        self._came.set()


async def measure(folder: Path) -> list[tuple[int, list[float], int]]:
    """For each count: the times, and the size of the broker's file."""
    found = []
    with Broker(folder) as broker:
        echo = Echo(broker)
        running = asyncio.create_task(echo.link.run())
        await echo.up.wait()
        for before, count in zip((0, *STANDING), STANDING, strict=False):
            print(f"{count} retained messages …", file=sys.stderr, flush=True)
            await echo.stand(before, count)
            await asyncio.sleep(2.0)
            times = await echo.answers_ms()
            found.append((count, times, (folder / "store/mosquitto.db").stat().st_size))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return found


def main() -> None:
    """Measure, print a table and a last line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the line of JSON alone")
    json_only = parser.parse_args().json
    with tempfile.TemporaryDirectory(prefix="packline-bench-") as name:
        found = asyncio.run(measure(Path(name)))
    rows, result = [], dict[str, float]()
    for count, times, size in found:
        median, worst, mb = percentile(times, 0.5), max(times), size / 1_000_000
        rows.append((f"{count:,} standing", f"{median:.2f} ms median, {worst:.0f} ms at worst, {mb:.1f} MB", "", ""))
        result |= {f"worst_ms_{count}": worst, f"median_ms_{count}": median, f"file_mb_{count}": mb}
    report("through the broker, and its file", rows, result, json_only)


if __name__ == "__main__":
    main()
