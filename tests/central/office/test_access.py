"""Who may come in, and how strangers are refused."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from litestar import get

from central.documents.press import Press
from central.office import server
from central.office.settings import Http
from tests.central.conftest import READER, SECRET, Central, token
from tests.central.packed import HOUSE

PAGE = {"Accept": "text/html"}


@pytest.mark.feature("I2")
@pytest.mark.parametrize("secret", [None, "", "wrong", READER + "x"])
async def test_a_stranger_is_told_to_sign_in(central: Central, secret: str | None) -> None:
    async with central.client(secret) as client:
        answer = await client.get("/api/orders")
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "Authorization: Bearer" in answer.json()["detail"]


@pytest.mark.feature("I2")
async def test_a_reading_token_reads_and_does_not_write(central: Central) -> None:
    async with central.client(READER) as client:
        assert (await client.get("/api/products")).status_code == 200
        refused = await client.put("/api/products/A", json={"name": "A"})
    assert refused.status_code == 403
    assert refused.json()["detail"] == "eye may not do this: it needs the right stock:write."


async def sign_in(client: httpx.AsyncClient, url: str, secret: str = SECRET) -> httpx.Response:
    return await client.post(f"{url}/sign-in?next=/stock", data={"token": secret}, headers={"Origin": url} | PAGE)


async def test_a_person_signs_in_by_a_form_and_out_again(central: Central) -> None:
    async with central.client(None) as client:
        led = await client.get("/orders", headers=PAGE)
        assert (led.status_code, led.headers["location"]) == (302, "/sign-in?next=%2Forders")
        wrong = await sign_in(client, central.url, "wrong")
        assert (wrong.status_code, "does not know that token" in wrong.text) == (403, True)
        entered = await sign_in(client, central.url)
        assert (entered.status_code, entered.headers["location"]) == (303, "/stock")
        cookie = entered.headers["set-cookie"]
        assert re.search("HttpOnly", cookie)
        assert re.search("SameSite=strict", cookie, re.IGNORECASE)
        assert SECRET not in cookie
        assert (await client.get("/stock", headers=PAGE)).status_code == 200
        await client.post("/sign-out", headers={"Origin": central.url})
        client.cookies.clear()
        assert (await client.get("/stock", headers=PAGE)).status_code == 302


async def test_a_forged_or_old_cookie_opens_nothing(central: Central) -> None:
    async with central.client(None) as client:
        entered = await sign_in(client, central.url)
        value = entered.cookies["packline"]
        client.cookies.clear()
        until, name, signature = value.split(".")
        for forged in (
            f"{int(until) + 1}.{name}.{signature}",
            f"{until}.eye.{signature}",
            f"1.{name}.{signature}",
            "x",
        ):
            answer = await client.get("/api/orders", headers={"Cookie": f"packline={forged}"})
            assert answer.status_code == 401


async def test_another_site_cannot_act_with_a_persons_cookie(central: Central) -> None:
    async with central.client(None) as client:
        await sign_in(client, central.url)
        for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
            refused = await client.put("/api/products/A", json={"name": "A"}, headers=foreign)
            assert refused.status_code == 403
        ours = await client.put("/api/products/A", json={"name": "A"}, headers={"Origin": central.url})
        assert ours.status_code == 200


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "/\\evil.example"])
async def test_nobody_is_led_away_after_the_sign_in(central: Central, next_page: str) -> None:
    async with central.client(None) as client:
        answer = await client.post("/sign-in", params={"next": next_page}, data={"token": SECRET})
        assert answer.headers["location"] == "/orders"


async def test_without_a_token_this_machine_alone_may_come_in(open_central: Central) -> None:
    async with open_central.client(None) as client:
        assert (await client.get("/api/orders")).status_code == 200
        rebound = await client.get("/api/orders", headers={"Host": "evil.example"})
        assert rebound.status_code == 401
        foreign = await client.put("/api/products/A", json={"name": "A"}, headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 403


def test_a_server_that_everybody_could_enter_is_not_started() -> None:
    assert "http.tokens is empty" in Http(host="0.0.0.0").exposure()
    assert Http(host="0.0.0.0", tokens=(token("anna", SECRET),)).exposure() == ""
    assert [Http(host=host).exposure() for host in ("127.0.0.1", "::1", "localhost")] == ["", "", ""]
    with pytest.raises(ValueError, match=r"http\.timezone: 'Paris' is not a time zone"):
        Http(timezone="Paris")


async def test_every_answer_carries_the_secure_headers(central: Central) -> None:
    async with central.client() as client:
        for path in ("/orders", "/api/orders", "/nowhere", "/static/office.css", "/schema"):
            headers = (await client.get(path, headers=PAGE)).headers
            assert "default-src 'none'" in headers["content-security-policy"]
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "name", ["../central.db", "..%2Fcentral.db", "%2e%2e%2fcentral.db", "a.txt", ".png", "none.png"]
)
async def test_only_pictures_of_the_folder_are_served(central: Central, name: str) -> None:
    async with central.client(None) as client:
        assert (await client.get(f"/pictures/{name}")).status_code == 404


async def test_a_picture_is_served_to_stations_without_a_token(central: Central, pictures: Path) -> None:
    (pictures / "mug-blue.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    async with central.client(None) as client:
        answer = await client.get("/pictures/mug-blue.png")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")


@pytest.mark.feature("R5")
async def test_a_route_that_does_not_say_who_may_ask_is_not_served(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    @get("/somewhere", include_in_schema=False)
    async def forgotten() -> str:
        return "everybody"

    monkeypatch.setattr(server, "_PAGES", (*server._PAGES, forgotten))
    press, photos = Press(central.store, HOUSE), central.photos
    with pytest.raises(ValueError, match="GET /somewhere"):
        server.make_app(central.store, central.http, HOUSE, central.live, int, press, photos)
