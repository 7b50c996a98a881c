"""The job behind a code, among those that the station holds."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from contract.keys import JobId
from contract.messages import NEXT_WORK
from contract.values import Job, PackedLine
from station.leases import job_behind
from tests.station.played import MUG, a_job

SINGLE = replace(a_job("1002"), lines=(replace(a_job("1002").lines[0], quantity=1),), codes=("TOTE-7",))


@pytest.mark.feature("R1")
@pytest.mark.parametrize(
    ("code", "job"),
    [
        ("1001", "J-1001"),
        (" 1001 ", "J-1001"),
        ("j-1001", "J-1001"),
        ("tote-7", "J-1002"),
        (MUG, "J-1002"),
        ("4006381333931", "J-1002"),
        ("4006381333932", None),
        ("9999", None),
        ("", None),
    ],
)
def test_the_job_is_found_by_any_of_its_codes(code: str, job: str | None) -> None:
    found = job_behind(code, [SINGLE, a_job("1001")])
    assert (found.job if found else None) == job


@pytest.mark.feature("O13")
def test_who_wants_the_next_work_gets_what_the_bench_holds_already() -> None:
    assert job_behind(NEXT_WORK, [a_job("1001"), SINGLE]) == a_job("1001")
    assert job_behind(NEXT_WORK, []) is None


@pytest.mark.feature("P2")
def test_a_product_opens_only_a_job_that_wants_nothing_else() -> None:
    begun = replace(SINGLE, in_hand=(PackedLine(SINGLE.lines[0].order, 1, SINGLE.lines[0].sku, 1),))
    assert job_behind(MUG, [a_job("1001"), begun]) is None


def test_of_several_the_one_that_should_be_packed_first_is_taken() -> None:
    other: Job = replace(SINGLE, job=JobId("J-0999"))
    assert job_behind(MUG, [other, SINGLE]) == other
    assert job_behind(MUG, [SINGLE, other]) == SINGLE
