"""Papers of many orders: printed at a bench or marked as printed, with a result for each order."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from contract.keys import Sscc
from contract.messages import PrintDocument
from tests.central.conftest import Central
from tests.central.documents.conftest import AT, order
from tests.central.documents.test_prints import letters, states
from tests.central.orders.test_bulk import run
from tests.central.packed import pack

pytestmark = pytest.mark.feature("O10", "L7")


def results(progress: dict[str, Any]) -> list[tuple[str, bool, str]]:
    return [(result["order"], result["done"], result["text"]) for result in progress["results"]]


async def test_each_order_has_its_papers_printed_and_a_result(
    central: Central, api: httpx.AsyncClient, packed: Sscc
) -> None:
    (await api.post("/api/orders", json=order("P-2"))).raise_for_status()
    asked = {"do": "sent_to_printer", "paper": "slip", "station": "pack-1", "orders": ["P-2", "NOPE", "P-1"]}
    assert results(await run(api, **asked)) == [
        ("P-2", False, "Order P-2 has no parcel yet."),
        ("NOPE", False, "There is no order 'NOPE'."),
        ("P-1", True, ""),
    ]
    sent = [item for item in await letters(central) if isinstance(item, PrintDocument)]
    assert [item.print_id for item in sent] == [f"doc-slip/{packed}-1"]
    again = await run(api, **asked)
    assert results(again)[2] == ("P-1", False, "It is on its way to pack-1 already. Take it back there first.")


async def test_all_slips_of_an_order_are_printed_or_none(
    central: Central, api: httpx.AsyncClient, packed: Sscc
) -> None:
    second = await pack(central.store, "P-1", {"TEA-100": 1}, AT + 1, 2, "t-2")
    (await api.post("/api/documents/mark-printed", json={"documents": [{"kind": "slip", "subject": second}]}))
    asked = {"do": "sent_to_printer", "paper": "slip", "station": "pack-1", "orders": ["P-1"]}
    assert not (await run(api, **asked))["results"][0]["done"]
    assert await letters(central) == []
    assert (await run(api, **asked, reason="wet"))["results"][0]["done"]
    assert len(await letters(central)) == 2


async def test_marked_as_printed_once_however_often_it_is_asked(api: httpx.AsyncClient, packed: Sscc) -> None:
    (await api.post("/api/orders", json=order("P-2"))).raise_for_status()
    asked = {"do": "printed", "paper": "delivery_note", "orders": ["P-1", "P-2"]}
    for _ in range(2):
        (first, second) = results(await run(api, **asked))
        assert first == ("P-1", True, "")
        assert second == ("P-2", False, "Nothing of order P-2 is packed yet; there is nothing to deliver.")
    assert await states(api) == {"pick_list": "not_printed", "delivery_note": "printed", "slip": "not_printed"}
    prints = (await api.get("/api/documents/prints", params={"q": "P-1"})).json()["items"]
    assert len(prints) == 1


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"do": "printed", "paper": "menu"}, "paper"), ({"do": "sent_to_printer", "paper": "slip"}, "station")],
)
async def test_what_cannot_be_printed_is_refused_as_a_whole(
    api: httpx.AsyncClient, asked: dict[str, str], field: str
) -> None:
    answer = await api.post("/api/runs", json=asked | {"orders": ["P-1"]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_papers_of_all_that_fit_the_filters(api: httpx.AsyncClient, packed: Sscc) -> None:
    (await api.post("/api/orders", json=order("P-2"))).raise_for_status()
    asked = {"which": "all", "q": "P-2"}
    answer = await api.get("/documents/chosen", params=asked, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/documents?orders=P-2")
