"""Central's office and REST over real TLS: its own authority's certificate, and one from elsewhere."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from pathlib import Path

import httpx
import pytest
import trustme

from central.claims.authority import Authority
from central.config import read_config
from central.office.access import COOKIE
from central.store.sqlite import SqliteStore
from central.tls import ServerCertificate
from demo.broker import Broker
from demo.children import Child
from link.config import BadConfig
from link.tls import https_context
from station.kiosk.pictures import NoPicture, Pictures
from tests.central.backups.setting import configured
from tests.central.backups.test_restoring import NOW
from tests.central.conftest import SECRET, let_in
from tests.central.test_process import PROGRAM, SITE, run
from tests.claims.setting import Terminal
from tests.support.handshakes import PERMISSIVE, STRONG, WEAK, client, handshakes, is_taken

PNG = b"\x89PNG\r\n\x1a\n"


def with_http(folder: Path, settings: str, port: int = 1) -> Path:
    """central.toml with this in `[http]`."""
    _, file = configured(folder, port=port)
    file.write_text(file.read_text().replace("[http]\n", f"[http]\n{settings}\n"))
    return file


def shown(url: str, ca: Path) -> str:
    """The serial of the certificate that a server shows."""
    host, _, port = url.removeprefix("https://").partition(":")
    with (
        socket.create_connection((host, int(port))) as plain,
        https_context(ca).wrap_socket(plain, server_hostname=host) as connection,
    ):
        certificate = connection.getpeercert()
    assert certificate is not None
    return str(certificate["serialNumber"])


@pytest.mark.feature("R5")
async def test_the_office_by_the_certificate_of_centrals_own_authority(tmp_path: Path, broker: Broker) -> None:
    """A browser signs in, a station claims itself and fetches a picture: nothing of it travels in clear."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "b17.png").write_bytes(PNG)
    file = with_http(tmp_path, f'tls_host = "127.0.0.1"\npictures = "{tmp_path / "pictures"}"', broker.port)
    assert run("ca", "init", "--broker", "127.0.0.1", "--config", str(file)).returncode == 0
    async with SqliteStore(tmp_path / "central.db", SITE) as store:
        await let_in(store, NOW)
    ca = tmp_path / "authority" / "ca.pem"
    with Child("central", [*PROGRAM, "run", "--config", str(file)], tmp_path) as central:
        url = (await asyncio.to_thread(central.line, "office: https")).rpartition("office: ")[2].strip().rstrip("/")
        async with httpx.AsyncClient(base_url=url, verify=https_context(ca), timeout=60) as browser:
            signed_in = await browser.post(
                "/sign-in", data={"account": "anna", "password": SECRET}, headers={"Origin": url}
            )
            assert signed_in.status_code == 303
            cookies = signed_in.headers.get_list("set-cookie")
            assert {cookie.partition("=")[0] for cookie in cookies if "; Secure" in cookie} >= {COOKIE}
            assert [cookie for cookie in cookies if "; Secure" not in cookie] == []
            page = await browser.get("/orders")
            assert page.status_code == 200
            assert page.headers["strict-transport-security"] == "max-age=31536000"
        async with httpx.AsyncClient(base_url=url, verify=ssl.create_default_context(), timeout=60) as stranger:
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await stranger.get("/orders")
        async with httpx.AsyncClient(base_url=url.replace("https", "http"), timeout=60) as plain:
            with pytest.raises(httpx.HTTPError):
                await plain.get("/orders")
        pictures = Pictures(tmp_path / "kept", url, ca)
        assert (await pictures.picture("b17.png")).content == PNG
        with pytest.raises(NoPicture, match="CERTIFICATE_VERIFY_FAILED"):
            await Pictures(tmp_path / "foreign", url, tmp_path / "none.pem").picture("b17.png")
        terminal = await asyncio.to_thread(Terminal, tmp_path / "bench", url)
        code = await asyncio.to_thread(lambda: terminal.code)
        headers = {"Authorization": f"Bearer {SECRET}"}
        async with httpx.AsyncClient(base_url=url, verify=https_context(ca), headers=headers, timeout=60) as api:
            (claim,) = (await api.get("/api/claims")).json()["waiting"]
            approved = await api.post(f"/api/claims/{claim['claim']}/approve", json={"code": code})
            assert approved.status_code == 200
        assert await asyncio.to_thread(terminal.child.wait) == 0
        assert terminal.identity.ca_file.read_text() == ca.read_text()


