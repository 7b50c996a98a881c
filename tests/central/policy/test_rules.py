"""Rules for orders that come in: read, decided, applied to orders, tried on those of the past."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from central.cli import main
from central.desk.books import Books, Keys
from central.orders.accepting import accept
from central.orders.holding import recheck, release
from central.orders.importing import keys_of
from central.orders.model import Contact, NewLine, NewOrder
from central.orders.rules import By
from central.policy.model import NO_RULES, Actions, Facts, Known, Mode, Rule, Rules, Then, When
from central.policy.reading import read_rules
from central.policy.rules import decide
from central.policy.standing import Standing
from central.policy.trying import Change, try_rules
from central.stock.model import Product
from central.stock.rows import ProductRow
from central.stock.rules import Cause, keep, receive
from central.store.sqlite import SqliteStore
from contract.keys import OrderId, Sku
from contract.messages import JobOffered
from contract.values import Address
from link.config import BadConfig
from tests.central.conftest import Central
from tests.central.shop import ADDRESS, AT, LAMP, MUG, ask
from tests.central.test_config import TEXT

pytestmark = pytest.mark.feature("O16")
BY = By("anna", AT)
KNOWN = Known(frozenset({"Standard", "Colissimo"}), frozenset({"BOX-S"}))
FILE = """
apply = "all"

[[rules]]
name = "Corsica"
when.country = ["FR"]
when.postcode = ["20"]
then.service = "Colissimo"
then.note = "Customs paper is not needed."

[[rules]]
name = "Dear"
when.total_from = 500.00
when.earlier_orders_below = 1
then.hold = "First order of 500 € and more: call the customer."

[[rules]]
name = "Glass"
when.has = ["fragile"]
then.box = "BOX-S"
then.returns = "form"
then.priority = "express"

