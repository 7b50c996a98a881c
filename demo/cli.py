"""`packline-demo`: a shop with one packing bench on this machine, for a person to play or for a robot to prove."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
import tempfile
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

import msgspec

from demo.children import ChildFailed, free_port

OK, DISAGREES, FAILED = 0, 1, 2
_EXIT_CODES = """\
exit codes:
  0  everything agrees; or the demo was ended with Ctrl-C
  1  headless: the counts do not agree, or the bench did not go on
  2  something could not be started; the last line on stderr says what
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; the exit code is for `sys.exit`."""
    chosen = _parser().parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level="ERROR", format="%(levelname)s %(name)s: %(message)s")
    try:
        with tempfile.TemporaryDirectory(prefix="packline-demo-") as scratch:
            folder = chosen.folder or Path(scratch)
            return asyncio.run(_headless(folder, chosen) if chosen.headless else _interactive(folder, chosen))
    except (ChildFailed, OSError) as error:
        what = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else str(error)
        print(f"packline-demo: {what}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="packline-demo",
        description="Broker, central and a station with a simulated bench, with sample orders.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--headless", action="store_true", help="a robot packs, and everything is counted at the end")
    parser.add_argument("--parcels", type=_count, default=20, help="how many parcels the robot packs (20)")
    parser.add_argument("--json", action="store_true", help="print nothing but one JSON line")
    parser.add_argument("--folder", type=Path, help="keep databases and logs here (an empty or new folder)")
    parser.add_argument("--language", choices=("fr", "en"), default="en", help="of the screen while nobody is there")
    return parser


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 150:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of parcels from 1 to 150")
    return int(text)


async def _headless(folder: Path, chosen: argparse.Namespace) -> int:
    """Pack, count, print the result as the last line."""
    from demo.count import counted, settled
    from demo.playing import playing
    from demo.robot import Robot, Stuck
    from demo.world import World

    async with World(folder, settle_s=0.05, language=chosen.language) as world, playing(world) as table:
        robot = Robot(table)
        try:
            await robot.pack(chosen.parcels)
            await settled(world, table)
        except (Stuck, TimeoutError) as error:
            print(f"packline-demo: {error or 'central did not answer for every parcel'}", file=sys.stderr)
        result = await counted(world, robot)
    agrees = result.agrees(chosen.parcels)
    if not chosen.json:
        print(f"{result.parcels_closed} parcels packed, {len(robot.answers_ms)} scans:", "ok" if agrees else "NOT OK")
    print(msgspec.json.encode(result).decode(), flush=True)
    return OK if agrees else DISAGREES


async def _interactive(folder: Path, chosen: argparse.Namespace) -> int:
    """Run until Ctrl-C."""
    from demo.panel.serving import serving
    from demo.playing import playing
    from demo.world import World

    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    print("Starting broker, central and station …", flush=True)
    async with (
        World(folder, kiosk_port=free_port(8701), office_port=free_port(8702), language=chosen.language) as world,
        playing(world) as table,
        serving(world, table, free_port(8703)) as panel_url,
    ):
        print(_welcome(panel_url, world.kiosk_url, world.office_url), flush=True)
        await _first(ended.wait(), world.broken())
    print("Ended.")
    return OK


async def _first(*waits: Coroutine[Any, Any, object]) -> None:
    """Return, or raise, as the first of them does."""
    tasks = [asyncio.create_task(wait) for wait in waits]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()


def _welcome(panel: str, kiosk: str, office: str) -> str:
    return f"""
  The bench     {panel}/   scan, weigh, open the printer: you are the hands
  The screen    {kiosk}/   what the packer sees
  The office    {office}/   orders, stock, parcels, stations

Open the first two side by side and press “Next right thing”. Ctrl-C ends everything."""


if __name__ == "__main__":
    sys.exit(main())