@pytest.mark.feature("R5")
async def test_a_new_certificate_is_taken_up_while_central_runs(tmp_path: Path, broker: Broker) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    cert, key = tmp_path / "web.pem", tmp_path / "web.key"

    def renewed() -> None:
        issued = authority.issue_cert("127.0.0.1")
        issued.private_key_pem.write_to_path(tmp_path / "new.key")
        issued.cert_chain_pems[0].write_to_path(tmp_path / "new.pem")
        # A moment in which they do not belong together, as every renewal has.
        (tmp_path / "new.pem").replace(cert)
        (tmp_path / "new.key").replace(key)

    renewed()
    file = with_http(tmp_path, f'cert_file = "{cert}"\nkey_file = "{key}"', broker.port)
    with Child("central", [*PROGRAM, "run", "--config", str(file)], tmp_path) as central:
        url = (await asyncio.to_thread(central.line, "office: https")).rpartition("office: ")[2].strip().rstrip("/")
        before = await asyncio.to_thread(shown, url, tmp_path / "ca.pem")
        renewed()
        await asyncio.to_thread(central.line, "the new certificate is used from now on")
        assert await asyncio.to_thread(shown, url, tmp_path / "ca.pem") != before


@pytest.mark.feature("R5")
async def test_old_versions_and_weak_ciphers_are_refused(tmp_path: Path, broker: Broker) -> None:
    """Whatever the OpenSSL of the machine would take."""
    (tmp_path / "openssl.cnf").write_text(PERMISSIVE)
    file = with_http(tmp_path, 'tls_host = "127.0.0.1"', broker.port)
    assert run("ca", "init", "--broker", "127.0.0.1", "--config", str(file)).returncode == 0
    surroundings = {"OPENSSL_CONF": str(tmp_path / "openssl.cnf")}
    with Child("central", [*PROGRAM, "run", "--config", str(file)], tmp_path, surroundings) as central:
        port = int((await asyncio.to_thread(central.line, "office: https")).rpartition(":")[2].strip("/\n "))
        await central.is_ready()
        taken = {str(talk): await asyncio.to_thread(is_taken, port, client(talk)) for talk in (*WEAK, *STRONG)}
    assert taken == {**{str(talk): False for talk in WEAK}, **{str(talk): True for talk in STRONG}}


def test_files_that_do_not_belong_together_leave_the_certificate_of_before(tmp_path: Path) -> None:
    for name in ("one", "two"):
        issued = trustme.CA().issue_cert("office.example")
        issued.private_key_pem.write_to_path(tmp_path / f"{name}.key")
        issued.cert_chain_pems[0].write_to_path(tmp_path / f"{name}.pem")
    certificate = ServerCertificate(tmp_path / "one.pem", tmp_path / "one.key", lambda: None)
    os.replace(tmp_path / "two.pem", tmp_path / "one.pem")
    certificate.look()
    assert handshakes(client(STRONG[0]), certificate.context)
    os.replace(tmp_path / "two.key", tmp_path / "one.key")
    certificate.look()
    assert handshakes(client(STRONG[0]), certificate.context)


def test_central_makes_its_own_certificate_anew_before_it_ends(tmp_path: Path) -> None:
    authority = Authority.create(tmp_path, SITE)
    cert, _ = authority.for_office("office.example")
    first = cert.read_bytes()
    assert authority.for_office("office.example")[0].read_bytes() == first
    assert authority.for_office("packline.example")[0].read_bytes() != first, "another name"
    (tmp_path / "office.pem").write_text(authority.pem)
    assert authority.for_office("packline.example")[0].read_text() != authority.pem, "no certificate of a host"


@pytest.mark.feature("R5")
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('host = "0.0.0.0"', "passwords would travel in clear"),
        ('host = "192.0.2.1"\npublic_url = "https://office.example"', "passwords would travel in clear"),
        ('host = "0.0.0.0"\ncert_file = "a.pem"', "cert_file and key_file"),
        ('tls_host = "a.example"\ncert_file = "a.pem"\nkey_file = "a.key"', "either tls_host"),
    ],
)
def test_nothing_is_served_in_clear_on_the_network(tmp_path: Path, settings: str, said: str) -> None:
    file = with_http(tmp_path, settings)
    with pytest.raises(BadConfig, match=said):
        read_config(file)


@pytest.mark.parametrize(
    "settings",
    [
        'host = "0.0.0.0"\na_proxy_terminates_tls = true',
        'host = "0.0.0.0"\ntls_host = "a.example"',
        'host = "::1"',
    ],
)
def test_what_may_be_served(tmp_path: Path, settings: str) -> None:
    read_config(with_http(tmp_path, settings))


def test_without_an_authority_it_says_how_to_make_one(tmp_path: Path) -> None:
    done = run("run", "--config", str(with_http(tmp_path, 'tls_host = "a.example"')))
    assert done.returncode == 2
    assert "packline-central ca init" in done.stderr
