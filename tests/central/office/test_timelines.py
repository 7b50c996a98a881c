"""Timelines are complete and readable: all that is noted has words, people have names, stations and orders links."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

import central
from central.office.happenings import TOLD
from central.office.marks import MARKS
from tests.central.conftest import Central
from tests.central.orders.test_finding import add
from tests.central.orders.test_routes import shop  # noqa: F401
from tests.central.packed import pack, sscc

pytestmark = pytest.mark.feature("V3")
NOTED = re.compile(r"""books\.note\(\s*f?"[^"]+",\s*[\w.]+,\s*"(\w+)\"""")
HTML = {"Accept": "text/html", "Accept-Language": "en"}


def test_everything_that_rules_note_has_words() -> None:
    source = "".join(path.read_text() for path in Path(central.__path__[0]).rglob("*.py"))
    noted = set(NOTED.findall(source))
    assert len(noted) > 20
    assert {what for what in noted if what not in TOLD and what.removeprefix("parcel_") not in MARKS} == set()


async def test_an_order_tells_of_its_parcels_with_names_and_links(
    shop: httpx.AsyncClient,  # noqa: F811
    central: Central,
) -> None:
    await add(shop, "P-1", "Zoé")
    await pack(central.store, "P-1", {"MUG-BLUE": 2}, 1_777_880_000_000)
    await shop.post("/api/people", json={"account": "camille", "name": "Camille", "role": "packer", "badge": "7001"})
    page = (await shop.get("/orders/P-1", headers=HTML)).text
    happened = page[page.index('id="what-happened"') : page.index('id="lines"')]
    assert f'href="/parcels/{sscc(1)}"' in happened
    assert 'href="/stations/pack-1/events"' in happened
    assert "Camille" in happened
    parcel = (await shop.get(f"/parcels/{sscc(1)}", headers=HTML)).text
    assert "Camille" in parcel
    assert "Weighed" in parcel
