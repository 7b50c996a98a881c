"""The sample shop: 20 kinds of things in 10 variants each, as rows of the product file.

Codes are under GS1 prefix 952, which GS1 keeps for demonstrations: no real product has them.
"""

# A row of the tables is a line, however long.
# ruff: noqa: E501

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from contract.keys import check_digit
from demo.drawings import PALETTE

COMPANY: Final = "9521234"
"""The sample shop's GS1 company prefix."""


class Kind(Struct, frozen=True):
    """One kind of product. Mass in grams, size in millimetres, price in cents."""

    drawing: str
    letters: str
    name: str
    mass_g: int
    size_mm: tuple[int, int, int]
    price: int
    variants: str
    """Words that replace the colour's name; empty: the colour."""
    fragile: bool = False
    case: int = 0
    """Pieces in a case that has a code of its own; 0 for none."""
    instruction: str = ""


KINDS: Final = (
    Kind("mug", "B", "mug", 340, (120, 90, 95), 1490, "", fragile=True, case=6),
    Kind("bowl", "BW", "bowl", 410, (150, 150, 70), 1650, "", fragile=True),
    Kind("plate", "PL", "plate", 560, (240, 240, 25), 1890, "", fragile=True),
    Kind("teapot", "TP", "teapot", 890, (230, 150, 150), 4900, "", True, 0, "Lid in tissue paper, spout to the middle."),
    Kind("vase", "V", "vase", 720, (130, 130, 210), 3600, "", True, 0, "Fill the vase with paper first."),
    Kind("candle", "C", "candle", 265, (70, 70, 95), 1290, "fig|rose|cedar|honey|sea|mint|lavender|clay|linen|smoke"),
    Kind("soap", "S", "soap", 104, (85, 55, 30), 590, "olive|rose|lavender|clay|oat|mint|honey|salt|fig|citrus", False, 12),
    Kind("book", "BK", "book", 385, (210, 140, 24), 1950, "Winter Bread|Slow Gardens|Two Rivers|Small Boats|The Kiln|"
         "Wild Tea|Quiet Rooms|Soups|Night Trains|Paper Birds"),
    Kind("notebook", "N", "notebook", 178, (210, 150, 12), 890, "", case=10),
    Kind("tea", "T", "tea", 132, (80, 80, 110), 1150, "Assam|Mint|Sencha|Earl Grey|Verbena|Rooibos|Jasmine|Oolong|Ginger|Chai"),
    Kind("jar", "H", "honey", 735, (78, 78, 105), 1240, "chestnut|lime|acacia|forest|thyme|heather|meadow|fir|lavender|rape",
         True, 6),
    Kind("bottle", "O", "olive oil", 955, (72, 72, 270), 1980, "Kalamata|Nyons|Lesbos|Lucca|Jaen|Crete|Corsica|Istria|Hydra|Aix",
         True, 0, "Bottle in its corrugated sleeve."),
    Kind("chocolate", "CH", "chocolate", 108, (160, 80, 10), 490, "dark 70|milk|sea salt|hazelnut|orange|dark 85|almond|mint|ginger|"
         "white", False, 20),
    Kind("socks", "SO", "socks", 72, (180, 90, 30), 1190, ""),
    Kind("towel", "TW", "tea towel", 96, (200, 150, 15), 1350, ""),
    Kind("spoon", "SP", "spoon set", 88, (300, 60, 30), 1450, ""),
    Kind("seeds", "SE", "seeds", 14, (110, 75, 3), 350, "poppy|cosmos|dahlia|aster|borage|mallow|zinnia|clary|phlox|viola", False, 25),
    Kind("puzzle", "PZ", "puzzle", 540, (270, 190, 50), 2400, "harbour|owls|map|garden|trams|kites|market|whales|alps|loom"),
    Kind("cards", "CA", "postcards", 46, (150, 105, 8), 650, "Lyon|Athens|Berlin|Brest|Corfu|Trier|Lille|Naxos|Jena|Annecy"),
    Kind("lamp", "L", "lamp", 1280, (260, 260, 380), 6900, "", True, 0, "Shade and foot apart, foam between them."),
)  # fmt: skip
COLOURS: Final = ("blue", "red", "green", "yellow", "white", "black", "terracotta", "lavender", "rose", "teal")
_BY_WORD: Final = {
    "fig": "lavender", "rose": "rose", "cedar": "olive", "honey": "yellow", "sea": "blue", "mint": "green", "clay": "terracotta",
    "linen": "sand", "smoke": "black", "oat": "sand", "salt": "white", "citrus": "yellow", "olive": "olive", "Mint": "green",
    "milk": "sand", "orange": "terracotta", "white": "white", "lavender": "lavender", "heather": "lavender", "lime": "yellow",
    "poppy": "red", "cosmos": "rose", "aster": "lavender", "borage": "blue", "zinnia": "terracotta",
}  # fmt: skip