[[rules]]
name = "Part shipments"
when.source = ["csv"]
then.release = ["stock", "contact"]
"""
RULES = read_rules(FILE, "rules.toml", KNOWN)
FACTS = Facts("FR", "75002", "EUR", 3000, 500, 2, ("MUG-BLUE",), frozenset(), "rest", "", 0)


@pytest.mark.parametrize(
    ("facts", "acting"),
    [
        (FACTS, ()),
        (replace(FACTS, postcode="20 090"), ("Corsica",)),
        (replace(FACTS, postcode="20090", country="IT"), ()),
        (replace(FACTS, total=50_000), ("Dear",)),
        (replace(FACTS, total=49_999), ()),
        (replace(FACTS, total=50_000, earlier_orders=1), ()),
        (replace(FACTS, flags=frozenset({"fragile", "traced"}), source="CSV"), ("Glass", "Part shipments")),
    ],
)
def test_a_rule_acts_when_all_that_it_asks_is_so(facts: Facts, acting: tuple[str, ...]) -> None:
    assert decide(RULES, facts).rules == acting


@pytest.mark.parametrize(
    ("when", "so"),
    [
        (When(sku=("mug-*",)), True),
        (When(sku=("TEA",)), False),
        (When(country_not=("FR",)), False),
        (When(currency=("eur",), pieces_from=2, pieces_below=3), True),
        (When(mass_below_g=500), False),
        (When(mass_from_g=500, mass_below_g=501), True),
        (When(service=("standard",)), False),
    ],
)
def test_conditions(when: When, so: bool) -> None:
    rules = Rules("first", (Rule("R", Then(note="x"), when),))
    assert bool(decide(rules, FACTS).rules) is so
    if when.mass_from_g or when.mass_below_g:
        assert decide(rules, replace(FACTS, mass_g=None)).rules == ()


def words(*choices: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(choices), max_size=2).map(tuple)


WHEN = st.builds(
    When,
    country=words("FR", "BE", "fr"),
    postcode=words("7", "75", "20"),
    total_from=st.none() | st.floats(0, 60).map(lambda amount: round(amount, 2)),
    pieces_from=st.none() | st.integers(0, 5),
    sku=words("MUG-*", "*", "LAMP-3"),
    has=words("fragile", "traced"),
    earlier_orders_from=st.none() | st.integers(0, 2),
)
THEN = st.builds(
    Then,
    release=words("stock", "contact", "quantity"),
    hold=st.sampled_from(["", "look"]),
    service=st.sampled_from(["", "Standard", "Colissimo"]),
    box=st.sampled_from(["", "BOX-S"]),
    returns=st.sampled_from(["", "form", "none"]),
    priority=st.sampled_from(["", "express", "vip"]),
    note=st.sampled_from(["", "careful"]),
)
ANY_RULES = st.builds(
    lambda mode, parts: Rules(mode, tuple(Rule(f"R{place}", *part) for place, part in enumerate(parts))),
    st.sampled_from(["first", "all"]),
    st.lists(st.tuples(THEN, WHEN), max_size=5),
)
ANY_FACTS = st.builds(
    Facts,
    st.sampled_from(["FR", "BE"]),
    st.sampled_from(["75002", "20090", ""]),
    st.just("EUR"),
    st.integers(0, 6000),
    st.none() | st.integers(0, 5000),
    st.integers(1, 6),
    words("MUG-BLUE", "LAMP-3"),
    st.frozensets(st.sampled_from(["fragile", "traced"])),
    st.just("rest"),
    st.sampled_from(["", "Standard", "colissimo"]),
    st.integers(0, 3),
)


@settings(max_examples=200)
@given(ANY_RULES, ANY_FACTS)
def test_the_first_rule_alone_or_all_together(rules: Rules, facts: Facts) -> None:
    every = decide(replace(rules, apply="all"), facts)
    first = decide(replace(rules, apply="first"), facts)
    assert first.rules == every.rules[:1]
    assert decide(rules, facts) == decide(rules, facts)
    names = [rule.name for rule in rules.rules]
    assert [names.index(name) for name in every.rules] == sorted(names.index(name) for name in every.rules)
    # Each does what the first of them says that says anything; what holds is never lost.
    for field in ("service", "box", "returns", "priority"):
        said = [getattr(rule.then, field) for rule in rules.rules if rule.name in every.rules]
        chosen = next((each for each in said if each), "")
        assert getattr(every, field) in (chosen, "")
    assert len(every.holds) == sum(1 for rule in rules.rules if rule.name in every.rules and rule.then.hold)
    # A rule that is never true changes nothing.
    never = Rule("never", Then(hold="x"), When(pieces_below=0))
    assert decide(replace(rules, rules=(never, *rules.rules)), facts) == decide(rules, facts)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "[[rules]]\nname = 'A'\nwhen.contry = ['FR']\nthen.note = 'x'",
            r"r\.toml: rule 'A': when: unknown key 'contry'; did you mean 'country'\?",
        ),
        ("[[rules]]\nname = 'A'\nthen.servce = 'x'", "did you mean 'service'"),
        (
            "[[rules]]\nname = 'A'\nthen.service = 'Colisimo'",
            r"then\.service: there is no 'Colisimo' .*did you mean 'Colissimo'",
        ),
        ("[[rules]]\nname = 'A'\nthen.box = 'BOX-9'", r"then\.box: there is no 'BOX-9'"),
        ("[[rules]]\nname = 'A'\nthem.note = 'x'", "did you mean 'then'"),
        ("[[rules]]\nname = 'A'\nthen = {}", "it does nothing"),
        ("[[rules]]\nthen.note = 'x'", "rule 1: give it a name"),
        ("[[rules]]\nname = 'A'\nthen.note = 'x'\n[[rules]]\nname = 'A'\nthen.note = 'y'", "two rules are called 'A'"),
        ("[[rules]]\nname = 'A'\nwhen.country = 'FR'\nthen.note = 'x'", r"rule 'A': when\.country"),
        ("[[rules]]\nname = 'A'\nthen.priority = 'soon'", r"rule 'A': then\.priority"),
        ("apply = 'some'", "apply"),
        ("aply = 'all'", "did you mean 'apply'"),
        ("rules = 3", r"under \[\[rules\]\]"),
        ("[[rules", "not TOML"),
    ],
)
def test_a_file_that_cannot_be_meant_so_is_refused_with_its_place(text: str, complaint: str) -> None:
    with pytest.raises(BadConfig, match=complaint):
        read_rules(text, "r.toml", KNOWN)


def new(number: str, sku: Sku = MUG, quantity: int = 1, **fields: object) -> NewOrder:
    order = NewOrder(OrderId(number), AT, ADDRESS, (NewLine(sku, quantity),), Contact("e@example.org"), source="rest")
    return replace(order, **fields)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore(tmp_path / "central.db", "lyon", Standing(rules=RULES), clock=lambda: AT) as opened:
        await opened.transact(Keys(skus=frozenset({MUG, LAMP})), stock)
        yield opened


def stock(books: Books) -> None:
    for sku, fragile in ((MUG, False), (LAMP, True)):
        keep(books, ProductRow.of(Product(sku, sku.title(), mass_g=100, fragile=fragile)))
        receive(books, sku, 3, Cause("", "anna", AT))


async def take(store: SqliteStore, *orders: NewOrder) -> Books:
    def decide(books: Books) -> Books:
        for order in orders:
            accept(books, order, BY)
        return books

    return await store.transact(Keys.union(keys_of(order) for order in orders), decide)


async def test_what_rules_decide_is_done_and_told(store: SqliteStore) -> None:
    corsica = Address("A", ("1 rue X",), "20090", "Ajaccio", "FR")
    books = await take(store, new("P-1", LAMP, ship_to=corsica, service="Standard"))
    order = books.orders[OrderId("P-1")]
    assert (order.service, order.priority, order.priority_reason) == ("Colissimo", 1, "Corsica, Glass")
    assert [(note.audience, note.text) for note in order.noted] == [("packer", "Customs paper is not needed.")]
    told = [entry.text for entry in books.timeline if entry.what == "rule_applied"]
    assert told == [
        "Corsica: service Colissimo; note: Customs paper is not needed.",
        "Glass: box BOX-S; returns form; priority express",
    ]
    books.orders.put(replace(order, payment="paid"))
    offer = ask(books, "pack-1", "P-1")
    assert isinstance(offer, JobOffered)
    assert (offer.job.box, offer.job.returns, offer.job.service.name) == ("BOX-S", "form", "Colissimo")


async def test_a_rule_holds_until_a_person_releases(store: SqliteStore) -> None:
    books = await take(store, new("P-1", total=60_000))
    order = books.orders[OrderId("P-1")]
    assert [reason.code for reason in order.reasons] == ["rule.Dear"]
    recheck(books, order.order_id, BY)
    assert books.orders[OrderId("P-1")].is_held
    release(books, order.order_id, BY)
    assert not books.orders[OrderId("P-1")].is_held


async def test_a_customer_who_came_back_is_known(store: SqliteStore) -> None:
    await take(store, new("P-1"))
    books = await take(
        store,
        new("P-2", total=60_000, contact=Contact("E@Example.org")),
        new("P-3", total=60_000, contact=Contact("f@example.org")),
    )
    assert {order.order_id: order.is_held for order in books.orders} == {"P-2": False, "P-3": True}


async def test_the_second_order_of_one_file_is_not_the_first(store: SqliteStore) -> None:
    books = await take(store, *(new(f"P-{place}", total=60_000) for place in range(3)))
    assert [order.is_held for order in books.orders] == [True, False, False]
    assert (await try_rules(store, RULES, 0, 9)).different == 0


async def test_a_rule_lets_a_check_pass(store: SqliteStore) -> None:
    books = await take(store, new("P-1", MUG, 9), new("P-2", MUG, 9, source="csv", contact=Contact(phone="12")))
    assert [reason.code for reason in books.orders[OrderId("P-1")].reasons] == ["stock.1"]
    assert not books.orders[OrderId("P-2")].is_held


async def test_rules_are_tried_on_past_orders_and_change_nothing(store: SqliteStore) -> None:
    await take(store, *(new(f"P-{place}", LAMP if place % 2 else MUG, placed_at=AT + place) for place in range(8)))
    before = await store.read("policy.past", (0, 0, "", 0, 500))
    same = await try_rules(store, RULES, 0, 100)
    assert (same.looked_at, same.acted_on, same.different) == (8, 4, 0)
    assert same.by_rule == {"Corsica": 0, "Dear": 0, "Glass": 4, "Part shipments": 0}
    none = await try_rules(store, NO_RULES, AT + 4, 1)
    assert (none.looked_at, none.acted_on, none.different, none.left_out) == (4, 0, 2, 1)
    (tried,) = none.orders
    assert (tried.order, tried.rules) == ("P-7", ())
    assert tried.changes == (
        Change("box", "BOX-S", "-"),
        Change("returns", "form", "-"),
        Change("priority", "express", "-"),
    )
    assert await store.read("policy.past", (0, 0, "", 0, 500)) == before


@settings(max_examples=15, deadline=None)
@given(
    ANY_RULES, st.lists(st.tuples(st.sampled_from([MUG, LAMP]), st.integers(1, 6), st.integers(0, 6000)), max_size=6)
)
async def test_tried_again_rules_would_do_what_they_did(
    tmp_path_factory: pytest.TempPathFactory, rules: Rules, wanted: list[tuple[Sku, int, int]]
) -> None:
    path = tmp_path_factory.mktemp("shop") / "central.db"
    async with SqliteStore(path, "lyon", Standing(rules=rules), clock=lambda: AT) as store:
        await store.transact(Keys(skus=frozenset({MUG, LAMP})), stock)
        for place, (sku, pieces, total) in enumerate(wanted):
            await take(store, new(f"P-{place}", sku, pieces, total=total, placed_at=AT + place))
        trial = await try_rules(store, rules, 0, 100)
    assert (trial.looked_at, trial.different) == (len(wanted), 0)


def test_the_command_prints_what_would_differ(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config, rules = tmp_path / "central.toml", tmp_path / "new.toml"
    config.write_text(TEXT.replace('"central.db"', f'"{tmp_path / "central.db"}"'))
    rules.write_text('[[rules]]\nname = "Mugs"\nwhen.sku = ["MUG-*"]\nthen.priority = "vip"\n')
    assert main(["rules", "try", "--config", str(config), str(rules)]) == 3
    products = Path(__file__).parents[1] / "data" / "products.csv"
    assert main(["import-products", "--config", str(config), str(products)]) == 0
    main(["import-orders", "--config", str(config), str(products.with_name("orders.csv"))])
    capsys.readouterr()
    assert main(["rules", "try", "--config", str(config), str(rules)]) == 0
    text = capsys.readouterr().out
    assert "    priority: - → vip" in text
    assert "differ from what was done" in text
    assert main(["rules", "try", "--config", str(config), "--json", "--since", "2099-01-01", str(rules)]) == 0
    assert json.loads(capsys.readouterr().out)["looked_at"] == 0
    rules.write_text('[[rules]]\nname = "Mugs"\nwhen.skuu = ["MUG-*"]\n')
    assert main(["rules", "try", "--config", str(config), str(rules)]) == 2
    assert "did you mean 'sku'" in capsys.readouterr().err


def test_central_reads_the_rules_beside_its_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "central.toml"
    config.write_text('rules = "rules.toml"\n' + TEXT)
    assert main(["check", "--config", str(config)]) == 2
    assert "rules.toml: cannot be read" in capsys.readouterr().err
    (tmp_path / "rules.toml").write_text('[[rules]]\nname = "A"\nthen.note = "x"\n')
    assert main(["check", "--config", str(config)]) == 0
    assert "rules    1" in capsys.readouterr().out


async def test_rules_are_shown_and_tried_by_rest(api: httpx.AsyncClient) -> None:
    assert (await api.get("/api/rules")).json() == {"apply": "first", "rules": []}
    body = {"toml": '[[rules]]\nname = "A"\nthen.note = "x"'}
    trial = (await api.post("/api/rules/try", json=body)).json()
    assert (trial["looked_at"], trial["by_rule"]) == (0, {"A": 0})
    wrong = await api.post("/api/rules/try", json={"toml": '[[rules]]\nname = "A"\nthen.hodl = "x"'})
    assert wrong.status_code == 422
    assert "did you mean 'hold'" in wrong.json()["detail"]


async def test_the_page_shows_rules_and_tries_others(central: Central) -> None:
    central.store.standing = Standing(rules=RULES)
    await central.store.transact(Keys(skus=frozenset({MUG, LAMP})), stock)
    await take(central.store, new("P-1", LAMP))
    async with central.browser() as client:
        shown = await client.get("/rules", headers={"accept-language": "en"})
        assert "total_from = 500.0" in shown.text
        form = {"toml": '[[rules]]\nname = "Lamps"\nwhen.sku = ["LAMP*"]\nthen.priority = "vip"', "since": ""}
        trial = await client.post("/rules/try", data=form, headers={"accept-language": "en"})
        assert "Priority: express → vip" in trial.text
        wrong = await client.post("/rules/try", data=form | {"toml": "[[rules]]"})
        assert wrong.status_code == 422
        assert 'id="toml-error"' in wrong.text
        sent = {"file": ("new.toml", form["toml"].encode())}
        assert "Lamps" in (await client.post("/rules/try", files=sent)).text
        wrong = await client.post("/rules/try", data=form | {"since": "soon"})
        assert 'id="since-error"' in wrong.text


def test_what_nothing_acted_on_says_so() -> None:
    assert decide(NO_RULES, FACTS) == Actions()
    mode: Mode = NO_RULES.apply
    assert mode == "first"
