"""Counting at a bench: bin by bin, by scans, by touch where a product allows it, blind or not."""

from __future__ import annotations

import pytest

from contract.messages import OpenWork, SignedOut, StockCounted, WorkRefused
from contract.values import CountSpot, FoundPieces
from station.devices.ports import Lamp
from station.work.answers import Say
from station.work.inputs import CountArrived, WorkWasRefused
from tests.station.work.shelf_story import WINE, WINE_GTIN, Shelf, count_of, shelf, wine
from tests.station.work.story import MUG, MUG_EAN, TEA, TEA_CASE, TEA_EAN

pytestmark = pytest.mark.feature("P25")
TWO_BINS = count_of(CountSpot(MUG, "A1"), CountSpot(TEA, "A1"), CountSpot(TEA, "A2"))


def told(bench: Shelf) -> list[tuple[str, dict[str, int]]]:
    return [
        (fact.bin, {f"{each.sku} {each.lot or each.expiry}".strip(): each.quantity for each in fact.found})
        for fact in bench.recorded(StockCounted)
    ]


def test_a_count_goes_from_bin_to_bin_and_each_is_told_when_it_is_done() -> None:
    bench = shelf().count(TWO_BINS)
    assert (bench.screen.sentence, bench.screen.title) == ("Scan the next bin", "C-7 · shelf A")
    assert [(line.name, line.packed, line.quantity) for line in bench.screen.lines] == [("A1", 0, 2), ("A2", 0, 1)]
    bench.scan("a1", MUG_EAN, MUG_EAN, TEA_CASE)
    assert (bench.lamp, bench.screen.sentence, bench.screen.title) == (Lamp.GOOD, "A1: scan every piece", "C-7 · A1")
    assert [(line.sku, line.packed, line.quantity) for line in bench.screen.lines] == [(MUG, 2, 0), (TEA, 6, 0)]
    assert told(bench) == []
    bench.scan("PK-NEXT")
    assert (bench.said, bench.phase) == (Say.BIN_COUNTED, "Counting")
    assert [(line.name, line.mark) for line in bench.screen.lines] == [("A2", "todo"), ("A1", "done")]
    bench.scan("A2", TEA_EAN, "A2")
    assert (bench.said, bench.lamp, bench.phase) == (Say.JOB_DONE, Lamp.DONE, "Idle")
    assert told(bench) == [("A1", {"B-17": 2, "T-2": 6}), ("A2", {"T-2": 1})]
    fact = bench.recorded(StockCounted)[0]
    assert (fact.count, fact.badge, fact.found[0]) == ("C-7", "0001", FoundPieces(MUG, 2, scans=(MUG_EAN, MUG_EAN)))


def test_what_was_not_scanned_is_asked_for_before_it_counts_as_none() -> None:
    bench = shelf().count(TWO_BINS).scan("A1", MUG_EAN, "PK-NEXT")
    assert (bench.said, bench.screen.sentence) == (Say.ASK_NOTHING_THERE, "Really none there? YES or NO")
    assert "T-2" in bench.screen.why
    bench.scan("PK-NO", MUG_EAN, "A1", "PK-YES")
    assert told(bench) == [("A1", {"T-2": 0, "B-17": 2})]


def test_a_blind_count_never_shows_what_is_expected_and_an_open_one_does() -> None:
    blind = shelf().count(TWO_BINS).scan("A1")
    assert {line.quantity for line in blind.screen.lines} == {0}
    task = count_of(
        CountSpot(MUG, "A1", expected=3), CountSpot(TEA, "A1", "L1", expected=2), CountSpot(TEA, "A1", "L2", expected=4)
    )
    seen = shelf().count(task).scan("A1", MUG_EAN, MUG_EAN, MUG_EAN, TEA_EAN)
    assert [(line.sku, line.packed, line.quantity, line.mark) for line in seen.screen.lines] == [
        (TEA, 1, 6, "touched"),
        (MUG, 3, 3, "done"),
    ]


