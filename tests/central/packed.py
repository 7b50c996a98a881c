"""A parcel booked as a station's fact is, without a station."""

from __future__ import annotations

from central.desk.books import Books, Keys
from central.packing.booking import close_parcel
from central.packing.house import House
from central.store.store import Store
from contract.keys import JobId, OrderId, Sku, Sscc
from contract.messages import ParcelClosed
from contract.values import Address, PackedLine, Trace, Weighing

HOUSE = House("lyon", Address("Atelier", ("1 rue du Port",), "69002", "Lyon", "FR"), "03401234")


def sscc(serial: int) -> Sscc:
    return Sscc.numbered(HOUSE.sscc_prefix, serial)


async def pack(
    store: Store, order: str, lines: dict[str, int], at: int, serial: int = 1, token: str = "t0ken", grams: int = 1240
) -> Sscc:
    """Close one parcel with `lines` (SKU: pieces), in the order of the order's lines."""
    number = OrderId(order)
    key = sscc(serial)
    rows = {row["sku"]: row["line"] for row in await store.read("orders.lines_of", (order,))}
    traces = (Trace(1, f"L-{serial}", f"S-{serial}", "2029-11-30"),)
    contents = tuple(
        PackedLine(number, rows[sku], Sku(sku), quantity, tuple(sku for _ in range(quantity)), traces=traces)
        for sku, quantity in lines.items()
    )
    weighing = Weighing(grams, at - 20_000, "scale", "S  1240g", grams - 3, 25)
    fact = ParcelClosed(
        key, JobId(order), 0, 1, contents, weighing, "7001", opened_at=at - 95_000, closed_at=at, box="BOX-M"
    )

    def book(books: Books) -> None:
        close_parcel(books, HOUSE, "pack-1", fact, token, at)

    keys = Keys(orders=frozenset({number}), parcels=frozenset({key}))
    await store.transact(keys, book)
    return key
