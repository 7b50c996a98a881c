"""Named SQL: every statement runs on the present schema, has a comment, and none of the pipe's scans a table."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from central.store.migrate import migrate
from central.store.queries import SQLITE, named, spelled, sqlite_queries


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


def test_a_statement_without_a_comment_is_refused() -> None:
    with pytest.raises(ValueError, match=r"orders\.bare: say in a comment"):
        named("-- name: bare\nSELECT 1;\n", "orders", SQLITE)


def test_a_name_twice_is_refused() -> None:
    with pytest.raises(ValueError, match=r"orders\.one is there twice"):
        named("-- name: one\n-- What.\nSELECT 1;\n-- name: one\n-- What.\nSELECT 2;\n", "orders", SQLITE)


def test_spelling() -> None:
    assert spelled("x IN @each($12)", SQLITE) == "x IN (SELECT value FROM json_each(?12))"
