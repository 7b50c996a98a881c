"""`packline-central backup` and `restore`, beside a central that runs."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from central.backups.copies import copies
from central.backups.running import OVERDUE, Backups
from central.backups.taking import take
from central.office.live import Live
from central.store.sqlite import SqliteStore
from central.tracking.reading import problems
from demo.broker import Broker
from demo.children import Child
from tests.central.backups.setting import begin, configured
from tests.central.backups.test_taking import NOW, quiet
from tests.central.conftest import SECRET, let_in
from tests.central.test_process import PROGRAM, SITE, run

HOUR = 3_600_000


@pytest.mark.feature("F9")
async def test_by_hand_while_central_runs_and_back_when_it_is_stopped(tmp_path: Path, broker: Broker) -> None:
    config, file = configured(tmp_path, port=broker.port)
    await asyncio.to_thread(begin, config)
    async with SqliteStore(tmp_path / "central.db", SITE) as store:
        await let_in(store, NOW)
    named = ("--config", str(file), "--json")
    with Child("central", [*PROGRAM, "run", "--config", str(file)], tmp_path) as central:
        url = (await asyncio.to_thread(central.line, "office: http")).rpartition("office: ")[2].strip().rstrip("/")
        taken = await asyncio.to_thread(run, "backup", *named)
        assert taken.returncode == 0, taken.stderr
        copy = json.loads(taken.stdout)
        async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {SECRET}"}, timeout=60) as api:
            (await api.put("/api/products/HAT", json={"name": "Hat"})).raise_for_status()
        refused = await asyncio.to_thread(run, "restore", "newest", *named)
        assert (refused.returncode, refused.stdout) == (3, "")
        assert "it is in use; stop central" in refused.stderr
    listed = await asyncio.to_thread(run, "restore", "--list", *named)
    assert [each["name"] for each in json.loads(listed.stdout)["copies"]] == [copy["name"]]
    done = await asyncio.to_thread(run, "restore", copy["name"], *named)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["copy"] == copy["name"]
    with Child("central", [*PROGRAM, "run", "--config", str(file)], tmp_path) as central:
        url = (await asyncio.to_thread(central.line, "office: http")).rpartition("office: ")[2].strip().rstrip("/")
        async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {SECRET}"}, timeout=60) as api:
            assert (await api.get("/api/products/HAT")).status_code == 404
            kinds = [each["kind"] for each in (await api.get("/api/problems")).json()["items"]]
    assert kinds == ["restored"]


def test_what_cannot_be_restored_says_why(tmp_path: Path) -> None:
    _, file = configured(tmp_path)
    done = run("restore", "newest", "--config", str(file))
    assert done.returncode == 1
    assert "there is no copy here" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.feature("F9")
async def test_the_timer_takes_a_copy_and_a_problem_ends_with_it(tmp_path: Path) -> None:
    """The clock is the test's: days pass at once."""
    config, file = configured(tmp_path)
    await asyncio.to_thread(begin, config)
    await asyncio.to_thread(take, config, file, NOW, quiet)
    live, moment = Live(), NOW + 4 * HOUR
    async with SqliteStore(tmp_path / "central.db", SITE) as store:
        backups = Backups(store, config, file, live, lambda: moment)
        for _ in range(2):
            await backups.look()
        (found,) = (await problems(store, kind=OVERDUE)).items
        assert found.text.startswith("The last good copy of the database is 4 hours old.")
        assert (live.copied_at, live.copy_is_old) == (NOW, True)
        moment += HOUR
        await backups.look()
        assert (await problems(store, kind=OVERDUE)).items == ()
    assert [copy.taken_at for copy in copies(config.backups_folder)] == [moment, NOW]
    assert (live.copied_at, live.copy_is_old) == (moment, False)


async def test_the_problem_says_why_there_is_no_copy(tmp_path: Path) -> None:
    config, file = configured(tmp_path)
    await asyncio.to_thread(begin, config)
    (tmp_path / "backups").write_text("a file where the folder should be")
    moment = NOW
    async with SqliteStore(tmp_path / "central.db", SITE) as store:
        backups = Backups(store, config, file, Live(), lambda: moment)
        moment += 4 * HOUR
        await backups.look()
        (found,) = (await problems(store, kind=OVERDUE)).items
    assert "File exists" in found.text


async def test_a_copy_taken_while_the_clock_was_ahead_does_not_end_copying(tmp_path: Path) -> None:
    config, file = configured(tmp_path)
    await asyncio.to_thread(begin, config)
    ahead = NOW + 10_000 * HOUR
    await asyncio.to_thread(take, config, file, ahead, quiet)
    live, moment = Live(), NOW
    async with SqliteStore(tmp_path / "central.db", SITE) as store:
        backups = Backups(store, config, file, live, lambda: moment)
        moment += 4 * HOUR
        await backups.look()
        assert [copy.taken_at for copy in copies(config.backups_folder)] == [ahead, moment]
        assert (live.copied_at, live.copy_is_old) == (moment, False)


async def test_a_copy_under_another_name_is_restored_by_it_and_never_forgotten(tmp_path: Path) -> None:
    config, file = configured(tmp_path, "[backup]\nnewest = 1\ndays = 0\n")
    await asyncio.to_thread(begin, config)
    mine = await asyncio.to_thread(take, config, file, NOW, quiet)
    (config.backups_folder / mine.name).rename(config.backups_folder / "before the fair")
    newer = await asyncio.to_thread(take, config, file, NOW + HOUR, quiet)
    assert [copy.name for copy in copies(config.backups_folder)] == [newer.name]
    done = await asyncio.to_thread(run, "restore", "before the fair", "--json", "--config", str(file))
    assert (done.returncode, json.loads(done.stdout)["taken_at"]) == (0, NOW), done.stderr
