"""Papers that rules ask for: printed once, by the bench that packs the last of the order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from central.desk.batch import decide, keys_of
from central.desk.books import Books, Keys
from central.desk.deliveries import FactCame
from central.orders import reading as orders
from central.orders.accepting import accept
from central.orders.importing import keys_of as keys_of_order
from central.orders.model import Contact, NewLine, NewOrder
from central.orders.rules import By
from central.packing.house import House
from central.policy.model import NO_RULES, Known
from central.policy.reading import read_rules
from central.policy.standing import Standing
from central.policy.trying import Change, try_rules
from central.stock.model import Product
from central.stock.rows import ProductRow
from central.stock.rules import Cause, keep, receive
from central.store.sqlite import SqliteStore
from contract.envelope import Reader
from contract.keys import JobId, OrderId
from contract.messages import Fact, InboxItem, PrintDocument, ShortReported
from contract.papers import DeliveryNote
from link.config import BadConfig
from tests.central.conftest import Central
from tests.central.orders.test_routes import PAID
from tests.central.shop import ADDRESS, AT, HOUSE, LAMP, MUG, message, parcel, sscc

pytestmark = pytest.mark.feature("O16")
RULE = '[[rules]]\nname = "Note"\nwhen.source = ["rest"]\nthen.documents = {papers}'
RULES = read_rules(RULE.format(papers='["delivery_note"]'), "rules.toml", Known())
_item: Reader[InboxItem] = Reader(InboxItem, "letter")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """Two orders of a mug and a lamp; rules ask for a paper of P-1 alone."""
    path = tmp_path / "central.db"
    async with SqliteStore(path, "lyon", Standing(rules=RULES), clock=lambda: AT) as opened:
        new = NewOrder(OrderId("P-1"), AT, ADDRESS, (NewLine(MUG, 1), NewLine(LAMP, 2)), Contact("e@example.org"))
        both = [replace(new, source="rest"), replace(new, order=OrderId("P-2"), source="csv")]

        def fill(books: Books) -> None:
            for sku in (MUG, LAMP):
                keep(books, ProductRow.of(Product(sku, sku.title(), mass_g=100)))
                receive(books, sku, 20, Cause("", "anna", AT))
            for order in both:
                accept(books, order, By("anna", AT))

        await opened.transact(Keys.union([keys_of_order(order) for order in both]), fill)
        yield opened


async def told(store: SqliteStore, *facts: Fact, station: str = "pack-1", house: House = HOUSE) -> None:
    """Facts of a station, booked together as its messages are."""
    batch = [FactCame(message(fact, station)) for fact in facts]
    tokens = iter([f"{batch[0].envelope.message_id}-{place}" for place in range(len(batch))])
    await store.transact(keys_of(house, batch, AT), lambda books: decide(books, house, batch, tokens, AT))


async def printed(store: SqliteStore) -> list[tuple[str, DeliveryNote]]:
    """What waits for stations' printers, and where."""
    rows = await store.read("desk.unsent", (0, 500))
    sent = [(row["topic"], _item(row["body"].encode())) for row in rows if row["topic"].endswith("/inbox")]
    return [
        (topic.split("/")[-2], item.document)
        for topic, item in sent
        if isinstance(item, PrintDocument) and isinstance(item.document, DeliveryNote)
    ]


async def test_the_bench_that_packs_the_last_of_it_prints_it_once(store: SqliteStore) -> None:
    first, last = parcel(1, "P-1", (1, MUG, 1)), parcel(2, "P-1", (2, LAMP, 2), parcel_number=2)
    await told(store, first)
    assert await printed(store) == []
    await told(store, last, station="pack-2")
    ((station, note),) = await printed(store)
    assert (station, note.parcels, note.to_follow) == ("pack-2", (sscc(1), sscc(2)), ())
    assert [(line.sku, line.quantity) for line in note.lines] == [(MUG, 1), (LAMP, 2)]
    await told(store, last, station="pack-2")
    await told(store, first)
    await told(store, parcel(3, "P-1", (2, LAMP, 1), parcel_number=3))
    assert len(await printed(store)) == 1


async def test_both_parcels_at_once(store: SqliteStore) -> None:
    await told(store, parcel(1, "P-1", (1, MUG, 1)), parcel(2, "P-1", (2, LAMP, 2), parcel_number=2))
    ((_, note),) = await printed(store)
    assert note.parcels == (sscc(1), sscc(2))


async def test_an_order_that_no_rule_is_about_gets_none(store: SqliteStore) -> None:
    await told(store, parcel(1, "P-2", (1, MUG, 1), (2, LAMP, 2)))
    assert await printed(store) == []


@pytest.mark.parametrize(("policy", "papers"), [("cancel", 1), ("backorder", 0)])
async def test_what_is_missing_and_cancelled_ends_the_order(store: SqliteStore, policy: str, papers: int) -> None:
    house = replace(HOUSE, short_policy=policy)
    await told(store, parcel(1, "P-1", (1, MUG, 1)), house=house)
    short = ShortReported(JobId("P-1"), OrderId("P-1"), 2, LAMP, 2, "missing", "1002", AT)
    await told(store, short, house=house)
    assert [[line.sku for line in note.lines] for _, note in await printed(store)] == [[MUG]] * papers


async def test_it_is_kept_on_the_order_and_in_a_trial(store: SqliteStore) -> None:
    order = await orders.one(store, OrderId("P-1"))
    assert order.documents == ("delivery_note",)
    (applied,) = [entry for entry in order.timeline if entry.what == "rule_applied"]
    assert applied.text == "Note: prints delivery_note"
    trial = await try_rules(store, NO_RULES, 0, 9)
    assert [each.changes for each in trial.orders] == [(Change("documents", "delivery_note", "-"),)]
    await told(store, parcel(1, "P-1", (1, MUG, 1), (2, LAMP, 2)))
    (sent,) = [each for each in (await orders.one(store, OrderId("P-1"))).timeline if each.what == "delivery_note_sent"]
    assert (sent.by, sent.station) == ("rules", "pack-1")


async def test_the_page_of_the_order_tells_it(central: Central) -> None:
    central.store.standing = Standing(rules=RULES)
    async with central.client() as api, central.browser() as browser:
        (await api.post("/api/orders", json=PAID)).raise_for_status()
        page, rules = await asyncio.gather(browser.get("/orders/P-1"), browser.get("/rules"))
    assert "Printed at the bench by a rule: Delivery note" in page.text
    assert "delivery_note" in rules.text


@pytest.mark.parametrize(
    ("papers", "complaint"),
    [
        ('["delivery_notes"]', r"rule 'Note': then\.documents: 'delivery_notes' is no paper.*mean 'delivery_note'\?"),
        ('["invoice"]', r"'invoice' is no paper that benches print for a rule; there is delivery_note"),
        ('"delivery_note"', r"rule 'Note': then\.documents: "),
        ("[1]", r"rule 'Note': then\.documents"),
    ],
)
def test_a_paper_that_is_none_is_refused_with_its_place(papers: str, complaint: str) -> None:
    with pytest.raises(BadConfig, match=complaint):
        read_rules(RULE.format(papers=papers), "r.toml", Known())
