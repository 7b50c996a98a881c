"""A station at work renews its certificate: real processes, a real broker by TLS, a certificate of a few minutes."""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from central.claims import authority as module
from central.claims.authority import Authority
from central.claims.rows import CertificateRow
from central.desk.books import Keys
from central.store.sqlite import SqliteStore, now_ms
from contract.machine import MachineTrouble
from demo.broker import CONFIGURATION, Broker
from demo.children import free_port
from demo.count import settled
from demo.playing import playing
from demo.robot import Robot
from demo.stand import SITE
from demo.world import STATION, World
from link.tls import BrokerConfig
from station.claiming import Identity
from station.keys import KeyPair
from station.kiosk.view import Frame
from station.renewing import Renewing
from tests.support.broker import Authority as Elsewhere
from tests.support.broker import Client
from tests.support.office import the_office_says

DUE_S, AFTER_S = 8, 300
"""When it is renewed, and how long it would last from then on: a third of its life."""
DAY_S = 86_400
PATIENCE_S = 60


class Door(Broker):
    """The way to the world's broker by TLS, of which a client needs host, port and authority."""

    def __init__(self, port: int, ca_file: Path) -> None:
        self.port = port
        self.ca_file = ca_file


def with_tls(broker: Broker, certificates: Path) -> Door:
    """The shipped way in from the network, beside the loopback listener on which the world's observer listens."""
    shipped = (CONFIGURATION / "conf.d" / "tls.conf").read_text().replace("/etc/mosquitto/certs", str(certificates))
    port = free_port()
    lines = shipped.replace("listener 8883", f"listener {port} 127.0.0.1").splitlines()
    ours = [line for line in lines if not line.startswith(("allow_anonymous", "acl_file"))]
    (broker.folder / "conf.d" / "tls.conf").write_text("\n".join(ours) + "\n")
    return Door(port, certificates / "ca.pem")


async def claimed(
    world: World, authority: Authority, monkeypatch: pytest.MonkeyPatch, left_s: int, life_s: int
) -> Identity:
    """The station as it is so long before its certificate ends."""
    pair, identity = KeyPair.new(STATION), Identity(world.folder / STATION / "identity")
    key = x509.load_pem_x509_csr(pair.request.encode()).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    with monkeypatch.context() as earlier:
        earlier.setattr(module, "_EARLIER", dt.timedelta(seconds=life_s - left_s))
        issued = authority.for_station(STATION, key, left_s / DAY_S)
    identity.keep(pair.key, issued.certificate, authority.pem)
    row = CertificateRow(issued.serial, STATION, now_ms(), issued.ends_at, "anna")
    async with SqliteStore(world.folder / "central.db", SITE) as store:
        await store.transact(Keys(certificates_of=frozenset({STATION})), lambda books: books.certificates.put(row))
    return identity


@pytest.mark.feature("F2", "R5")
async def test_a_station_renews_its_certificate_while_it_packs_and_comes_back_with_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path / "shop", settle_s=0.1)
    authority = Authority.create(world.folder / "authority", SITE)
    authority.for_host("broker", "127.0.0.1")
    door = with_tls(world.broker, world.folder / "authority")
    world.stands[0].broker_port = door.port
    identity = await claimed(world, authority, monkeypatch, DUE_S + AFTER_S, 3 * AFTER_S)
    old = Path(shutil.copy(identity.file, tmp_path / "old.pem"))
    (serial,) = (each.serial for each in authority.issued())
    async with world, playing(world) as table:
        robot = Robot(table)
        renewed = asyncio.create_task(asyncio.to_thread(world.station.line, "certificate was renewed", PATIENCE_S))
        await robot.pack(1)
        while not renewed.done():
            await robot.pack(1)
        await renewed
        assert len([line for line in world.station.lines if ": connected as " in line]) == 1
        # Nobody comes in with the old one from here on, as if it had ended.
        authority.write_revoked([serial])
        world.broker.stop()
        await asyncio.to_thread(world.broker.start)
        with pytest.raises(ConnectionRefusedError), Client(door, STATION, door, certificate=(old, old)):  # type: ignore[arg-type]
            pass
        await table.eyes.until(lambda frame: frame.quiet.online, PATIENCE_S)
        await robot.pack(1)
        await settled(world, table)
        assert set(table.closed) == {told.sscc for told in world.observer.told.values()}


