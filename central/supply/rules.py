"""What may happen to a supplier's delivery. A person's request may be `Refused`; what a station tells is not.

Goods are received whatever was ordered: too many pieces, or a product that nobody expected, are booked and named.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import astuple, replace

from central.desk.books import Books, Keys
from central.desk.refused import Refused, not_found
from central.orders.rules import By
from central.shipping.rows import item_key
from central.stock import rules as stock
from central.stock.ledger import OF_DELIVERY, Cause
from central.stock.model import Place
from central.supply.model import Arrival, Expected, Supplier
from central.supply.rows import DeliveryLineRow, DeliveryRow, SupplierRow, status_of
from central.tracking.rows import ProblemRow


def keys_of(arrivals: Iterable[Arrival]) -> Keys:
    """What receiving these touches."""
    arrivals = list(arrivals)
    skus = frozenset(arrival.sku for arrival in arrivals)
    return Keys(
        skus=skus,
        lots_of=skus,
        deliveries=frozenset(arrival.delivery for arrival in arrivals if arrival.delivery),
        serials=frozenset(item_key(arrival.sku, serial) for arrival in arrivals for serial in arrival.serials),
    )


def keep(books: Books, supplier: Supplier) -> None:
    """Add or replace a supplier."""
    books.suppliers.put(SupplierRow(*astuple(supplier)))


def expect(books: Books, expected: Expected, by: By) -> None:
    """Take a delivery down, or change it while nothing of it has come. The same one again changes nothing.

    Load with `Keys(deliveries={number}, suppliers={supplier}, skus=…)`. Raises `Refused`.
    """
    known = books.deliveries.get(expected.number)
    lines = _lines(books, expected)
    if known is not None:
        if _is_same(books, known, expected, lines):
            return
        if known.status != "expected":
            raise Refused(
                "conflict",
                f"Delivery {expected.number} has begun to come, or is over; it cannot be changed.",
                "status",
                known.status,
            )
    if expected.supplier not in books.suppliers:
        raise not_found("supplier", expected.supplier)
    warehouse = expected.warehouse or books.standing.warehouses[0]
    if warehouse not in books.standing.warehouses:
        raise not_found("warehouse", warehouse)
    created_at, created_by = (known.created_at, known.created_by) if known else (by.at, by.name)
    books.deliveries.put(
        DeliveryRow(
            expected.number,
            expected.supplier,
            warehouse,
            expected.expected_at,
            expected.note,
            "expected",
            created_at,
            by.at,
            created_by,
        )
    )
    for line in lines:
        books.delivery_lines.put(line)
    # Lines keep their places: one that is gone stays as a line that expects nothing.
    for line in books.delivery_lines.of(expected.number)[len(lines) :]:
        books.delivery_lines.put(replace(line, expected=0))
    books.note(f"delivery/{expected.number}", by.at, "delivery_changed" if known else "delivery_expected", by=by.name)


def _lines(books: Books, expected: Expected) -> list[DeliveryLineRow]:
    if not expected.lines:
        raise Refused("invalid", f"Delivery {expected.number} has no lines.", "lines", "")
    for line in expected.lines:
        if line.sku not in books.products:
            raise not_found("product", line.sku)
        if line.quantity <= 0:
            raise Refused(
                "invalid",
                f"{line.sku}: expect a quantity above zero, not {line.quantity}.",
                "quantity",
                str(line.quantity),
            )
    return [
        DeliveryLineRow(expected.number, number, line.sku, line.quantity)
        for number, line in enumerate(expected.lines, start=1)
    ]


def _is_same(books: Books, known: DeliveryRow, expected: Expected, lines: list[DeliveryLineRow]) -> bool:
    there = [(line.sku, line.expected) for line in books.delivery_lines.of(known.number) if line.expected]
    head = (known.supplier, known.warehouse, known.expected_at, known.note)
    warehouse = expected.warehouse or books.standing.warehouses[0]
    return there == [(line.sku, line.expected) for line in lines] and head == (
        expected.supplier,
        warehouse,
        expected.expected_at,
        expected.note,
    )


def receive(books: Books, arrival: Arrival, by: By, warehouse: str = "") -> None:
    """Goods are put to a place: in the delivery's warehouse, else in `warehouse`, else in the first.

    Load with `keys_of`. Raises `Refused`.
    """
    delivery = _delivery(books, arrival)
    product = books.products.get(arrival.sku)
    if product is None:
        raise not_found("product", arrival.sku)
    if missing := _untold(arrival, product.traced):
        raise Refused(
            "invalid", f"{arrival.sku}: say the {missing} of the pieces; this product is kept by it.", missing, ""
        )
    _book(books, arrival, delivery, by, warehouse)


def receive_as_told(books: Books, arrival: Arrival, station: str, warehouse: str, badge: str, at: int) -> None:
    """A station's receipt: the goods are in the house, so they are booked as far as they can be and the rest is said.

    Load with `keys_of`. An unknown product cannot be in the stock; a delivery, lot or serial number that cannot be is
    left out.
    """
    by = By(badge, at)
    try:
        receive(books, arrival, by, warehouse)
        return
    except Refused as refused:
        text = refused.text
    kind = "receipt_unclear"
    if arrival.sku not in books.products or arrival.quantity <= 0:
        kind = "receipt_not_booked"
    else:
        delivery = books.deliveries.get(arrival.delivery)
        try:
            _book(books, arrival, delivery, by, warehouse)
        except Refused:
            _book(books, replace(arrival, lot="", expiry="", serials=()), delivery, by, warehouse)
    books.problems.append(
        ProblemRow(kind, f"{arrival.quantity} × {arrival.sku} received: {text}", at, station, badge, sku=arrival.sku)
    )


def _untold(arrival: Arrival, required: Iterable[str]) -> str:
    """What the product is kept by and the arrival does not tell; empty when all is told."""
    for kind in required:
        if kind == "serial" and len(arrival.serials) != arrival.quantity:
            return "serial"
        if (kind == "lot" and not arrival.lot) or (kind == "expiry" and not arrival.expiry):
            return kind
    return ""


def _delivery(books: Books, arrival: Arrival) -> DeliveryRow | None:
    if not arrival.delivery:
        return None
    delivery = books.deliveries.get(arrival.delivery)
    if delivery is None:
        raise not_found("delivery", arrival.delivery)
    if delivery.status == "cancelled":
        raise Refused(
            "conflict", f"Delivery {delivery.number} was cancelled; receive its goods without it.", "delivery", ""
        )
    return delivery


def _book(books: Books, arrival: Arrival, delivery: DeliveryRow | None, by: By, warehouse: str) -> None:
    house = delivery.warehouse if delivery else warehouse or books.standing.warehouses[0]
    stock.receive(
        books,
        arrival.sku,
        arrival.quantity,
        Cause(reference_of(delivery.number) if delivery else arrival.delivery, by.name, by.at),
        Place(house, arrival.bin),
        arrival.made,
        arrival.serials,
    )
    if delivery is not None:
        _count(books, delivery, arrival, by)


def reference_of(number: str) -> str:
    """How movements name a delivery."""
    return f"{OF_DELIVERY}{number}"


def _count(books: Books, delivery: DeliveryRow, arrival: Arrival, by: By) -> None:
    """Fill the product's lines in their order; what is more than all of them stands on the last."""
    lines = [line for line in books.delivery_lines.of(delivery.number) if line.sku == arrival.sku]
    if not lines:
        number = 1 + max((line.line for line in books.delivery_lines.of(delivery.number)), default=0)
        lines = [DeliveryLineRow(delivery.number, number, arrival.sku, 0)]
    rest = arrival.quantity
    for line in lines:
        part = rest if line is lines[-1] else min(rest, line.missing)
        if part:
            books.delivery_lines.put(replace(line, received=line.received + part))
        rest -= part
    last = books.delivery_lines[delivery.number, lines[-1].line]
    if last.too_many > lines[-1].too_many:
        books.problems.append(
            ProblemRow(
                "over_delivered",
                f"Delivery {delivery.number}: {last.too_many} × {arrival.sku} more than expected",
                by.at,
                badge=by.name,
                sku=arrival.sku,
            )
        )
    _settle(books, delivery, by)


