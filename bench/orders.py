"""Orders against bare SQL: `python -m bench.orders [--json] [--orders 1000 100000 1000000]`.

Taking orders in by REST and CSV with a real central, searching shops of several sizes, releasing orders that are held
for want of stock, with their reservation. Each floor is measured in the same run: bare SQL that writes, or finds, the
same rows.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from bench import shop
from bench.bare_pipe import Recorder, Rows
from bench.central_pipe import central_config
from bench.figures import cpu_s, percentile, report
from central.desk.books import Books, Keys
from central.desk.outgoing import outgoing
from central.intake.writing import lines
from central.orders import reading, terms
from central.orders.accepting import accept
from central.orders.bulk import Result, action, carry_out
from central.orders.bulk import keys_of as bulk_keys
from central.orders.finding import Filters
from central.orders.importing import keys_of
from central.orders.model import Contact, NewOrder
from central.orders.packline_csv import COLUMNS
from central.orders.rules import By
from central.policy.standing import NOTHING_DECIDED
from central.stock.ledger import Cause
from central.stock.rules import receive
from central.store.queries import sqlite_queries
from central.store.rows import load, write
from central.store.sqlite import SqliteStore
from contract.keys import OrderId
from demo.broker import Broker
from demo.children import Child

TAKEN = 2_000
IN_A_FILE = 100
"""Orders of a file in one transaction, as central takes them."""
SEARCHES = 200
RELEASED = 2_000
PIECES = 3
"""Of an order."""
AT_ONCE = 50
"""Orders of a run in one transaction."""
CLIENTS = 4
BY = By("bench", shop.AT)
_FIRST = ("Zoé", "Élodie", "Jean-Pierre", "Anna", "Noël", "Luc", "Inès", "Hugo")
_ENDS = ("ieux", "on", "ard", "eau", "et", "in")


class Cost(msgspec.Struct, frozen=True):
    """Milliseconds of the middle search, and of the slowest hundredth."""

    p50: float
    p99: float


def order(number: int) -> NewOrder:
    """An order of somebody: 8 × 4,032 names, and each customer's second order comes 300,000 later."""
    chance = random.Random(number)
    last = chance.choice("BCDFGLMPRSTV") + chance.choice("aeéioôu") + chance.choice("bdlmnrst") + chance.choice(_ENDS)
    name = f"{chance.choice(_FIRST)} {last}"
    contact = Contact(f"client{number % 300_000}@example.org")
    return replace(shop.new_order(number), ship_to=replace(shop.ADDRESS, name=name), contact=contact)


def _accept(orders: Sequence[NewOrder]) -> Callable[[Books], None]:
    def decide(books: Books) -> None:
        for each in orders:
            accept(books, each, BY)

    return decide


async def take_orders(path: Path, numbers: range) -> None:
    """Orders into the database, by the rules, without a server."""
    async with SqliteStore(path, shop.HOUSE.site) as store:
        for start in range(numbers.start, numbers.stop, shop.BATCH):
            batch = [order(number) for number in range(start, min(start + shop.BATCH, numbers.stop))]
            await store.transact(Keys.union(keys_of(each) for each in batch), _accept(batch))


def _as_row(new: NewOrder) -> list[list[str]]:
    head = {"name": new.ship_to.name, "street": new.ship_to.lines[0], "postcode": "69007", "city": "LYON"}
    head |= {"country": "FR", "email": new.contact.email, "placed_at": "2026-05-04T09:12:00Z", "total": "18.90"}
    head |= {"paid_method": "card", "paid_reference": "x"}
    rows = []
    for line in new.lines:
        values = head | {"order": new.order, "sku": line.sku, "quantity": str(line.quantity)}
        rows.append([values.get(column, "") for column in COLUMNS])
        head = {}
    return rows


