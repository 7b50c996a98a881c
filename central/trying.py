"""Rules of a file against the database's past orders, without a running server."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from central.config import CentralConfig
from central.policy.model import Rules
from central.policy.reading import read_rules_file
from central.policy.trying import Trial, try_rules
from central.store.sqlite import SqliteStore
from central.store.store import StoreTrouble

_ALL: Final = 10**9


def try_file(config: CentralConfig, file: Path, since: date | None) -> Trial:
    """Change nothing. Raises `link.config.BadConfig` and `StoreTrouble`."""
    rules = read_rules_file(file, config.known)
    if not Path(config.database).exists():
        raise StoreTrouble(f"{config.database}: there is no database; start central once, or mend `database`")
    begin = 0
    if since is not None:
        midnight = datetime(since.year, since.month, since.day, tzinfo=ZoneInfo(config.http.timezone))
        begin = int(midnight.timestamp() * 1000)
    return asyncio.run(_try(config, rules, begin))


async def _try(config: CentralConfig, rules: Rules, begin: int) -> Trial:
    async with SqliteStore(Path(config.database), config.site, config.standing) as store:
        return await try_rules(store, rules, begin, _ALL)
