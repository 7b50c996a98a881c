"""Pieces that are missing or damaged."""

import pytest

from contract.messages import JobFinished, ShortReported
from station.devices.ports import Lamp
from station.work.answers import Say
from tests.station.work.story import MUG_EAN, TEA_EAN, Bench, job_of, mug, tea

pytestmark = pytest.mark.feature("P16")


def shorts(bench: Bench) -> list[tuple[str, int, str]]:
    return [(fact.sku, fact.quantity, fact.kind) for fact in bench.recorded(ShortReported)]


def test_a_missing_piece_is_named_by_its_code_and_the_rest_goes_out() -> None:
    bench = Bench().ready().open(job_of(mug(2), tea(1))).scan(MUG_EAN, "PK-SHORT")
    assert bench.screen.sentence == "Scan the missing item's code"
    bench.scan(MUG_EAN)
    assert (bench.phase, bench.lamp) == ("Packing", Lamp.LOOK)
    bench.scan(TEA_EAN).put_down(100 + 212 + 60).scan(bench.label())
    assert shorts(bench) == [("B-17", 1, "missing")]
    assert [(line.sku, line.quantity) for line in bench.parcels[0].contents] == [("B-17", 1), ("T-2", 1)]
    assert bench.parcels[0].last
    assert bench.phase == "Idle"


def test_a_missing_piece_is_named_by_touch() -> None:
    bench = Bench().ready().open(job_of(mug(2), tea(1))).scan("PK-SHORT")
    assert [line.touch_code for line in bench.screen.lines] == ["PK-LINE-1", "PK-LINE-2"]
    assert shorts(bench.scan("PK-LINE-2")) == [("T-2", 1, "missing")]
    assert [(line.sku, line.mark) for line in bench.screen.lines] == [("B-17", "todo"), ("T-2", "touched")]


def test_the_only_open_line_needs_no_name() -> None:
    bench = Bench().ready().open(job_of(mug(1), tea(1))).scan("PK-SHORT", "PK-CONFIRM")
    assert (bench.said, shorts(bench)) == (Say.NAME_THE_ITEM, [])
    assert "PK-CONFIRM" not in [action.code for action in bench.screen.actions]
    bench.scan("PK-CANCEL", MUG_EAN, "PK-SHORT", "PK-CONFIRM")
    assert shorts(bench) == [("T-2", 1, "missing")]
    assert bench.phase == "OnScale"


def test_a_typed_quantity_is_short_at_once() -> None:
    line = tea(6)
    bench = Bench().ready().open(job_of(mug(1), line)).scan("PK-SHORT").type(line, 5)
    assert shorts(bench) == [("T-2", 5, "missing")]
    bench.scan("PK-SHORT").type(line, 2)
    assert (bench.said, bench.phase) == (Say.NONE_OPEN, "Asking")


def test_a_damaged_piece_comes_out_of_the_parcel() -> None:
    bench = Bench().ready().open(job_of(mug(2))).scan(MUG_EAN, MUG_EAN, "PK-DAMAGED", MUG_EAN)
    assert shorts(bench) == [("B-17", 1, "damaged")]
    bench.put_down(100 + 212).scan(bench.label())
    assert bench.parcels[0].contents[0].quantity == 1


def test_what_is_in_the_parcel_is_not_missing() -> None:
    bench = Bench().ready().open(job_of(mug(1), tea(1))).scan(MUG_EAN, "PK-SHORT", MUG_EAN)
    assert (bench.said, shorts(bench)) == (Say.NONE_OPEN, [])


def test_a_wrong_code_reports_nothing() -> None:
    bench = Bench().ready().open(job_of(mug(1))).scan("PK-SHORT", TEA_EAN, "4006381333932", "PK-NEXT")
    assert (bench.phase, shorts(bench)) == ("Asking", [])


def test_an_order_of_which_nothing_is_there_closes_without_a_parcel() -> None:
    bench = Bench().ready().open(job_of(mug(1))).scan("PK-SHORT", MUG_EAN)
    assert (bench.phase, bench.said, bench.parcels) == ("Idle", Say.FINISHED_SHORT, [])
    assert len(bench.recorded(JobFinished)) == 1
