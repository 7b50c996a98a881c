"""A revoked certificate is out: the connection that is open, and every one that would come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from central.claims import cutting as module
from central.claims.cutting import Cutting
from central.claims.rows import CertificateRow
from central.store.sqlite import now_ms
from demo.broker import Broker
from tests.central.conftest import until
from tests.claims.setting import Asking, House, house, reload
from tests.support.broker import Client


class AsClient:
    """What `tests.support.broker.Client` needs of an authority."""

    def __init__(self, ca_file: Path) -> None:
        self.ca_file = ca_file


def client(broker: Broker, asking: Asking) -> Client:
    files = (asking.identity.file, asking.identity.file)
    return Client(broker, "x", AsClient(asking.identity.ca_file), certificate=files)  # type: ignore[arg-type]


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as made:
        yield made


async def claimed(here: House, folder: Path, station: str) -> Asking:
    asking = Asking(here.central.url, folder, station)
    running = asyncio.create_task(asking.carry_out())
    async with here.central.client() as api:
        found = await until(api, "/api/claims", lambda answer: bool(answer["waiting"]))
        claim = found["waiting"][0]["claim"]
        assert (await api.post(f"/api/claims/{claim}/approve", json={"code": asking.claim.code})).status_code == 200
    await running
    return asking


async def cut_off(here: House, broker: Broker) -> None:
    """Central at work until the broker is seen to refuse what is revoked; the unit's part is played by us."""
    file = here.certificates / "revoked.pem"
    cutting = Cutting(here.central.store, here.authority, here.as_central(broker), here.central.live.watch, now_ms)
    running = asyncio.create_task(cutting.run())
    seen = b""
    async with here.central.client() as api, asyncio.timeout(60):
        while True:
            if (now := file.read_bytes()) != seen:
                seen = now
                await asyncio.to_thread(reload, broker)
            certificates = (await api.get("/api/claims")).json()["certificates"]
            if all(each["revoked_at"] is None or each["cut_at"] is not None for each in certificates):
                break
            await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.feature("F2", "R5")
async def test_a_revoked_station_is_cut_off_and_others_work_on(here: House, tmp_path: Path) -> None:
    lost, kept = await claimed(here, tmp_path / "a", "bench-1"), await claimed(here, tmp_path / "b", "bench-2")
    with here.broker(tmp_path / "broker") as broker:
        out, other = client(broker, lost), client(broker, kept)
        with other, out:
            assert await asyncio.to_thread(out.publish, "packline/1/lyon/station/bench-1/fact") != "Not authorized"
            async with here.central.browser() as office:
                done = await office.post("/certificates/bench-1/revoke")
                assert done.status_code == 303
                assert "the broker does not refuse it yet" in (await office.get("/claims")).text
                await cut_off(here, broker)
                assert "the broker refuses it" in (await office.get("/claims")).text
            assert await asyncio.to_thread(out._closed.wait, 10)
            said = await asyncio.to_thread(other.publish, "packline/1/lyon/station/bench-2/fact")
            assert said != "Not authorized"
            assert not other._closed.is_set()
        with pytest.raises(ConnectionRefusedError), client(broker, lost):
            pass


@pytest.mark.feature("F2", "R5")
async def test_a_station_that_is_claimed_again_replaces_the_device_before(here: House, tmp_path: Path) -> None:
    inbox = "packline/1/lyon/station/bench-1/inbox"
    broken = await claimed(here, tmp_path / "a", "bench-1")
    with here.broker(tmp_path / "broker") as broker:
        with client(broker, broken) as old:
            old.subscribe(inbox)
        files = (here.certificates / "central.pem", here.certificates / "central.key")
        authority = AsClient(here.certificates / "ca.pem")
        with Client(broker, "central", authority, certificate=files) as central:  # type: ignore[arg-type]
            assert central.publish(inbox, b"while it was away") == "Success"
        again = await claimed(here, tmp_path / "b", "bench-1")
        await cut_off(here, broker)
        with pytest.raises(ConnectionRefusedError), client(broker, broken):
            pass
        with client(broker, again) as new:
            # What waited for the station was not lost by cutting the other device off.
            assert new.had_session
            assert new.next() == (inbox, b"while it was away")


@pytest.mark.feature("F2", "R5")
async def test_nothing_counts_as_cut_off_while_the_broker_is_away(
    here: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor while it lets the certificate in; it counts as soon as it does its part."""
    monkeypatch.setattr(module, "_TRIES", 2)
    monkeypatch.setattr(module, "_TRY_AGAIN_S", 0.05)
    await claimed(here, tmp_path / "a", "bench-1")
    async with here.central.client() as api:
        await api.post("/api/certificates/bench-1/revoke")
        broker = here.broker(tmp_path / "broker")
        cutting = Cutting(here.central.store, here.authority, here.as_central(broker), here.central.live.watch, now_ms)
        given = CertificateRow("1", "bench-1", 0, now_ms() + 60_000, "")
        assert not await cutting._cut_off(frozenset({given.serial}), {given.serial: given.station})
        with broker:
            # Who is answered was let in by the list that the broker read at its start: the next is newer.
            files = (here.certificates / "central.pem", here.certificates / "central.key")
            authority = AsClient(here.certificates / "ca.pem")
            with Client(broker, "central", authority, certificate=files):  # type: ignore[arg-type]
                pass
            assert not await cutting._cut_off(frozenset({given.serial}), {given.serial: given.station})
            assert (await api.get("/api/claims")).json()["certificates"][0]["cut_at"] is None
            await cut_off(here, broker)
        assert (await api.get("/api/claims")).json()["certificates"][0]["cut_at"] is not None


@pytest.mark.feature("F2")
async def test_a_station_without_a_certificate_cannot_be_revoked(here: House) -> None:
    async with here.central.client() as api:
        answer = await api.post("/api/certificates/bench-9/revoke")
    assert (answer.status_code, answer.json()["detail"]) == (409, "bench-9 has no certificate that could be revoked.")


@pytest.mark.feature("F2")
async def test_the_trail_says_who_approved_and_who_revoked(here: House, tmp_path: Path) -> None:
    await claimed(here, tmp_path, "bench-1")
    async with here.central.client() as api:
        (given,) = (await api.get("/api/claims")).json()["certificates"]
        await api.post("/api/certificates/bench-1/revoke")
        entries = (await api.get("/api/audit", params={"subject": f"certificate/{given['serial']}"})).json()["items"]
    assert [entry["by"] for entry in entries] == ["token:anna", "token:anna"]
    assert "revoked_at" in str(entries[0]["after"])
    assert given["issued_by"] == "token:anna"
