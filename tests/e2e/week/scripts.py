"""Writes the week: the same orders for the same seed. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final, get_args

from msgspec.structs import replace

from demo.catalogue import Item, items
from demo.customers import customer
from tests.e2e.week.story import DAYS, GOODS_DAY, Door, Fate, Money, Script, Wanted

DAY_MS: Final = 24 * 3600 * 1000
SOLD_OUT: Final = "V-19"
"""Nothing of it lies on the shelf at first."""
_DOORS: Final[tuple[tuple[Door, int], ...]] = (
    ("rest", 32),
    ("csv", 18),
    ("mapped", 14),
    ("shopify-csv", 9),
    ("shopify", 10),
    ("woocommerce", 9),
    ("prestashop", 8),
)
_SHOPS: Final = ("shopify", "woocommerce", "prestashop")
_NUMBERS: Final[dict[Door, str]] = {
    "rest": "R-{}",
    "csv": "C-{}",
    "mapped": "M-{}",
    "shopify-csv": "#S{}",
    "shopify": "#{}",
    "woocommerce": "WOO-{}",
    "prestashop": "PRESTA{}",
}
_FATES: Final[tuple[Fate, ...]] = tuple(fate for fate in get_args(Fate) if fate != "plain")
_PLAIN_BETWEEN: Final = 2
"""So many ordinary orders come before each that something happens to."""
_FIRST: Final = 7000


def the_week(orders: int, seed: str, now_ms: int) -> tuple[Script, ...]:
    """So many orders of the seven days until now."""
    chance = random.Random(seed)
    goods = [item for item in items() if _simple(item)]
    scripts: list[Script] = []
    for serial, fate in zip(range(orders), _fates(chance), strict=False):
        scripts.append(_script(chance, goods, scripts, serial, fate, serial * DAYS // orders, now_ms))
    return tuple(scripts)


def _fates(chance: random.Random) -> Iterator[Fate]:
    """All kinds, again and again in another order."""
    while True:
        round_ = list(_FATES)
        chance.shuffle(round_)
        for fate in round_:
            for _ in range(_PLAIN_BETWEEN):
                yield "plain"
            yield fate


def _script(
    chance: random.Random, goods: list[Item], before: list[Script], serial: int, fate: Fate, day: int, now_ms: int
) -> Script:
    doors, weights = zip(*_DOORS, strict=True)
    door: Door = chance.choices(doors, weights)[0]
    other = before[-1] if before else None
    if fate == "together" and (other is None or other.fate != "plain" or other.day != day or other.money != "at once"):
        fate = "plain"
    if fate == "together" and other is not None:
        door = other.door
    if fate == "waits for goods" and day > GOODS_DAY:
        fate = "plain"
    if fate in ("bad postcode", "moved after packing", "piece missing") and day == DAYS - 1:
        fate = "plain"
    script = Script(
        number=_NUMBERS[door].format(_FIRST + serial),
        serial=serial,
        day=day,
        door=door,
        money=_money(chance, door, fate),
        fate=fate,
        # Such a file has but one code page, and a wrong postcode is easily seen in France.
        customer=customer(chance, _FIRST + serial, "FR" if door == "mapped" or fate == "bad postcode" else ""),
        lines=_lines(chance, goods, fate),
        placed_at=(now_ms - (DAYS - day) * DAY_MS + serial * 60_000) // 1000 * 1000,
    )
    if fate == "together" and other is not None:
        return replace(script, customer=replace(other.customer, email=script.customer.email))
    return script


def _money(chance: random.Random, door: Door, fate: Fate) -> Money:
    if fate != "plain":
        return "at once"
    if door in _SHOPS:
        return "never" if chance.random() < 0.06 else "at once"
    ways: tuple[Money, ...] = ("at once", "card", "bank", "cheques", "by hand", "never")
    return chance.choices(ways, (40, 20, 16, 12, 6, 6))[0]


def _lines(chance: random.Random, goods: list[Item], fate: Fate) -> tuple[Wanted, ...]:
    count = 2 if fate in ("divided", "from supplier") else chance.choices((1, 2, 3), (65, 27, 8))[0]
    lines = [
        Wanted(item.sku, chance.choices((1, 2, 3), (78, 17, 5))[0], item.price) for item in chance.sample(goods, count)
    ]
    if fate in ("less wanted", "piece missing", "piece damaged", "divided", "cancelled in hand", "cancelled unheard"):
        lines[0] = replace(lines[0], quantity=lines[0].quantity + 1)
    if fate == "waits for goods":
        sold_out = next(item for item in items() if item.sku == SOLD_OUT)
        lines = [Wanted(sold_out.sku, 1, sold_out.price)]
    return tuple(lines)


def _simple(item: Item) -> bool:
    """Plenty on the shelf, with a code of its own, weighed, and light enough that an order fits one parcel."""
    return item.on_hand > 60 and item.policy == "scan" and item.mass_g is not None and item.mass_g < 700
