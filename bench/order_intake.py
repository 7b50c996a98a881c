"""Orders into a shop: by REST and from a CSV file through a running central, by the rules alone, and by bare SQL."""

from __future__ import annotations

import http.client
import os
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from bench import shop
from bench.bare_pipe import Recorder, Rows
from bench.central_pipe import central_config
from bench.figures import cpu_s
from central.desk.books import Books, Keys
from central.desk.outgoing import outgoing
from central.intake.writing import lines
from central.orders.accepting import accept
from central.orders.importing import keys_of
from central.orders.model import Contact, NewOrder
from central.orders.packline_csv import COLUMNS
from central.orders.rules import By
from central.policy.standing import NOTHING_DECIDED
from central.store.queries import sqlite_queries
from central.store.rows import load, write
from central.store.sqlite import SqliteStore
from demo.broker import Broker
from demo.children import Child

TAKEN: Final = 2_000
IN_A_FILE: Final = 100
"""Orders of a file in one transaction, as central takes them."""
CLIENTS: Final = 4
BY: Final = By("bench", shop.AT)
_FIRST: Final = ("Zoé", "Élodie", "Jean-Pierre", "Anna", "Noël", "Luc", "Inès", "Hugo")
_ENDS: Final = ("ieux", "on", "ard", "eau", "et", "in")


def order(number: int) -> NewOrder:
    """An order of somebody: 8 × 4,032 names, 6,300 postcodes, most orders go to the greater places, and each customer's
    second order comes 300,000 later.
    """
    chance = random.Random(number)
    last = chance.choice("BCDFGLMPRSTV") + chance.choice("aeéioôu") + chance.choice("bdlmnrst") + chance.choice(_ENDS)
    name = f"{chance.choice(_FIRST)} {last}"
    contact = Contact(f"client{number % 300_000}@example.org")
    postcode = f"{10_000 + int(chance.random() ** 3 * 6_300)}"
    ship_to = replace(shop.ADDRESS, name=name, postcode=postcode)
    return replace(shop.new_order(number), ship_to=ship_to, contact=contact)


def accepting(orders: Sequence[NewOrder]) -> Callable[[Books], None]:
    def decide(books: Books) -> None:
        for each in orders:
            accept(books, each, BY)

    return decide


async def take_orders(path: Path, numbers: range) -> None:
    """Orders into the database, by the rules, without a server."""
    async with SqliteStore(path, shop.HOUSE.site) as store:
        for start in range(numbers.start, numbers.stop, shop.BATCH):
            batch = [order(number) for number in range(start, min(start + shop.BATCH, numbers.stop))]
            await store.transact(Keys.union(keys_of(each) for each in batch), accepting(batch))
    shop.tell_no_news(path)


def _as_row(new: NewOrder) -> list[list[str]]:
    head = {"name": new.ship_to.name, "street": new.ship_to.lines[0], "postcode": new.ship_to.postcode}
    head |= {"city": "LYON", "country": "FR", "email": new.contact.email, "total": "18.90"}
    head |= {"placed_at": "2026-05-04T09:12:00Z", "paid_method": "card", "paid_reference": "x"}
    rows = []
    for line in new.lines:
        values = head | {"order": new.order, "sku": line.sku, "quantity": str(line.quantity)}
        rows.append([values.get(column, "") for column in COLUMNS])
        head = {}
    return rows


def _as_body(new: NewOrder) -> bytes:
    ship_to = {"name": new.ship_to.name, "lines": new.ship_to.lines, "postcode": new.ship_to.postcode}
    body = {
        "order": new.order,
        "placed_at": new.placed_at,
        "ship_to": ship_to | {"city": "LYON", "country": "FR"},
        "lines": [{"sku": line.sku, "quantity": line.quantity, "unit_price": line.unit_price} for line in new.lines],
        "contact": {"email": new.contact.email},
        "payment": {"method": "card", "reference": "x"},
        "total": new.total,
    }
    return msgspec.json.encode(body)


def _post(address: str, path: str, kind: str, bodies: Sequence[bytes]) -> None:
    connection = http.client.HTTPConnection(address, timeout=300)
    for body in bodies:
        connection.request("POST", path, body, {"Content-Type": kind})
        answer = connection.getresponse()
        told = answer.read()
        if answer.status not in (200, 201):
            raise RuntimeError(f"{path}: {answer.status} {told[:300]!r}")
    connection.close()


