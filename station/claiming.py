"""How this station gets its certificate.

The key is made here and never leaves. Key and certificate are one file, so that no crash can part them; `ca.pem` beside
it says which broker is ours.
"""

from __future__ import annotations

import asyncio
import http.client
import logging
import os
import re
import secrets
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from contract.claims import (
    ClaimNoted,
    ClaimOffer,
    ClaimState,
    fits,
    key_of,
    new_code,
    proof_of_answer,
    proof_of_offer,
)
from contract.expiry import Life
from link.tls import BrokerConfig
from station.keys import KeyPair, is_for, life_of

log = logging.getLogger(__name__)

_PATIENCE_S: Final = 20.0
_MOST_BYTES: Final = 64 * 1024
_CERTIFICATE: Final = "-----BEGIN CERTIFICATE-----"
_LASTS: Final = re.compile(r"^Lasts: (\d{1,15}) (\d{1,15})$", re.MULTILINE)

Answer = TypeVar("Answer", bound=Struct)


class Ended(StrEnum):
    """How a claim came to an end without a certificate."""

    REFUSED = "the office refused this claim"
    OVER = "nobody approved this claim in time"
    FORGED = "the answer does not prove that the code was typed into our central: somebody may sit on the line"


class NotClaimed(Exception):
    """No certificate came of it. `ended` is None when central could not be asked, or would not take the claim."""

    def __init__(self, text: str, ended: Ended | None = None) -> None:
        super().__init__(text)
        self.ended = ended


class Identity:
    """The station's certificate, on its disk."""

    def __init__(self, folder: Path) -> None:
        self.ca_file = folder / "ca.pem"
        self.file = folder / "station.pem"
        self._folder = folder

    @property
    def is_there(self) -> bool:
        return self.file.exists() and self.ca_file.exists()

    def keep(self, key: str, certificate: str, authority: str) -> None:
        """From now on this is who we are."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _replace(self.ca_file, authority)
        life = life_of(certificate)
        _replace(self.file, f"Lasts: {life.begins_at} {life.ends_at}\n{key}{certificate}")

    def broker(self, broker: BrokerConfig) -> BrokerConfig:
        """How to reach the broker: with this certificate, unless the configuration names one."""
        if broker.has_certificate or not self.is_there:
            return broker
        return replace(
            broker, ca_file=broker.ca_file or str(self.ca_file), cert_file=str(self.file), key_file=str(self.file)
        )


def certificate_in(text: str) -> str:
    """The certificate in a file's text, behind a note and the key if they are there. Raises `ValueError`."""
    return text[text.index(_CERTIFICATE) :]


def life_in(file: Path) -> Life:
    """How long the certificate in this file lasts. Raises `OSError`, `ValueError`."""
    text = file.read_text(encoding="ascii")
    noted = _LASTS.search(text)
    return life_of(certificate_in(text)) if noted is None else Life(int(noted[1]), int(noted[2]))


class Claim:
    """One claim: a key, a code, and what central says."""

    def __init__(self, central: str, station: str) -> None:
        self._central = central.rstrip("/")
        self._station = station
        self._pair = KeyPair.new(station)
        self.code = new_code(secrets.choice)
        self.fingerprint = self._pair.fingerprint

    async def carry_out(self, identity: Identity, noted: Callable[[ClaimNoted], None]) -> None:
        """Ask until a person decided, and keep the certificate. Raises `NotClaimed`."""
        request = self._pair.request
        key = await asyncio.to_thread(key_of, self.code, request)
        offer = ClaimOffer(self._station, request, proof_of_offer(key, self._station, request))
        taken = await ask(f"{self._central}/api/claim", ClaimNoted, _any_certificate(), offer)
        noted(taken)
        while True:
            state = await self._state(taken.claim)
            if state.state != "waiting":
                break
            await asyncio.sleep(max(1, min(taken.again_s, 60)))
        if state.state != "approved":
            raise ended(Ended.REFUSED if state.state == "refused" else Ended.OVER)
        proof = proof_of_answer(key, request, state.certificate, state.authority)
        if not fits(state.proof, proof) or not is_for(state.certificate, self._pair):
            raise ended(Ended.FORGED)
        await asyncio.to_thread(identity.keep, self._pair.key, state.certificate, state.authority)

    async def _state(self, claim: str) -> ClaimState:
        """Patient with a network that comes and goes: the person may be on the way."""
        while True:
            try:
                return await ask(f"{self._central}/api/claim/{claim}", ClaimState, _any_certificate())
            except NotClaimed as error:
                if not isinstance(error.__cause__, OSError) or isinstance(error.__cause__, urllib.error.HTTPError):
                    raise
                log.info("%s; asking again", error)
                await asyncio.sleep(2.0)


def ended(how: Ended) -> NotClaimed:
    """It came to nothing, like this."""
    return NotClaimed(str(how), how)


def _any_certificate() -> ssl.SSLContext:
    """Before the claim nobody is known: the code proves both sides, whoever sits on the line."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def ask(address: str, kind: type[Answer], context: ssl.SSLContext, body: Struct | None = None) -> Answer:
    """What central answers. Raises `NotClaimed`."""
    return await asyncio.to_thread(_exchange, address, kind, context, body)


def _exchange(address: str, kind: type[Answer], context: ssl.SSLContext, body: Struct | None) -> Answer:
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    sent = None if body is None else msgspec.json.encode(body)
    try:
        asked = urllib.request.Request(address, sent, headers)
        with urllib.request.urlopen(asked, timeout=_PATIENCE_S, context=context) as answer:
            return msgspec.json.decode(answer.read(_MOST_BYTES), type=kind)
    except urllib.error.HTTPError as error:
        raise NotClaimed(f"central refuses: {_detail(error.read(_MOST_BYTES)) or error}") from error
    except urllib.error.URLError as error:
        raise NotClaimed(f"{address} cannot be reached: {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        raise NotClaimed(f"{address} cannot be reached: {error}") from error
    except msgspec.DecodeError as error:
        raise NotClaimed(f"{address} does not answer as a Packline central does: {error}") from error


class _Problem(Struct):
    detail: str


def _detail(content: bytes) -> str:
    try:
        return msgspec.json.decode(content, type=_Problem).detail
    except msgspec.DecodeError:
        return ""


def _replace(path: Path, text: str) -> None:
    """Whole or not at all, for this user alone."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
