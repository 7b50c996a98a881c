"""Orders against bare SQL: `python -m bench.orders [--json] [--orders 1000 100000 1000000]`.

Taking orders in by REST and CSV with a real central, searching shops of several sizes, releasing orders that are held
for want of stock, with their reservation. Each floor is measured in the same run: bare SQL that writes, or finds, the
same rows.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench import shop
from bench.bare_pipe import Rows
from bench.figures import report
from bench.order_intake import BY, TAKEN, bare, by_server, floors, order, recorded, take_orders
from bench.order_search import by_call, by_rest, by_sql, questions
from central.desk.books import Books, Keys
from central.orders.bulk import Result, action, carry_out
from central.orders.bulk import keys_of as bulk_keys
from central.stock.ledger import Cause
from central.stock.rules import receive
from central.store.sqlite import SqliteStore
from contract.keys import OrderId

RELEASED: Final = 2_000
PIECES: Final = 3
"""Of an order."""
AT_ONCE: Final = 50
"""Orders of a run in one transaction."""


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
                return carry_out(books, shop.HOUSE, batch, wanted, "any", BY)

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
        rest, file = by_server(folder, shop.copied(empty, folder / "taken.sqlite"))
        bare_rest, bare_file = floors(folder, empty)
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
            asked = questions(size)
            rest_cost, pages = by_rest(folder, shop_file, asked)
            call, floor = asyncio.run(by_call(shop_file, asked)), by_sql(shop_file, asked, pages)
            for what, share in (("median", "p50"), ("99th of 100", "p99")):
                costs = [getattr(cost, share) for cost in (rest_cost, call, floor)]
                among = f"search among {size:,} orders"
                rows += [
                    (f"{among} by REST, {what}", f"{costs[0]:.2f} ms", f"{costs[2]:.2f} ms", ""),
                    (f"{among}, without HTTP, {what}", f"{costs[1]:.2f} ms", f"{costs[2]:.2f} ms", ""),
                ]
                result |= {f"search_rest_{share}_{size}": costs[0], f"search_{share}_{size}": costs[1]}
                result |= {f"search_floor_{share}_{size}": costs[2]}
        _require_reserved(waiting := asyncio.run(_wait_for_stock(folder)), 0)
        released, written = asyncio.run(_release(copy := shop.copied(waiting, folder / "released.sqlite")))
        floor_rate = bare(waiting, written, AT_ONCE).rate
        for path in (copy, waiting):
            _require_reserved(path, PIECES * RELEASED)
        rows.append(
            ("held orders released a second, with their reservation", f"{released:.0f}", f"{floor_rate:.0f}", "")
        )
        result |= {"release_rate": released, "release_ratio": released / floor_rate}
    report("Orders, against bare SQL that writes or finds the same rows", rows, result, wanted.json)


if __name__ == "__main__":
    main()
