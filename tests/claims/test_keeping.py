"""The certificates that central itself lives by do not end unseen: what is ours is renewed, the rest is told."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from cryptography import x509

from central.claims import authority as module
from central.claims.authority import Authority
from central.claims.expiry import Holder, Lasting, trouble_of
from central.claims.keeping import Keeping
from central.config import CentralConfig, read_config
from central.office.retelling import retold
from central.stations.machine_words import told
from central.store.sqlite import now_ms
from contract.expiry import DAY_MS, Life
from contract.machine import MachineTrouble
from demo.broker import Broker
from demo.children import Child
from tests.central.test_process import PROGRAM, run, write_config
from tests.claims.setting import reload
from tests.support.broker import Authority as Elsewhere

HOLDERS: tuple[Holder, ...] = ("authority", "broker", "central", "office")
Shop = Callable[[int], tuple[CentralConfig, Authority, Broker]]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A central with its broker, whose certificates last so many days still."""

    def made(days: int) -> tuple[CentralConfig, Authority, Broker]:
        folder = tmp_path / "authority"
        authority = Authority.create(folder, "lyon")
        with monkeypatch.context() as short:
            short.setattr(module, "SERVER_DAYS", days)
            short.setattr(module, "_EARLIER", dt.timedelta(days=800))
            authority.for_host("broker", "127.0.0.1")
            authority.for_host("central", "")
        # The broker has a copy of its own, as `packline-broker-certificate` leaves it.
        copies = tmp_path / "certs"
        copies.mkdir()
        broker = Broker(tmp_path / "broker", "conf.d/tls.conf", copies)
        bring(folder, copies)
        file = write_config(tmp_path, broker.port)
        names = {"ca_file": "ca.pem", "cert_file": "central.pem", "key_file": "central.key"}
        lines = "".join(f'{key} = "{folder / name}"\n' for key, name in names.items())
        file.write_text(file.read_text().replace("[broker]\n", f"[broker]\n{lines}"))
        return read_config(file), authority, broker

    return made


def bring(folder: Path, copies: Path) -> None:
    for name in ("ca.pem", "broker.pem", "broker.key", "revoked.pem"):
        (copies / name).write_bytes((folder / name).read_bytes())


def kinds(keeping: Keeping) -> set[str]:
    return {trouble.kind for trouble in keeping.troubles}


@pytest.mark.feature("R5")
def test_what_is_ours_is_renewed_and_what_the_broker_did_not_take_up_is_told_until_it_does(
    tmp_path: Path, shop: Shop
) -> None:
    config, authority, broker = shop(10)
    keeping = Keeping(config, authority, now_ms)
    folder, key = tmp_path / "authority", (tmp_path / "authority" / "broker.key").read_bytes()
    with broker:
        assert not keeping.look()
        assert keeping.troubles == (MachineTrouble("broker_certificate_ends", 9),)
        renewed = x509.load_pem_x509_certificate((folder / "broker.pem").read_bytes())
        assert (folder / "broker.key").read_bytes() == key
        bring(folder, tmp_path / "certs")
        reload(broker)
        while not keeping.look():
            assert kinds(keeping) == {"broker_certificate_ends"}
        assert keeping.troubles == ()
        assert x509.load_pem_x509_certificate((folder / "broker.pem").read_bytes()) == renewed


@pytest.mark.feature("R5")
def test_what_lasts_is_left_as_it_is_and_a_broker_that_is_away_is_no_trouble(tmp_path: Path, shop: Shop) -> None:
    config, authority, _ = shop(60)
    before = [(tmp_path / "authority" / f"{name}.pem").read_bytes() for name in ("broker", "central")]
    keeping = Keeping(config, authority, now_ms)
    assert not keeping.look(), "the broker could not be seen: to be looked at again before long"
    assert keeping.troubles == ()
    assert [(tmp_path / "authority" / f"{name}.pem").read_bytes() for name in ("broker", "central")] == before


@pytest.mark.feature("R5")
def test_nothing_is_made_anew_that_would_end_with_the_authority_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AUTHORITY_DAYS", 10)
    authority = Authority.create(tmp_path, "lyon")
    authority.for_host("broker", "127.0.0.1")
    assert not authority.renew("broker")
    first = authority.for_office("office.example")[0].read_bytes()
    assert authority.for_office("office.example")[0].read_bytes() == first


