"""People over HTTP and from the command line: accounts, sessions, tokens, the audit trail."""

from __future__ import annotations

import csv
import io
import json
import os
import pwd
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher

from central.desk.books import Books, Keys
from central.people import rules
from central.people.entering import hashed
from central.people.passwords import Passwords
from tests.central.conftest import SECRET, SESSION, Central

CAMILLE = {"account": "camille", "name": "Camille", "role": "lead", "badge": "4711", "language": "en"}
PASSWORD = "a long enough one"


@asynccontextmanager
async def sign_in(central: Central, account: str, password: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of theirs, signed in if name and password fit."""
    headers = {"Accept": "text/html", "Origin": central.url}
    async with httpx.AsyncClient(base_url=central.url, headers=headers, timeout=60) as client:
        await client.post("/sign-in", data={"account": account, "password": password})
        yield client


@pytest.mark.feature("R5")
async def test_a_person_begins_is_changed_and_goes(central: Central, api: httpx.AsyncClient) -> None:
    added = await api.post("/api/people", json=CAMILLE | {"password": PASSWORD})
    assert (added.status_code, added.json()["must_change"], "password" in added.json()) == (201, True, False)
    assert (await api.post("/api/people", json=CAMILLE)).status_code == 409
    async with sign_in(central, "camille", PASSWORD) as camille:
        # Chosen by somebody else: nothing is open but the own account.
        assert (await camille.get("/orders")).status_code == 403
        own = {"current": PASSWORD, "password": "one of my own"}
        assert (await camille.post("/account/password", data=own)).status_code == 303
        assert (await camille.get("/orders")).status_code == 200
        assert (await camille.get("/people")).status_code == 403
        renamed = await api.put("/api/people/camille", json={"name": "Camille B.", "role": "packer", "badge": "4711"})
        assert renamed.json()["name"] == "Camille B."
        assert (await camille.get("/orders")).status_code == 403
        gone = await api.post("/api/people/camille/deactivate")
        assert (gone.json()["active"], gone.json()["sessions"]) == (False, 0)
        assert (await camille.get("/account")).status_code == 302
        assert (await camille.post("/sign-in", data={"account": "camille", "password": own["password"]})).is_error
    listed = [each["account"] for each in (await api.get("/api/people")).json()["items"]]
    everybody = [each["account"] for each in (await api.get("/api/people?gone=true")).json()["items"]]
    assert (listed, everybody) == (["anna"], ["anna", "camille"])


@pytest.mark.feature("R5")
async def test_a_reset_password_is_told_once_and_ends_every_session(central: Central, api: httpx.AsyncClient) -> None:
    await api.post("/api/people", json=CAMILLE | {"role": "office", "password": PASSWORD})
    async with sign_in(central, "camille", PASSWORD) as camille:
        drawn = (await api.post("/api/people/camille/password")).json()["password"]
        assert (await camille.get("/account")).status_code == 302
    async with sign_in(central, "camille", PASSWORD) as camille:
        assert (await camille.get("/account")).status_code == 302
    async with sign_in(central, "camille", drawn) as camille:
        assert (await camille.get("/account")).status_code == 200
    assert drawn not in json.dumps((await api.get("/api/audit")).json())


@pytest.mark.feature("R5")
async def test_sessions_are_kept_by_the_database_and_only_by_their_hash(central: Central) -> None:
    rows = await central.store.read("people.sessions_of", ("anna",))
    assert [row["session"] for row in rows] == [hashed(SESSION)]
    async with central.browser() as anna:
        assert (await anna.get("/account")).status_code == 200
        async with sign_in(central, "anna", SECRET) as other:
            assert (await other.get("/account")).status_code == 200
            await anna.post("/account/sign-out-elsewhere")
            assert (await other.get("/account")).status_code == 302
        assert (await anna.get("/account")).status_code == 200


@pytest.mark.feature("R5")
async def test_one_who_guesses_must_wait_even_with_the_right_password(central: Central) -> None:
    async with central.client(None) as client:
        codes = [
            (await client.post("/sign-in", data={"account": "anna", "password": f"guess {number}"})).status_code
            for number in range(5)
        ]
        right = await client.post("/sign-in", data={"account": "anna", "password": SECRET})
    assert codes == [403] * 5
    left = int(right.headers["retry-after"])
    assert (right.status_code, 0 < left <= 15) == (429, True)
    assert f"Wait {left} s" in right.text


@pytest.mark.feature("R5")
async def test_who_guesses_at_the_password_in_an_open_browser_must_wait_too(central: Central) -> None:
    guess = {"current": "guess", "password": PASSWORD}
    async with central.browser() as anna:
        codes = [(await anna.post("/account/password", data=guess)).status_code for _ in range(5)]
        right = await anna.post("/account/password", data=guess | {"current": SECRET})
    assert codes == [422] * 5
    assert (right.status_code, "Too many sign-ins were tried. Wait" in right.text) == (422, True)
    async with sign_in(central, "anna", PASSWORD) as other:
        assert (await other.get("/account")).status_code == 302


@pytest.mark.feature("R5")
async def test_an_old_hash_is_made_again_at_the_sign_in(central: Central) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

    def decide(books: Books) -> None:
        rules.set_password(books, "anna", weak, 1, by_themselves=True)

    await central.store.transact(rules.keys_of("anna"), decide)
    async with sign_in(central, "anna", PASSWORD) as anna:
        assert (await anna.get("/account")).status_code == 200
    (row,) = await central.store.read("people.password_of", ("anna",))
    assert row["password"] != weak
    assert not Passwords.is_old(row["password"])


@pytest.mark.feature("I2")
async def test_a_token_is_told_once_works_and_is_revoked(central: Central, api: httpx.AsyncClient) -> None:
    made = (await api.post("/api/tokens", json={"name": "shop", "scopes": ["orders:read"], "days": 30})).json()
    async with central.client(made["secret"]) as shop:
        assert (await shop.get("/api/orders")).status_code == 200
        assert (await shop.get("/api/products")).status_code == 403
        listed = (await api.get("/api/tokens")).json()
        assert made["secret"] not in json.dumps(listed)
        assert [each["token"] for each in listed["items"]] == ["anna", "eye", "shop"]
        assert listed["items"][2]["used_at"] > 0
        assert (await api.post("/api/tokens/shop/revoke")).json()["revoked_at"]
        assert (await shop.get("/api/orders")).status_code == 401
    again = await api.post("/api/tokens", json={"name": "shop", "scopes": ["orders:read"]})
    assert again.status_code == 409
    asked = {"people.tokens by token": ("", "", "", 0, 50), "people.audit by -when": ("", 0, 2**62, "", 50)}
    for query, arguments in asked.items():
        assert made["secret"] not in str(await central.store.read(query, arguments))


@pytest.mark.feature("R5")
async def test_every_command_is_in_the_trail_with_before_and_after(api: httpx.AsyncClient, central: Central) -> None:
    await api.put("/api/products/MUG", json={"name": "Mug", "mass_g": 300})
    await api.put("/api/products/MUG", json={"name": "Mug", "mass_g": 310})
    async with central.browser() as anna:
        await anna.post("/stock/MUG/received", data={"quantity": "5"})
        page = await anna.get("/audit?subject=product/MUG")
        assert "<del>300</del>" in page.text
        assert "<ins>310</ins>" in page.text
        table = list(
            csv.DictReader(
                io.StringIO((await anna.get("/api/exports/audit?subject=product/")).content.decode("utf-8-sig"))
            )
        )
    entries = (await api.get("/api/audit?subject=product/MUG")).json()["items"]
    assert [(each["by"], each["request"]) for each in reversed(entries)][:2] == [
        ("token:anna", "PUT /api/products/MUG"),
        ("token:anna", "PUT /api/products/MUG"),
    ]
    assert (entries[-2]["before"], entries[-2]["after"]) == ({"mass_g": 300}, {"mass_g": 310})
    hers = (await api.get("/api/audit?by=anna")).json()["items"]
    assert {each["request"] for each in hers} == {"POST /stock/MUG/received", "sign-in"}
    assert {row["request"] for row in table} == {"PUT /api/products/MUG", "POST /stock/MUG/received"}
    first = (await api.get("/api/audit?limit=1")).json()
    second = (await api.get("/api/audit", params={"limit": 1, "after": first["next"]})).json()
    assert second["items"][0]["entry"] < first["items"][0]["entry"]


async def test_a_refused_command_leaves_nothing_in_the_trail(api: httpx.AsyncClient) -> None:
    assert (await api.post("/api/orders/P-9/cancel", json={"reason": "x"})).status_code == 404
    assert "order/P-9" not in (await api.get("/api/audit")).text


@pytest.mark.feature("P1")
async def test_a_badge_is_drawn_and_printed(central: Central, api: httpx.AsyncClient) -> None:
    await api.post("/api/people", json=CAMILLE)
    before = (await api.post("/api/people/camille/badge")).json()["badge"]
    after = (await api.post("/api/people/camille/badge")).json()["badge"]
    assert len({before, after, "4711"}) == 3
    async with central.browser() as anna:
        page = (await anna.get("/people/camille/badge")).text
    assert "<svg" in page
    assert after in page

    def who(books: Books) -> list[bool]:
        return [books.person(badge) is not None for badge in ("4711", before, after)]

    assert await central.store.transact(Keys(badges=frozenset({"4711", before, after})), who) == [False, False, True]


def run(folder: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    config = folder / "central.toml"
    config.write_text(
        f'site = "lyon"\ndatabase = "{folder}/central.db"\n[sender]\nname = "M"\nlines = ["1 rue X"]\n'
        'postcode = "69001"\ncity = "Lyon"\ncountry = "FR"\n[packing]\nsscc_prefix = "03401234"\n'
    )
    command = [sys.executable, "-m", "central.cli", *arguments, "--config", str(config)]
    return subprocess.run(command, input=typed, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.feature("R5")
def test_the_first_account_is_made_from_the_command_line(tmp_path: Path) -> None:
    weak = run(tmp_path, "account", "add", "vera", "--role", "admin", typed="short\n")
    assert (weak.returncode, "10 to 200 characters" in weak.stderr) == (1, True)
    assert run(tmp_path, "account", "add", "vera", "--role", "admin", typed=f"{PASSWORD}\n").returncode == 0
    assert run(tmp_path, "account", "add", "ben", "--badge", "BADGE-1002", "--no-password").returncode == 0
    alone = run(tmp_path, "account", "disable", "vera")
    assert (alone.returncode, "last admin" in alone.stderr) == (1, True)
    assert run(tmp_path, "account", "reset", "ben", typed="another long one\n").returncode == 0
    assert run(tmp_path, "account", "disable", "ben").returncode == 0
    listed = run(tmp_path, "account", "list").stdout
    assert listed == "ben: ben, packer, gone (badge 1002, password)\nvera: vera, admin (password)\n"
    secret = run(tmp_path, "token", "add", "shop", "--scope", "orders:read", "--days", "30").stdout.strip()
    assert secret.startswith("pl_")
    assert secret.encode() not in (tmp_path / "central.db").read_bytes()
    assert run(tmp_path, "token", "revoke", "shop").returncode == 0
    (tmp_path / "products.csv").write_text("sku,name\nMUG,Mug\n")
    imported = run(tmp_path, "import-products", str(tmp_path / "products.csv"))
    assert imported.returncode == 0, imported.stderr
    with closing(sqlite3.connect(tmp_path / "central.db")) as books:
        trail = books.execute("SELECT by, request, subject FROM audit ORDER BY entry").fetchall()
    assert {by for by, _, _ in trail} == {f"command line ({pwd.getpwuid(os.getuid()).pw_name})"}
    assert trail[-1][1:] == ("packline-central import-products", "product/MUG")
    assert ("packline-central account add", "account/vera") in {entry[1:] for entry in trail}
