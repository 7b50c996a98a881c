"""A station gets its certificate: the code that a person carries is what counts, whoever sits on the line."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from central.claims.authority import Authority
from central.office.settings import Http
from central.store.sqlite import now_ms
from contract.claims import key_of, new_code, proof_of_offer, shown_code
from link.client import Link, Subscription
from link.tls import BrokerConfig, tls_context
from station.claiming import Ended, NotClaimed, life_in
from station.keys import KeyPair
from station.renewing import Renewing, renew_at
from tests.central.conftest import serve, until
from tests.claims.setting import Asking, House, Terminal, house

HOUR_MS = 3_600_000


class Clock:
    """Now, and what is added to it."""

    def __init__(self) -> None:
        self.ahead_ms = 0

    def __call__(self) -> int:
        return now_ms() + self.ahead_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def here(tmp_path: Path, clock: Clock) -> AsyncIterator[House]:
    async with house(tmp_path, clock) as made:
        yield made


async def waiting(here: House, count: int = 1) -> list[dict[str, Any]]:
    """The claims on the office's list, once there are so many."""
    async with here.central.client() as api:
        found = await until(api, "/api/claims", lambda answer: len(answer["waiting"]) >= count)
    return list(found["waiting"])


async def approve(here: House, code: str, claim: str = "") -> httpx.Response:
    claim = claim or (await waiting(here))[0]["claim"]
    async with here.central.client() as api:
        return await api.post(f"/api/claims/{claim}/approve", json={"code": code})


async def claimed(here: House, folder: Path, station: str = "bench-7") -> Asking:
    asking = Asking(here.central.url, folder, station)
    running = asyncio.create_task(asking.carry_out())
    assert (await approve(here, asking.claim.code)).status_code == 200
    await running
    return asking


@pytest.mark.feature("F2")
async def test_from_the_code_on_the_terminal_to_the_broker(here: House, tmp_path: Path) -> None:
    terminal = await asyncio.to_thread(Terminal, tmp_path / "bench", here.central.url)
    code, fingerprint = await asyncio.to_thread(lambda: (terminal.code, terminal.shown("fingerprint")))
    async with here.central.browser() as office:
        page = (await office.get("/claims")).text
        assert "bench-7" in page
        assert fingerprint in page
        assert code not in page.replace("-", "")
        (claim,) = await waiting(here)
        typed = shown_code(code).lower()
        done = await office.post(f"/claims/{claim['claim']}/approve", data={"code": typed})
        assert (done.status_code, done.headers["location"]) == (303, "/claims")
        assert "No station asks." in (await office.get("/claims")).text
    assert await asyncio.to_thread(terminal.child.wait) == 0
    for file in (terminal.identity.file, terminal.identity.ca_file):
        assert file.stat().st_mode & 0o777 == 0o600
    assert terminal.identity.file.parent.stat().st_mode & 0o777 == 0o700
    with here.broker(tmp_path / "broker") as broker:
        ours = terminal.identity.broker(BrokerConfig(broker.host, broker.port))
        up = asyncio.Event()
        link = Link(
            ours,
            "bench-7",
            subscriptions=[Subscription("packline/1/lyon/station/bench-7/inbox")],
            deliver=lambda _: None,
            changed=lambda online: up.set() if online else None,
        )
        running = asyncio.create_task(link.run())
        async with asyncio.timeout(60):
            await up.wait()
            await link.publish("packline/1/lyon/station/bench-7/fact", b"x")
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.feature("F2", "I2")
async def test_under_a_key_it_is_approved_once_and_a_wrong_code_is_told_each_time(here: House, tmp_path: Path) -> None:
    asking = Asking(here.central.url, tmp_path, "bench-7")
    running = asyncio.create_task(asking.carry_out())
    (claim,) = await waiting(here)
    path, key = f"/api/claims/{claim['claim']}/approve", {"Idempotency-Key": "k-1"}
    wrong, right = ({"code": code} for code in (new_code(lambda letters: letters[0]), asking.claim.code))
    async with here.central.client() as api:
        assert [(await api.post(path, json=wrong, headers=key)).status_code for _ in range(2)] == [409, 409]
        first, again = [await api.post(path, json=right, headers=key) for _ in range(2)]
        assert (first.status_code, again.json()) == (200, first.json())
        assert (await api.post(path, json=right)).status_code == 409
    await running