@pytest.mark.feature("R5")
def test_a_certificate_from_elsewhere_is_never_replaced(tmp_path: Path) -> None:
    authority, elsewhere = Authority.create(tmp_path / "ours", "lyon"), Elsewhere(tmp_path / "theirs")
    ends = dt.datetime.now(dt.UTC) + dt.timedelta(days=5)
    theirs = elsewhere.issue("broker", "127.0.0.1", ends=ends)[0].read_bytes()
    (tmp_path / "ours" / "broker.pem").write_bytes(theirs)
    assert not authority.renew("broker")
    assert not authority.renew("central"), "there is none"
    assert (tmp_path / "ours" / "broker.pem").read_bytes() == theirs


@pytest.mark.feature("R5", "R6")
async def test_every_page_of_central_tells_of_it_in_both_languages(tmp_path: Path, shop: Shop) -> None:
    _, _, broker = shop(10)
    argv = [*PROGRAM, "run", "--config", str(tmp_path / "central.toml")]
    with broker, Child("central", argv, tmp_path) as central:
        url = (await asyncio.to_thread(central.line, "office: http")).rpartition("office: ")[2].strip().rstrip("/")
        await asyncio.to_thread(central.line, "certificates: broker certificate ends")
        async with httpx.AsyncClient(base_url=url, headers={"Accept": "text/html"}) as browser, asyncio.timeout(60):
            for language, words in (("en", "Days left on"), ("fr", "Jours restants au certificat")):
                headers = {"Accept-Language": language}
                while words not in (await browser.get("/orders", headers=headers)).text:  # noqa: ASYNC110
                    await asyncio.sleep(0.2)


@pytest.mark.feature("R5")
def test_the_command_line_says_how_long_each_lasts_and_fails_when_one_ends(tmp_path: Path, shop: Shop) -> None:
    _, _, broker = shop(10)
    check = ("ca", "check", "--config", str(tmp_path / "central.toml"))
    with broker:
        as_json, as_text = run(*check, "--json"), run(*check)
    found = json.loads(as_json.stdout)
    assert {each["holder"]: each["days_left"] for each in found["certificates"]} == {
        "authority": 20 * 365 - 1,
        "broker": 9,
        "central": 9,
    }
    assert all(each["is_ours"] for each in found["certificates"])
    assert len(found["troubles"]) == 2
    assert (as_json.returncode, as_text.returncode) == (1, 1)
    assert "broker     until " in as_text.stdout
    away = run(*check, "--json")
    assert (away.returncode, set(json.loads(away.stdout)["unseen"])) == (1, {"broker"})


@pytest.mark.feature("R5")
def test_the_command_line_is_content_with_certificates_that_last(tmp_path: Path, shop: Shop) -> None:
    _, _, broker = shop(400)
    with broker:
        assert run("ca", "check", "--config", str(tmp_path / "central.toml")).returncode == 0


@pytest.mark.feature("R4", "R5")
@pytest.mark.parametrize(("what", "said"), [("rubbish", "is damaged"), ("another", "is not the key of ca.pem")])
def test_an_authority_that_is_damaged_is_told_in_a_sentence(tmp_path: Path, shop: Shop, what: str, said: str) -> None:
    shop(400)
    Authority.create(tmp_path / "other", "lyon")
    other = (tmp_path / "other" / "ca.key").read_bytes()
    (tmp_path / "authority" / "ca.key").write_bytes(b"rubbish" if what == "rubbish" else other)
    for command in (("ca", "check"), ("run",)):
        done = run(*command, "--config", str(tmp_path / "central.toml"))
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
        assert said in done.stderr
        assert "restore both from one backup" in done.stderr


@pytest.mark.parametrize(
    ("holder", "life_days", "left_days", "trouble"),
    [
        ("broker", 825, 21, None),
        ("broker", 825, 19, "broker_certificate_ends"),
        ("office", 6, 2, None),
        ("office", 6, 1, "office_certificate_ends"),
        ("central", 825, 0, "central_certificate_ended"),
        ("authority", 7300, 366, None),
        ("authority", 7300, 364, "authority_certificate_ends"),
    ],
)
def test_somebody_is_told_in_time_and_not_sooner(
    holder: Holder, life_days: int, left_days: int, trouble: str | None
) -> None:
    lasting = Lasting(holder, Life(0, life_days * DAY_MS), is_ours=True)
    found = trouble_of(lasting, (life_days - left_days) * DAY_MS)
    assert (None if found is None else found.kind) == trouble
    assert found is None or found.amount == left_days


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("how", ["ends", "ended"])
def test_each_is_told_in_french(holder: Holder, how: str) -> None:
    english = told(MachineTrouble(f"{holder}_certificate_{how}", 3))
    assert retold(english, "fr") != english
    assert ("3" in retold(english, "fr")) is (how == "ends")