def _as_body(new: NewOrder) -> bytes:
    ship_to = {"name": new.ship_to.name, "lines": new.ship_to.lines, "postcode": "69007", "city": "LYON"}
    body = {
        "order": new.order,
        "placed_at": new.placed_at,
        "ship_to": ship_to | {"country": "FR"},
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


def _by_server(folder: Path, database: Path) -> tuple[Taken, Taken]:
    """Orders taken by a running central: by REST from four clients at once, and from one CSV file."""
    with Broker(folder / "broker") as broker:
        config = central_config(folder, database, broker.port)
        argv = [str(Path(sys.executable).parent / "packline-central"), "run", "--config", str(config)]
        with Child("central", argv, folder) as central:
            address = urlsplit(central.line("office: ").split("office: ")[1].strip()).netloc
            central.ready()
            bodies = [_as_body(order(number)) for number in range(TAKEN)]
            rows = [row for number in range(TAKEN, 3 * TAKEN) for row in _as_row(order(number))]
            mark = "packline-bench-file"
            head = f'--{mark}\r\nContent-Disposition: form-data; name="data"; filename="a.csv"\r\n\r\n'
            file = (head + lines([tuple(COLUMNS), *rows]) + f"\r\n--{mark}--\r\n").encode()

            def one_by_one() -> None:
                with ThreadPoolExecutor(CLIENTS) as clients:
                    parts = (bodies[start::CLIENTS] for start in range(CLIENTS))
                    list(clients.map(lambda part: _post(address, "/api/orders", "application/json", part), parts))

            rest = _measured(central.pid, TAKEN, one_by_one)
            kind = f"multipart/form-data; boundary={mark}"
            return rest, _measured(central.pid, 2 * TAKEN, lambda: _post(address, "/api/orders/import", kind, [file]))


def recorded(database: Path, keys: Keys, decide: Callable[[Books], object]) -> Rows:
    """What a transaction would write, without writing it."""
    connection = sqlite3.connect(database, factory=Recorder)
    connection.written = {}
    books = load(connection, keys, NOTHING_DECIDED)
    decide(books)
    write(connection, books, *outgoing(books, shop.HOUSE.site, shop.AT))
    connection.close()
    return connection.written


def _bare(database: Path, transactions: Sequence[Rows], in_each: int) -> Taken:
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


def _floors(folder: Path, empty: Path) -> tuple[Taken, Taken]:
    """Bare SQL: a transaction for each order, and for a hundred."""
    single = [recorded(empty, keys_of(each), _accept([each])) for each in map(order, range(TAKEN))]
    batches = []
    for start in range(TAKEN, 3 * TAKEN, IN_A_FILE):
        batch = [order(number) for number in range(start, start + IN_A_FILE)]
        batches.append(recorded(empty, Keys.union(keys_of(each) for each in batch), _accept(batch)))
    copy = shop.copied(empty, folder / "floor.sqlite")
    return _bare(copy, single, 1), _bare(copy, batches, IN_A_FILE)


def _asked(size: int) -> list[Filters]:
    """What an office looks for: an order's number, a customer, a name, a product, lists by status."""
    chance = random.Random(7)
    asked: list[Filters] = []
    while len(asked) < SEARCHES:
        of = order(chance.randrange(size))
        first, last = of.ship_to.name.split(" ")
        asked += [
            Filters(of.order),
            Filters(of.contact.email),
            Filters(last[:5]),
            Filters(f"{first} {last}"),
            Filters(terms.folded(last), status="open"),
            Filters(of.lines[0].sku),
            Filters(status="open"),
            Filters(),
        ]
    return asked[:SEARCHES]


async def _search(path: Path, asked: Sequence[Filters]) -> Cost:
    taken: list[float] = []
    async with SqliteStore(path, shop.HOUSE.site) as store:
        for filters in asked:
            began = time.perf_counter()
            await reading.search(store, filters)
            taken.append((time.perf_counter() - began) * 1000)
    return Cost(percentile(taken, 0.5), percentile(taken, 0.99))


def _bare_search(path: Path, asked: Sequence[Filters]) -> Cost:
    """The newest orders of one exact word, or the newest of all, and their rows, by indexes alone."""
    connection = sqlite3.connect(path)
    by_word = "SELECT order_id FROM order_terms WHERE term = ? ORDER BY placed_at DESC, order_id LIMIT 51"
    newest = "SELECT order_id FROM orders ORDER BY placed_at DESC, order_id LIMIT 51"
    taken: list[float] = []
    for filters in asked:
        began = time.perf_counter()
        words = terms.words_of(filters.text)
        rows: list[Any] = connection.execute(by_word if words else newest, words[:1]).fetchall()
        found = msgspec.json.encode([row for (row,) in rows]).decode()
        connection.execute(sqlite_queries()["orders.listed"], (found,)).fetchall()
        taken.append((time.perf_counter() - began) * 1000)
    connection.close()
    return Cost(percentile(taken, 0.5), percentile(taken, 0.99))


async def _wait_for_stock(folder: Path) -> Path:
    """A shop whose orders came before their goods: all are held and have nothing; then the goods come."""
    path = folder / "waiting.sqlite"
    await shop.stock_up(path, 0)
    await take_orders(path, range(RELEASED))

    def goods_come(books: Books) -> None:
        for number in range(shop.PRODUCTS):
            receive(books, shop.sku(number), RELEASED, Cause("bench", "bench", shop.AT))

    async with SqliteStore(path, shop.HOUSE.site) as store:
        await store.transact(Keys(skus=frozenset(map(shop.sku, range(shop.PRODUCTS)))), goods_come)
    return path


async def _release(path: Path) -> tuple[float, list[Rows]]:
    """Orders that wait for stock released a second, with what bare SQL has to write for the same."""
    numbers = [OrderId(order(number).order) for number in range(RELEASED)]
    wanted = action("released")
    rows: list[Rows] = []
    seconds = 0.0
    async with SqliteStore(path, shop.HOUSE.site) as store:
        for start in range(0, RELEASED, AT_ONCE):
            batch = numbers[start : start + AT_ONCE]
            keys = bulk_keys(batch, wanted)

            def decide(books: Books, batch: Sequence[OrderId] = batch) -> list[Result]:
                return carry_out(books, shop.HOUSE, batch, wanted, BY)

            rows.append(recorded(path, keys, decide))
            began = time.perf_counter()
            results = await store.transact(keys, decide)
            seconds += time.perf_counter() - began
            if refused := [each for each in results if not each.done]:
                raise RuntimeError(f"not released: {refused[0]}")
    return RELEASED / seconds, rows


def _require_reserved(path: Path, pieces: int) -> None:
    """Raises `RuntimeError` unless so many pieces are promised; none while all orders are held, all when none is."""
    connection = sqlite3.connect(path)
    (lines,) = connection.execute("SELECT sum(reserved) FROM order_lines").fetchone()
    (levels,) = connection.execute("SELECT sum(reserved) FROM levels").fetchone()
    (held,) = connection.execute("SELECT count(*) FROM orders WHERE held <> '[]'").fetchone()
    connection.close()
    if (lines, levels, held) != (pieces, pieces, 0 if pieces else RELEASED):
        raise RuntimeError(
            f"{path.name}: {lines} and {levels} pieces are reserved, not {pieces}; {held} orders are held"
        )


def main() -> None:
    """Measure, print a table and a last line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the line of JSON alone")
    parser.add_argument("--orders", type=int, nargs="+", default=[1_000, 20_000], help="sizes of shops to search")
    wanted = parser.parse_args()
    rows: list[tuple[str, str, str, str]] = []
    result: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="packline-bench-") as name:
        folder = Path(name)
        empty = folder / "empty.sqlite"
        asyncio.run(shop.stock_up(empty, 20 * max(*wanted.orders, 3 * TAKEN) // shop.PRODUCTS))
        rest, file = _by_server(folder, shop.copied(empty, folder / "taken.sqlite"))
        bare_rest, bare_file = _floors(folder, empty)
        rows += [
            ("orders a second by REST, one by one", f"{rest.rate:.0f}", f"{bare_rest.rate:.0f}", ""),
            ("CPU for an order by REST", f"{rest.cpu_us:.0f} µs", f"{bare_rest.cpu_us:.0f} µs", ""),
            ("orders a second from a CSV file", f"{file.rate:.0f}", f"{bare_file.rate:.0f}", ""),
            ("CPU for an order from a CSV file", f"{file.cpu_us:.0f} µs", f"{bare_file.cpu_us:.0f} µs", ""),
        ]
        result |= {"rest_rate": rest.rate, "rest_cpu_ratio": rest.cpu_us / bare_rest.cpu_us}
        result |= {"csv_rate": file.rate, "csv_cpu_ratio": file.cpu_us / bare_file.cpu_us}
        done = 0
        shop_file = shop.copied(empty, folder / "shop.sqlite")
        for size in sorted(wanted.orders):
            asyncio.run(take_orders(shop_file, range(done, size)))
            done = size
            asked = _asked(size)
            found, floor = asyncio.run(_search(shop_file, asked)), _bare_search(shop_file, asked)
            rows += [
                (f"search among {size:,} orders, median", f"{found.p50:.2f} ms", f"{floor.p50:.2f} ms", ""),
                (f"search among {size:,} orders, 99th of 100", f"{found.p99:.2f} ms", f"{floor.p99:.2f} ms", ""),
            ]
            result |= {f"search_p50_{size}": found.p50, f"search_p99_{size}": found.p99}
        _require_reserved(waiting := asyncio.run(_wait_for_stock(folder)), 0)
        released, written = asyncio.run(_release(copy := shop.copied(waiting, folder / "released.sqlite")))
        bare = _bare(waiting, written, AT_ONCE).rate
        for path in (copy, waiting):
            _require_reserved(path, PIECES * RELEASED)
        rows.append(("held orders released a second, with their reservation", f"{released:.0f}", f"{bare:.0f}", ""))
        result |= {"release_rate": released, "release_ratio": released / bare}
    report("Orders, against bare SQL that writes or finds the same rows", rows, result, wanted.json)


if __name__ == "__main__":
    main()
