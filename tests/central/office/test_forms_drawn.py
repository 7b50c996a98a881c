"""Forms that change something are drawn for those who may send them, and for nobody else; the lists stay."""

from __future__ import annotations

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
import pytest

from central.claims.authority import Authority
from central.desk.books import Books, Keys
from central.office.doors import Doors
from central.office.settings import Http
from central.people import rules, sessions
from central.people.entering import hashed
from central.people.model import Details
from central.stations.rows import StationRow
from central.store.sqlite import now_ms
from contract.values import Role
from tests.central.conftest import serve
from tests.central.office.changing import Shop

ROLES: Final[tuple[Role, ...]] = ("packer", "lead", "office", "admin")
OWN: Final = ("/sign-out", "/account")


class Forms(HTMLParser):
    """Where the forms of a page go that change something, and what its lists name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.actions: set[str] = set()
        self.rows = 0
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.rows += tag == "th" and given.get("scope") == "row"
        if tag == "form":
            self._inside = given.get("method") == "post"
            if self._inside:
                self._add(given["action"])
        elif tag in ("button", "input") and self._inside and given.get("formmethod") != "get":
            self._add(given.get("formaction"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False

    def _add(self, address: str | None) -> None:
        if address is not None and not (path := urlsplit(address).path).startswith(OWN):
            self.actions.add(path)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    doors = Doors(authority=Authority.create(tmp_path / "authority", "lyon"))

    def begin(books: Books) -> None:
        books.stations.put(StationRow("pack-1"))
        for role in ROLES:
            rules.add(books, role, Details(role, role=role), "hash", now_ms(), must_change=False)
            sessions.begin(books, role, "", hashed(role), "", now_ms())

    async with serve(tmp_path, Http(), doors=doors) as central, central.client() as api:
        await central.store.transact(Keys(everyone=True), begin)
        for sku in ("MUG-BLUE", "TEA-100"):
            (await api.put(f"/api/products/{sku}", json={"name": sku, "mass_g": 100})).raise_for_status()
            (await api.post(f"/api/stock/{sku}/received", json={"quantity": 1000})).raise_for_status()
        yield Shop(central, api)


async def pages(shop: Shop) -> list[str]:
    """Every list, and one of everything, in the state that has the most to do."""
    held, part = await shop.held(), await shop.unpaid()
    await shop.do(f"/orders/{part}/payment", {"method": "cheque", "amount": 100})
    (sku, lot), (count, _), (delivery, _) = await shop.lot(), await shop.counted(), await shop.delivery()
    (batch, _), parcel, print_id = await shop.walked(), await shop.held_parcel(), await shop.sent_to_print()
    await shop.money(), await shop.problem(), await shop.claim(), await shop.certified(), await shop.token()
    assert print_id
    assert lot
    lists = "orders queue orders/merges picking stock lots plan pending deliveries counts parcels payments problems"
    more = "documents mails stations claims people tokens audit rules"
    single = [f"orders/{held}", f"orders/{part}", f"orders/{part}/papers", f"stock/{sku}", f"counts/{count}"]
    single += [f"deliveries/{delivery}", f"picking/{batch}", f"parcels/{parcel}", f"people/{await shop.person()}"]
    return [f"/{path}" for path in [*lists.split(), *more.replace("mails", "documents/mails").split(), *single]]


@pytest.mark.feature("R5", "V1")
async def test_who_may_not_send_a_form_does_not_see_it_and_is_refused(shop: Shop) -> None:
    drawn: dict[tuple[str, str], Forms] = {}
    async with httpx.AsyncClient(base_url=shop.central.url, headers={"Accept": "text/html"}, timeout=60) as client:
        for path in await pages(shop):
            for role in ROLES:
                answer = await client.get(path, headers={"Cookie": f"packline={role}"})
                assert answer.status_code in (200, 403), f"{role} {path}: {answer.status_code}"
                if answer.status_code == 200:
                    drawn[role, path] = Forms(answer.text)
        everything = {action for forms in drawn.values() for action in forms.actions}
        assert len(everything) > 55
        may: dict[tuple[str, str], bool] = {}
        for role in ROLES:
            for action in sorted(everything):
                # What is not a form of its own is refused for what it says, after the question who may ask.
                answer = await client.post(
                    action, headers={"Cookie": f"packline={role}", "Origin": shop.central.url}, content=b""
                )
                may[role, action] = answer.status_code != 403
    for (role, path), forms in drawn.items():
        admins = drawn["admin", path]
        assert forms.actions == {action for action in admins.actions if may[role, action]}, f"{role} {path}"
        assert forms.rows == admins.rows, f"{role} sees other rows on {path}"
    assert not all(may.values())