class Taken(msgspec.Struct, frozen=True):
    """How fast a running central took orders, and what each cost it."""

    rate: float
    cpu_us: float


def _measured(pid: int, orders: int, send: Callable[[], None]) -> Taken:
    before, began = cpu_s(pid), time.perf_counter()
    send()
    seconds = time.perf_counter() - began
    return Taken(orders / seconds, (cpu_s(pid) - before) / orders * 1_000_000)


class Serving(NamedTuple):
    """A running central: where its HTTP door is, and its process."""

    address: str
    pid: int


@contextmanager
def serving(folder: Path, database: Path) -> Iterator[Serving]:
    """The real central on this database, with a broker of its own."""
    with Broker(folder / "broker") as broker:
        config = central_config(folder, database, broker.port)
        argv = [str(Path(sys.executable).parent / "packline-central"), "run", "--config", str(config)]
        with Child("central", argv, folder) as central:
            address = urlsplit(central.line("office: ").split("office: ")[1].strip()).netloc
            central.ready()
            yield Serving(address, central.pid)


def by_server(folder: Path, database: Path) -> tuple[Taken, Taken]:
    """Orders taken by a running central: by REST from four clients at once, and from one CSV file."""
    bodies = [_as_body(order(number)) for number in range(TAKEN)]
    rows = [row for number in range(TAKEN, 3 * TAKEN) for row in _as_row(order(number))]
    mark = "packline-bench-file"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="data"; filename="a.csv"\r\n\r\n'
    file = (head + lines([tuple(COLUMNS), *rows]) + f"\r\n--{mark}--\r\n").encode()
    kind = f"multipart/form-data; boundary={mark}"
    with serving(folder, database) as central:

        def one_by_one() -> None:
            with ThreadPoolExecutor(CLIENTS) as clients:
                parts = (bodies[start::CLIENTS] for start in range(CLIENTS))
                list(clients.map(lambda part: _post(central.address, "/api/orders", "application/json", part), parts))

        rest = _measured(central.pid, TAKEN, one_by_one)
        path = "/api/orders/import"
        return rest, _measured(central.pid, 2 * TAKEN, lambda: _post(central.address, path, kind, [file]))


def recorded(database: Path, keys: Keys, decide: Callable[[Books], object]) -> Rows:
    """What a transaction would write, without writing it."""
    connection = sqlite3.connect(database, factory=Recorder)
    connection.written = {}
    books = load(connection, keys, NOTHING_DECIDED)
    decide(books)
    write(connection, books, *outgoing(books, shop.HOUSE.site, shop.AT))
    connection.close()
    return connection.written


def bare(database: Path, transactions: Sequence[Rows], in_each: int) -> Taken:
    """How fast nothing but these rows is written, as durably; `in_each` orders a transaction."""
    connection = sqlite3.connect(database, isolation_level=None, cached_statements=512)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = 1", "cache_size = -65536"):
        connection.execute(f"PRAGMA {pragma}")
    queries = sqlite_queries()

    def write_all() -> None:
        for rows in transactions:
            connection.execute("BEGIN IMMEDIATE")
            for query, values in rows.items():
                connection.executemany(queries[query], values)
            connection.execute("COMMIT")

    taken = _measured(os.getpid(), len(transactions) * in_each, write_all)
    connection.close()
    return taken


def floors(folder: Path, empty: Path) -> tuple[Taken, Taken]:
    """Bare SQL: a transaction for each order, and for a hundred."""
    single = [recorded(empty, keys_of(each), accepting([each])) for each in map(order, range(TAKEN))]
    batches = []
    for start in range(TAKEN, 3 * TAKEN, IN_A_FILE):
        batch = [order(number) for number in range(start, start + IN_A_FILE)]
        batches.append(recorded(empty, Keys.union(keys_of(each) for each in batch), accepting(batch)))
    copy = shop.copied(empty, folder / "floor.sqlite")
    return bare(copy, single, 1), bare(copy, batches, IN_A_FILE)
