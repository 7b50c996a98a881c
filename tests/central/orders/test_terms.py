"""Words that find orders: folded, found by their beginning, rewritten with the order."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from central.desk.books import Books
from central.orders.rows import LineRow, OrderRow
from central.orders.terms import changes, folded, pattern, terms_of, text_of, words_of
from contract.envelope import encode
from contract.keys import OrderId, Sku
from contract.values import Address

ADDRESS = Address("Zoé D’Hérelle-Mérieux", ("1 rue du Port",), "69002", "Lyon", "FR", company="Œufs & Fils")
ORDER = OrderRow(OrderId("SO-0042"), 7, encode(ADDRESS).decode(), name=ADDRESS.name, email="Zoe@Example.FR")


@pytest.mark.feature("O9")
@pytest.mark.parametrize(
    ("written", "found"),
    [("Mérieux", "merieux"), ("ŒUVRE", "oeuvre"), ("Straße", "strasse"), ("Ångström", "angstrom"), ("SO-1", "so-1")],
)
def test_case_and_accents_do_not_count(written: str, found: str) -> None:
    assert folded(written) == found


@pytest.mark.feature("O9")
def test_an_order_has_words_for_number_name_company_mail_and_products() -> None:
    assert terms_of(ORDER, ["MUG-BLUE"]) == {
        "so-0042",
        "42",
        "zoe",
        "d'herelle-merieux",
        "herelle",
        "merieux",
        "oeufs",
        "&",
        "fils",
        "zoe@example.fr",
        "mug-blue",
    }


def test_a_word_that_begins_another_says_nothing_more() -> None:
    assert words_of(" Jeanne jean  b ") == ("b", "jeanne")


WORDS = st.lists(st.text("ab%_\\-é", min_size=1, max_size=4), max_size=4)


@given(has=WORDS, asked=WORDS)
@settings(max_examples=200)
def test_one_pattern_finds_all_words_by_their_beginnings(has: list[str], asked: list[str]) -> None:
    terms, words = {folded(word) for word in has}, words_of(" ".join(asked))
    fits = all(any(term.startswith(word) for term in terms) for word in words)
    with sqlite3.connect(":memory:") as database:
        row = database.execute("SELECT ? LIKE ? ESCAPE '\\'", (text_of(terms), pattern(words) or "%")).fetchone()
    assert bool(row[0]) == fits


def test_only_what_changed_is_written_again() -> None:
    books = Books()
    books.orders.fill([ORDER])
    books.lines.fill([LineRow(ORDER.order_id, 1, Sku("MUG"), 1), LineRow(ORDER.order_id, 2, Sku("TEA"), 1)])
    books.orders.put(replace(ORDER, status="packed"))
    books.lines.put(replace(books.lines[ORDER.order_id, 1], packed=1))
    assert changes(books) == ([], [], [])
    books.lines.put(replace(books.lines[ORDER.order_id, 2], sku=Sku("LAMP")))
    gone, come, ((text, order),) = changes(books)
    assert (gone, come, order) == ([("tea", 7, "SO-0042")], [("lamp", 7, "SO-0042")], "SO-0042")
    assert " lamp " in text
    assert " tea" not in text


def test_a_new_order_has_all_its_words() -> None:
    books = Books()
    books.orders.put(ORDER)
    books.lines.put(LineRow(ORDER.order_id, 1, Sku("MUG"), 1))
    gone, come, _ = changes(books)
    assert gone == []
    assert {term for term, _, _ in come} == terms_of(ORDER, ["MUG"])
