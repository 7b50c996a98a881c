"""The audit trail is kept as long as the house says, tries to sign in for a day."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.people.retention import PeopleConfig, Retention
from central.people.rows import AuditRow
from central.people.sessions import attempt, attempts_of
from central.store.sqlite import SqliteStore

DAY_MS = 24 * 3_600_000
NOW = 1_800_000_000_000


async def days(store: SqliteStore) -> list[int]:
    """How old the entries are."""
    most = 9_000_000_000_000
    rows = await store.read("people.audit by -when", ("", 0, most, "", 100))
    return sorted((NOW - row["at"]) // DAY_MS for row in rows)


@pytest.mark.feature("R5")
async def test_old_entries_of_the_trail_go_and_no_others(tmp_path: Path) -> None:
    def write(books: Books) -> None:
        for age in (400, 101, 100, 1, 0):
            books.audit.append(AuditRow(NOW - age * DAY_MS, "anna", "PUT /api/orders/P-1", "order/P-1"))

    async with SqliteStore(tmp_path / "central.db", "lyon") as store:
        await store.transact(Keys(), write)
        await Retention(store, PeopleConfig(), lambda: NOW).forget()
        assert await days(store) == [0, 1, 100, 101, 400]
        since_boot, wall = [0.0], [NOW - DAY_MS]
        retention = Retention(
            store,
            PeopleConfig(keep_audit_days=100),
            lambda: wall[0],
            since_boot_s=lambda: since_boot[0],
            look_every_s=0.001,
        )
        running = asyncio.create_task(retention.run())
        await asyncio.sleep(0)
        since_boot[0], wall[0] = 24 * 3600.0, NOW
        async with asyncio.timeout(60):
            while True:
                if await days(store) == [0, 1, 100]:
                    break
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await Retention(store, PeopleConfig(keep_audit_days=30), lambda: NOW + 365 * DAY_MS).forget()
        assert await days(store) == []


@pytest.mark.feature("R6")
async def test_a_clock_that_jumped_deletes_nothing(tmp_path: Path) -> None:
    def write(books: Books) -> None:
        books.audit.append(AuditRow(NOW, "anna", "PUT /api/orders/P-1", "order/P-1"))

    wall, since_boot, looks = NOW, 0.0, 0

    def now() -> int:
        nonlocal looks
        looks += 1
        return wall

    async with SqliteStore(tmp_path / "central.db", "lyon") as store:
        await store.transact(Keys(), write)
        retention = Retention(store, PeopleConfig(), now, since_boot_s=lambda: since_boot, look_every_s=0.001)
        running = asyncio.create_task(retention.run())
        await asyncio.sleep(0)
        # After a day of steady running it jumps ten years ahead.
        since_boot, wall = 24 * 3600.0, NOW + 3651 * DAY_MS
        seen = looks
        async with asyncio.timeout(60):
            while looks < seen + 5:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert await days(store) == [0]


@pytest.mark.feature("R5", "R6")
async def test_tries_count_although_there_is_one_of_a_clock_that_was_years_ahead(tmp_path: Path) -> None:
    """Else a jump of the clock, once, would let everybody guess for ever after."""
    tried = Keys(attempts=frozenset(attempts_of("anna", "10.0.0.1") + attempts_of("ben", "10.0.0.2")))
    async with SqliteStore(tmp_path / "central.db", "lyon") as store:
        await store.transact(tried, lambda books: attempt(books, "anna", "10.0.0.1", NOW + 3651 * DAY_MS))
        for _ in range(5):
            await store.transact(tried, lambda books: attempt(books, "ben", "10.0.0.2", NOW))
        with pytest.raises(Refused):
            await store.transact(tried, lambda books: attempt(books, "ben", "10.0.0.2", NOW))


@pytest.mark.feature("R5")
async def test_tries_to_sign_in_go_with_the_first_one_that_comes_a_day_later(tmp_path: Path) -> None:
    tried = Keys(attempts=frozenset(attempts_of("anna", "10.0.0.1") + attempts_of("ben", "10.0.0.2")))

    def known(books: Books) -> set[str]:
        return {row.attempted for row in books.attempts}

    async with SqliteStore(tmp_path / "central.db", "lyon") as store:
        await store.transact(tried, lambda books: attempt(books, "anna", "10.0.0.1", NOW))
        await store.transact(tried, lambda books: attempt(books, "ben", "10.0.0.2", NOW + DAY_MS))
        assert await store.transact(tried, known) == {"name/anna", "from/10.0.0.1", "name/ben", "from/10.0.0.2"}
        await store.transact(tried, lambda books: attempt(books, "ben", "10.0.0.2", NOW + DAY_MS + 20_000))
        assert await store.transact(tried, known) == {"name/ben", "from/10.0.0.2"}
