"""The queue's page: what is next, narrowed in the address; an unknown part is refused."""

from __future__ import annotations

import httpx
import pytest

from tests.central.conftest import Central
from tests.central.orders.test_finding import add
from tests.central.orders.test_routes import shop  # noqa: F401

pytestmark = pytest.mark.feature("V1", "O13")
HTML = {"Accept": "text/html", "Accept-Language": "en"}


async def test_the_queue_is_shown_with_its_cut_offs_and_narrowed(
    shop: httpx.AsyncClient,  # noqa: F811
    central: Central,
) -> None:
    await add(shop, "P-1", "Zoé", promised_at=1_777_999_999_000, service="Colissimo")
    await add(shop, "P-2", "Anna", payment=None)
    page = (await shop.get("/queue", headers=HTML)).text
    assert page.index("P-1") < page.index("P-2")
    ready = (await shop.get("/queue", params={"part": "ready"}, headers=HTML)).text
    assert "P-1" in ready
    assert "P-2" not in ready
    stopped = (await shop.get("/queue", params={"part": "stopped"}, headers=HTML)).text
    assert "P-2" in stopped
    assert "P-1" not in stopped
    assert (await shop.get("/queue", params={"part": "nowhere"}, headers=HTML)).status_code == 422
