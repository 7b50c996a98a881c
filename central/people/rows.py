"""Accounts, sessions, tokens and the audit trail as the books hold them."""

from __future__ import annotations

from msgspec import Struct

from contract.values import Language, Person, Role


class AccountRow(Struct, frozen=True, gc=False):
    """Somebody who works here."""

    account: str
    """The sign-in name."""
    name: str
    email: str = ""
    role: Role = "packer"
    badge: str = ""
    """What the badge says, without `BADGE-`; empty: has none."""
    language: Language = "fr"
    active: bool = True
    password: str = ""
    """Argon2 hash; empty: cannot sign in to the office."""
    must_change: bool = False
    """The password was chosen by somebody else."""
    created_at: int = 0
    changed_at: int = 0

    @property
    def person(self) -> Person:
        """As stations know them."""
        return Person(self.badge, self.name, self.role, self.language)

    @property
    def is_at_benches(self) -> bool:
        return bool(self.active and self.badge)


class SessionRow(Struct, frozen=True, gc=False):
    """A browser in which somebody signed in."""

    session: str
    """SHA-256 of the secret that the browser keeps."""
    account: str
    started_at: int
    seen_at: int
    """To the minute."""
    ends_at: int
    """At the latest; 0: ended."""
    browser: str = ""
    """What it calls itself."""


class TokenRow(Struct, frozen=True, gc=False):
    """A program that may come in."""

    token: str
    """Its name; stands in timelines and in the audit trail."""
    sha256: str
    """Of the secret."""
    scopes: str
    """JSON list."""
    created_by: str
    created_at: int
    expires_at: int | None = None
    revoked_at: int | None = None
    used_at: int = 0
    """To the hour; 0: never."""


class AttemptRow(Struct, frozen=True, gc=False):
    """Sign-ins that were tried with a name, or from an address, since one succeeded; or claims from an address."""

    attempted: str
    """`name/…`, `from/…` or `claim/…`."""
    count: int
    last_at: int


class AuditRow(Struct, frozen=True, gc=False):
    """Somebody did something. Never changed; deleted when it is old enough (`central.people.retention`)."""

    at: int
    by: str
    """A sign-in name, `token:NAME`, `this machine`, or `command line`."""
    request: str
    """Method and path, or the command."""
    subject: str
    """`order/…`, `product/…`, `account/…` …"""
    before: str = "{}"
    """JSON of the fields that changed, as they were; secrets are left out."""
    after: str = "{}"
