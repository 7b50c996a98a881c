"""What every store promises, shown on real SQLite files."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from central.desk import facts
from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.orders.rows import LineRow, OrderRow
from central.packing.rows import JobRow
from central.shipping.rows import ParcelLineRow, ParcelRow, SsccRangeRow, item_key
from central.stations.rows import ReceivedRow, StationRow
from central.stock.model import Product
from central.stock.rows import ProductRow
from central.stock.rules import receive
from central.store.sqlite import SqliteStore
from central.store.store import BeyondTheTables, Reads, StoreTrouble
from contract.envelope import FactEnvelope
from contract.keys import JobId, OrderId, Sku
from contract.messages import LabelVoided, MessageToPacker
from contract.values import ItemCode, Trace
from tests.central.shop import AT, CAUSE, LAMP, MUG, TEA, add_order, message, parcel, shop, sscc
from tests.central.shop import book as booked

P1 = OrderId("P-1")

DAY = 86_400_000


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore(tmp_path / "central.db", "lyon", clock=lambda: AT) as opened:
        yield opened


def fill(books: Books) -> None:
    """Everything that a shop with one packed order has."""
    made = shop(("P-1", [(MUG, 2), (TEA, 1)]))
    booked(made, message(parcel(1, "P-1", (1, MUG, 2)), name="m-1"))
    for name in ("orders", "lines", "jobs", "products", "levels", "parcels", "parcel_lines", "received"):
        for row in getattr(made, name):
            getattr(books, name).put(row)
    for name in ("movements", "tracking", "timeline", "problems"):
        getattr(books, name).extend(getattr(made, name))
    books.jobs.put(JobRow(JobId("P-1"), "pack-1", 3, "suspended", "1002", AT, '[{"x":1}]', '["a"]'))
    books.stations.put(StationRow("pack-1", True, "1.0", "[]", 4, "1002", 77, AT))
    books.ranges.put(SsccRangeRow("0340", 1, 50, "pack-1", "ask-1", AT))
    books.ranges.put(SsccRangeRow("0340", 51, 90, "pack-2", "ask-2", AT))


async def test_what_was_written_is_loaded_field_by_field(store: SqliteStore) -> None:
    await store.transact(Keys(), fill)
    keys = Keys(
        orders=frozenset({P1}),
        parcels=frozenset({sscc(1)}),
        messages=frozenset({"m-1"}),
        stations=frozenset({"pack-1"}),
        sscc_prefixes=frozenset({"0340"}),
        sscc_asks=frozenset({"ask-1"}),
    )
    loaded = await store.transact(keys, lambda books: books)
    made = Books()
    fill(made)
    assert loaded.orders[P1] == replace(made.orders[P1], status="partly_packed")
    assert loaded.lines.of(P1) == made.lines.of(P1)
    assert loaded.jobs[JobId("P-1")] == made.jobs[JobId("P-1")]
    assert {row.sku: row for row in loaded.products} == {row.sku: row for row in made.products if row.sku != LAMP}
    assert {row.sku: row for row in loaded.levels} == {row.sku: row for row in made.levels if row.sku != LAMP}
    assert replace(loaded.parcels[sscc(1)], token="") == replace(made.parcels[sscc(1)], token="")
    assert list(loaded.parcel_lines) == list(made.parcel_lines)
    assert loaded.stations["pack-1"] == made.stations["pack-1"]
    assert loaded.received["m-1"].station == "pack-1"
    assert {row.first for row in loaded.ranges} == {1, 51}
    assert not loaded.orders.changed


async def test_only_what_keys_name_is_loaded(store: SqliteStore) -> None:
    await store.transact(Keys(), fill)
    await store.transact(Keys(), lambda books: add_order(books, "P-2", [(LAMP, 1)]))
    loaded = await store.transact(Keys(orders=frozenset({OrderId("P-2")})), lambda books: books)
    assert [row.order_id for row in loaded.orders] == ["P-2"]
    assert [row.sku for row in loaded.products] == [LAMP]
    assert (len(loaded.parcels), len(loaded.received), len(loaded.stations)) == (0, 0, 0)


async def test_orders_bring_their_parcels_when_asked(store: SqliteStore) -> None:
    await store.transact(Keys(), fill)
    loaded = await store.transact(Keys(parcels_of=frozenset({P1})), lambda books: books)
    assert [row.sscc for row in loaded.parcels] == [sscc(1)]
    assert [row.order_id for row in loaded.orders] == [P1]


async def test_what_decide_raises_undoes_everything(store: SqliteStore) -> None:
    def decide(books: Books) -> None:
        fill(books)
        raise KeyError("no")

    with pytest.raises(KeyError):
        await store.transact(Keys(), decide)
    assert await store.read("tracking.timeline_of", ("order/P-1",)) == []
    assert await store.transact(Keys(orders=frozenset({P1})), lambda books: len(books.orders)) == 0


async def test_a_value_that_the_engine_cannot_hold_undoes_everything(store: SqliteStore) -> None:
    def decide(books: Books) -> None:
        books.lines.put(LineRow(P1, 1, MUG, 1))
        books.lines.put(LineRow(P1, 2, MUG, 10**30))

    with pytest.raises(BeyondTheTables):
        await store.transact(Keys(), decide)
    assert await store.transact(Keys(orders=frozenset({P1})), lambda books: len(books.lines)) == 0


async def test_transactions_at_once_do_not_lose_each_other(store: SqliteStore) -> None:
    await store.transact(Keys(), lambda books: books.products.put(ProductRow.of(Product(MUG, "Mug"))))

    def one_more(books: Books) -> None:
        receive(books, MUG, 1, CAUSE)

    await asyncio.gather(*(store.transact(Keys(skus=frozenset({MUG})), one_more) for _ in range(50)))
    level = await store.transact(Keys(skus=frozenset({MUG})), lambda books: books.level(MUG))
    assert level.on_hand == 50
    assert await store.read("stock.audit_levels") == []


async def test_of_transactions_that_share_a_commit_each_stands_alone(store: SqliteStore, tmp_path: Path) -> None:
    """The first is slow, so that the others wait together; when one is answered, what it wrote is in the file."""
    await store.transact(Keys(), fill)
    waiting, go_on = threading.Event(), threading.Event()

    def slow(books: Books) -> None:
        waiting.set()
        assert go_on.wait(60)

    def noting(number: int) -> Callable[[Books], int]:
        def decide(books: Books) -> int:
            books.note("order/P-1", AT, f"note {number}")
            if number == 3:
                raise Refused("conflict", "Not this one.")
            return number

        return decide

    async def note(number: int) -> int:
        answer = await store.transact(Keys(), noting(number))
        connection = sqlite3.connect(tmp_path / "central.db")
        (there,) = connection.execute("SELECT count(*) FROM timeline WHERE what = ?", (f"note {number}",)).fetchone()
        connection.close()
        assert there == 1
        return answer

    first = asyncio.create_task(store.transact(Keys(), slow))
    await asyncio.to_thread(waiting.wait, 60)
    notes = [asyncio.create_task(note(number)) for number in range(6)]
    await asyncio.sleep(0)
    go_on.set()
    await first
    answers = await asyncio.gather(*notes, return_exceptions=True)
    assert isinstance(answers[3], Refused)
    assert [each for each in answers if each is not answers[3]] == [0, 1, 2, 4, 5]
    told = [row["what"] for row in await store.read("tracking.timeline_of", ("order/P-1",))]
    assert [what for what in told if what.startswith("note")] == [f"note {number}" for number in (0, 1, 2, 4, 5)]


@pytest.mark.feature("P2")
async def test_codes_lead_to_orders(store: SqliteStore) -> None:
    await store.transact(Keys(), fill)

    def more(books: Books) -> None:
        add_order(books, "P-2", [(LAMP, 1)], tote="TOTE-7", pick_list="PICK-1", promised_at=AT + 9 * DAY)
        add_order(books, "P-3", [(LAMP, 1)], pick_list="PICK-1", promised_at=AT + 5 * DAY)
        add_order(books, "P-4", [(LAMP, 2)])
        add_order(books, "P-5", [(LAMP, 1)], payment="awaiting", payment_method="")
        row = books.parcels[sscc(1)]
        books.parcels.put(replace(row, tracking_number="6A123", carrier="manual"))
        codes = (ItemCode("04006381333931"), ItemCode("04006381333930", quantity=12))
        books.products.put(ProductRow.of(Product(LAMP, "Lamp", codes)))

    await store.transact(Keys(parcels=frozenset({sscc(1)}), skus=frozenset({LAMP})), more)

    async def found(code: str) -> list[tuple[str, str]]:
        keys = Keys(codes=frozenset({code}))
        return await store.transact(keys, lambda books: [(each.kind, each.order) for each in books.found])

    assert await found("P-1") == [("order", "P-1")]
    assert await found("TOTE-7") == [("tote", "P-2")]
    assert await found("PICK-1") == [("pick_list", "P-3"), ("pick_list", "P-2")]
    assert await found(sscc(1)) == [("parcel", "P-1")]
    assert await found("6A123") == [("tracking", "P-1")]
    assert await found("04006381333931") == [("product", "P-3"), ("product", "P-2")]
    assert await found("LAMP-3") == [("product", "P-3"), ("product", "P-2")]
    assert await found("nothing") == []


async def test_a_changed_product_forgets_its_old_codes(store: SqliteStore) -> None:
    def coded(code: str) -> Product:
        return Product(LAMP, "Lamp", (ItemCode(code),))

    await store.transact(Keys(), lambda books: books.products.put(ProductRow.of(coded("04006381333931"))))
    await store.transact(Keys(), lambda books: books.products.put(ProductRow.of(coded("00000096385074"))))
    await store.transact(Keys(), lambda books: add_order(books, "P-1", [(LAMP, 1)]))
    loaded = await store.transact(Keys(codes=frozenset({"04006381333931"})), lambda books: books.found)
    assert loaded == []


@pytest.mark.feature("K3")
async def test_unsent_news_of_a_topic_is_replaced_and_letters_are_not(store: SqliteStore) -> None:
    told: list[bool] = []
    store.posted = told.append
    await store.transact(Keys(), lambda books: books.products.put(ProductRow.of(Product(MUG, "Mug"))))

    def change(books: Books) -> None:
        receive(books, MUG, 1, CAUSE)
        books.send("pack-1", MessageToPacker("Hello"))

    for _ in range(3):
        await store.transact(Keys(skus=frozenset({MUG})), change)
    rows = await store.read("desk.unsent", (0, 100))
    assert [row["topic"].rsplit("/", 1)[1] for row in rows if row["retain"]] == ["MUG-BLUE"]
    assert '"on_hand":3' in next(row["body"] for row in rows if row["retain"])
    assert len([row for row in rows if not row["retain"]]) == 3
    assert told == [True, True, True]
    store.forget([row["sequence"] for row in rows])
    await store.transact(Keys(), lambda books: None)
    assert await store.read("desk.unsent", (0, 100)) == []
    await store.transact(Keys(skus=frozenset({MUG})), change)
    assert min(row["sequence"] for row in await store.read("desk.unsent", (0, 100))) > max(
        row["sequence"] for row in rows
    )


@pytest.mark.feature("O5")
async def test_status_follows_quantities_in_every_transaction(store: SqliteStore) -> None:
    await store.transact(Keys(), fill)

    def cancel_rest(books: Books) -> None:
        line = books.lines[P1, 2]
        books.lines.put(replace(line, cancelled=1, reserved=0))

    await store.transact(Keys(orders=frozenset({P1})), cancel_rest)
    (row,) = await store.transact(Keys(orders=frozenset({P1})), lambda books: list(books.orders))
    assert row.status == "packed"
    news = [row for row in await store.read("desk.unsent", (0, 100)) if row["topic"].endswith("order/P-1")]
    assert len(news) == 1
    assert '"status":"packed"' in news[0]["body"]


async def test_a_read_sees_committed_rows_while_another_transaction_runs(store: SqliteStore) -> None:
    await store.transact(Keys(), fill)
    before = await store.read("tracking.timeline_of", ("order/P-1",))

    def decide(books: Books) -> None:
        books.note("order/P-1", AT, "something")

    await asyncio.gather(store.transact(Keys(), decide), store.read("tracking.timeline_of", ("order/P-1",)))
    after = await store.read("tracking.timeline_of", ("order/P-1",))
    assert len(after) == len(before) + 1


async def test_what_is_read_together_is_of_one_moment(store: SqliteStore, tmp_path: Path) -> None:
    await store.transact(Keys(), fill)
    other = sqlite3.connect(tmp_path / "central.db", isolation_level=None, check_same_thread=False)

    async def reading(reads: Reads) -> list[int]:
        found = [len(await reads.read("tracking.timeline_of", ("order/P-1",)))]
        other.execute(
            "INSERT INTO timeline (subject, at, what, station, by, text) VALUES ('order/P-1', 1, 'x', '', '', '')"
        )
        return [*found, len(await reads.read("tracking.timeline_of", ("order/P-1",)))]

    before, then = await store.together(reading)
    assert (before, then) == (before, before)
    assert await store.together(reading) == [before + 1] * 2
    other.close()


async def test_what_is_read_together_waits_for_nothing_else(store: SqliteStore) -> None:
    async def reading(reads: Reads) -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="outside of the database"):
        await store.together(reading)
    with pytest.raises(StoreTrouble, match="readonly"):
        await store.together(lambda reads: reads.read("desk.trim_aside"))
    assert await store.together(lambda reads: reads.read("tracking.timeline_of", ("order/P-1",))) == []


async def test_reading_cannot_write(store: SqliteStore) -> None:
    with pytest.raises(StoreTrouble, match="readonly"):
        await store.read("desk.trim_aside")


async def test_a_locked_database_is_trouble_that_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "central.db"
    async with SqliteStore(path, "lyon", patience_s=0.05) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreTrouble, match=r"central\.db: nothing was written: database is locked"):
            await store.transact(Keys(), fill)
        other.execute("ROLLBACK")
        other.close()
        await store.transact(Keys(), fill)


def test_keys_are_united() -> None:
    united = Keys.union([Keys(orders=frozenset({P1})), Keys(skus=frozenset({Sku("A")}), messages=frozenset({"m"}))])
    assert united == Keys(orders=frozenset({P1}), skus=frozenset({Sku("A")}), messages=frozenset({"m"}))
    assert Keys.union([]) == Keys()


def test_rows_have_the_columns_of_their_tables(tmp_path: Path) -> None:
    """A row is written and loaded by place: its fields must stand in the order of the statement's columns."""
    for row, query in (
        (OrderRow, "orders.load"),
        (LineRow, "orders.load_lines"),
        (ProductRow, "stock.load_products"),
        (JobRow, "packing.load_jobs"),
        (ParcelRow, "shipping.load_parcels"),
        (ParcelLineRow, "shipping.load_parcel_lines"),
        (SsccRangeRow, "shipping.newest_ranges"),
        (StationRow, "stations.load_stations"),
        (ReceivedRow, "desk.load_received"),
    ):
        assert columns_of(query) == list(row.__struct_fields__), query


