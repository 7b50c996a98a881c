"""Proves the stock: levels, bins and lots against the ledger, promises against the order lines."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from msgspec import Struct

from central.config import CentralConfig
from central.stock.model import MAIN
from central.store.queries import sqlite_queries
from central.store.sqlite import SqliteStore
from central.store.store import StoreTrouble


class Audit(Struct, frozen=True):
    """What was compared, and each product that does not agree."""

    products: int
    movements: int
    differences: list[dict[str, Any]]


def audit(config: CentralConfig) -> Audit:
    """Compare everything. Raises `StoreTrouble`."""
    if not Path(config.database).exists():
        raise StoreTrouble(f"{config.database}: there is no database; start central once, or mend `database`")
    asyncio.run(_brought_up_to_date(config))
    with closing(sqlite3.connect(config.database)) as connection:
        return compare(connection)


async def _brought_up_to_date(config: CentralConfig) -> None:
    async with SqliteStore(Path(config.database), config.site, config.standing):
        pass


def compare(connection: sqlite3.Connection) -> Audit:
    """Compare everything in a database of this program's shape, as it is in one moment."""
    connection.execute("BEGIN")
    differences = [{**row, "text": _in_words(row)} for row in _rows(connection, "stock.audit_levels")]
    differences += [{**row, "text": _holding_in_words(row)} for row in _rows(connection, "stock.audit_holdings")]
    differences += [{**row, "text": _delivery_in_words(row)} for row in _rows(connection, "supply.audit_deliveries")]
    (counted,) = _rows(connection, "stock.audit_extent")
    connection.execute("ROLLBACK")
    return Audit(counted["products"], counted["movements"], differences)


def _rows(connection: sqlite3.Connection, query: str) -> list[dict[str, Any]]:
    cursor = connection.execute(sqlite_queries()[query])
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor]


def _in_words(row: Any) -> str:
    pairs = (
        ("on the shelf", row["shelf"], "movements", row["moved_shelf"]),
        ("packed", row["packed"], "movements", row["moved_packed"]),
        ("reserved", row["reserved"], "order lines", row["promised"]),
    )
    parts = [f"{level} {name} but {total} by the {source}" for name, level, source, total in pairs if level != total]
    return f"{_where(row)}: {'; '.join(parts)}"


def _holding_in_words(row: Any) -> str:
    spot = " ".join(f"{what} {row[what]}" for what in ("bin", "lot") if row[what])
    return f"{_where(row)}: {row['held']} in {spot} but {row['moved']} by the movements"


def _delivery_in_words(row: Any) -> str:
    return f"{row['sku']} of delivery {row['delivery']}: {row['received']} received but {row['moved']} by the movements"


def _where(row: Any) -> str:
    return str(row["sku"]) if row["warehouse"] == MAIN else f"{row['sku']} in {row['warehouse']}"
