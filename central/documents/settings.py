"""`[mail]` of central.toml."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Annotated, Literal

from msgspec import Meta, Struct

from central.documents.rules import plausible


class MailConfig(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[mail]`: the server that takes our mail."""

    host: Annotated[str, Meta(min_length=1)]
    sender: Annotated[str, Meta(min_length=3)]
    """`Atelier Lumière <bonjour@example.fr>`, or the address alone."""
    port: Annotated[int, Meta(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    """`none` sends in the clear: for a server on this machine."""
    user: str = ""
    password_file: str = ""
    """Holds the password alone; readable by central only."""
    ca_file: str = ""
    """Certificates to trust beside the system's."""

    def __post_init__(self) -> None:
        """Refuse a sender without an address and a password in the clear."""
        if not plausible(parseaddr(self.sender)[1]):
            raise ValueError(f"mail.sender: {self.sender!r} has no e-mail address")
        if self.user and not self.password_file:
            raise ValueError("mail.password_file is missing: name the file that holds the password of mail.user")
        if self.user and self.security == "none":
            raise ValueError('mail.security = "none" would send the password in the clear; use "starttls" or "tls"')
