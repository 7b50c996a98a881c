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
from demo.broker import CONFIGURATION, Broker
from demo.children import free_port
from demo.count import settled
from demo.playing import playing
from demo.robot import Robot
from demo.stand import SITE
from demo.world import STATION, World
from station.claiming import Identity
from station.keys import KeyPair
from tests.support.broker import Client

DUE_S, AFTER_S = 8, 300
"""When it is renewed, and how long it would last from then on: a third of its life."""
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


async def claimed(world: World, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Identity:
    """The station as it is some minutes before its certificate ends."""
    pair, identity = KeyPair.new(STATION), Identity(world.folder / STATION / "identity")
    key = x509.load_pem_x509_csr(pair.request.encode()).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    with monkeypatch.context() as earlier:
        earlier.setattr(module, "_EARLIER", dt.timedelta(seconds=2 * AFTER_S - DUE_S))
        issued = authority.for_station(STATION, key, (DUE_S + AFTER_S) / 86_400)
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
    identity = await claimed(world, authority, monkeypatch)
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