class Item(Struct, frozen=True):
    """One product: the columns of the product file, and what its picture needs."""

    sku: str
    name: str
    gtin: str
    case_gtin: str
    case_quantity: int
    codes: str
    mass_g: int | None
    tolerance_g: int
    size_mm: tuple[int, int, int]
    picture: str
    policy: str
    fragile: bool
    instruction: str
    price: int
    on_hand: int
    reorder_point: int
    drawing: str
    colour: str
    mark: int


def items() -> Iterator[Item]:
    """The whole catalogue, always the same."""
    chance = random.Random("catalogue")
    for place, kind in enumerate(KINDS):
        words = kind.variants.split("|") if kind.variants else list(COLOURS)
        for variant, word in enumerate(words):
            yield _item(chance, kind, word, place * 10 + variant, variant)


def _item(chance: random.Random, kind: Kind, word: str, serial: int, variant: int) -> Item:
    colour = word if word in PALETTE else _BY_WORD.get(word, COLOURS[(variant * 3) % len(COLOURS)])
    mass = round(kind.mass_g * chance.uniform(0.88, 1.14))
    sku = f"{kind.letters}-{variant + 11}"
    lengths = [round(side * chance.uniform(0.95, 1.05)) for side in kind.size_mm]
    policy, gtin, codes, weighed = "scan", _gtin13(serial), "", True
    if kind.drawing == "cards":
        gtin = _gtin8(serial)
        policy = "scan_where_possible" if variant < 5 else "scan"
    if kind.drawing == "spoon" and variant >= 7:
        gtin, policy = "", "manual"
    if kind.drawing == "tea" and variant >= 5:
        codes = f"21{serial:05d}"
    if kind.drawing == "puzzle" and variant == 9:
        weighed = False
    return Item(
        sku=sku,
        name=_name(kind, word),
        gtin=gtin,
        case_gtin=_gtin14(serial) if kind.case and gtin else "",
        case_quantity=kind.case,
        codes=codes,
        mass_g=mass if weighed else None,
        tolerance_g=max(2, round(mass * 0.03)),
        size_mm=(lengths[0], lengths[1], lengths[2]),
        picture=f"{sku.lower()}.png",
        policy=policy,
        fragile=kind.fragile,
        instruction=kind.instruction,
        price=kind.price + 50 * (variant % 4),
        on_hand=0 if sku == "V-19" else 3 if sku == "TP-18" else chance.randrange(60, 240),
        reorder_point=chance.choice((5, 10, 20)),
        drawing=kind.drawing,
        colour=colour,
        mark=variant % 6,
    )


def _name(kind: Kind, word: str) -> str:
    """ "Blue mug", "Honey, chestnut", but a book has its title."""
    if kind.drawing == "book":
        return f"“{word}”"
    if not kind.variants:
        return f"{word.capitalize()} {kind.name}"
    return f"{kind.name.capitalize()}, {word}"


def _gtin13(serial: int) -> str:
    body = f"{COMPANY}{serial:05d}"
    return body + check_digit(body)


def _gtin8(serial: int) -> str:
    body = f"952{serial:04d}"
    return body + check_digit(body)


def _gtin14(serial: int) -> str:
    body = f"1{COMPANY}{serial:05d}"
    return body + check_digit(body)
