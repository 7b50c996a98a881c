"""What stations tell of suppliers' deliveries. Pure.

Facts may come in any order: goods that come after the end of their delivery are booked on it all the same.
"""

from __future__ import annotations

from central.desk.books import Books, Keys
from central.orders.rules import By
from central.supply.model import Arrival
from central.supply.rules import end, keys_of, receive_as_told
from central.tracking.rows import ProblemRow
from contract.messages import DeliveryEnded, GoodsDamaged, GoodsReceived


def keys_to_receive(fact: GoodsReceived) -> Keys:
    """What booking this touches."""
    return keys_of(_arrivals(fact))


def received(books: Books, station: str, warehouse: str, fact: GoodsReceived) -> None:
    """Goods were put to a place. Load with `keys_to_receive`."""
    for arrival in _arrivals(fact):
        receive_as_told(books, arrival, station, warehouse, fact.badge, fact.at)
    pieces = ", ".join(f"{each.quantity} × {each.sku}" for each in fact.goods)
    text = f"{fact.bin}: {pieces}" if fact.bin else pieces
    books.note(f"delivery/{fact.delivery}", fact.at, "goods_received", station=station, by=fact.badge, text=text)


def _arrivals(fact: GoodsReceived) -> list[Arrival]:
    return [
        Arrival(each.sku, each.quantity, fact.delivery, fact.bin, each.lot, each.expiry, each.serials)
        for each in fact.goods
    ]


def damaged(books: Books, station: str, fact: GoodsDamaged) -> None:
    """Pieces came broken; the supplier still owes them."""
    pieces = f"{fact.quantity} × {fact.sku}"
    books.note(f"delivery/{fact.delivery}", fact.at, "goods_damaged", station=station, by=fact.badge, text=pieces)
    text = f"Delivery {fact.delivery}: {pieces} came damaged and were put aside"
    books.problems.append(ProblemRow("arrived_damaged", text, fact.at, station, fact.badge, sku=fact.sku))


def ended(books: Books, station: str, fact: DeliveryEnded) -> None:
    """A station says that nothing more comes. Load with `Keys(deliveries={delivery})`."""
    if fact.delivery in books.deliveries:
        end(books, fact.delivery, By(fact.badge, fact.at), station)
    else:
        text = f"Delivery {fact.delivery} was ended at the station: there is no such delivery"
        books.problems.append(ProblemRow("receipt_unclear", text, fact.at, station, fact.badge))
