"""The picture on its parcel's page and by REST: shown only when it is the one that the bench took."""

from __future__ import annotations

import hashlib

import httpx
import pytest
from msgspec.structs import replace

from central.desk.books import Books
from central.desk.facts import book, keys_of
from contract.messages import PhotoPiece
from contract.values import Photo
from tests.central.conftest import READER, Central
from tests.central.shop import AT, HOUSE, MUG, add_order, message, parcel, shop, sscc

pytestmark = pytest.mark.feature("P19")
PICTURE = b"\xff\xd8 a picture \xff\xd9"
NAME = hashlib.sha256(PICTURE).hexdigest()
PATH = f"/api/parcels/{sscc(1)}/photo"


async def closed(central: Central, photo: Photo | None) -> None:
    """A parcel of an order of one mug."""
    envelope = message(replace(parcel(1, "1001", (1, MUG, 1)), photo=photo))

    def decide(books: Books) -> None:
        made = shop()
        add_order(made, "1001", [(MUG, 1)])
        for name in ("orders", "lines", "products", "levels"):
            for row in getattr(made, name):
                getattr(books, name).put(row)
        book(books, HOUSE, envelope, "token", AT)

    await central.store.transact(keys_of([envelope]), decide)


def deliver(central: Central, content: bytes = PICTURE) -> None:
    central.photos.take(PhotoPiece(NAME, len(content), 0, content))


async def page(api: httpx.AsyncClient, language: str = "en") -> str:
    answer = await api.get(f"/parcels/{sscc(1)}", headers={"Accept": "text/html", "Accept-Language": language})
    assert answer.status_code == 200
    return answer.text


async def test_a_delivered_picture_is_shown_with_its_proof(central: Central, api: httpx.AsyncClient) -> None:
    await closed(central, Photo(NAME, AT, "top", len(PICTURE)))
    assert "is not here" in await page(api)
    assert (await api.get(PATH)).status_code == 404
    deliver(central)
    answer = await api.get(PATH)
    assert (answer.content, answer.headers["content-type"]) == (PICTURE, "image/jpeg")
    assert "no-store" in answer.headers["cache-control"]
    shown = await page(api)
    assert f'src="{PATH}"' in shown
    assert NAME[:12] in shown
    assert (await api.get(f"/api/parcels/{sscc(1)}")).json()["photo"]["sha256"] == NAME


async def test_a_picture_that_was_changed_is_never_shown(central: Central, api: httpx.AsyncClient) -> None:
    await closed(central, Photo(NAME, AT, "top", len(PICTURE)))
    deliver(central)
    [file] = central.photos_folder.glob("??/*.jpg")
    file.write_bytes(PICTURE + b"forged")
    assert (await api.get(PATH)).status_code == 409
    shown = await page(api, "fr")
    assert "ne prouve rien" in shown
    assert f'src="{PATH}"' not in shown


async def test_a_missing_picture_says_why_in_the_readers_language(central: Central, api: httpx.AsyncClient) -> None:
    await closed(central, Photo("", AT, "top", missing="It is unplugged.", missing_fr="Elle est débranchée."))
    assert "It is unplugged." in await page(api)
    assert "Elle est débranchée." in await page(api, "fr")


async def test_a_parcel_of_which_nobody_wanted_one_says_nothing(central: Central, api: httpx.AsyncClient) -> None:
    await closed(central, None)
    assert "Open box" not in await page(api)


async def test_strangers_and_customers_see_no_picture(central: Central) -> None:
    await closed(central, Photo(NAME, AT, "top", len(PICTURE)))
    deliver(central)
    async with central.client(None) as stranger:
        assert (await stranger.get(PATH)).status_code == 401
        assert NAME not in (await stranger.get("/t/token", headers={"Accept": "text/html"})).text
    async with central.client(READER) as reader:
        assert (await reader.get(PATH)).status_code == 200


async def test_the_picture_is_wanted_as_the_service_says() -> None:
    house = replace(HOUSE, photo="wanted", photo_by_service={"colissimo": "required"})
    assert [house.photographs(name) for name in ("", "Colissimo", "Standard")] == ["wanted", "required", "wanted"]
