"""Receiving at a bench: goods of a supplier's delivery are scanned, and put to bins by their codes."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from contract.messages import DeliveryEnded, GoodsDamaged, GoodsReceived
from contract.values import ArrivedPieces
from station.devices.ports import Lamp
from station.work.answers import Say
from station.work.inputs import PrintFailed, PrintUncertain
from station.work.session import Settings
from tests.station.work.shelf_story import WINE, WINE_GTIN, Shelf, delivery_of, mug, shelf, tea, wine
from tests.station.work.story import MUG, MUG_EAN, TEA, TEA_CASE, TEA_EAN, job_of
from tests.station.work.story import mug as ordered_mug

pytestmark = pytest.mark.feature("P26")
ORDERED = delivery_of((mug(), 3, 1), (tea(), 6, 0))


def told(bench: Shelf) -> list[tuple[str, dict[str, int]]]:
    return [(fact.bin, {str(each.sku): each.quantity for each in fact.goods}) for fact in bench.recorded(GoodsReceived)]


def test_pieces_and_cases_are_scanned_and_are_in_the_stock_when_their_bin_is() -> None:
    bench = shelf().receive(ORDERED)
    assert (bench.screen.sentence, bench.screen.title) == ("Scan what came", "PO-7 · Faïencerie du Port")
    assert [(line.sku, line.packed, line.quantity) for line in bench.screen.lines] == [(MUG, 1, 3), (TEA, 0, 6)]
    bench.scan(MUG_EAN, MUG_EAN)
    assert (bench.lamp, bench.screen.sentence) == (Lamp.GOOD, "Scan more, or the bin")
    assert bench.screen.why == "B-17 blue mug: 3 of 3."
    assert told(bench) == []
    bench.scan("a1")
    assert (bench.said, bench.lamp) == (Say.PUT_AWAY, Lamp.GOOD)
    bench.scan(TEA_CASE, "A2")
    assert (bench.said, bench.lamp, bench.screen.sentence) == (Say.ALL_CAME, Lamp.DONE, "All has come: NEXT")
    assert told(bench) == [("A1", {"B-17": 2}), ("A2", {"T-2": 6})]
    fact = bench.recorded(GoodsReceived)[0]
    assert (fact.delivery, fact.badge) == ("PO-7", "0001")
    assert fact.goods == (ArrivedPieces(MUG, 2, scans=(MUG_EAN, MUG_EAN)),)
    assert bench.scan("PK-NEXT").phase == "Idle"
    assert not bench.recorded(DeliveryEnded)


def test_goods_that_nobody_expected_are_refused_and_too_many_are_taken_and_said() -> None:
    bench = shelf().receive(ORDERED).scan("0036000291452")
    assert (bench.said, bench.lamp, bench.screen.sentence) == (Say.NOT_EXPECTED, Lamp.STOP, "Put it aside")
    bench.scan(MUG_EAN, MUG_EAN, MUG_EAN)
    assert (bench.said, bench.lamp) == (Say.MORE_THAN_EXPECTED, Lamp.LOOK)
    assert bench.screen.why == "B-17 blue mug: 4 came, 3 were ordered. The office is told."
    bench.scan("A1")
    assert told(bench) == [("A1", {"B-17": 3})]


def test_a_delivery_is_ended_or_kept_open_for_the_rest() -> None:
    bench = shelf().receive(ORDERED).scan(MUG_EAN, "A1", "PK-NEXT")
    assert bench.screen.sentence == "Nothing more to come? YES or NO"
    assert bench.screen.why == "Missing: 1 × B-17, 6 × T-2."
    bench.scan("PK-CANCEL")
    assert bench.phase == "Receiving"
    bench.scan("PK-NEXT", "PK-NO")
    assert (bench.phase, bench.said, bench.recorded(DeliveryEnded)) == ("Idle", Say.REST_COMES, [])
    bench.receive(ORDERED).scan("PK-NEXT", "PK-YES")
    assert (bench.phase, bench.said) == ("Idle", Say.DELIVERY_ENDED)
    assert [(fact.delivery, fact.badge) for fact in bench.recorded(DeliveryEnded)] == [("PO-7", "0001")]


def test_broken_pieces_are_reported_and_not_received() -> None:
    bench = shelf().receive(ORDERED).scan("PK-DAMAGED")
    assert (bench.screen.sentence, bench.screen.actions[0].label) == ("Scan the damaged item", MUG)
    bench.scan("PK-NEXT", "0036000291452")
    assert bench.said is Say.NOT_EXPECTED
    bench.scan(TEA_CASE, "PK-DAMAGED", "PK-LINE-1", "PK-DAMAGED", "PK-CANCEL")
    assert [(fact.sku, fact.quantity) for fact in bench.recorded(GoodsDamaged)] == [(TEA, 1), (MUG, 1)]
    assert [line.packed for line in bench.screen.lines] == [1, 0]


def test_lot_and_expiry_are_read_or_asked_for_and_what_is_past_its_date_is_refused() -> None:
    bench = shelf().receive(delivery_of((wine(), 4, 0)))
    bench.scan(f"]d201{WINE_GTIN}1720010110L-0")
    assert (bench.said, bench.lamp) == (Say.CAME_EXPIRED, Lamp.STOP)
    bench.scan(f"]d201{WINE_GTIN}1729110010L-1", WINE_GTIN, "L-2")
    assert (bench.screen.sentence, bench.screen.asks_text) == ("Scan the expiry date", "date")
    bench.scan("30.11.2001")
    assert (bench.said, bench.screen.lines[0].packed) == (Say.CAME_EXPIRED, 1)
    bench.scan(WINE_GTIN, "PK-CANCEL", WINE_GTIN, "L-2", "30.11.2029", "A1")
    assert [(each.lot, each.expiry) for each in bench.recorded(GoodsReceived)[0].goods] == [
        ("L-1", "2029-11-30"),
        ("L-2", "2029-11-30"),
    ]


def test_serial_numbers_come_one_by_one_and_never_twice() -> None:
    bench = shelf().receive(delivery_of((wine("serial"), 4, 0)))
    bench.scan(f"]d201{WINE_GTIN}21S-1", WINE_GTIN, "S-2", "A1", f"]d201{WINE_GTIN}21S-1")
    assert (bench.said, bench.lamp) == (Say.SERIAL_TWICE, Lamp.STOP)
    assert bench.recorded(GoodsReceived)[0].goods[0].serials == ("S-1", "S-2")
    assert bench.recorded(GoodsReceived)[0].goods[0].sku == WINE


def test_a_quantity_is_typed_where_the_product_allows_it() -> None:
    bench = shelf().receive(ORDERED).scan(TEA_EAN, "A1")
    assert [line.may_type for line in bench.screen.lines] == [False, True]
    assert bench.typed(1, 0).said is Say.CAME_ALREADY
    assert bench.typed(0, 3).said is Say.MUST_SCAN
    assert bench.typed(7, 3).said is Say.NO_SUCH_LINE
    bench.typed(1, 5)
    assert (bench.said, bench.screen.why) == (Say.CAME, "T-2 green tea: 5 of 6.")
    bench.typed(1, 1)
    assert bench.screen.sentence == "Scan what came"
    bench.typed(1, 6).scan("A2")
    assert told(bench) == [("A1", {"T-2": 1}), ("A2", {"T-2": 5})]
    assert bench.recorded(GoodsReceived)[1].goods[0].scans == ()


def test_a_bin_that_nobody_knows_is_asked_about() -> None:
    bench = shelf().receive(ORDERED).scan("B9")
    assert bench.said is Say.NOT_EXPECTED
    assert bench.scan("A2").said is Say.GOODS_FIRST
    bench.scan(MUG_EAN, "B9")
    assert bench.screen.sentence == "Is B9 a bin? YES or NO"
    bench.scan("PK-NO", "B9", "B9", TEA_EAN, "C1", "PK-YES")
    assert told(bench) == [("B9", {"B-17": 1}), ("C1", {"T-2": 1})]


def test_a_house_without_bins_puts_goods_away_by_a_word() -> None:
    bench = shelf().receive(delivery_of((mug(), 1, 0), bins=())).scan(MUG_EAN)
    assert bench.screen.sentence == "Scan more, or put it away: NEXT"
    assert bench.scan("PK-NEXT").recorded(GoodsReceived)[0].bin == ""


@pytest.mark.parametrize(
    ("code", "say"),
    [
        ("PK-NEXT", Say.PUT_AWAY_FIRST),
        ("PK-SUSPEND", Say.PUT_AWAY_FIRST),
        ("PK-CANCEL", Say.NOT_NOW),
        ("]C1ZZ", Say.BAD_CODE),
    ],
)
def test_what_is_in_hand_is_put_away_first(code: str, say: Say) -> None:
    bench = shelf().receive(ORDERED).scan(MUG_EAN, code)
    assert (bench.said, bench.phase, told(bench)) == (say, "Receiving", [])


def test_scans_are_undone_and_leaving_is_asked() -> None:
    bench = shelf().receive(ORDERED).scan(MUG_EAN, TEA_CASE, "PK-UNDO")
    assert (bench.said, [line.packed for line in bench.screen.lines]) == (Say.SCAN_UNDONE, [2, 0])
    bench.scan("PK-DISCARD", "PK-YES", "PK-SUSPEND")
    assert (bench.phase, told(bench)) == ("Idle", [])
    bench.receive(ORDERED).scan(MUG_EAN, "PK-SIGNOUT")
    assert bench.screen.sentence == "Leave PO-7? YES or NO"
    assert bench.scan("PK-YES").phase == "SignedOut"
    assert shelf().receive(ORDERED).scan("PK-CANCEL").phase == "Idle"


@pytest.mark.parametrize("outcome", [PrintFailed(0, "", "No paper: load a roll."), PrintUncertain(0, "")])
def test_a_slip_in_trouble_waits_until_the_question_is_answered(outcome: PrintFailed | PrintUncertain) -> None:
    """Nobody answers a question that is not on the screen."""
    bench = Shelf(Settings(language="en", has_slip_printer=True))
    bench.ready().open(job_of(ordered_mug(1))).scan(MUG_EAN).put_down(312)
    slip, label = bench.printed("slip"), bench.label()
    bench.scan(label)
    bench.receive(ORDERED).scan("PK-NEXT")
    asked = bench.screen.sentence
    bench.give(replace(outcome, at=bench.wait().at, print_id=slip.print_id))
    assert bench.screen.sentence == asked
    assert [action.code for action in bench.screen.actions][:3] == ["PK-YES", "PK-NO", "PK-CANCEL"]
    bench.scan("PK-CANCEL")
    assert bench.phase == "Receiving"
    assert "slip" in bench.screen.sentence
    bench.scan("PK-YES")
    assert [paper.state for paper in bench.session.papers] in ([], ["printing"])
