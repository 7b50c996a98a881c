"""After a power cut the bench asks whether the label came out. A second cut does not make it forget the answer."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from contract.keys import Sscc
from tests.chaos.account import account, new_tally
from tests.chaos.deaths import ANSWERING, killed_at_question
from tests.chaos.house import House, open_house
from tests.chaos.run import at_work

SEED = 3


async def label_questions(house: House, station: str, printing: str, answering: str) -> tuple[list[str], Sscc]:
    """What was answered about a label once more, after the kill in its answer; and the number of its parcel."""
    hands = house.hands[station]
    while True:
        closed = len(hands.table.closed)
        if await killed_at_question(house, station, printing, answering):
            break
        await hands.is_well(60)
    # The screen is dark: whatever is answered from now on was asked anew.
    asked = len(hands.answers)
    async with asyncio.timeout(60):
        while len(hands.table.closed) == closed:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return [said for said in hands.answers[asked:] if said.startswith("label")], hands.table.closed[closed]


@pytest.mark.feature("L8")
@pytest.mark.parametrize(("printing", "truth"), [("label printer: half sent", "NO"), ("label printer: sent", "YES")])
async def test_the_answer_is_kept_across_another_power_cut(tmp_path: Path, printing: str, truth: str) -> None:
    async with open_house(tmp_path / "house", SEED, stations=len(ANSWERING)) as house:
        async with at_work(house, SEED):
            pairs = zip(house.stations, ANSWERING, strict=True)
            found = await asyncio.gather(*(label_questions(house, name, printing, at) for name, at in pairs))
        result = await account(house, SEED, new_tally())
    assert result.agrees, result
    lost, *kept = (said for said, _ in found)
    assert set(lost) == {f"label: {truth}"}
    assert kept == [[], []]
    papers = [hands.printed[sscc] for hands, (_, sscc) in zip(house.hands.values(), found, strict=True)]
    assert papers == [1, 1, 1]