@pytest.mark.feature("F2", "R5")
async def test_a_renewal_that_does_not_come_about_is_told_at_the_bench_and_in_the_office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Central cannot sign any more, and nobody reads logs; work goes on, and once it can all is well."""
    world = World(tmp_path / "shop", settle_s=0.1, language="en")
    authority = Authority.create(world.folder / "authority", SITE)
    authority.for_host("broker", "127.0.0.1")
    world.stands[0].broker_port = with_tls(world.broker, world.folder / "authority").port
    await claimed(world, authority, monkeypatch, 10 * DAY_S, 90 * DAY_S)
    key = world.folder / "authority" / "ca.key"
    aside = key.rename(tmp_path / "ca.key")
    async with world, playing(world) as table:
        await table.eyes.until(lambda frame: "lasts 9 more days" in shown(frame), PATIENCE_S)
        await the_office_says(world.office_url, "Days left on the station&#39;s certificate: 9.")
        await Robot(table).pack(1)
        await settled(world, table)

        aside.rename(key)
        world.central.stop()
        world.start_central()
        await world.central.is_ready()
        world.station.stop()
        world.start_station()
        await asyncio.to_thread(world.station.line, "certificate was renewed", PATIENCE_S)
        await table.eyes.until(lambda frame: frame.quiet.online and "certificate" not in shown(frame), PATIENCE_S)


def shown(frame: Frame) -> str:
    """All that troubles the bench; its disk may be small, too."""
    return " ".join(trouble.text for trouble in frame.quiet.troubles)


@pytest.fixture
def own(tmp_path: Path) -> Authority:
    return Authority.create(tmp_path / "authority", SITE)


def lasting(folder: Path, authority: Authority) -> Identity:
    """A station that was claimed now."""
    pair, identity = KeyPair.new(STATION), Identity(folder / "identity")
    key = x509.load_pem_x509_csr(pair.request.encode()).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    identity.keep(pair.key, authority.for_station(STATION, key).certificate, authority.pem)
    return identity


def nowhere() -> str:
    return f"http://127.0.0.1:{free_port()}"


@pytest.mark.feature("R5")
@pytest.mark.parametrize(
    ("after_days", "trouble"),
    [
        (0, None),
        (71, None),
        (73, MachineTrouble("station_certificate_ends", 16)),
        (91, MachineTrouble("station_certificate_ended")),
    ],
)
async def test_a_certificate_is_told_when_its_renewal_was_tried_for_long(
    tmp_path: Path, own: Authority, after_days: int, trouble: MachineTrouble | None
) -> None:
    """A day or a week without central is nothing that anybody must mend."""
    at = now_ms() + after_days * DAY_S * 1000
    renewing = Renewing(lasting(tmp_path, own), BrokerConfig(), nowhere(), STATION, lambda: at)
    assert 0 < await renewing.look() <= 3600
    assert renewing.trouble == trouble


@pytest.mark.feature("R5")
async def test_a_certificate_from_elsewhere_is_told_before_it_ends(tmp_path: Path) -> None:
    elsewhere = Elsewhere(tmp_path / "elsewhere")
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(hours=4)
    certificate, key = elsewhere.issue(STATION, ends=soon)
    broker = BrokerConfig(ca_file=str(elsewhere.ca_file), cert_file=str(certificate), key_file=str(key))
    renewing = Renewing(Identity(tmp_path / "identity"), broker, nowhere(), STATION, now_ms)
    await renewing.look()
    assert renewing.trouble == MachineTrouble("station_certificate_ends", 0)
    elsewhere.issue(STATION)
    await renewing.look()
    assert renewing.trouble is None, "the next one was brought"


@pytest.mark.feature("R5", "R4")
@pytest.mark.parametrize(
    "content", [b"", b"\xff\x00", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
async def test_a_damaged_certificate_is_told_and_ends_nothing(tmp_path: Path, own: Authority, content: bytes) -> None:
    identity = lasting(tmp_path, own)
    identity.file.write_bytes(content)
    renewing = Renewing(identity, BrokerConfig(), nowhere(), STATION, now_ms)
    await renewing.look()
    assert renewing.trouble == MachineTrouble("station_certificate_damaged")


async def test_a_station_without_a_certificate_has_nothing_to_tell(tmp_path: Path) -> None:
    renewing = Renewing(Identity(tmp_path / "identity"), BrokerConfig(), nowhere(), STATION, now_ms)
    await renewing.look()
    assert renewing.trouble is None
