"""A packer's next move from what the screen shows."""

from __future__ import annotations

import pytest

from contract.keys import Sscc
from demo.catalogue import Item, items
from demo.count import Result, quantile
from demo.packer import NO_MORE, Hands, Look, Place, Scan, Type, carton_g, fitting, is_recalled, next_move
from station.kiosk.view import ActionView, LineView, Screen

SHOP: dict[str, Item] = {item.sku: item for item in items()}
LABEL = Sscc.numbered("39521234", 7)


def line(sku: str, packed: int, quantity: int, *, may_type: bool = False) -> LineView:
    mark = "done" if packed == quantity else "todo"
    return LineView("1001", 1, sku, SHOP[sku].name, "", packed, quantity, 0, mark, may_type)  # type: ignore[arg-type]


def screen(*lines: LineView, packer: str = "Camille", note: str = "", offers: tuple[str, ...] = ()) -> Screen:
    actions = tuple(ActionView(code, code) for code in offers)
    return Screen("ready", "", note=note, lines=lines, parcel=int(bool(lines)), packer=packer, actions=actions)


def test_badge_then_order_then_box_then_items() -> None:
    assert next_move(screen(packer=""), Hands(), SHOP, ["1001"]) == Scan("BADGE-4711", "the badge")
    assert next_move(screen(), Hands(), SHOP, ["1001"]) == Scan("1001", "order 1001")
    assert next_move(screen(), Hands(), SHOP, []) == NO_MORE
    assert next_move(screen(line("B-11", 0, 2)), Hands(), SHOP, []) == Scan("BOX-S", "small box")
    assert next_move(screen(line("B-11", 0, 2)), Hands(box="BOX-S"), SHOP, []) == Scan(SHOP["B-11"].gtin, "Blue mug")


def test_nothing_is_scanned_while_central_is_asked() -> None:
    assert isinstance(next_move(screen(offers=("PK-CANCEL",)), Hands(), SHOP, ["1001"]), Look)


def test_a_note_is_confirmed_first() -> None:
    shown = screen(line("B-11", 0, 2), note="Kraft paper only", offers=("PK-CONFIRM",))
    assert next_move(shown, Hands(), SHOP, []) == Scan("PK-CONFIRM", "CONFIRM")


def test_a_whole_case_is_one_scan() -> None:
    move = next_move(screen(line("S-12", 0, 13)), Hands(box="BOX-S"), SHOP, [])
    assert move == Scan(SHOP["S-12"].case_gtin, "the case of 12 Soap, rose")
    assert next_move(screen(line("S-12", 12, 13)), Hands(box="BOX-S"), SHOP, []) == Scan(
        SHOP["S-12"].gtin, "Soap, rose"
    )


def test_what_has_no_code_is_typed() -> None:
    move = next_move(screen(line("SP-19", 0, 3, may_type=True)), Hands(box="BOX-S"), SHOP, [])
    assert move == Type("1001", 1, 3, SHOP["SP-19"].name)


def test_a_full_parcel_goes_on_the_scale_and_its_label_on_the_parcel() -> None:
    full = screen(line("B-11", 2, 2))
    mass = 85 + 2 * (SHOP["B-11"].mass_g or 0)
    assert next_move(full, Hands(box="BOX-S"), SHOP, []) == Place(mass, "put the parcel on")
    assert isinstance(next_move(full, Hands(box="BOX-S", on_scale_g=mass), SHOP, []), Look)
    assert next_move(full, Hands(box="BOX-S", on_scale_g=mass, label=LABEL), SHOP, []) == Scan(
        f"00{LABEL}", "the label"
    )
    assert next_move(screen(), Hands(on_scale_g=mass), SHOP, ["1002"]) == Place(0, "take the parcel off")


def test_a_heavy_carton_is_closed_before_the_order_is_complete() -> None:
    heavy = screen(line("L-11", 5, 9))
    assert next_move(heavy, Hands(box="BOX-XL"), SHOP, []) == Scan("PK-NEXT", "NEXT PARCEL")
    closing = Hands(box="BOX-XL", closing=True)
    assert next_move(heavy, closing, SHOP, []) == Place(carton_g(heavy, closing, SHOP), "put the parcel on")


def test_a_second_parcel_weighs_only_what_is_in_it() -> None:
    shown = screen(line("B-11", 3, 4))
    assert carton_g(shown, Hands(box="BOX-S", closed={("1001", 1): 2}), SHOP) == 85 + (SHOP["B-11"].mass_g or 0)


def test_every_single_product_fits_some_box() -> None:
    assert {fitting([line(sku, 0, 1)], SHOP) for sku in SHOP} == {"BOX-S", "BOX-M", "BOX-L"}
    assert fitting([line("L-11", 0, 3)], SHOP) == "BOX-XL"


def test_quantiles_are_of_what_was_measured() -> None:
    assert quantile([], 0.5) == 0
    assert quantile([1.0, 2.0, 3.456], 0.99) == 3.46
    assert quantile([1.0, 2.0, 3.0], 0.5) == 2


@pytest.mark.parametrize(
    ("closed", "booked", "decoded", "lost", "doubled", "stock_ok"),
    [
        (4, 5, 5, 0, 0, True),
        (5, 4, 5, 1, 0, True),
        (5, 5, 4, 0, 0, True),
        (5, 5, 5, 0, 1, True),
        (5, 5, 5, 0, 0, False),
    ],
)
def test_a_result_agrees_only_when_all_of_it_does(
    closed: int, booked: int, decoded: int, lost: int, doubled: int, stock_ok: bool
) -> None:
    assert Result(5, 5, 5, 0, 0, True, 1, 1, 1, 1).agrees(5)
    assert not Result(closed, booked, decoded, lost, doubled, stock_ok, 1, 1, 1, 1).agrees(5)


def test_a_recalled_order_is_taken_off_the_bench_and_confirmed() -> None:
    shown = screen(offers=("PK-CONFIRM", "PK-EXPLAIN"))
    assert next_move(shown, Hands(on_scale_g=500), SHOP, ["1001"]) == Place(0, "take the parcel off")
    assert next_move(shown, Hands(), SHOP, ["1001"]) == Scan("PK-CONFIRM", "the goods are off the bench")
    assert not is_recalled(screen(offers=("PK-CONFIRM", "PK-WORK", "PK-SIGNOUT")))