def test_lots_are_read_from_the_code_or_asked_for_and_counted_apart() -> None:
    task = count_of(CountSpot(WINE, "A1", "L-1"), CountSpot(WINE, "A1", "L-2"), items=(wine(),))
    bench = shelf().count(task).scan("A1", f"]d201{WINE_GTIN}1729110010L-1")
    assert bench.said is Say.COUNTED
    bench.scan(WINE_GTIN)
    assert (bench.said, bench.screen.sentence, bench.screen.asks_text) == (Say.ASK_ORIGIN, "Scan the lot", "text")
    assert "W-3 red wine" in bench.screen.why
    bench.scan(WINE_GTIN)
    assert bench.said is Say.BAD_LOT
    bench.scan("L-9", "PK-NEXT", "PK-YES")
    assert told(bench) == [("A1", {"W-3 L-2": 0, "W-3 L-1": 1, "W-3 L-9": 1})]
    assert bench.recorded(StockCounted)[0].found[1].expiry == "2029-11-30"


def test_pieces_without_a_told_lot_are_of_the_only_one_that_should_lie_there() -> None:
    bench = shelf().count(count_of(CountSpot(TEA, "A1", "L-1"))).scan("A1", TEA_EAN, "PK-NEXT")
    assert told(bench) == [("A1", {"T-2 L-1": 1})]


def test_a_quantity_is_typed_where_the_product_allows_it() -> None:
    bench = shelf().count(TWO_BINS).scan("A1", MUG_EAN, TEA_EAN)
    assert [line.may_type for line in bench.screen.lines] == [False, True]
    assert bench.typed(0, 40).said is Say.MUST_SCAN
    bench.typed(1, 120)
    assert (bench.said, bench.screen.lines[1].packed) == (Say.COUNTED, 120)
    assert bench.typed(1, 1_000_000).said is Say.TYPED_TOO_MANY
    assert bench.typed(9, 1).said is Say.NO_SUCH_LINE
    bench.typed(1, 0).scan("PK-NEXT")
    assert told(bench) == [("A1", {"T-2": 0, "B-17": 1})]


def test_scans_are_undone_one_by_one_or_all_together() -> None:
    bench = shelf().count(TWO_BINS).scan("A1", MUG_EAN, TEA_CASE, "PK-UNDO")
    assert (bench.said, bench.screen.lines[1].packed) == (Say.SCAN_UNDONE, 0)
    bench.scan("PK-DISCARD")
    assert bench.screen.sentence == "Forget these scans? YES or NO"
    bench.scan("PK-YES", "PK-UNDO")
    assert (bench.said, bench.screen.lines[0].packed) == (Say.NOTHING_TO_UNDO, 0)
    bench.scan("PK-CANCEL")
    assert bench.screen.sentence == "Scan the next bin"


@pytest.mark.parametrize(
    ("code", "say", "lamp"),
    [
        ("Z9", Say.WRONG_BIN, Lamp.STOP),
        (MUG_EAN, Say.BIN_FIRST, Lamp.LOOK),
        ("PK-NEXT", Say.BIN_FIRST, Lamp.LOOK),
        ("PK-LINE-1", Say.BIN_FIRST, Lamp.LOOK),
    ],
)
def test_before_a_bin_is_scanned_nothing_else_counts(code: str, say: Say, lamp: Lamp) -> None:
    bench = shelf().count(TWO_BINS).scan(code)
    assert (bench.said, bench.lamp, bench.phase) == (say, lamp, "Counting")


@pytest.mark.parametrize(
    ("code", "say", "lamp"),
    [
        ("0036000291452", Say.NOT_COUNTED, Lamp.STOP),
        ("A2", Say.BIN_NOT_DONE, Lamp.LOOK),
        ("]C1ZZ", Say.BAD_CODE, Lamp.LOOK),
        ("PK-SUSPEND", Say.BIN_NOT_DONE, Lamp.LOOK),
        ("PK-CANCEL", Say.NOT_NOW, Lamp.LOOK),
        ("PK-DAMAGED", Say.NOT_NOW, Lamp.LOOK),
    ],
)
def test_in_a_bin_only_its_goods_count(code: str, say: Say, lamp: Lamp) -> None:
    bench = shelf().count(TWO_BINS).scan("A1", MUG_EAN, code)
    assert (bench.said, bench.lamp) == (say, lamp)
    assert bench.screen.lines[0].packed == 1


