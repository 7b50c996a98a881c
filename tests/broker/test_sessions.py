"""What the broker keeps through a kill -9, and whom it lets in at all."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bench.figures import resident_mb
from demo.broker import Broker
from tests.support.broker import Authority, Client

INBOX = "packline/1/lyon/station/bench-1/inbox"


def saved(broker: Broker) -> None:
    """Wait until the broker has written its store after now."""
    store = broker.folder / "store" / "mosquitto.db"
    begun = time.time()
    while not (store.exists() and store.stat().st_mtime > begun):
        assert time.time() < begun + 60, broker.log
        time.sleep(0.02)


@pytest.mark.feature("R2")
def test_a_session_with_its_queue_survives_a_kill(broker: Broker) -> None:
    with Client(broker, "bench-1") as station:
        station.subscribe(INBOX)
    with Client(broker, "central") as central:
        assert central.publish(INBOX, b"while you were away") == "Success"
    saved(broker)
    broker.kill()
    broker.start()
    with Client(broker, "bench-1") as station:
        assert station.had_session
        assert station.next() == (INBOX, b"while you were away")


@pytest.mark.feature("R2")
def test_more_than_a_thousand_messages_wait_for_a_station(broker: Broker) -> None:
    with Client(broker, "bench-1") as station:
        station.subscribe(INBOX)
    with Client(broker, "central") as central:
        answers = {central.publish(INBOX, b"%d" % number) for number in range(1500)}
    assert answers == {"Success"}
    with Client(broker, "bench-1") as station:
        assert [station.next()[1] for _ in range(1500)] == [b"%d" % number for number in range(1500)]


@pytest.mark.feature("R2")
def test_what_waits_for_a_client_that_never_comes_back_is_bounded(tmp_path: Path) -> None:
    """40 MB are sent to it, 8 MiB may wait. What is dropped is sent again: only a receipt counts."""
    small = Broker(tmp_path)
    shipped = (tmp_path / "mosquitto.conf").read_text(encoding="utf-8")
    assert "max_queued_bytes 268435456" in shipped
    bounded = shipped.replace("max_queued_bytes 268435456", "max_queued_bytes 8388608")
    (tmp_path / "mosquitto.conf").write_text(bounded, encoding="utf-8")
    with small:
        with Client(small, "bench-1") as station:
            station.subscribe(INBOX)
        before = resident_mb(small.pid)
        with Client(small, "central") as central:
            for _ in range(160):
                central.publish(INBOX, bytes(250_000))
        assert resident_mb(small.pid) < before + 24
        with Client(small, "bench-1") as station:
            assert station.next()[0] == INBOX


@pytest.mark.feature("R4")
def test_a_message_of_ten_megabytes_reaches_nobody_and_harms_nobody(broker: Broker) -> None:
    with Client(broker, "central") as central, Client(broker, "bench-2") as station:
        central.subscribe("packline/1/#")
        with Client(broker, "bench-1") as careless:
            assert careless.thrown_out_for("packline/1/lyon/station/bench-1/fact", bytes(10_000_000))
        assert station.publish("packline/1/lyon/station/bench-2/fact", b"small") == "Success"
        assert central.next()[1] == b"small"


@pytest.mark.feature("R5")
def test_only_certificates_of_our_authority_come_in(tmp_path: Path) -> None:
    ours, foreign = Authority(tmp_path / "ours"), Authority(tmp_path / "foreign")
    with Broker(tmp_path / "broker", "conf.d/tls.conf", ours.folder) as guarded:
        with pytest.raises(ConnectionRefusedError), Client(guarded, "x", ours, certificate=foreign.issue("central")):
            pass
        with pytest.raises(ConnectionRefusedError), Client(guarded, "x", ours):
            pass
        with Client(guarded, "x", ours, "central") as central:
            assert central.had_session is False


@pytest.mark.feature("R5")
def test_a_station_cannot_take_over_the_session_of_central(tmp_path: Path) -> None:
    ours = Authority(tmp_path / "ours")
    with Broker(tmp_path / "broker", "conf.d/tls.conf", ours.folder) as guarded:
        with Client(guarded, "central", ours, "central") as central:
            central.subscribe("packline/1/#")
        with Client(guarded, "bench-2", ours, "bench-2") as station:
            assert station.publish("packline/1/lyon/station/bench-2/fact", b"private") == "Success"
        with Client(guarded, "central", ours, "bench-1") as thief:
            assert not thief.had_session
        with Client(guarded, "central", ours, "central") as central:
            assert central.had_session
            assert central.next()[1] == b"private"
