"""Central as a process of its own, killed at any moment: every parcel is booked once."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from central.desk.books import Books, Keys
from central.packing.rows import JobRow
from central.stock.model import MAIN
from central.store.sqlite import SqliteStore
from contract.envelope import encode
from contract.keys import JobId
from contract.messages import LeaseSscc, SsccLeased
from demo.broker import Broker
from demo.children import Child
from tests.central.bench import at_work
from tests.central.shop import MUG, TEA, add_order, parcel, shop

SITE = "lyon"
PARCELS = 400
PROGRAM = [str(Path(sys.executable).parent / "packline-central")]


def write_config(folder: Path, port: int) -> Path:
    path = folder / "central.toml"
    path.write_text(
        f"""
        site = "{SITE}"
        database = "{folder / "central.db"}"
        [broker]
        port = {port}
        [http]
        port = 0
        [sender]
        name = "Maison"
        lines = ["1 rue X"]
        postcode = "69001"
        city = "Lyon"
        country = "FR"
        [packing]
        sscc_prefix = "03401234"
        """
    )
    return path


def four_hundred_orders(books: Books) -> None:
    made = shop(shelf=2 * PARCELS)
    for number in range(1, PARCELS + 1):
        add_order(made, f"P-{number}", [(MUG, 1), (TEA, 1)])
        made.jobs.put(JobRow(JobId(f"P-{number}"), "pack-1", 1, "leased"))
    for name in ("orders", "lines", "products", "levels", "jobs"):
        for row in getattr(made, name):
            getattr(books, name).put(row)
    books.movements.extend(made.movements)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.feature("R2", "K1", "K7", "S1")
async def test_killed_again_and_again_every_parcel_is_booked_once(tmp_path: Path, broker: Broker) -> None:
    config = write_config(tmp_path, broker.port)
    async with SqliteStore(tmp_path / "central.db", SITE) as store:
        await store.transact(Keys(), four_hundred_orders)
    async with at_work(broker, SITE, "pack-1") as bench:
        waiting = {
            envelope.message_id: encode(envelope)
            for number in range(1, PARCELS + 1)
            for envelope in [bench.envelope(parcel(number, f"P-{number}", (1, MUG, 1), (2, TEA, 1)))]
        }
        ranges = []
        for life, until in enumerate((1, PARCELS // 4, PARCELS // 2, PARCELS)):
            with Child(f"central-{life}", [*PROGRAM, "run", "--config", str(config)], tmp_path) as child:
                await asyncio.to_thread(child.line, "connected as")
                answer = await bench.ask(LeaseSscc(10), f"lease-{life}".encode())
                assert isinstance(answer, SsccLeased)
                ranges.append(answer.range)
                saying = asyncio.gather(*(bench.say("fact", payload) for payload in waiting.values()))
                await bench.until(lambda until=until: len({each.message for each in bench.receipted}) >= until)
                if until < PARCELS:
                    child.kill()
                else:
                    assert child.stop() == 0
            await saying
            for receipt in bench.receipted:
                waiting.pop(receipt.message, None)
        assert {receipt.problem for receipt in bench.receipted} == {""}
    assert waiting == {}
    assert [leased.first for leased in ranges] == [1, 11, 21, 31]
    audit = run("audit", "--config", str(config), "--json")
    assert (audit.returncode, json.loads(audit.stdout)["differences"]) == (0, [])
    async with SqliteStore(tmp_path / "central.db", SITE) as store:
        level = await store.transact(Keys(skus=frozenset({MUG})), lambda books: books.level(MUG))
        statuses = await store.read("orders.count_by_status")
    assert (level.on_hand, level.packed, level.reserved) == (PARCELS, PARCELS, 0)
    assert [(row["status"], row["orders"]) for row in statuses] == [("packed", PARCELS)]


@pytest.mark.feature("K7")
async def test_audit_names_the_product_that_does_not_agree(tmp_path: Path) -> None:
    config = write_config(tmp_path, 1)
    async with SqliteStore(tmp_path / "central.db", SITE) as store:
        await store.transact(Keys(), lambda books: books.levels.put(shop(shelf=3).level_at(MUG, MAIN)))
    found = run("audit", "--config", str(config))
    assert found.returncode == 1
    assert "MUG-BLUE: 3 on the shelf but 0 by the movements" in found.stdout


def test_audit_of_nothing_says_so(tmp_path: Path) -> None:
    done = run("audit", "--config", str(write_config(tmp_path, 1)))
    assert done.returncode == 3
    assert "there is no database" in done.stderr
    assert not (tmp_path / "central.db").exists()


@pytest.mark.feature("I4")
async def test_files_are_imported_with_a_line_for_each_rejected_row(tmp_path: Path) -> None:
    config = write_config(tmp_path, 1)
    data = Path(__file__).parent / "data"
    good = run("import-products", "--config", str(config), "--json", str(data / "products.csv"))
    assert (good.returncode, json.loads(good.stdout)["rejected"]) == (0, [])
    bad = run("import-products", "--config", str(config), str(data / "products_broken.csv"))
    assert bad.returncode == 1
    assert f"{data / 'products_broken.csv'}: Line " in bad.stderr
    orders = run("import-orders", "--config", str(config), "--json", str(data / "orders.csv"))
    assert (orders.returncode, json.loads(orders.stdout)["created"] > 0) == (0, True)
    again = run("import-orders", "--config", str(config), "--json", str(data / "orders.csv"))
    assert json.loads(again.stdout)["created"] == 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('site = "lyon"\ndatabse = "x"', "unknown key 'databse'; did you mean 'database'?"),
        ('site = "a/b"', "top level: the key 'database' is missing"),
    ],
)
def test_a_bad_configuration_says_where(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "central.toml"
    path.write_text(text)
    done = run("check", "--config", str(path))
    assert done.returncode == 2
    assert str(path) in done.stderr
    assert complaint in done.stderr


def test_a_database_that_cannot_be_opened_ends_it_with_one_line(tmp_path: Path) -> None:
    path = write_config(tmp_path, 1883)
    (tmp_path / "central.db").mkdir()
    done = run("run", "--config", str(path))
    assert done.returncode == 3
    assert done.stderr == (
        f"packline-central: {tmp_path / 'central.db'}: cannot be opened as a database: unable to open database file\n"
    )


def test_a_good_configuration_is_told(tmp_path: Path) -> None:
    done = run("check", "--config", str(write_config(tmp_path, 1883)))
    assert done.returncode == 0
    assert "central of site lyon" in done.stdout


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ('sscc_prefix = "03401234"', 'sscc_prefix = "12"', "packing.sscc_prefix"),
        (
            "[sender]",
            '[[services]]\nname = "Post"\n[[services]]\nname = "post"\n[sender]',
            "given twice",
        ),
    ],
)
def test_values_that_cannot_work_are_refused(tmp_path: Path, before: str, after: str, complaint: str) -> None:
    path = write_config(tmp_path, 1883)
    path.write_text(path.read_text().replace(before, after))
    done = run("check", "--config", str(path))
    assert done.returncode == 2
    assert complaint in done.stderr


def test_a_newer_database_is_refused_with_its_own_code(tmp_path: Path) -> None:
    config = write_config(tmp_path, 1883)
    (tmp_path / "central.db").write_bytes(b"no database at all " * 300)
    done = run("run", "--config", str(config))
    assert done.returncode == 3
    assert "central.db" in done.stderr