def test_pieces_in_no_bin_open_by_a_touch_or_by_themselves() -> None:
    task = count_of(CountSpot(MUG, ""), CountSpot(TEA, "A2"))
    bench = shelf().count(task)
    assert ("PK-LINE-1", "No bin") in [(action.code, action.label) for action in bench.screen.actions]
    bench.scan("PK-LINE-1", MUG_EAN, "PK-NEXT", "A2", TEA_EAN, "PK-NEXT")
    assert told(bench) == [("", {"B-17": 1}), ("A2", {"T-2": 1})]
    alone = shelf().count(count_of(CountSpot(MUG, "")))
    assert (alone.screen.sentence, alone.screen.title) == ("No bin: scan every piece", "C-7 · No bin")
    assert alone.scan("PK-CANCEL").phase == "Idle"


def test_what_others_have_counted_is_done_and_may_be_counted_again() -> None:
    task = count_of(CountSpot(MUG, "A1", counted=True), CountSpot(TEA, "A2"))
    bench = shelf().count(task)
    assert [(line.name, line.mark) for line in bench.screen.lines] == [("A2", "todo"), ("A1", "done")]
    bench.scan("A1", MUG_EAN, "PK-NEXT", "A2", TEA_EAN, "PK-NEXT")
    assert [bin_ for bin_, _ in told(bench)] == ["A1", "A2"]


def test_a_count_is_put_down_between_bins_and_left_only_after_a_question() -> None:
    bench = shelf().count(TWO_BINS).scan("A1", MUG_EAN, TEA_EAN, "PK-NEXT", "PK-SUSPEND")
    assert (bench.said, bench.phase) == (Say.PUT_DOWN, "Idle")
    for leaving in ("PK-SIGNOUT", "BADGE-0001"):
        bench = shelf().count(TWO_BINS).scan("A1", MUG_EAN, leaving)
        assert bench.screen.sentence == "Leave C-7? YES or NO"
        bench.scan("PK-NO", TEA_EAN)
        assert bench.screen.lines[1].packed == 1
        bench.scan(leaving, leaving)
        assert (bench.phase, len(bench.recorded(SignedOut)), told(bench)) == ("SignedOut", 1, [])


def test_another_packer_takes_over_and_an_idle_bench_waits_for_a_badge() -> None:
    bench = shelf().count(TWO_BINS).scan("A1", MUG_EAN, "BADGE-0007", TEA_EAN, "PK-NEXT")
    assert bench.recorded(StockCounted)[0].badge == "0007"
    bench.tick(700)
    assert (bench.phase, bench.screen.lines) == ("Away", ())
    bench.scan("BADGE-0001", "A2", TEA_EAN, "PK-NEXT")
    assert [fact.badge for fact in bench.recorded(StockCounted)] == ["0007", "0001"]


def test_a_lead_is_called_and_a_note_confirmed_without_losing_a_scan() -> None:
    bench = shelf().count(TWO_BINS).scan("A1", MUG_EAN, "PK-LEAD")
    assert bench.said is Say.LEAD_CALLED
    bench.scan("PK-CONFIRM", "PK-EXPLAIN", "PK-LANGUAGE")
    assert bench.screen.sentence == "A1 : scannez chaque pièce"
    assert bench.screen.lines[0].packed == 1


def test_the_count_is_asked_for_by_its_code_and_a_refusal_is_told() -> None:
    bench = shelf().scan("COUNT-C-7")
    assert bench.asks == [OpenWork("COUNT-C-7", "0001")]
    bench.give(CountArrived(bench.at, TWO_BINS, "COUNT-C-8"))
    assert bench.phase == "Opening"
    bench.give(WorkWasRefused(bench.at, WorkRefused("COUNT-C-7", "over", "It is counted.", "C'est compté.")))
    assert (bench.phase, bench.screen.why) == ("Idle", "It is counted.")
