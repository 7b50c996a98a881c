"""What may be done with claims and certificates; the page and REST both call these."""

from __future__ import annotations

import asyncio
import secrets

from central.claims import reading, rules
from central.claims.authority import Authority, BadRequest, fingerprint_of, public_key_of
from central.claims.rows import ClaimRow
from central.desk.books import Books, Keys
from central.desk.refused import Refused, not_found
from central.intake.fields import BadField
from central.store.store import Store
from contract.claims import (
    ClaimNoted,
    ClaimOffer,
    ClaimState,
    RenewalOffer,
    Renewed,
    fits,
    key_of,
    proof_of_answer,
    proof_of_offer,
    station_name,
    typed_code,
)

_ASK_EVERY_S = 2


class Claims:
    """Claims in a store, decided at one moment."""

    def __init__(self, store: Store, authority: Authority | None, at: int) -> None:
        self._store = store
        self._own = authority
        self._at = at

    @property
    def _authority(self) -> Authority:
        if self._own is None:
            text = "This central has no certificate authority yet: run packline-central ca init on its machine."
            raise Refused("conflict", text)
        return self._own

    async def offer(self, offered: ClaimOffer, address: str) -> ClaimNoted:
        """A station asks. Raises `BadField`, `Refused`."""
        _ = self._authority
        station = _named(offered.station)
        try:
            key = public_key_of(offered.request)
        except BadRequest as error:
            raise BadField("request", "", str(error)) from error
        row = ClaimRow(
            claim=secrets.token_urlsafe(16),
            station=station,
            request=offered.request,
            proof=offered.proof,
            fingerprint=fingerprint_of(key),
            address=address,
            offered_at=self._at,
            ends_at=self._at + rules.LASTS_MS,
        )
        await self._store.transact(rules.keys_of_offer(address, self._at), lambda books: rules.offer(books, row))
        return ClaimNoted(row.claim, row.ends_at, _ASK_EVERY_S)

    async def state(self, claim: str) -> ClaimState:
        """What became of it. Raises `Refused`."""
        row = await reading.one(self._store, claim)
        if row is None:
            raise not_found("claim", claim)
        return reading.state(row, self._authority.pem, self._at)

    async def approve(self, claim: str, code: str, by: str) -> str:
        """Sign what the station with this code asked for; the station. Raises `BadField`, `Refused`."""
        authority = self._authority
        row = rules.open_claim(await reading.one(self._store, claim), claim, self._at)
        try:
            typed = typed_code(code)
        except ValueError as error:
            raise BadField("code", "", str(error)) from error
        key = await asyncio.to_thread(key_of, typed, row.request)
        if not fits(row.proof, proof_of_offer(key, row.station, row.request)):
            keys = Keys(claims=frozenset({claim}))
            raise await self._store.transact(keys, lambda books: rules.wrong_code(books, claim, self._at))
        issued = authority.for_station(row.station, public_key_of(row.request))
        answer = proof_of_answer(key, row.request, issued.certificate, authority.pem)
        await self._store.transact(
            Keys(claims=frozenset({claim}), certificates_of=frozenset({row.station})),
            lambda books: rules.approve(books, claim, issued, answer, by, self._at),
        )
        return row.station

    async def refuse(self, claim: str) -> None:
        """Raises `Refused`."""
        await self._store.transact(Keys(claims=frozenset({claim})), lambda books: rules.refuse(books, claim, self._at))

    async def renew(self, offered: RenewalOffer) -> Renewed:
        """The next certificate for who has one. Raises `BadField`, `Refused`."""
        authority = self._authority
        try:
            station, serial = authority.renewing(offered, self._at)
        except BadRequest as error:
            raise BadField("certificate", "", str(error)) from error
        try:
            key = public_key_of(offered.request)
        except BadRequest as error:
            raise BadField("request", "", str(error)) from error
        keys = Keys(certificates_of=frozenset({station}))
        # Every certificate that is signed is noted on the disk for good: none for who is refused.
        await self._store.transact(keys, lambda books: rules.check_renewable(books, station, serial))
        issued = authority.for_station(station, key)
        await self._store.transact(keys, lambda books: rules.renew(books, station, serial, issued, self._at))
        return Renewed(issued.certificate)

    async def revoke(self, station: str, by: str) -> None:
        """Raises `Refused`."""

        def decide(books: Books) -> None:
            rules.revoke(books, station, by, self._at)

        await self._store.transact(Keys(certificates_of=frozenset({station})), decide)


def _named(station: str) -> str:
    try:
        return station_name(station)
    except ValueError as error:
        raise BadField("station", station, "the name of a station: letters, digits, dots, hyphens") from error