@pytest.mark.feature("F2")
async def test_a_wrong_code_is_told_and_the_fifth_ends_the_claim(here: House, tmp_path: Path) -> None:
    terminal = await asyncio.to_thread(Terminal, tmp_path / "bench", here.central.url)
    (claim,) = await waiting(here)
    wrong = new_code(lambda letters: letters[0])
    for _ in range(5):
        answer = await approve(here, wrong, claim["claim"])
        assert answer.status_code == 409
    assert "wrong too often" in answer.json()["detail"]
    assert await asyncio.to_thread(terminal.child.wait) == 4
    right = await approve(here, await asyncio.to_thread(lambda: terminal.code), claim["claim"])
    assert right.json()["detail"] == "This claim is refused already."
    assert not terminal.identity.is_there


@pytest.mark.feature("F2")
async def test_a_claim_that_the_office_refuses_ends_at_the_station(here: House, tmp_path: Path) -> None:
    asking = Asking(here.central.url, tmp_path)
    running = asyncio.create_task(asking.carry_out())
    (claim,) = await waiting(here)
    async with here.central.browser() as office:
        assert (await office.post(f"/claims/{claim['claim']}/refuse")).status_code == 303
    with pytest.raises(NotClaimed) as told:
        await running
    assert told.value.ended is Ended.REFUSED


@pytest.mark.feature("F2")
async def test_a_code_is_over_after_a_quarter_of_an_hour(here: House, tmp_path: Path, clock: Clock) -> None:
    asking = Asking(here.central.url, tmp_path)
    running = asyncio.create_task(asking.carry_out())
    (claim,) = await waiting(here)
    clock.ahead_ms = 15 * 60_000
    late = await approve(here, asking.claim.code, claim["claim"])
    assert (late.status_code, "over" in late.json()["detail"]) == (409, True)
    with pytest.raises(NotClaimed) as told:
        await running
    assert told.value.ended is Ended.OVER


@pytest.mark.feature("F2")
async def test_the_code_of_one_station_does_not_open_the_claim_of_another(here: House, tmp_path: Path) -> None:
    ours, theirs = Asking(here.central.url, tmp_path / "a"), Asking(here.central.url, tmp_path / "b")
    running = [asyncio.create_task(each.carry_out()) for each in (ours, theirs)]
    found = {each["fingerprint"]: each["claim"] for each in await waiting(here, 2)}
    assert (await approve(here, ours.claim.code, found[theirs.claim.fingerprint])).status_code == 409
    assert (await approve(here, ours.claim.code, found[ours.claim.fingerprint])).status_code == 200
    await running[0]
    assert ours.identity.is_there
    running[1].cancel()
    await asyncio.gather(running[1], return_exceptions=True)


# --- somebody on the line -------------------------------------------------------------------------------------


