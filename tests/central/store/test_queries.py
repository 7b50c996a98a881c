"""Named SQL: every statement runs on the present schema, has a comment, and none of the pipe's scans a table."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.orders.terms import folded
from central.store.migrate import migrate
from central.store.queries import SHARED, SQLITE, named, spelled, sqlite_queries

pytestmark = pytest.mark.xdist_group("queries")


@pytest.fixture(scope="module")
def schema() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, Path("memory"), 1)
    return connection


def plan(schema: sqlite3.Connection, query: str) -> list[str]:
    sql = sqlite_queries()[query]
    places = max(map(int, re.findall(r"\?(\d+)", sql)), default=0)
    return [row[3] for row in schema.execute(f"EXPLAIN QUERY PLAN {sql}", ["[]"] * places)]


@pytest.mark.parametrize("query", sorted(sqlite_queries()))
def test_every_statement_fits_the_schema(schema: sqlite3.Connection, query: str) -> None:
    plan(schema, query)


@pytest.mark.parametrize(
    "query",
    sorted(
        query
        for query in sqlite_queries()
        if query.split(".")[1].startswith(("load", "find", "newest", "ranges_of", "unsent", "parcels_of", "events_of"))
    ),
)
def test_loading_never_scans_a_table(schema: sqlite3.Connection, query: str) -> None:
    # The head of the queue is read from its own index, which has nothing but the queue.
    allowed = ("json_each", "INDEX orders_queue")
    scans = [step for step in plan(schema, query) if step.startswith("SCAN") and not any(map(step.count, allowed))]
    assert scans == []


@pytest.mark.parametrize("query", sorted(query for query in sqlite_queries() if query.startswith("packing.find")))
def test_a_scanned_code_never_costs_a_look_at_every_open_order(schema: sqlite3.Connection, query: str) -> None:
    assert [step for step in plan(schema, query) if "orders_status" in step] == []


LONG = ("orders.in_order", "shipping.listed", "payments.search", "documents.search_prints", "documents.search_mails")
"""Lists that grow with every order: none of their orders reads them whole."""


@pytest.mark.feature("V1", "O9")
@pytest.mark.parametrize(
    "query",
    sorted(
        name
        for name in sqlite_queries()
        if name.partition(" by ")[0] in (*LONG, "people.audit", "tracking.all_problems")
    ),
)
def test_a_long_list_is_never_sorted_but_read_from_an_index(schema: sqlite3.Connection, query: str) -> None:
    steps = plan(schema, query)
    assert [step for step in steps if "TEMP B-TREE" in step] == []
    if query.endswith("further"):
        assert [step for step in steps if step.startswith("SCAN")] == []


def test_an_order_that_a_list_offers_is_two_statements_each_way() -> None:
    orders = "-- sorted: -at = at, -name\n-- sorted: name = lower(name), at\n"
    statements = named(f"-- name: all\n-- What.\n{orders}SELECT * FROM t WHERE x = $1;", "room", SQLITE)
    words = ("at", "-at", "name", "-name")
    assert list(statements) == [f"room.all by {word}{end}" for word in words for end in ("", ", further")]
    inner = "SELECT *, at AS place_0, name AS place_1 FROM (\n-- What.\nSELECT * FROM t WHERE x = ?1\n) AS listed\n"
    assert statements["room.all by -at"] == f"{inner}ORDER BY at DESC, name LIMIT ?2"
    beyond = "WHERE at <= ?3 AND (at < ?3 OR (name > ?4)) "
    assert statements["room.all by -at, further"] == f"{inner}{beyond}ORDER BY at DESC, name LIMIT ?2"
    assert statements["room.all by name"].endswith("ORDER BY lower(name), at LIMIT ?2")


@given(st.text(st.sampled_from("aZéÉèÊëàÂäûÜîÎôÖçÇ -7"), max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_name_is_sorted_as_it_is_found(name: str) -> None:
    sql = spelled("SELECT @folded(name) FROM (SELECT $1 AS name)", SHARED)
    assert sqlite3.connect(":memory:").execute(spelled(sql, SQLITE), (name,)).fetchone() == (folded(name),)


def test_a_statement_without_a_comment_is_refused() -> None:
    with pytest.raises(ValueError, match=r"orders\.bare: say in a comment"):
        named("-- name: bare\nSELECT 1;\n", "orders", SQLITE)


def test_a_name_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"orders\.one is there twice"):
        named("-- name: one\n-- What.\nSELECT 1;\n-- name: one\n-- What.\nSELECT 2;\n", "orders", SQLITE)


def test_spelling() -> None:
    assert spelled("x IN @each($12)", SQLITE) == "x IN (SELECT value FROM json_each(?12))"
