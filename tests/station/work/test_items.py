"""Scan until quantities are met: what is accepted, what is refused, and with which sentence."""

import pytest
from msgspec.structs import replace

from contract.keys import OrderId, Sku
from contract.values import ItemCode, JobLine, Override
from station.devices.ports import Lamp
from station.work.answers import Say
from tests.station.work.story import (
    CHEESE,
    CHEESE_HEAD,
    MUG_EAN,
    TEA_CASE,
    TEA_EAN,
    Bench,
    job_of,
    mug,
    tea,
)


def packing(*lines: JobLine) -> Bench:
    return Bench().ready().open(job_of(*lines))


def packed(bench: Bench) -> dict[str, int]:
    return {line.sku: line.packed for line in bench.screen.lines}


@pytest.mark.feature("P3", "P20")
def test_each_scan_is_answered_until_quantities_are_met() -> None:
    bench = packing(mug(2), tea(1)).scan(MUG_EAN)
    assert (bench.said, bench.lamp, bench.screen.tone) == (Say.PACKED, Lamp.GOOD, "good")
    assert bench.screen.why == "B-17 blue mug: 1 of 2."
    bench.scan(MUG_EAN)
    assert bench.said is Say.LINE_DONE
    bench.scan(TEA_EAN)
    assert (bench.said, bench.lamp, bench.phase) == (Say.ALL_IN, Lamp.DONE, "OnScale")
    assert packed(bench) == {"B-17": 2, "T-2": 1}


@pytest.mark.feature("P3")
def test_a_wrong_item_is_refused_with_light_sound_and_a_sentence() -> None:
    bench = packing(mug(2)).scan(MUG_EAN, TEA_EAN)
    assert (bench.lamp, bench.screen.tone, bench.screen.sound) == (Lamp.STOP, "stop", "stop")
    assert bench.screen.sentence == "Put it back"
    assert bench.screen.why == "Wrong item: 5901234123457 is not in this order. Help: EXPLAIN."
    assert bench.screen.repeat_sound
    assert packed(bench) == {"B-17": 1}
    bench.scan("PK-CONFIRM")
    assert not bench.screen.repeat_sound


@pytest.mark.feature("P3")
def test_an_item_too_many_is_refused() -> None:
    bench = packing(mug(1), tea(1)).scan(MUG_EAN, MUG_EAN)
    assert (bench.said, bench.lamp) == (Say.TOO_MANY, Lamp.STOP)
    assert "Too many: B-17 blue mug is complete" in bench.screen.why


@pytest.mark.feature("P3")
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("4006381333932", "the check digit is 2, it should be 1"),
        ("]E04006381333932", "the check digit is 2, it should be 1"),
        ("]C1ZZ99", "application identifier"),
        ("", "the code is empty"),
        ("x" * 900, "900 characters"),
    ],
)
def test_a_garbled_scan_says_what_is_wrong_with_it(text: str, says: str) -> None:
    bench = packing(mug(1)).scan(text)
    assert (bench.said, bench.lamp) == (Say.BAD_CODE, Lamp.LOOK)
    assert says in bench.screen.why
    assert packed(bench) == {"B-17": 0}


@pytest.mark.feature("P4")
@pytest.mark.parametrize(
    "code", [MUG_EAN, f"]E0{MUG_EAN}", f"0{MUG_EAN}", f"]C1010{MUG_EAN}\x1d10LOT7", "b-17", "B-17"]
)
def test_many_codes_name_one_product(code: str) -> None:
    assert packed(packing(mug(1), tea(1)).scan(code)) == {"B-17": 1, "T-2": 0}


@pytest.mark.feature("P4")
def test_a_case_counts_its_pieces_and_never_more_than_wanted() -> None:
    bench = packing(tea(7), mug(1)).scan(TEA_CASE)
    assert packed(bench)["T-2"] == 6
    bench.scan(TEA_CASE)
    assert (bench.said, bench.lamp) == (Say.CASE_TOO_BIG, Lamp.STOP)
    assert bench.screen.why == "This case counts 6 × T-2 green tea, 1 wanted. Scan single pieces."
    assert packed(bench.scan(TEA_EAN))["T-2"] == 7


@pytest.mark.feature("P4")
def test_an_in_store_code_with_any_price_names_the_product() -> None:
    cheese = JobLine(OrderId("A-1001"), 3, CHEESE, "cheese", 2, (ItemCode(CHEESE_HEAD, "in_store"),))
    bench = packing(cheese, mug(1)).scan("2123456001990", "2123456007503")
    assert packed(bench)["C-9"] == 2


@pytest.mark.feature("P4")
def test_a_house_code_counts_without_regard_to_case() -> None:
    bolt = JobLine(OrderId("A-1001"), 4, Sku("BOLT"), "bolts", 100, (ItemCode("Bag-50", "sku", quantity=50),))
    assert packed(packing(bolt).scan("BAG-50", "bolt"))["BOLT"] == 51


@pytest.mark.feature("P15")
def test_one_product_in_two_orders_of_a_consignee_fills_them_in_turn() -> None:
    bench = packing(mug(1), mug(1, order="A-1002")).scan(MUG_EAN, MUG_EAN)
    assert [line.packed for line in bench.screen.lines] == [1, 1]


@pytest.mark.feature("P5")
def test_a_product_that_must_be_scanned_is_neither_ticked_nor_typed() -> None:
    line = mug(2)
    bench = packing(line).type(line, 2)
    assert (bench.said, packed(bench)) == (Say.MUST_SCAN, {"B-17": 0})
    bench.scan("PK-LINE-1")
    assert (bench.said, packed(bench)) == (Say.MUST_SCAN, {"B-17": 0})
    assert not bench.screen.lines[0].may_type
    assert not bench.screen.lines[0].touch_code


