"""Certificates for a broker with TLS, and a plain MQTT client that tells what the broker answered."""

from __future__ import annotations

import datetime as dt
import queue
import socket
import ssl
import threading
from pathlib import Path
from typing import Any, Self

import paho.mqtt.client as mqtt
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from demo.broker import Broker


class Authority:
    """A certificate authority of the test's own, in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._ca = trustme.CA()
        self.ca_file = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(self.ca_file)
        self.issue("broker", "127.0.0.1")
        self.revoke()

    def issue(
        self, name: str, host: str = "", common_name: str = "", *, ends: dt.datetime | None = None
    ) -> tuple[Path, Path]:
        """The certificate and key files of `name`, which the broker takes for a user name."""
        begins = None if ends is None else ends - dt.timedelta(days=1)
        leaf = self._ca.issue_cert(
            host or f"{name}.packline.test", common_name=common_name or name, not_before=begins, not_after=ends
        )
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        certificate.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
        leaf.private_key_pem.write_to_path(key)
        return certificate, key

    def revoke(self, *certificates: Path) -> None:
        """Write the list of revoked certificates; the broker reads it at its start."""
        authority = x509.load_pem_x509_certificate(self._ca.cert_pem.bytes())
        key = serialization.load_pem_private_key(self._ca.private_key_pem.bytes(), None)
        now = dt.datetime.now(dt.UTC)
        builder = x509.CertificateRevocationListBuilder().issuer_name(authority.subject)
        builder = builder.last_update(now - dt.timedelta(days=1)).next_update(now + dt.timedelta(days=1))
        for file in certificates:
            serial = x509.load_pem_x509_certificate(file.read_bytes()).serial_number
            revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now)
            builder = builder.add_revoked_certificate(revoked.build())
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        signed = builder.sign(key, hashes.SHA256())
        (self.folder / "revoked.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))


class Client:
    """One MQTT 5 client with a session that lasts; every wait ends in an assertion."""

    def __init__(
        self,
        broker: Broker,
        client_id: str,
        authority: Authority | None = None,
        name: str = "",
        certificate: tuple[Path, Path] | None = None,
        last_will: tuple[str, bytes] | None = None,
    ) -> None:
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=mqtt.MQTTv5)
        if authority is not None:
            context = ssl.create_default_context(cafile=authority.ca_file)
            if certificate or name:
                context.load_cert_chain(*(certificate or authority.issue(name)))
            self._client.tls_set_context(context)
        if last_will is not None:
            self._client.will_set(*last_will, qos=1)
        self._broker = broker
        self._answers: queue.Queue[Any] = queue.Queue()
        self.received: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self._client.on_connect = lambda _c, _u, flags, reason, _p: self._answers.put((flags, reason))
        self._client.on_disconnect = lambda _c, _u, _f, reason, _p: self._gone(reason)
        self._closed = threading.Event()
        self._client.on_subscribe = lambda _c, _u, _m, reasons, _p: self._answers.put(reasons)
        self._client.on_message = lambda _c, _u, message: self.received.put((message.topic, message.payload))
        self._reasons: dict[int, str] = {}
        self._published = threading.Condition()
        self._client.on_publish = lambda _c, _u, mid, reason, _p: self._note(mid, str(reason))

    def __enter__(self) -> Self:
        """Raises `OSError` when the broker does not let us in."""
        lasting = Properties(PacketTypes.CONNECT)
        lasting.SessionExpiryInterval = 3600
        self._client.connect(self._broker.host, self._broker.port, clean_start=False, properties=lasting)
        self._client.loop_start()
        flags, reason = self._answers.get(timeout=60)
        if flags is None or reason.is_failure:
            self._client.loop_stop()
            raise ConnectionRefusedError(str(reason))
        self.had_session: bool = flags.session_present
        return self

    def __exit__(self, *exc: object) -> None:
        self._closed.clear()
        if self._client.disconnect() == mqtt.MQTT_ERR_SUCCESS:
            self._closed.wait(60)
        self._client.loop_stop()

    def vanish(self) -> None:
        """End without a word, as a power cut does: the broker says the last will."""
        self._client.socket().shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
        assert self._closed.wait(10)

    def subscribe(self, topic: str) -> None:
        self._client.subscribe(topic, qos=1)
        self._answers.get(timeout=60)

    def publish(
        self, topic: str, payload: bytes = b"x", retain: bool = False, properties: Properties | None = None
    ) -> str:
        """Publish with QoS 1; the reason that came back with the PUBACK."""
        mid = self._client.publish(topic, payload, qos=1, retain=retain, properties=properties).mid
        with self._published:
            assert self._published.wait_for(lambda: mid in self._reasons, 60), f"no PUBACK for {topic}"
        return self._reasons[mid]

    def thrown_out_for(self, topic: str, payload: bytes) -> str:
        """Publish what the broker should not take; the reason with which the connection ends."""
        self._client.publish(topic, payload, qos=1)
        _, reason = self._answers.get(timeout=60)
        return str(reason)

    def next(self) -> tuple[str, bytes]:
        """The next message: topic and payload."""
        return self.received.get(timeout=60)

    def _gone(self, reason: object) -> None:
        self._answers.put((None, reason))
        self._closed.set()

    def _note(self, mid: int, reason: str) -> None:
        with self._published:
            self._reasons[mid] = reason
            self._published.notify_all()
