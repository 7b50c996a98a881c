"""Lot, serial number, expiry: read from GS1 codes and Digital Links, or asked for; once each; never expired."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from contract.barcode import GS
from contract.messages import JobSuspended, ShortReported
from contract.values import JobLine, PackedLine, Trace, TraceKind
from station.work.answers import Say
from station.work.tracing import expiry_in, is_past
from tests.station.work.story import MUG_EAN, TEA_EAN, Bench, job_of, mug, tea

pytestmark = pytest.mark.feature("P6")

ITEM = f"010{MUG_EAN}"


def traced(quantity: int, *requires: TraceKind) -> JobLine:
    return replace(mug(quantity, policy="manual"), requires=requires)


def at_work(*lines: JobLine) -> Bench:
    return Bench().ready().open(job_of(*lines))


def closed(bench: Bench, grams: int) -> tuple[Trace, ...]:
    """Weigh, label and close the parcel; what it says of its first line."""
    bench.put_down(grams)
    return bench.scan(bench.label()).parcels[-1].contents[0].traces


@pytest.mark.parametrize(
    "code",
    [
        f"]C1{ITEM}1729113010L-7{GS}21S/9",
        f"]d2{ITEM}1729113010L-7{GS}21S/9",
        f"]Q3{ITEM}1729113010L-7{GS}21S/9",
        f"]Q1https://id.gs1.org/01/0{MUG_EAN}/10/L-7/21/S%2F9?17=291130",
        f"HTTPS://shop.example/goods/01/0{MUG_EAN}/21/S%2F9?10=L-7&17=291130&color=blue",
    ],
)
def test_one_scan_says_all(code: str) -> None:
    bench = at_work(traced(1, "lot", "serial", "expiry")).scan(code)
    assert bench.phase == "OnScale"
    assert closed(bench, 312) == (Trace(1, "L-7", "S/9", "2029-11-30"),)


def test_what_the_code_does_not_say_is_asked_for_one_by_one() -> None:
    bench = at_work(traced(1, "lot", "expiry")).scan(MUG_EAN)
    assert (bench.phase, bench.screen.sentence) == ("Asking", "Scan the lot")
    assert bench.screen.asks_text == "text"
    assert bench.session.phase.work.parcel.pieces == ()  # type: ignore[union-attr]
    bench.scan("K-31")
    assert (bench.screen.sentence, bench.screen.asks_text) == ("Scan the expiry date", "date")
    assert bench.scan("31.02.2029").said is Say.BAD_EXPIRY
    bench.scan("28.02.2029")
    assert bench.screen.asks_text == ""
    assert closed(bench, 312) == (Trace(1, "K-31", "", "2029-02-28"),)


def test_a_further_barcode_may_answer_more_than_was_asked() -> None:
    bench = at_work(traced(1, "lot", "expiry")).scan(MUG_EAN, f"]C11729113010L-7{GS}")
    assert closed(bench, 312) == (Trace(1, "L-7", "", "2029-11-30"),)


def test_the_items_own_code_is_no_lot() -> None:
    bench = at_work(traced(1, "lot"), tea(1)).scan(MUG_EAN)
    for code in (MUG_EAN, TEA_EAN, "x" * 21, "]C100340123450000000017"):
        assert bench.scan(code).said is Say.BAD_LOT
        assert bench.phase == "Asking"


def test_cancel_puts_the_item_back() -> None:
    bench = at_work(traced(1, "lot")).scan(MUG_EAN, "PK-CANCEL")
    assert (bench.phase, bench.screen.lines[0].packed) == ("Packing", 0)


def test_a_tick_and_a_typed_number_are_asked_too() -> None:
    bench = at_work(traced(3, "lot")).scan("PK-LINE-1", "L-1").type(traced(3), 3)
    assert bench.phase == "Asking"
    bench.scan("L-2")
    assert closed(bench, 736) == (Trace(1, "L-1"), Trace(2, "L-2"))
    assert {each.kind for each in bench.parcels[0].overrides} == {"tick", "typed_quantity"}


def test_a_serial_number_is_accepted_once_in_all_parcels_of_the_order() -> None:
    bench = at_work(traced(3, "serial")).scan(f"]d2{ITEM}21A", f"]d2{ITEM}21A")
    assert (bench.said, bench.screen.tone, bench.screen.lines[0].packed) == (Say.SERIAL_TWICE, "stop", 1)
    bench.scan(f"]d2{ITEM}21B", "PK-NEXT")
    assert closed(bench, 524) == (Trace(serial="A"), Trace(serial="B"))
    assert bench.scan(f"]d2{ITEM}21A").said is Say.SERIAL_TWICE
    assert bench.scan(MUG_EAN, "B").said is Say.SERIAL_TWICE
    assert bench.phase == "Packing"
    bench.scan(MUG_EAN, "C")
    assert bench.phase == "OnScale"


def test_several_pieces_at_once_have_no_serial_number() -> None:
    assert at_work(traced(3, "serial")).type(traced(3), 2).said is Say.ONE_BY_ONE


def test_expired_goods_are_refused_whoever_asked() -> None:
    bench = at_work(mug(1))
    bench.scan(f"]C1{ITEM}17231113")
    assert (bench.said, bench.screen.sentence) == (Say.EXPIRED, "Put it aside: expired")
    assert "2023-11-13" in bench.screen.why
    assert bench.scan(f"]C1{ITEM}17231114").said is Say.ALL_IN, "good on its last day"
    asked = at_work(traced(1, "expiry")).scan(MUG_EAN, "2023-11-01")
    assert (asked.said, asked.phase) == (Say.EXPIRED, "Packing")


def test_of_different_pieces_the_code_says_which_comes_out() -> None:
    bench = at_work(traced(4, "serial")).scan(*(f"]d2{ITEM}21{serial}" for serial in "ABC"))
    assert bench.scan("PK-TAKEOUT", "PK-LINE-1").said is Say.WHICH_ONE
    assert bench.scan(MUG_EAN).said is Say.WHICH_ONE
    assert bench.scan(f"]d2{ITEM}21B").said is Say.TAKEN_OUT
    bench.scan("PK-DAMAGED", f"]d2{ITEM}21A")
    assert bench.recorded(ShortReported)[0].quantity == 1
    bench.scan(f"]d2{ITEM}21B", "PK-SUSPEND")
    held = bench.recorded(JobSuspended)[0].in_hand[0]
    assert {trace.serial for trace in held.traces} <= {"A", "B", "C"}


def test_what_was_in_hand_keeps_its_origin_on_another_bench() -> None:
    known = (Trace(2, "L-1"), Trace(1, "L-2"))
    line = traced(5, "lot")
    held = PackedLine(line.order, 1, line.sku, 4, ("a", "b", "c"), "scan", known)
    bench = Bench().ready().open(replace(job_of(line), in_hand=(held,))).scan(f"]C1{ITEM}10L-2")
    assert closed(bench, 1160) == (*known, Trace(1, "L-2"))


@pytest.mark.parametrize(
    ("text", "expiry"),
    [
        ("271130", "2027-11-30"),
        ("2027-11-30", "2027-11-30"),
        ("30.11.2027", "2027-11-30"),
        ("30/11/2027", "2027-11-30"),
        ("271100", "2027-11-00"),
        ("271131", ""),
        ("tomorrow", ""),
        ("", ""),
    ],
)
def test_dates_as_they_stand_on_goods(text: str, expiry: str) -> None:
    assert expiry_in(text) == expiry


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = expiry_in(text)
    assert found == "" or len(found) == 10


DAY_MS = 86_400_000
LAST_OF_NOVEMBER = 1_827_576_000_000  # 2027-11-30T12:00Z


@pytest.mark.parametrize("expiry", ["2027-11-30", "2027-11-00", "2027-11-31"])
def test_a_month_without_a_day_ends_with_its_last(expiry: str) -> None:
    assert not is_past(expiry, LAST_OF_NOVEMBER)
    assert is_past(expiry, LAST_OF_NOVEMBER + DAY_MS)
