"""What a good packer does next, from what the screen shows and what the hands hold. Pure.

The screen's words are for people; a move is found from its structure alone: who is signed in, which lines are
open, which actions are offered, whether the weight is awaited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from msgspec import Struct

from contract.keys import Sscc
from demo.catalogue import Item
from station.kiosk.view import LineView, Screen

BADGE: Final = "BADGE-4711"
PACKER_2: Final = "BADGE-4712"
LEAD_BADGE: Final = "BADGE-1001"
_HEAVY_G: Final = 6_000
"""A carton that has this much in it is closed; the rest goes into the next."""
_UNWEIGHED_G: Final = 500
"""What a piece weighs that the shop has never weighed."""


class BoxSize(Struct, frozen=True):
    """A box on the shelf below the table: inner dimensions in millimetres."""

    code: str
    name: str
    tare_g: int
    size_mm: tuple[int, int, int]
    max_g: int


BOXES: Final = (
    BoxSize("BOX-S", "Small", 85, (220, 160, 100), 5_000),
    BoxSize("BOX-M", "Medium", 190, (320, 240, 180), 12_000),
    BoxSize("BOX-L", "Large", 360, (480, 340, 300), 20_000),
    BoxSize("BOX-XL", "Extra large", 620, (600, 400, 420), 30_000),
)


class Scan(Struct, frozen=True):
    """Hold a code before the scanner. `what` says in words whose it is."""

    text: str
    what: str


class Type(Struct, frozen=True):
    """Type a quantity on the screen."""

    order: str
    line: int
    quantity: int
    what: str


class Place(Struct, frozen=True):
    """Have this much on the scale; 0 takes the parcel off."""

    grams: int
    what: str


class Look(Struct, frozen=True):
    """Nothing to do but wait for the screen, the scale or the printer."""

    what: str


NO_MORE: Final = Look("no more orders on the pile")
Move: TypeAlias = Scan | Type | Place | Look


class Hands(Struct, frozen=True):
    """What the packer knows without the screen."""

    on_scale_g: int = 0
    box: str = ""
    """The box that was taken for the open parcel."""
    closed: Mapping[tuple[str, int], int] = {}
    """Pieces of each line in parcels that are closed already."""
    closing: bool = False
    """The open parcel shall be closed with what is in it."""
    label: Sscc | None = None
    """Came out of the printer and is on no parcel yet."""


def next_move(screen: Screen, hands: Hands, shop: Mapping[str, Item], orders: Sequence[str]) -> Move:
    """The next right thing. `orders` are the numbers on the papers that wait, first one next."""
    offered = {action.code for action in screen.actions}
    if not screen.packer:
        return Look("central looks for the badge") if screen.tone == "wait" else Scan(BADGE, "the badge")
    if hands.label is not None and screen.parcel:
        return Scan(f"00{hands.label}", "the label")
    if not screen.parcel:
        if hands.on_scale_g:
            return Place(0, "take the parcel off")
        if is_recalled(screen):
            return Scan("PK-CONFIRM", "the goods are off the bench")
        if "PK-CANCEL" in offered:
            return Look("central looks for the order")
        return Scan(orders[0], f"order {orders[0]}") if orders else NO_MORE
    if screen.note and "PK-CONFIRM" in offered:
        return Scan("PK-CONFIRM", "CONFIRM")
    return _pack(screen, hands, shop)


def is_recalled(screen: Screen) -> bool:
    """Whether the office took the order from under the packer's hands."""
    offered = {action.code for action in screen.actions}
    return bool(screen.packer) and not screen.parcel and "PK-CONFIRM" in offered and "PK-SIGNOUT" not in offered


def _pack(screen: Screen, hands: Hands, shop: Mapping[str, Item]) -> Move:
    left = [line for line in screen.lines if line.packed + line.short < line.quantity]
    open_lines = [] if hands.closing else left
    inside = carton_g(screen, hands, shop)
    if not hands.box and open_lines and not hands.on_scale_g:
        return _box(screen.lines, shop)
    if open_lines and not hands.on_scale_g:
        if inside > _HEAVY_G:
            return Scan("PK-NEXT", "NEXT PARCEL")
        return _item(open_lines[0], shop)
    if hands.on_scale_g != inside:
        return Place(inside, "put the parcel on")
    return Look("wait for the scale and the printer")


def _box(lines: Sequence[LineView], shop: Mapping[str, Item]) -> Scan:
    code = fitting(lines, shop)
    return Scan(code, next(box.name.lower() for box in BOXES if box.code == code) + " box")


def _item(line: LineView, shop: Mapping[str, Item]) -> Move:
    item, left = shop[line.sku], line.quantity - line.packed - line.short
    if item.case_gtin and left >= item.case_quantity:
        return Scan(item.case_gtin, f"the case of {item.case_quantity} {item.name}")
    if item.gtin:
        return Scan(item.gtin, item.name)
    return Type(line.order, line.line, line.quantity - line.short, item.name)


def carton_g(screen: Screen, hands: Hands, shop: Mapping[str, Item]) -> int:
    """What the open parcel really weighs, box included."""
    tare = next((box.tare_g for box in BOXES if box.code == hands.box), 0)
    pieces = ((line, line.packed - hands.closed.get((line.order, line.line), 0)) for line in screen.lines)
    return tare + sum(max(0, count) * piece_g(shop[line.sku]) for line, count in pieces if line.sku in shop)


def piece_g(item: Item) -> int:
    """What one piece weighs on a real scale."""
    return item.mass_g if item.mass_g is not None else _UNWEIGHED_G


def fitting(lines: Sequence[LineView], shop: Mapping[str, Item]) -> str:
    """The smallest box that takes the goods, by volume with a third of air and by the longest side."""
    goods = [(shop[line.sku], line.quantity - line.packed) for line in lines if line.sku in shop]
    volume = sum(item.size_mm[0] * item.size_mm[1] * item.size_mm[2] * count for item, count in goods) * 1.33
    longest = max((max(item.size_mm) for item, _ in goods), default=0)
    for box in BOXES:
        if volume <= box.size_mm[0] * box.size_mm[1] * box.size_mm[2] and longest <= max(box.size_mm):
            return box.code
    return BOXES[-1].code
