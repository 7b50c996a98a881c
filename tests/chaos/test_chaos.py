"""Benches pack while everything fails, and at the end each parcel is in central once, under one label."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.faults import Fault
from tests.chaos.run import run
from tests.chaos.table import table

SEED = 20_261


@pytest.mark.feature("P17", "P18", "R1", "R2", "R3", "L8", "S1")
async def test_every_fault_once_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    result = await run(tmp_path / "house", SEED, enough=lambda tally: set(tally.faults) == set(Fault), tell=True)
    assert set(result.faults) == set(Fault)
    assert result.agrees, result
    assert result.parcels
    assert {fault: fared.all.times for fault, fared in result.recovery.items()} == result.faults
    assert f"| `kill_broker` | {result.faults['kill_broker']} |" in table(result)
