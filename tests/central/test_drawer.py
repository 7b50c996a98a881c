"""Who opened a bench's drawer: booked once, and read on the station's page."""

import httpx
import pytest

from central.desk.books import Books
from central.desk.facts import book, keys_of
from contract.envelope import Envelope
from contract.keys import StationId
from contract.messages import DrawerOpened, StationState
from contract.values import Receipt
from tests.central.conftest import Central
from tests.central.shop import HOUSE

pytestmark = pytest.mark.feature("D11")

AT = 1_777_880_000_000


async def came(central: Central, message: str, badge: str) -> Receipt:
    envelope = Envelope(message, StationId("pack-1"), 1, AT, DrawerOpened("lights", AT, badge))

    def decide(books: Books) -> Receipt:
        return book(books, HOUSE, envelope, "token", AT)

    return await central.store.transact(keys_of([envelope]), decide)


async def test_the_office_reads_who_opened_the_drawer_newest_first(central: Central, api: httpx.AsyncClient) -> None:
    for message, badge in (("m-1", "4711"), ("m-1", "4711"), ("m-2", "4712")):
        assert await came(central, message, badge) == Receipt(message)
    page = await api.get("/stations/pack-1/events", headers={"Accept": "text/html", "Accept-Language": "fr"})
    assert page.status_code == 200
    assert page.text.count("Tiroir ouvert") == 2
    assert page.text.index("4712") < page.text.index("4711")
    other = await api.get("/stations/pack-2/events", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert "Nothing is known of this station yet." in other.text


async def test_a_stations_card_leads_to_what_happened_there(central: Central, api: httpx.AsyncClient) -> None:
    central.live.state(StationId("pack-1"), StationState(True, "0.1.0"), AT)
    page = await api.get("/stations", headers={"Accept": "text/html"})
    assert 'href="/stations/pack-1/events"' in page.text
