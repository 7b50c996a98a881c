"""The station's key pair, by cryptography: imported when a claim or a renewal needs it, for it is large."""

from __future__ import annotations

from contract.claims import fingerprint, renewal_text
from contract.expiry import Life
from link.certificates import certificate_of, private_key_of, reading


class KeyPair:
    """A key on the curve P-256, and the request for a certificate of it. PEM."""

    def __init__(self, key: str, request: str, fingerprint: str) -> None:
        self.key = key
        self.request = request
        self.fingerprint = fingerprint

    @staticmethod
    def new(name: str) -> KeyPair:
        """A key that nobody has had yet."""
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
        pem = serialization.Encoding.PEM
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return KeyPair(private, request.public_bytes(pem).decode(), fingerprint(public))


def signature(key: str, request: str) -> str:
    """By the key of the certificate before, over the request for the next. Raises `ValueError`."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    return private_key_of(key.encode()).sign(renewal_text(request), ec.ECDSA(hashes.SHA256())).hex()


def is_for(certificate: str, pair: KeyPair) -> bool:
    """Whether the certificate is of this key."""
    try:
        return certificate_of(certificate.encode()).public_key() == private_key_of(pair.key.encode()).public_key()
    except ValueError:
        return False


def is_signed_by(certificate: str, authority: str) -> bool:
    """Whether this authority made it."""
    try:
        issuer, issued = certificate_of(authority.encode()), certificate_of(certificate.encode())
        with reading("the signature"):
            issued.verify_directly_issued_by(issuer)
    except ValueError:
        return False
    return True


def life_of(certificate: str) -> Life:
    """From when until when it counts. Raises `ValueError` for what is no certificate."""
    found = certificate_of(certificate.encode())
    begins, ends = found.not_valid_before_utc.timestamp(), found.not_valid_after_utc.timestamp()
    return Life(int(begins * 1000), int(ends * 1000))
