"""Certificates and keys that come from a file or over the wire: whatever is wrong with one is a `ValueError`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Large: loaded by whoever reads one.
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec


@contextmanager
def reading(what: str) -> Iterator[None]:
    """What cryptography raises in the block is a `ValueError`.

    One wrong byte can bring its `InvalidVersion`, `UnsupportedAlgorithm` and errors of OpenSSL, none of them one
    (measured with flipped bytes).
    """
    try:
        yield
    except Exception as error:
        raise ValueError(f"{what} is damaged") from error


def certificate_of(pem: bytes) -> x509.Certificate:
    """With nothing in it that cannot be read later. Raises `ValueError`."""
    from cryptography import x509

    with reading("the certificate"):
        return _wholly_read(x509.load_pem_x509_certificate(pem))


def shown_certificate(der: bytes) -> x509.Certificate:
    """As a server shows it when it is called. Raises `ValueError`."""
    from cryptography import x509

    with reading("the certificate"):
        return _wholly_read(x509.load_der_x509_certificate(der))


def private_key_of(pem: bytes) -> ec.EllipticCurvePrivateKey:
    """A key on the curve P-256, without a password. Raises `ValueError`."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    with reading("the key"):
        key = serialization.load_pem_private_key(pem, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("the key is not on the curve P-256")
    return key


def _wholly_read(found: x509.Certificate) -> x509.Certificate:
    """Its parts are parsed when they are asked for."""
    _ = found.public_key(), found.subject, found.extensions, found.not_valid_before_utc, found.not_valid_after_utc
    return found