def _settle(books: Books, delivery: DeliveryRow, by: By) -> None:
    status = status_of(books.delivery_lines.of(delivery.number))
    if delivery.status == "closed" and status != "received":
        status = "closed"
    books.deliveries.put(replace(delivery, status=status, changed_at=by.at))
    if status == "received" != delivery.status:
        books.note(f"delivery/{delivery.number}", by.at, "delivery_received", by=by.name)


def close(books: Books, number: str, by: By) -> None:
    """Nothing more will come: what is missing is named. A second time changes nothing. Raises `Refused`."""
    delivery = _known(books, number)
    if any(line.received for line in books.delivery_lines.of(number)):
        end(books, number, by)
    elif not delivery.is_over:
        books.deliveries.put(replace(delivery, status="cancelled", changed_at=by.at))
        books.note(f"delivery/{number}", by.at, "delivery_cancelled", by=by.name)


def end(books: Books, number: str, by: By, station: str = "") -> None:
    """As `close`, of a delivery of which something has come, though the books may not know of it yet."""
    delivery = _known(books, number)
    if delivery.is_over:
        return
    books.deliveries.put(replace(delivery, status="closed", changed_at=by.at))
    books.note(f"delivery/{number}", by.at, "delivery_closed", station=station, by=by.name)
    missing = [line for line in books.delivery_lines.of(number) if line.missing]
    if missing:
        pieces = ", ".join(f"{line.missing} × {line.sku}" for line in missing)
        books.problems.append(
            ProblemRow(
                "under_delivered",
                f"Delivery {number} of {delivery.supplier} was closed without {pieces}",
                by.at,
                station,
                by.name,
            )
        )


def _known(books: Books, number: str) -> DeliveryRow:
    delivery = books.deliveries.get(number)
    if delivery is None:
        raise not_found("delivery", number)
    return delivery
