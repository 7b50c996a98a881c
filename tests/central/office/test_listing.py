"""Every list of the office, found in the application itself: its filters, its order, its paper and its file.

What is sorted is the whole list, in the page, by REST and in the file, a page at a time.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator, Sequence
from html import unescape
from pathlib import Path
from typing import Final

import httpx
import pytest
import pytest_asyncio
from litestar.routes import HTTPRoute
from msgspec import Struct

from central.claims.authority import Authority
from central.desk.books import Books, Keys
from central.office import listing
from central.office.doors import Doors
from central.office.server import make_app
from central.office.settings import Http
from central.orders import proposing
from central.planning import reading as planning
from central.stations.rows import StationRow
from central.store.queries import sortings
from tests.central.conftest import Central, serve
from tests.central.office.changing import Shop
from tests.central.orders.test_routes import BODY, PAID

pytestmark = [pytest.mark.xdist_group("lists"), pytest.mark.asyncio(loop_scope="module"), pytest.mark.feature("V1")]

NO_LISTS: Final = {
    "/": "leads to the first page",
    "/start": "what is late and the day by the hour, each with its list behind it",
    "/sign-in": "a form",
    "/account": "a form",
    "/rules": "they are a file of the house",
    "/serials": "finds one piece",
    "/stations": "cards of every bench, live; they have their filters and their file",
}
"""Pages without a name in their address that are no lists, and why."""
NO_PAGES: Final = ("/static", "/schema", "/api", "/picking/chosen", "/documents/chosen", "/stations/commands.pdf")
UNSEEN: Final = {"orders.queue": {"urgency"}, "tracking.open_problems": {"told"}, "people.search": {"account"}}
"""Orders that a list has at first and that no column of it shows."""
HEADING: Final = re.compile(r'<th scope="col"[^>]*?(?: aria-sort="(\w+)")?><a id="by-(\w+)" href="\?([^"]*)"')
FILE: Final = re.compile(r'<a href="(/api/exports/[^"]*)" download>')


class Drawn(Struct, frozen=True):
    """A list as its page has it."""

    path: str
    text: str

    @property
    def headings(self) -> dict[str, str]:
        """What it can be sorted by, and how it is."""
        return {name: direction for direction, name, _ in HEADING.findall(self.text)}

    @property
    def rows(self) -> list[str]:
        """The first column."""
        table = self.text[self.text.index('<table class="sortable') :]
        body = table[table.index("<tbody>") : table.index("</tbody>")]
        return [re.sub(r"<[^>]+>|\s+", " ", row).strip() for row in re.findall(r'<th scope="row".*?</th>', body, re.S)]

    @property
    def file(self) -> str:
        return unescape(FILE.findall(self.text)[-1 if "/exports/stock" not in FILE.findall(self.text)[-1] else 0])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    """Three of whatever a list can have."""
    folder: Path = tmp_path_factory.mktemp("lists")
    doors = Doors(authority=Authority.create(folder / "authority", "lyon"))
    async with serve(folder, Http(), doors=doors) as central, central.client() as api:
        await central.store.transact(Keys(), _bench)
        for sku in ("MUG-BLUE", "TEA-100"):
            (await api.put(f"/api/products/{sku}", json={"name": sku, "mass_g": 100})).raise_for_status()
            (await api.post(f"/api/stock/{sku}/received", json={"quantity": 100})).raise_for_status()
        made = Shop(central, api)
        for _ in range(3):
            await made.held()
            await made.parcel()
            await made.counted()
            await made.stopped_lot()
            await made.problem()
            await made.sent_to_print()
            await made.mailed()
            await made.person()
            await made.token()
            await made.certified()
            await made.walked()
            missing = {"order": made.new("P"), "lines": [{"sku": made.new("LAMP"), "quantity": 4}]}
            await made.do("/orders", PAID | missing)
            await pair(made)
        yield made


async def pair(shop: Shop) -> None:
    """Two orders of somebody with a name of their own."""
    name = shop.new("Élodie")
    for _ in range(2):
        ship_to = BODY["ship_to"] | {"name": name}
        await shop.do("/orders", PAID | {"order": shop.new("P"), "ship_to": ship_to})


def _bench(books: Books) -> None:
    for name in ("pack-1", "pack-2"):
        books.stations.put(StationRow(name))


def plain_pages() -> list[str]:
    """Addresses of pages that name nothing."""
    return sorted(
        route.path
        for route in make_app().routes
        if isinstance(route, HTTPRoute) and "{" not in route.path and not route.path.startswith(NO_PAGES)
        if any("GET" in handler.http_methods for handler in route.route_handlers)
        if not route.path.endswith("/live")
    )


async def drawn(central: Central, path: str, **asked: str) -> Drawn:
    async with central.browser() as browser:
        answer = await browser.get(path, params=asked, headers={"Accept": "text/html", "Accept-Language": "en"})
    assert answer.status_code == 200, answer.text
    return Drawn(path, answer.text)


async def lists(shop: Shop) -> list[Drawn]:
    found = [await drawn(shop.central, path) for path in plain_pages() if path not in NO_LISTS]
    products = (await shop.do("/products", method="GET"))["items"]
    return [*found, await drawn(shop.central, f"/stock/{products[0]['product']['sku']}")]


async def test_every_page_that_names_nothing_is_a_list_or_says_why_not(shop: Shop) -> None:
    pages = plain_pages()
    assert set(pages) >= NO_LISTS.keys()
    assert len(pages) - len(NO_LISTS) >= 18
    for page in await lists(shop):
        assert '<table class="sortable' in page.text, f"{page.path} shows no list: say in NO_LISTS what it is"


async def test_every_list_has_filters_orders_a_file_and_paper(shop: Shop) -> None:
    for page in await lists(shop):
        assert page.rows, page.path
        assert '<form class="filters"' in page.text or page.path.startswith("/stock/"), page.path
        assert page.headings, f"{page.path} cannot be sorted"
        assert sum(map(bool, page.headings.values())) <= 1, page.path
        assert 'print=yes" rel="nofollow">Print the whole list' in page.text, page.path
        answer = await shop.api.get(page.file)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8"), page.path
        assert len(rows_of(answer)) >= len(page.rows), page.path
    benches = await drawn(shop.central, "/stations")
    assert '<form class="filters"' in benches.text
    assert len(rows_of(await shop.api.get(benches.file))) >= 2


async def test_every_order_that_a_query_offers_is_a_heading_of_its_list(shop: Shop) -> None:
    headings = {frozenset(page.headings) for page in await lists(shop)}
    offered = {query: set(sorting.keys) - UNSEEN.get(query, set()) for query, sorting in sortings().items()}
    offered |= {"merges": set(proposing.SORTED), "plan": set(planning.SORTED) - {"urgency"}}
    del offered["stock.exported_levels"], offered["stock.search"], offered["tracking.all_problems"]
    for query, names in offered.items():
        assert any(names <= shown for shown in headings), f"{query}: {names}"


async def test_every_heading_sorts_page_and_file_alike_from_either_end(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few rows a page: what comes after them was sorted too."""
    for page in await lists(shop):
        if page.path in ("/pending", "/stock", "/plan"):
            continue  # their files have other rows than their pages
        for name in page.headings:
            monkeypatch.setattr(listing, "USUAL", 1_000)
            rising = await drawn(shop.central, page.path, sort=name)
            falling = await drawn(shop.central, page.path, sort=f"-{name}")
            assert (rising.headings[name], falling.headings[name]) == ("ascending", "descending"), page.path
            assert falling.rows == rising.rows[::-1], f"{page.path} by {name}"
            assert await paged(shop.central, falling, f"-{name}", monkeypatch) == falling.rows, f"{page.path} by {name}"
            if page.path != "/orders":  # whose file has a row for each line
                file = rows_of(await shop.api.get(falling.file))
                assert len(file) == len(falling.rows), f"{page.path} by {name}"
                for shown, row in zip(falling.rows, file, strict=True):
                    assert is_of(row, shown), f"{page.path} by {name}: {shown} is not {row}"


def is_of(row: dict[str, str], shown: str) -> bool:
    """Whether the file's row names what stands in the first column of the page's."""
    words = f"{shown} {shown.lower().replace(' ', '_')}".lower()
    return any(value and value.lower() in words for value in row.values())


async def paged(central: Central, whole: Drawn, sort: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The same list in a few pages."""
    monkeypatch.setattr(listing, "USUAL", max(1, len(whole.rows) // 3))
    rows: list[str] = []
    after = ""
    for _ in range(6):
        part = await drawn(central, whole.path, sort=sort, after=after)
        rows += part.rows
        further = re.search(r'rel="next" href="\?[^"]*after=([^"&]+)"', part.text)
        if further is None:
            break
        after = further[1]
    return rows


def rows_of(answer: httpx.Response) -> Sequence[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
