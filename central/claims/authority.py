"""Central's own certificate authority: a key, a certificate and a list of what is revoked, in one folder."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from central.claims.expiry import RENEWED_DAYS
from central.claims.rows import CertificateRow
from central.claims.rules import Issued
from contract.claims import RenewalOffer, fingerprint, renewal_text
from link.certificates import certificate_of, private_key_of, reading

STATION_DAYS: Final = 90
"""A station renews when a third is left."""
SERVER_DAYS: Final = 825
_AUTHORITY_DAYS: Final = 20 * 365
_ISSUED: Final = "issued"
"""A line for each certificate of a station: serial, station, from when, until when."""
_LINE: Final = re.compile(r"([0-9a-f]{1,40}) ([^ ]+) ([0-9]{1,15}) ([0-9]{1,15})")
_TORN: Final = re.compile(r"[0-9a-f]{0,40}|[0-9a-f]{1,40} [^ ]*|[0-9a-f]{1,40} [^ ]+ [0-9]{0,15} ?")
"""By a power cut: its certificate was never given out."""
_FOR_ALL: Final = 0o644
"""Of files with nothing secret in them: whoever copies one for the broker need not think of its rights."""
_EARLIER: Final = dt.timedelta(days=1)
"""Valid from a day before: a Raspberry Pi without a network has a clock that is late."""
_CLIENT, _SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH


class BadRequest(ValueError):
    """What a station sent is no request for a certificate, or does not prove that it has the key."""


def public_key_of(request: str) -> ec.EllipticCurvePublicKey:
    """The key of a PKCS#10 request in PEM, proven by its signature. Raises `BadRequest`."""
    try:
        found = x509.load_pem_x509_csr(request.encode())
        is_proven = found.is_signature_valid
        key = found.public_key()
    except Exception as error:  # cryptography raises its own OpenSSL errors for some bytes
        raise BadRequest("a request for a certificate (PKCS#10, PEM)") from error
    return _p256(key) if is_proven else _unproven()


def _p256(key: object) -> ec.EllipticCurvePublicKey:
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    raise BadRequest("a request with a key on the curve P-256")


def _unproven() -> ec.EllipticCurvePublicKey:
    raise BadRequest("a request that its own key signed")


def fingerprint_of(key: ec.EllipticCurvePublicKey) -> str:
    """As the station shows it."""
    return fingerprint(key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))