@pytest.mark.feature("P5")
def test_ticks_and_typed_quantities_are_overrides_with_a_name() -> None:
    by_hand, loose = mug(2, policy="manual"), tea(5, policy="scan_where_possible")
    bench = packing(by_hand, loose).scan("PK-LINE-1", "PK-LINE-1", TEA_EAN).type(loose, 5)
    assert bench.phase == "OnScale"
    bench.put_down(100 + 2 * 212 + 5 * 60).scan(bench.label())
    parcel = bench.parcels[0]
    assert [(line.quantity, line.proof, line.scans) for line in parcel.contents] == [
        (2, "tick", ()),
        (5, "typed", (TEA_EAN,)),
    ]
    assert parcel.overrides == (
        Override("tick", "0001", "1 × B-17"),
        Override("tick", "0001", "1 × B-17"),
        Override("typed_quantity", "0001", "4 × T-2"),
    )


@pytest.mark.feature("P5")
def test_typing_the_same_quantity_twice_counts_once() -> None:
    line = tea(5, policy="manual")
    bench = packing(line).type(line, 3).type(line, 3)
    assert packed(bench) == {"T-2": 3}
    assert packed(bench.type(line, 1)) == {"T-2": 1}
    assert (bench.type(line, 6).said, packed(bench)) == (Say.TYPED_TOO_MANY, {"T-2": 1})


@pytest.mark.feature("P5", "P8")
def test_a_lower_quantity_takes_the_latest_pieces_out_and_breaks_a_case_last() -> None:
    line = tea(9, policy="manual")
    bench = packing(line).scan(TEA_CASE).type(line, 8).type(line, 3)
    assert packed(bench) == {"T-2": 3}


@pytest.mark.feature("P5")
def test_a_quantity_for_a_line_that_is_not_there_is_refused() -> None:
    bench = packing(mug(1)).type(replace(mug(1), line=9), 1)
    assert (bench.said, bench.lamp) == (Say.NO_SUCH_LINE, Lamp.LOOK)
    assert bench.scan("PK-LINE-40").said is Say.NO_SUCH_LINE


@pytest.mark.feature("P8", "P7")
def test_undo_takes_back_the_last_scan() -> None:
    bench = packing(mug(1), tea(7)).scan(MUG_EAN, TEA_CASE, "PK-UNDO")
    assert packed(bench) == {"B-17": 1, "T-2": 0}
    assert bench.screen.why == "Undone: take 6 × T-2 green tea out."
    bench.scan("PK-UNDO", "PK-UNDO")
    assert (bench.said, packed(bench)) == (Say.NOTHING_TO_UNDO, {"B-17": 0, "T-2": 0})


@pytest.mark.feature("P8")
def test_an_item_is_taken_out_by_its_code() -> None:
    bench = packing(mug(2), tea(1)).scan(MUG_EAN, TEA_EAN, "PK-TAKEOUT")
    assert bench.screen.sentence == "Scan the item to take out"
    assert packed(bench.scan(MUG_EAN)) == {"B-17": 0, "T-2": 1}
    bench.scan("PK-TAKEOUT", MUG_EAN)
    assert (bench.said, bench.phase) == (Say.NOT_IN_PARCEL, "Asking")
    assert bench.scan("PK-CANCEL").phase == "Packing"


@pytest.mark.feature("P8", "P21")
def test_an_item_is_taken_out_by_touch() -> None:
    bench = packing(mug(2), tea(1)).scan(MUG_EAN, "PK-TAKEOUT")
    touchable = [line.touch_code for line in bench.screen.lines if line.touch_code]
    assert packed(bench.scan(*touchable)) == {"B-17": 0, "T-2": 0}


@pytest.mark.feature("P8")
def test_a_piece_out_of_a_case_leaves_the_rest_of_it() -> None:
    bench = packing(tea(6)).scan(TEA_CASE, "PK-TAKEOUT", TEA_EAN)
    assert packed(bench) == {"T-2": 5}


@pytest.mark.feature("P8")
def test_emptying_the_parcel_asks_twice() -> None:
    bench = packing(mug(2)).scan(MUG_EAN, "PK-DISCARD")
    assert (bench.phase, packed(bench)) == ("Asking", {"B-17": 1})
    assert bench.scan(MUG_EAN).said is Say.ANSWER_FIRST
    assert packed(bench.scan("PK-DISCARD")) == {"B-17": 0}
    assert packed(bench.scan(MUG_EAN, "PK-DISCARD", "PK-NO")) == {"B-17": 1}


def test_the_box_is_named_by_its_barcode() -> None:
    bench = packing(mug(1)).scan("box-l")
    assert (bench.said, bench.screen.why) == (Say.BOX, "Box: Large box.")
    assert bench.scan("BOX-Q").said is Say.BOX_UNKNOWN
    bench.scan(MUG_EAN).put_down(250 + 212).scan(bench.label())
    assert (bench.parcels[0].box, bench.parcels[0].box_tare_g) == ("BOX-L", 250)


@pytest.mark.feature("P7")
def test_buttons_do_what_their_commands_do() -> None:
    bench = packing(mug(2)).scan(MUG_EAN).press("undo")
    assert packed(bench) == {"B-17": 0}
    assert bench.press("sign_out").phase == "Asking"
    assert bench.scan("PK-NO", "PK-WHAT").said is Say.UNKNOWN_COMMAND
