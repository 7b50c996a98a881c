"""What must be read and done, once per order, per parcel or per item; and notes from the office."""

import pytest
from msgspec.structs import replace

from contract.keys import OrderId
from contract.values import Instruction, Override
from station.devices.ports import Lamp
from station.work.answers import Say
from station.work.inputs import NoteArrived
from tests.station.work.story import MUG_EAN, TEA_CASE, TEA_EAN, Bench, job_of, mug, tea

pytestmark = pytest.mark.feature("P9")

WRAP = Instruction("wrap", "Wrap every mug in paper.")
GIFT = Instruction("gift", "Happy birthday, Zoé!", "gift_note")
FLYER = Instruction("flyer", "Summer flyer", "insert", "parcel", code="FLY-1")
CRACKS = Instruction("cracks", "Look for cracks.", "condition", "item", line=1)


def test_an_order_is_read_before_it_is_packed() -> None:
    bench = Bench().ready().open(job_of(mug(1), instructions=(WRAP, GIFT)))
    assert (bench.phase, bench.screen.note) == ("Instructing", "Wrap every mug in paper.")
    assert bench.scan(MUG_EAN).said is Say.READ_FIRST
    bench.scan("PK-CONFIRM")
    assert (bench.screen.sentence, bench.screen.note) == ("Add the gift note, then CONFIRM", "Happy birthday, Zoé!")
    assert bench.scan("PK-CONFIRM", MUG_EAN).phase == "OnScale"


def test_an_insert_is_confirmed_by_its_own_code_in_every_parcel() -> None:
    bench = Bench().ready().open(job_of(mug(1), tea(6), instructions=(FLYER,)))
    assert bench.screen.sentence == "Put the insert in and scan it"
    bench.scan("fly-1", TEA_CASE, "PK-NEXT").put_down(460).scan(bench.label())
    assert bench.phase == "Instructing"
    assert bench.scan("FLY-1", MUG_EAN).put_down(312).scan(bench.label()).phase == "Idle"
    assert [parcel.overrides for parcel in bench.parcels] == [(), ()]


def test_an_insert_without_a_code_is_an_override() -> None:
    bench = Bench().ready().open(job_of(mug(1), instructions=(FLYER,))).scan("PK-CONFIRM")
    assert (bench.phase, bench.screen.sentence) == ("Asking", "No code on it? YES or NO")
    bench.scan("PK-YES", MUG_EAN).put_down(312).scan(bench.label())
    assert bench.parcels[0].overrides == (Override("tick", "0001", "flyer was not scanned"),)


def test_the_insert_may_still_be_scanned_when_asked() -> None:
    bench = Bench().ready().open(job_of(mug(1), instructions=(FLYER,))).scan("PK-CONFIRM", "FLY-1")
    assert bench.phase == "Packing"


def test_a_condition_is_checked_when_its_item_goes_in_and_only_once() -> None:
    bench = Bench().ready().open(job_of(mug(2), tea(1), instructions=(CRACKS,))).scan(TEA_EAN)
    assert bench.phase == "Packing"
    bench.scan(MUG_EAN)
    assert (bench.phase, bench.screen.sentence) == ("Instructing", "Check it, then CONFIRM")
    assert bench.scan("PK-CONFIRM", MUG_EAN).phase == "OnScale"


@pytest.mark.feature("P15")
def test_among_several_orders_a_condition_is_of_its_own_orders_line() -> None:
    cracks = replace(CRACKS, order=OrderId("A-1001"))
    bench = Bench().ready().open(job_of(mug(1), tea(1, line=1, order="A-1002"), instructions=(cracks,)))
    assert bench.scan(TEA_EAN).phase == "Packing"
    assert bench.scan(MUG_EAN).phase == "Instructing"
    bench.scan("PK-CONFIRM").put_down(372).scan(bench.label())
    assert [(line.order, line.line, line.quantity) for line in bench.parcels[0].contents] == [
        ("A-1001", 1, 1),
        ("A-1002", 1, 1),
    ]


def test_an_item_that_fails_its_check_comes_out_again() -> None:
    bench = Bench().ready().open(job_of(mug(1), instructions=(CRACKS,))).scan(MUG_EAN, "PK-UNDO")
    assert (bench.phase, bench.screen.lines[0].packed) == ("Packing", 0)


@pytest.mark.feature("O8")
def test_a_word_from_the_office_stays_until_it_is_confirmed() -> None:
    bench = Bench().ready()
    bench.give(NoteArrived(bench.wait().at, "Truck at 16:00"))
    bench.give(NoteArrived(bench.wait().at, "Truck at 16:00"))
    assert (bench.screen.note, bench.lamp) == ("Truck at 16:00", Lamp.LOOK)
    bench.open(job_of(mug(1)))
    assert bench.screen.note == "Truck at 16:00"
    assert bench.scan("PK-CONFIRM").screen.note == ""