class Authority:
    """Signs for stations, for the broker and for central itself."""

    def __init__(self, folder: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._folder = folder
        self._key = key
        self.certificate = certificate
        self.pem = certificate.public_bytes(serialization.Encoding.PEM).decode()

    @staticmethod
    def create(folder: Path, site: str) -> Authority:
        """A new one. Raises `FileExistsError` when there is one: every station would have to be claimed again."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key, now = ec.generate_private_key(ec.SECP256R1()), _now()
        name = _name(f"Packline {site}")
        certificate = (
            _builder(name, name, key.public_key(), now + dt.timedelta(days=_AUTHORITY_DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        _write_new(folder / "ca.key", _private(key))
        authority = Authority(folder, key, certificate)
        replace_file(folder / "ca.pem", authority.pem.encode(), _FOR_ALL)
        authority.write_revoked(())
        return authority

    @staticmethod
    def open(folder: Path) -> Authority | None:
        """The one in `folder`; None when there is none. Raises `OSError` for files that are damaged or no pair."""
        if not (folder / "ca.key").exists():
            return None
        try:
            key = private_key_of((folder / "ca.key").read_bytes())
            certificate = certificate_of((folder / "ca.pem").read_bytes())
        except ValueError as error:
            raise OSError(f"{folder}: ca.key or ca.pem is damaged; restore both from one backup") from error
        if key.public_key() != certificate.public_key():
            raise OSError(f"{folder}: ca.key is not the key of ca.pem; restore both from one backup")
        return Authority(folder, key, certificate)

    def for_station(self, station: str, key: ec.EllipticCurvePublicKey, days: float = STATION_DAYS) -> Issued:
        """A certificate that opens the broker in the station's name, and is no server's.

        It is noted in the folder: a database that is restored from a copy learns there what was issued since.
        """
        issued = self._issue(station, key, days, _CLIENT)
        descriptor = os.open(self._folder / _ISSUED, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            # A line of its own also behind one that was torn.
            print(f"\n{issued.serial} {station} {_milliseconds(_now())} {issued.ends_at}", file=file, flush=True)
            os.fsync(descriptor)
        return issued

    def issued(self) -> list[CertificateRow]:
        """Every certificate of a station, oldest first, and which of them are revoked.

        Raises `OSError` or `ValueError` for lists that cannot be read: nobody would know whom to keep out.
        """
        listing = self._folder / "revoked.pem"
        pem = listing.read_bytes()
        with reading(str(listing)):
            listed = x509.load_pem_x509_crl(pem)
            revoked = {f"{each.serial_number:x}": _milliseconds(each.revocation_date_utc) for each in listed}
        noted = self._folder / _ISSUED
        lines = noted.read_text(encoding="utf-8", errors="replace").splitlines() if noted.exists() else []
        if not all(_LINE.fullmatch(line) or _TORN.fullmatch(line) for line in lines):
            raise ValueError(f"{noted} is damaged")
        found = map(_LINE.fullmatch, lines)
        return [
            CertificateRow(serial, station, int(at), int(ends_at), "", revoked.get(serial), "", revoked.get(serial))
            for serial, station, at, ends_at in (match.groups() for match in found if match)
        ]

    def for_host(self, name: str, host: str) -> None:
        """`name`.pem and `name`.key in the folder: of the broker, when it is reached as `host`; else of a client."""
        key = ec.generate_private_key(ec.SECP256R1())
        issued = self._issue(name, key.public_key(), SERVER_DAYS, _SERVER if host else _CLIENT, host)
        replace_file(self._folder / f"{name}.key", _private(key))
        replace_file(self._folder / f"{name}.pem", issued.certificate.encode(), _FOR_ALL)

    def for_office(self, host: str) -> tuple[Path, Path]:
        """`office.pem` and `office.key`, with which central is reached as `host`; anew when a month is left."""
        files = self._folder / "office.pem", self._folder / "office.key"
        if not self._lasts(files[0], host):
            self.for_host("office", host)
        return files

    def renew(self, name: str) -> bool:
        """Make `name`.pem anew for its old key when a month is left; False when it lasts, or we did not make it.

        Raises `OSError` or `ValueError` for a file that cannot be read.
        """
        file = self._folder / f"{name}.pem"
        if not file.exists():
            return False
        before = certificate_of(file.read_bytes())
        if not self.made(before) or not self._ends_soon(before):
            return False
        host = _host_of(before)
        issued = self._issue(name, _p256(before.public_key()), SERVER_DAYS, _SERVER if host else _CLIENT, host)
        replace_file(file, issued.certificate.encode(), _FOR_ALL)
        return True

    def made(self, certificate: x509.Certificate) -> bool:
        """Whether we signed it."""
        try:
            with reading("the signature"):
                certificate.verify_directly_issued_by(self.certificate)
        except ValueError:
            return False
        return True

    def _lasts(self, file: Path, host: str) -> bool:
        """Whether there is a certificate for this host that need not be made anew yet."""
        try:
            found = certificate_of(file.read_bytes())
            return _host_of(found) == host and not self._ends_soon(found)
        except (OSError, ValueError):
            return False

    def _ends_soon(self, certificate: x509.Certificate) -> bool:
        """None outlives the authority: the next would end with it too."""
        ends = certificate.not_valid_after_utc
        return ends <= _now() + dt.timedelta(days=RENEWED_DAYS) and ends < self.certificate.not_valid_after_utc

    def renewing(self, offer: RenewalOffer, at: int) -> tuple[str, str]:
        """The station and the serial of the certificate that its owner offers. Raises `BadRequest`."""
        try:
            before = certificate_of(offer.certificate.encode())
            before.verify_directly_issued_by(self.certificate)
            key = _p256(before.public_key())
            key.verify(bytes.fromhex(offer.signature), renewal_text(offer.request), ec.ECDSA(hashes.SHA256()))
            (name,) = before.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        except (InvalidSignature, BadRequest) as error:
            raise BadRequest("a certificate of this authority, with a signature by its key") from error
        except Exception as error:  # as in `public_key_of`
            raise BadRequest("a certificate of this authority") from error
        if at >= _milliseconds(before.not_valid_after_utc):
            raise BadRequest("a certificate that has not ended; claim the station again")
        return str(name.value), f"{before.serial_number:x}"

    def write_revoked(self, serials: Iterable[str]) -> None:
        """`revoked.pem`, whole or not at all: a broker that cannot read it lets everybody in, one that finds it out of
        date nobody (measured on Mosquitto 2.0.11), so it is never out of date while the authority lasts."""
        now = _now()
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(now - _EARLIER)
            .next_update(self.certificate.not_valid_after_utc)
        )
        for serial in serials:
            revoked = x509.RevokedCertificateBuilder().serial_number(int(serial, 16)).revocation_date(now)
            builder = builder.add_revoked_certificate(revoked.build())
        signed = builder.sign(self._key, hashes.SHA256())
        replace_file(self._folder / "revoked.pem", signed.public_bytes(serialization.Encoding.PEM), _FOR_ALL)

    def passing(self, name: str) -> tuple[str, str, str]:
        """A certificate for a few minutes with its key, for central itself, and its serial."""
        key = ec.generate_private_key(ec.SECP256R1())
        issued = self._issue(name, key.public_key(), 0.01, _CLIENT)
        return issued.certificate, _private(key).decode(), issued.serial

    def _issue(
        self,
        name: str,
        key: ec.EllipticCurvePublicKey,
        days: float,
        usage: x509.ObjectIdentifier,
        host: str = "",
    ) -> Issued:
        ends = min(_now() + dt.timedelta(days=days), self.certificate.not_valid_after_utc)
        builder = (
            _builder(_name(name), self.certificate.subject, key, ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        if host:
            builder = builder.add_extension(x509.SubjectAlternativeName([_general(host)]), critical=False)
        signed = builder.sign(self._key, hashes.SHA256())
        pem = signed.public_bytes(serialization.Encoding.PEM).decode()
        return Issued(f"{signed.serial_number:x}", pem, _milliseconds(signed.not_valid_after_utc))


def _host_of(certificate: x509.Certificate) -> str:
    """The host that a server's certificate is for; empty for a client's."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ""
    return next((str(name.value) for name in names), "")


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, ends: dt.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_now() - _EARLIER)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _milliseconds(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)


def _write_new(path: Path, content: bytes) -> None:
    """For the key of the authority: never over another."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Whole or not at all, and only for its owner unless `mode` says otherwise."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        os.fchmod(file.fileno(), mode)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