@asynccontextmanager
async def on_the_line(
    central: str, change_offer: Callable[[dict[str, Any]], None], change_state: Callable[[dict[str, Any]], None]
) -> AsyncIterator[str]:
    """A server between station and central that changes what passes; its address."""

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, path, _ = head.split(" ", 2)
        length = re.search(r"(?i)content-length: (\d+)", head)
        body = await reader.readexactly(int(length[1])) if length else b""
        async with httpx.AsyncClient(base_url=central, timeout=60) as client:
            if body:
                offer = msgspec.json.decode(body)
                change_offer(offer)
                body = msgspec.json.encode(offer)
            answer = await client.request(method, path, content=body, headers={"Content-Type": "application/json"})
        told = answer.json()
        change_state(told)
        content = msgspec.json.encode(told)
        writer.write(
            f"HTTP/1.1 {answer.status_code} X\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode()
        )
        writer.write(content)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(pass_on, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def nothing(_: dict[str, Any]) -> None:
    """Passes as it came."""


@pytest.mark.feature("F2", "R5")
async def test_neither_key_nor_code_reach_central(here: House, tmp_path: Path) -> None:
    """Looked for in all that the station sends, also inside its request, and in all that central keeps."""
    sent: list[dict[str, Any]] = []
    async with on_the_line(here.central.url, sent.append, nothing) as between:
        asking = Asking(between, tmp_path)
        running = asyncio.create_task(asking.carry_out())
        assert (await approve(here, asking.claim.code)).status_code == 200
        await running
    (offered,) = sent
    request = x509.load_pem_x509_csr(offered.pop("request").encode()).public_bytes(serialization.Encoding.DER)
    key = serialization.load_pem_private_key(asking.identity.file.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    secrets = [asking.claim.code.encode(), key.private_numbers().private_value.to_bytes(32, "big")]
    shown = [secret for secret in secrets if secret in request + bytes.fromhex(offered["proof"])]
    assert [*shown, asking.claim.code in str(offered)] == [False]
    secret = re.search(r"-----BEGIN PRIVATE KEY-----\n(.+?)\n-----END", asking.identity.file.read_text(), re.DOTALL)
    assert secret is not None
    for file in (tmp_path / "central").iterdir():
        if file.is_file():
            content = file.read_bytes()
            assert asking.claim.code.encode() not in content
            assert secret[1].split("\n")[0].encode() not in content


@pytest.mark.feature("F2", "R5")
async def test_who_puts_a_key_of_theirs_in_the_place_of_the_stations_gets_nothing(here: House, tmp_path: Path) -> None:
    thief = KeyPair.new("bench-7")

    def swap(offer: dict[str, Any]) -> None:
        offer["request"] = thief.request

    async with on_the_line(here.central.url, swap, nothing) as between:
        asking = Asking(between, tmp_path)
        running = asyncio.create_task(asking.carry_out())
        (claim,) = await waiting(here)
        assert claim["fingerprint"] == thief.fingerprint != asking.claim.fingerprint
        answer = await approve(here, asking.claim.code, claim["claim"])
        assert "somebody else asks" in answer.json()["detail"]
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    async with here.central.client() as api:
        assert (await api.get("/api/claims")).json()["certificates"] == []


@pytest.mark.feature("F2", "R5")
@pytest.mark.parametrize("what", ["authority", "certificate", "both", "proof"])
async def test_who_answers_in_the_place_of_central_is_found_out(here: House, tmp_path: Path, what: str) -> None:
    foreign = Authority.create(tmp_path / "foreign", "lyon")

    def forge(state: dict[str, Any]) -> None:
        if state.get("state") != "approved":
            return
        if what in ("authority", "both"):
            state["authority"] = foreign.pem
        if what in ("certificate", "both"):
            key = ec.generate_private_key(ec.SECP256R1()).public_key()
            state["certificate"] = foreign.for_station("bench-7", key).certificate
        if what == "proof":
            state["proof"] = "0" * 64

    async with on_the_line(here.central.url, nothing, forge) as between:
        terminal = await asyncio.to_thread(Terminal, tmp_path / "bench", between)
        assert (await approve(here, await asyncio.to_thread(lambda: terminal.code))).status_code == 200
        assert await asyncio.to_thread(terminal.child.wait) == 5
    assert not terminal.identity.is_there


@pytest.mark.feature("F2", "R5")
async def test_a_stations_certificate_is_no_brokers(here: House, tmp_path: Path) -> None:
    """Else one station could play the broker for all others."""
    asking = await claimed(here, tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(asking.identity.file)
    server = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0, ssl=context)
    trusting = tls_context(BrokerConfig(ca_file=str(asking.identity.ca_file)))
    assert trusting is not None
    # The host is not what it fails at.
    trusting.check_hostname = False
    async with server:
        with pytest.raises(ssl.SSLCertVerificationError, match="unsuitable certificate purpose"):
            await asyncio.open_connection(*server.sockets[0].getsockname(), ssl=trusting)


# --- what is no claim -----------------------------------------------------------------------------------------


def offer(pair: KeyPair, station: str = "bench-7", request: str = "") -> dict[str, str]:
    request = request or pair.request
    return {
        "station": station,
        "request": request,
        "proof": proof_of_offer(key_of("A" * 12, request), station, request),
    }


@pytest.mark.feature("F2")
@pytest.mark.parametrize(
    "station", ["central", "Central", "reader", "canary", "broker", "+", "#", "a/b", "", "é", "x" * 41, "-a"]
)
async def test_a_name_that_is_no_stations_is_refused(here: House, station: str) -> None:
    async with here.central.client(None) as stranger:
        answer = await stranger.post("/api/claim", json=offer(KeyPair.new("x"), station))
    assert answer.status_code in (400, 422)
    assert "station" in answer.json()["detail"] or answer.json()["errors"][0]["field"] == "station"


@pytest.mark.feature("F2", "R4")
@pytest.mark.parametrize("what", ["rubbish", "another curve", "RSA", "a certificate", "signed by nobody"])
async def test_a_request_that_proves_no_key_is_refused(here: House, what: str) -> None:
    pair = KeyPair.new("bench-7")
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bench-7")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    pem = serialization.Encoding.PEM
    match what:
        case "rubbish":
            request = "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"
        case "another curve":
            request = builder.sign(ec.generate_private_key(ec.SECP384R1()), hashes.SHA256()).public_bytes(pem).decode()
        case "RSA":
            key = rsa.generate_private_key(65537, 2048)
            request = builder.sign(key, hashes.SHA256()).public_bytes(pem).decode()
        case "a certificate":
            request = here.authority.pem
        case _:
            der = bytearray(x509.load_pem_x509_csr(pair.request.encode()).public_bytes(serialization.Encoding.DER))
            der[-1] ^= 1
            request = ssl.DER_cert_to_PEM_cert(bytes(der)).replace("CERTIFICATE", "CERTIFICATE REQUEST")
    async with here.central.client(None) as stranger:
        answer = await stranger.post("/api/claim", json=offer(pair, request=request))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "request")


@pytest.mark.feature("F2", "R5")
async def test_an_address_that_claims_too_often_must_wait(here: House, clock: Clock) -> None:
    async with here.central.client(None) as stranger:
        body = offer(KeyPair.new("bench-7"))
        answers = [await stranger.post("/api/claim", json=body) for _ in range(11)]
        assert [answer.status_code for answer in answers] == [201] * 10 + [429]
        # Others are not kept out, and time heals.
        other = await stranger.post("/api/claim", json=body, headers={"X-Forwarded-For": "203.0.113.9"})
        assert other.status_code == 201
        clock.ahead_ms = 60_000
        assert (await stranger.post("/api/claim", json=body)).status_code == 201


@pytest.mark.feature("F2", "R6")
async def test_a_station_is_claimed_although_another_asked_while_the_clock_was_years_ahead(
    here: House, tmp_path: Path, clock: Clock
) -> None:
    async with here.central.client(None) as stranger:
        clock.ahead_ms = 5 * 365 * 24 * HOUR_MS
        early = (await stranger.post("/api/claim", json=offer(KeyPair.new("bench-6")))).json()["claim"]
        clock.ahead_ms = 0
        asking = await claimed(here, tmp_path)
        assert asking.identity.is_there
        assert await waiting(here, 0) == []
        assert (await stranger.get(f"/api/claim/{early}")).status_code == 404


@pytest.mark.feature("F2")
async def test_a_central_without_an_authority_says_what_to_do(open_house: httpx.AsyncClient) -> None:
    answer = await open_house.post("/api/claim", json=offer(KeyPair.new("bench-7")))
    assert (answer.status_code, "packline-central ca init" in answer.json()["detail"]) == (409, True)
    assert "packline-central ca init" in (await open_house.get("/claims", headers={"Accept": "text/html"})).text


@pytest.fixture
async def open_house(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with serve(tmp_path, Http()) as central, central.client() as api:
        yield api


# --- the next certificate -------------------------------------------------------------------------------------


def renewing(here: House, asking: Asking, clock: Clock) -> Renewing:
    return Renewing(asking.identity, BrokerConfig(), here.central.url, "bench-7", clock)


@pytest.mark.feature("F2")
async def test_the_certificate_is_renewed_when_a_third_of_its_life_is_left(
    here: House, tmp_path: Path, clock: Clock
) -> None:
    asking = await claimed(here, tmp_path)
    before = asking.identity.file.read_text()
    day_ms = 24 * HOUR_MS
    due_at = renew_at(life_in(asking.identity.file))
    assert clock() + 59 * day_ms < due_at < clock() + 61 * day_ms
    clock.ahead_ms = 61 * day_ms
    running = asyncio.create_task(renewing(here, asking, clock).run())
    async with asyncio.timeout(60):
        while True:
            after = asking.identity.file.read_text()
            if after != before:
                break
            await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert after.split("-----END PRIVATE KEY-----")[0] != before.split("-----END PRIVATE KEY-----")[0]
    with here.broker(tmp_path / "broker") as broker:
        context = tls_context(asking.identity.broker(BrokerConfig(broker.host, broker.port)))
        reader, writer = await asyncio.open_connection(broker.host, broker.port, ssl=context)
        writer.close()
        assert reader is not None


@pytest.mark.feature("F2", "R5")
async def test_who_has_the_certificate_and_not_its_key_gets_no_other(here: House, tmp_path: Path, clock: Clock) -> None:
    asking = await claimed(here, tmp_path)
    kept = asking.identity.file.read_text()
    stolen = kept[kept.index("-----BEGIN CERTIFICATE-----") :]
    asking.identity.file.write_text(KeyPair.new("bench-7").key + stolen)
    with pytest.raises(NotClaimed, match="certificate of this authority"):
        await renewing(here, asking, clock).renew()


@pytest.mark.feature("F2", "R5")
async def test_a_foreign_revoked_or_ended_certificate_is_not_renewed(here: House, tmp_path: Path, clock: Clock) -> None:
    asking = await claimed(here, tmp_path / "ours")
    foreign = Authority.create(tmp_path / "foreign", "lyon")
    pair = KeyPair.new("bench-7")
    key = x509.load_pem_x509_csr(pair.request.encode()).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    stranger = Asking(here.central.url, tmp_path / "theirs")
    stranger.identity.keep(pair.key, foreign.for_station("bench-7", key).certificate, foreign.pem)
    with pytest.raises(NotClaimed, match="certificate of this authority"):
        await renewing(here, stranger, clock).renew()
    # Signed by our authority, and not known to the books.
    stranger.identity.keep(pair.key, here.authority.for_station("bench-7", key).certificate, here.authority.pem)
    with pytest.raises(NotClaimed, match="revoked or unknown"):
        await renewing(here, stranger, clock).renew()
    clock.ahead_ms = 91 * 24 * HOUR_MS
    with pytest.raises(NotClaimed, match="claim the station again"):
        await renewing(here, asking, clock).renew()
    clock.ahead_ms = 0
    async with here.central.client() as api:
        assert (await api.post("/api/certificates/bench-7/revoke")).status_code == 200
    noted = here.authority.issued()
    with pytest.raises(NotClaimed, match="revoked or unknown"):
        await renewing(here, asking, clock).renew()
    # Nothing was signed: who is refused could fill the disk otherwise.
    assert [each.serial for each in here.authority.issued()] == [each.serial for each in noted]


@pytest.mark.feature("F2", "R5")
async def test_a_renewal_that_is_not_by_our_authority_is_thrown_away(here: House, tmp_path: Path, clock: Clock) -> None:
    asking = await claimed(here, tmp_path / "ours")
    before, foreign = asking.identity.file.read_bytes(), Authority.create(tmp_path / "foreign", "lyon")

    def forge(answer: dict[str, Any]) -> None:
        key = x509.load_pem_x509_certificate(answer["certificate"].encode()).public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        answer["certificate"] = foreign.for_station("bench-7", key).certificate

    async with on_the_line(here.central.url, nothing, forge) as between:
        with pytest.raises(NotClaimed) as told:
            await Renewing(asking.identity, BrokerConfig(), between, "bench-7", clock).renew()
    assert told.value.ended is Ended.FORGED
    assert asking.identity.file.read_bytes() == before
