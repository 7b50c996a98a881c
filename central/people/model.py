"""What is known of a person, parsed once; and what a password must be. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from central.intake import fields
from central.intake.fields import BadField
from contract.values import Language, Role

ROLES: Final[Mapping[str, Role]] = {"packer": "packer", "lead": "lead", "office": "office", "admin": "admin"}
LANGUAGES: Final[Mapping[str, Language]] = {"fr": "fr", "en": "en"}
FEWEST_CHARACTERS: Final = 10
_MOST_CHARACTERS: Final = 200
_SIGN_IN_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?", re.ASCII)
_EMAIL: Final = re.compile(r"[^\s@<>\"(),;:]{1,64}@[^\s@<>\"(),;:]{1,200}\.[^\s@<>\"(),;:.]{2,}")
_BADGE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,39}", re.ASCII)


class Details(Struct, frozen=True):
    """All of a person that the office may write, but for the password."""

    name: str
    email: str = ""
    role: Role = "packer"
    badge: str = ""
    language: Language = "fr"


def details_of(row: Mapping[str, str]) -> Details:
    """Raises `BadField`."""
    email, badge = fields.text(row, "email", 120), fields.text(row, "badge", 60).removeprefix("BADGE-")
    if email and not _EMAIL.fullmatch(email):
        raise BadField("email", email, "an e-mail address")
    if badge and not _BADGE.fullmatch(badge):
        raise BadField("badge", badge, "a badge: 3 to 40 letters, digits, dots, hyphens")
    return Details(
        fields.name(row, "name"),
        email,
        fields.choice(row, "role", ROLES, "packer"),
        badge,
        fields.choice(row, "language", LANGUAGES, "fr"),
    )


def sign_in_name(row: Mapping[str, str]) -> str:
    """Lower case, so that it is one name however it is typed. Raises `BadField`."""
    value = fields.required(row, "account", 60).lower()
    if not _SIGN_IN_NAME.fullmatch(value):
        raise BadField("account", value, "a sign-in name: 1 to 40 letters, digits, dots, hyphens")
    return value


def new_password(row: Mapping[str, str], account: str) -> str:
    """Long rather than odd. Raises `BadField`, which never shows what was typed."""
    value = row.get("password", "")
    if not FEWEST_CHARACTERS <= len(value) <= _MOST_CHARACTERS:
        raise BadField("password", "", f"{FEWEST_CHARACTERS} to {_MOST_CHARACTERS} characters")
    if account in value.lower() and len(value) < FEWEST_CHARACTERS + len(account):
        raise BadField("password", "", "longer when it has the sign-in name in it")
    if len(set(value)) < 5:
        raise BadField("password", "", "of at least five different characters")
    return value
