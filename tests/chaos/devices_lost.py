"""A station's disk is damaged or gone, or another device has its name."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

from demo.children import Child, free_port
from demo.stand import program
from tests.chaos.hands import Step
from tests.chaos.house import House


async def journal_flipped(house: House, station: str, step: Step, chance: random.Random) -> str:
    """Eight bytes are wrong, anywhere in the file or its log."""
    return await _damaged(house, station, lambda folder: _flip(folder / "journal.db", chance))


async def journal_truncated(house: House, station: str, step: Step, chance: random.Random) -> str:
    """The file's end is missing."""
    return await _damaged(house, station, lambda folder: _truncate(folder / "journal.db", chance))


async def station_replaced(house: House, station: str, step: Step, chance: random.Random) -> str:
    """A new device with the old one's name; the old one's disk is gone."""
    return await _damaged(house, station, _empty)


async def _damaged(house: House, station: str, damage: Callable[[Path], None]) -> str:
    hands = house.hands[station]
    # What only this disk had is gone with it; what is proved is that nothing else is.
    await hands.rest()
    try:
        await hands.is_well(40)
        await house.kill(station)
        # A label whose bytes are on the way to the printer comes out all the same.
        await asyncio.sleep(0.3)
        label = hands.table.hands.label
        if label is not None:
            house.forgiven.add(label)
        hands.table.lose()
        damage(house.world.folder / station)
        await house.up(station)
    finally:
        hands.go_on()
    return ""


def _flip(path: Path, chance: random.Random) -> None:
    log = path.with_name("journal.db-wal")
    target = log if log.exists() and log.stat().st_size and chance.random() < 0.5 else path
    content = bytearray(target.read_bytes())
    for _ in range(8):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    target.write_bytes(content)


def _truncate(path: Path, chance: random.Random) -> None:
    with path.open("r+b") as file:
        file.truncate(chance.randrange(path.stat().st_size))


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_file():
            path.unlink()


async def same_name(house: House, station: str, step: Step, chance: random.Random) -> str:
    """A second device with a station's name is on the broker."""
    folder = house.world.folder
    config = (folder / f"{station}.toml").read_text(encoding="utf-8")
    head, _, devices = config.partition("[[device]]")
    assert devices
    port = house.stand(station).kiosk_url.rpartition(":")[2]
    twin = folder / f"twin-{station}.toml"
    head = head.replace(f"port = {port}", f"port = {free_port()}").replace(
        f"{folder}/{station}", f"{folder}/twin-{station}"
    )
    twin.write_text(head, encoding="utf-8")
    with Child(f"twin-{station}", program("station", "run", twin), folder):
        await asyncio.sleep(chance.uniform(2, 4))
    return ""