def columns_of(query: str) -> list[str]:
    from central.store.queries import sqlite_queries

    selected = sqlite_queries()[query].split("SELECT", 1)[1].split("FROM", 1)[0]
    return [column.strip() for column in selected.split(",")]


@pytest.mark.feature("P6")
async def test_a_single_piece_is_found_where_it_was_packed_before(store: SqliteStore) -> None:
    await store.transact(Keys(orders=frozenset({P1})), fill)
    pieces = (Trace(1, "L-1", "A", "2029-11-30"), Trace(1, "L-1", "B", "2029-11-30"))

    def told(number: int) -> FactEnvelope:
        fact = parcel(number, "P-1", (1, MUG, 2))
        return message(replace(fact, contents=(replace(fact.contents[0], traces=pieces),)))

    first, second = told(11), told(12)
    await store.transact(facts.keys_of([first]), lambda books: booked(books, first) and None)
    found = await store.transact(facts.keys_of([second]), lambda books: {row.item: row.sscc for row in books.traces})
    assert found == {item_key(MUG, "A"): sscc(11), item_key(MUG, "B"): sscc(11)}
    outcome = await store.transact(facts.keys_of([second]), lambda books: booked(books, second))
    assert f"parcel {sscc(11)} already" in outcome.receipts["pack-1"][0].problem or "déjà" in (
        outcome.receipts["pack-1"][0].problem
    )
    void = message(LabelVoided(sscc(11), JobId("P-1"), AT, "1002", "recalled"))
    await store.transact(facts.keys_of([void]), lambda books: booked(books, void) and None)
    again = await store.transact(Keys(items=frozenset({item_key(MUG, "A")})), lambda books: list(books.traces))
    assert [row.sscc for row in again] == [sscc(12)]


@pytest.mark.feature("K1", "K3")
async def test_a_parcel_brings_the_levels_of_what_its_order_does_not_have(store: SqliteStore) -> None:
    await store.transact(Keys(orders=frozenset({P1})), fill)
    stray = message(parcel(11, "P-1", (1, LAMP, 2)))
    await store.transact(facts.keys_of([stray]), lambda books: booked(books, stray) and None)
    void = message(LabelVoided(sscc(11), JobId("P-1"), AT, "1002", "wrong item"))
    await store.transact(facts.keys_of([void]), lambda books: booked(books, void) and None)
    level = await store.transact(Keys(skus=frozenset({LAMP})), lambda books: books.level(LAMP))
    assert (level.on_hand, level.packed) == (20, 0)
    assert await store.read("stock.audit_levels") == []
