"""Proves the stock: levels against the ledger, promises against the order lines."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from msgspec import Struct

from central.config import CentralConfig
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
    return asyncio.run(_compare(config))


async def _compare(config: CentralConfig) -> Audit:
    async with SqliteStore(Path(config.database), config.site) as store:
        differing = await store.read("stock.audit_levels")
        (counted,) = await store.read("stock.audit_extent")
    differences = [{**row, "text": _in_words(row)} for row in differing]
    return Audit(counted["products"], counted["movements"], differences)


def _in_words(row: Any) -> str:
    pairs = (
        ("on the shelf", row["shelf"], "movements", row["moved_shelf"]),
        ("packed", row["packed"], "movements", row["moved_packed"]),
        ("reserved", row["reserved"], "order lines", row["promised"]),
    )
    parts = [f"{level} {name} but {total} by the {source}" for name, level, source, total in pairs if level != total]
    return f"{row['sku']}: {'; '.join(parts)}"
