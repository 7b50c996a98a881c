"""Who may come in, and how strangers are refused."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import httpx
import pytest
from litestar import get

from central.desk.books import Books, Keys
from central.office import server
from central.office.settings import Http
from central.people import tokens
from central.people.entering import hashed
from central.people.scopes import EVERYTHING, Scope
from central.people.sessions import end_all
from central.people.tokens import NewToken
from central.store.sqlite import now_ms
from tests.central.conftest import READER, SECRET, Central, let_in, serve
from tests.central.orders.test_routes import PAID

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


async def sign_in(client: httpx.AsyncClient, password: str = SECRET, account: str = "anna") -> httpx.Response:
    form = {"account": account, "password": password}
    return await client.post("/sign-in?next=/stock", data=form, headers={"Origin": str(client.base_url)} | PAGE)


@pytest.mark.feature("R5")
async def test_a_person_signs_in_by_a_form_and_out_again(central: Central) -> None:
    async with central.client(None) as client:
        led = await client.get("/orders", headers=PAGE)
        assert (led.status_code, led.headers["location"]) == (302, "/sign-in?next=%2Forders")
        wrong = await sign_in(client, "wrong")
        assert (wrong.status_code, "do not fit" in wrong.text) == (403, True)
        entered = await sign_in(client)
        assert (entered.status_code, entered.headers["location"]) == (303, "/stock")
        cookie = entered.headers["set-cookie"]
        assert re.search("HttpOnly", cookie)
        assert re.search("SameSite=strict", cookie, re.IGNORECASE)
        assert SECRET not in cookie
        assert (await client.get("/stock", headers=PAGE)).status_code == 200
        kept = client.cookies["packline"]
        await client.post("/sign-out", headers={"Origin": central.url})
        client.cookies.clear()
        assert (await client.get("/stock", headers=PAGE | {"Cookie": f"packline={kept}"})).status_code == 302


async def test_a_guessed_cookie_opens_nothing(central: Central) -> None:
    async with central.client(None) as client:
        entered = await sign_in(client)
        value = entered.cookies["packline"]
        (row,) = await central.store.read("people.session", (hashed(value),))
        client.cookies.clear()
        for forged in (value[:-1], row["session"], "anna", "x", '""'):
            answer = await client.get("/api/orders", headers={"Cookie": f"packline={forged}"})
            assert answer.status_code == 401


@pytest.mark.feature("R5")
async def test_another_site_cannot_act_with_a_persons_cookie(central: Central) -> None:
    async with central.client(None) as client:
        await sign_in(client)
        for foreign in (
            {"Origin": "https://evil.example"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "null"},
            {"Origin": f"{central.url}.evil.example"},
            {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
            {"Origin": "https://evil.example", "Authorization": "Basic eDp5"},
            {},
        ):
            refused = await client.put("/api/products/A", json={"name": "A"}, headers=foreign)
            assert refused.status_code == 403, foreign
        for ours in ({"Origin": central.url}, {"Sec-Fetch-Site": "same-origin"}):
            assert (await client.put("/api/products/A", json={"name": "A"}, headers=ours)).status_code == 200


async def test_nobody_is_signed_in_by_a_page_of_another_site(central: Central) -> None:
    async with central.client(None) as client:
        form = {"account": "anna", "password": SECRET}
        refused = await client.post("/sign-in", data=form, headers={"Origin": "https://evil.example"})
        assert (refused.status_code, "set-cookie" in refused.headers) == (403, False)


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "/\\evil.example"])
async def test_nobody_is_led_away_after_the_sign_in(central: Central, next_page: str) -> None:
    async with central.client(None) as client:
        form = {"account": "anna", "password": SECRET}
        answer = await client.post("/sign-in", params={"next": next_page}, data=form)
        assert answer.headers["location"] == "/"


@pytest.mark.feature("R5")
async def test_until_somebody_can_sign_in_this_machine_alone_may_come_in(open_central: Central) -> None:
    async with open_central.client(None) as client:
        assert (await client.get("/api/orders")).status_code == 200
        rebound = await client.get("/api/orders", headers={"Host": "evil.example"})
        assert rebound.status_code == 401
        assert "packline-central account add NAME --role admin" in rebound.json()["detail"]
        far = await client.get("/api/orders", headers={"X-Forwarded-For": "203.0.113.9"})
        assert far.status_code == 401
        foreign = await client.put("/api/products/A", json={"name": "A"}, headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 403
        told = await client.get("/people", headers=PAGE)
        assert "packline-central account add NAME --role admin" in told.text
        await let_in(open_central.store, now_ms())
        assert (await client.get("/api/orders")).status_code == 401


@pytest.mark.feature("R5")
@pytest.mark.parametrize("http", [Http(public_url="https://office.example"), Http(a_proxy_terminates_tls=True)])
async def test_behind_a_proxy_nobody_is_this_machine(tmp_path: Path, http: Http) -> None:
    """A proxy on this machine that passes on no name: whoever asks it seems to be here, and to name this machine."""
    async with serve(tmp_path, http, is_open=True) as central, central.client(None) as client:
        refused = await client.get("/api/orders")
        assert refused.status_code == 401
        assert "packline-central account add NAME --role admin" in refused.json()["detail"]


@pytest.mark.parametrize("address", ["packline.example.org", "ftp://packline.example.org", "https://[::1", "https://"])
def test_a_public_address_that_no_browser_could_ask_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"http\.public_url: .* is not an address such as"):
        Http(public_url=address)


def test_a_time_zone_that_nobody_knows_is_refused() -> None:
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
def test_a_route_that_does_not_say_who_may_ask_is_not_served(monkeypatch: pytest.MonkeyPatch) -> None:
    @get("/somewhere", include_in_schema=False)
    async def forgotten() -> str:
        return "everybody"

    monkeypatch.setattr(server, "_PAGES", (*server._PAGES, forgotten))
    with pytest.raises(ValueError, match="GET /somewhere"):
        server.make_app()


@pytest.mark.feature("R5")
@pytest.mark.parametrize("how", ["signs out", "is sent away", "token revoked"])
async def test_an_open_page_ends_when_its_visitor_may_not_be_here_any_more(
    central: Central, api: httpx.AsyncClient, how: str
) -> None:
    await give_token(central, "reader", "orders:read")
    client = central.client("reader") if how == "token revoked" else central.browser()
    async with client, client.stream("GET", "/queue/live", timeout=60) as stream:
        lines = stream.aiter_lines()
        await anext(lines)
        if how == "signs out":
            async with central.browser() as anna:
                await anna.post("/sign-out")
        elif how == "is sent away":
            await central.store.transact(Keys(sessions_of=frozenset({"anna"})), lambda books: end_all(books, "anna"))
        else:
            assert (await api.post("/api/tokens/reader/revoke")).status_code in (200, 201)
        async with asyncio.timeout(60):
            async for _ in lines:
                pass


@pytest.mark.feature("R5")
async def test_orders_come_in_as_paid_only_from_those_who_book_payments(
    central: Central, api: httpx.AsyncClient
) -> None:
    await give_token(central, "shop", "orders:write")
    async with central.client("shop") as shop:
        refused = await shop.post("/api/orders", json=PAID)
        assert (refused.status_code, "payments:write" in refused.json()["detail"]) == (403, True)
        unpaid = await shop.post("/api/orders", json={name: value for name, value in PAID.items() if name != "payment"})
        assert unpaid.status_code == 201
        paid = (await api.get("/api/exports/orders")).content
        file = paid.replace(b"P-1", b"P-2")
        assert (await shop.post("/api/orders/import", files={"data": file})).status_code == 200
    await api.post("/api/orders", json=PAID | {"order": "P-3"})
    file = (await api.get("/api/exports/orders")).content.replace(b"P-", b"Q-")
    async with central.client("shop") as shop:
        assert (await shop.post("/api/orders/import", files={"data": file})).status_code == 403
    assert (await api.get("/api/orders/Q-1")).status_code == 404


@pytest.mark.feature("I2")
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_body_of_another_kind_is_refused(api: httpx.AsyncClient, kind: str) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = await api.post("/api/orders", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (415, "Wrong content type")
    file = await api.post("/api/orders/import", content=b"order", headers={"Content-Type": "text/csv"})
    assert (file.status_code, "multipart/form-data" in file.json()["detail"]) == (415, True)


async def give_token(central: Central, name: str, *scopes: Scope) -> None:
    """A token of its own, whose secret is its name."""

    def decide(books: Books) -> None:
        tokens.create(books, NewToken(name, scopes), hashed(name), EVERYTHING, "", now_ms())

    await central.store.transact(Keys(tokens=frozenset({name})), decide)


@pytest.mark.feature("R5")
async def test_forms_that_may_not_be_sent_are_not_drawn(central: Central, api: httpx.AsyncClient) -> None:
    await api.put("/api/products/MUG", json={"name": "Mug", "mass_g": 300})
    (await api.post("/api/orders", json=PAID)).raise_for_status()
    await give_token(central, "looks", "stock:read", "orders:read")
    async with central.client("looks") as looks, central.browser() as anna:
        for address in ("/stock/MUG", "/stock", "/orders/P-1"):
            may = (await anna.get(address)).text.partition("<main")[2]
            only_reads = (await looks.get(address, headers=PAGE)).text.partition("<main")[2]
            assert 'method="post"' in may
            assert 'method="post"' not in only_reads
            assert 0 < len(re.findall("<h1", only_reads)) == len(re.findall("<h1", may))
        left = (await looks.get("/stock/MUG", headers=PAGE)).text
        assert ("Adjust to a count" in left, "Ledger" in left) == (False, True)
