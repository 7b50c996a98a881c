"""A small shop in memory: three products, orders that are paid, and the messages that its stations send."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from msgspec.structs import replace

from central.desk.batch import Outcome, decide
from central.desk.books import Books, Found
from central.desk.deliveries import FactCame
from central.orders.rows import LineRow, OrderRow
from central.orders.rules import By
from central.orders.status import settle
from central.packing.house import House
from central.packing.jobs import open_work
from central.people.rows import AccountRow
from central.stock.ledger import Cause
from central.stock.model import Product
from central.stock.promises import keep_promises
from central.stock.rows import ProductRow
from central.stock.rules import receive, reserve
from contract.envelope import Envelope, FactEnvelope, encode
from contract.keys import JobId, OrderId, Sku, Sscc
from contract.messages import Fact, JobOffered, OpenWork, ParcelClosed, WorkRefused
from contract.values import Address, Box, ItemCode, PackedLine, Person, Service, Weighing

AT = 1_790_000_000_000
MUG, TEA, LAMP = Sku("MUG-BLUE"), Sku("TEA-100"), Sku("LAMP-3")
ADDRESS = Address("Élodie Lefèvre", ("12 rue de la Paix",), "75002", "Paris", "FR")
ANNA = Person("1001", "Anna", "lead", "fr")
BEN = Person("1002", "Ben", language="en")
HOUSE = House(
    "lyon",
    ADDRESS,
    "03401234",
    services=(Service("own", "Standard"), Service("manual", "Colissimo")),
    boxes=(Box("BOX-S", "Small", 80, 200, 150, 100),),
)
CAUSE = Cause("start", "test", AT)
_numbers = count(1)


def sscc(number: int) -> Sscc:
    return Sscc.numbered(HOUSE.sscc_prefix, number)


def shop(*orders: tuple[str, Sequence[tuple[Sku, int]]], shelf: int = 20) -> Books:
    """Books with `shelf` pieces of each product and paid orders, everything promised that can be."""
    books = Books()
    for person in (ANNA, BEN):
        row = AccountRow(person.name.lower(), person.name, "", person.role, person.badge, person.language)
        books.accounts.put(row)
    for sku in (MUG, TEA, LAMP):
        code = ItemCode(f"0340123400{len(sku):04d}")
        books.products.put(ProductRow.of(Product(sku, sku.title(), (code,), mass_g=250, instruction="Wrap it.")))
        if shelf:
            receive(books, sku, shelf, CAUSE)
    for number, lines in orders:
        add_order(books, number, lines)
    settle(books, AT)
    return books


def add_order(books: Books, number: str, lines: Sequence[tuple[Sku, int]], **fields: object) -> None:
    order = OrderRow(
        OrderId(number), AT, encode(ADDRESS).decode(), name=ADDRESS.name, payment="paid", payment_method="card"
    )
    books.orders.put(replace(order, **fields))
    for line, (sku, quantity) in enumerate(lines, start=1):
        books.lines.put(LineRow(OrderId(number), line, sku, quantity))
    reserve(books, OrderId(number), AT)


def ask(books: Books, station: str, code: str, badge: str = "1001") -> JobOffered | WorkRefused:
    """Open work as the store would find it: by order number."""
    if OrderId(code) in books.orders:
        books.found.append(Found(code, "order", OrderId(code)))
    return open_work(books, HOUSE, station, OpenWork(code, badge), AT)


def parcel(
    number: int, order: str, *pieces: tuple[int, Sku, int], fence: int = 1, parcel_number: int = 1
) -> ParcelClosed:
    contents = tuple(PackedLine(OrderId(order), line, sku, quantity) for line, sku, quantity in pieces)
    weighing = Weighing(500, AT, "scale", "raw")
    return ParcelClosed(sscc(number), JobId(order), fence, parcel_number, contents, weighing, "1002", AT, AT + number)


def message(fact: Fact, station: str = "pack-1", name: str = "") -> FactEnvelope:
    number = next(_numbers)
    return Envelope(name or f"message-{number}", station, number, AT, fact)


def book(books: Books, *envelopes: FactEnvelope, house: House | None = None) -> Outcome:
    """Book them as one batch."""
    tokens = (f"token-{next(_numbers)}" for _ in envelopes)
    outcome = decide(books, house or HOUSE, [FactCame(each) for each in envelopes], tokens, AT + 1000)
    settle(books, AT + 1000)
    return outcome


def serve_promises(books: Books, at: int = AT) -> None:
    """Take back what is promised beyond the shelves, as central does when it serves the marks."""
    for level in list(books.levels):
        keep_promises(books, level.sku, level.warehouse, By("stock", at))


def kinds(books: Books) -> list[str]:
    """The problems that were raised, in order."""
    return [problem.kind for problem in books.problems]


def quantities(books: Books, order: str) -> list[tuple[int, int, int, int]]:
    """Ordered, reserved, packed, cancelled of each line."""
    return [(line.ordered, line.reserved, line.packed, line.cancelled) for line in books.lines.of(OrderId(order))]
