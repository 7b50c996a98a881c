"""The packer of the chaos run goes on, whatever lies on the pile."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.house import open_house
from tests.chaos.run import at_work


async def test_a_paper_whose_order_is_packed_is_put_away(tmp_path: Path) -> None:
    async with open_house(tmp_path / "house", 3, stations=1) as house, at_work(house, 3):
        (hands,) = house.hands.values()
        await hands.table.eyes.until(lambda _: len(hands.table.closed) >= 2, 60)
        await hands.rest()
        hands.table.orders[:0] = ["C1"] * 3
        packed = len(hands.table.closed)
        hands.go_on()
        await hands.table.eyes.until(lambda _: len(hands.table.closed) >= packed + 3, 60)
        assert "C1" not in hands.table.orders
