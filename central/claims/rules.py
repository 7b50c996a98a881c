"""Claims: taken down, approved with the code, refused; certificates renewed and revoked. Pure."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from central.claims.rows import CertificateRow, ClaimRow
from central.desk.books import Books, Keys
from central.desk.refused import Refused, not_found
from central.people.sessions import count_try

LASTS_MS: Final = 15 * 60_000
"""For a person to come to the office's page."""
_MOST_WAITING: Final = 50
_MOST_WRONG: Final = 5


class Issued(Struct, frozen=True):
    """A certificate that was just signed."""

    serial: str
    certificate: str
    """PEM."""
    ends_at: int


def keys_of_offer(address: str, at: int) -> Keys:
    return Keys(attempts=frozenset({_attempted(address)}), waiting_claims=at)


def offer(books: Books, row: ClaimRow) -> None:
    """A station asks. Raises `Refused`: too many from there, or too many that wait."""
    count_try(books, _attempted(row.address), "claims", row.offered_at)
    if len(books.claims) >= _MOST_WAITING:
        text = f"{_MOST_WAITING} claims wait for the office already. Approve or refuse them, then try again."
        raise Refused("too_many", text, value="60")
    books.claims.put(row)


def _attempted(address: str) -> str:
    return f"claim/{address}"


def state_of(row: ClaimRow, at: int) -> str:
    """`waiting`, `approved`, `refused`, or `over` when nobody came in time."""
    # One from a clock that was ahead would wait until then.
    is_over = at >= row.ends_at or row.offered_at - at > LASTS_MS
    return "over" if row.state == "waiting" and is_over else row.state


def open_claim(row: ClaimRow | None, claim: str, at: int) -> ClaimRow:
    """The claim when it can still be decided. Raises `Refused`."""
    if row is None:
        raise not_found("claim", claim)
    state = state_of(row, at)
    if state == "over":
        raise Refused("conflict", "This claim is over: its code is no longer valid. The station shows a new one.")
    if state != "waiting":
        raise Refused("conflict", f"This claim is {state} already.")
    return row


def wrong_code(books: Books, claim: str, at: int) -> Refused:
    """A code that does not fit: counted, and the claim ends with the last one. What to tell."""
    row = open_claim(books.claims.get(claim), claim, at)
    row = replace(row, wrong=row.wrong + 1)
    if row.wrong >= _MOST_WRONG:
        books.claims.put(replace(row, state="refused"))
        text = "The code was wrong too often: the claim is refused. The station shows a new code."
    else:
        books.claims.put(row)
        text = f"This is not the code of {row.station}. Read it there again; if it is right, somebody else asks."
    return Refused("conflict", text, "code")


def approve(books: Books, claim: str, issued: Issued, answer: str, by: str, at: int) -> None:
    """The code was right. A station has one device: certificates of the one before are revoked."""
    row = open_claim(books.claims.get(claim), claim, at)
    _revoke(books, row.station, by, at)
    books.claims.put(replace(row, state="approved", certificate=issued.certificate, answer=answer))
    books.certificates.put(CertificateRow(issued.serial, row.station, at, issued.ends_at, by))
    books.note(f"station/{row.station}", at, "certificate_issued", station=row.station, by=by)


def refuse(books: Books, claim: str, at: int) -> None:
    """Nobody knows this station."""
    books.claims.put(replace(open_claim(books.claims.get(claim), claim, at), state="refused"))


def check_renewable(books: Books, station: str, before: str) -> None:
    """Raises `Refused` when the certificate that the station has is unknown or revoked."""
    row = books.certificates.get(before)
    if row is None or row.station != station or row.revoked_at is not None:
        raise Refused("conflict", f"The certificate of {station} is revoked or unknown here: claim the station again.")


def renew(books: Books, station: str, before: str, issued: Issued, at: int) -> None:
    """The next certificate of a station that has one. Raises as `check_renewable`."""
    check_renewable(books, station, before)
    books.certificates.put(CertificateRow(issued.serial, station, at, issued.ends_at, before))
    books.note(f"station/{station}", at, "certificate_renewed", station=station)


def revoke(books: Books, station: str, by: str, at: int) -> None:
    """No certificate of the station opens anything any more. Raises `Refused` when it has none."""
    if not _revoke(books, station, by, at):
        raise Refused("conflict", f"{station} has no certificate that could be revoked.")
    books.note(f"station/{station}", at, "certificate_revoked", station=station, by=by)


def _revoke(books: Books, station: str, by: str, at: int) -> int:
    found = [
        row for row in books.certificates if row.station == station and row.revoked_at is None and row.ends_at > at
    ]
    for row in found:
        books.certificates.put(replace(row, revoked_at=at, revoked_by=by))
    return len(found)


def cut(books: Books, serials: frozenset[str], at: int) -> None:
    """The broker was seen to refuse these, and their connections were ended."""
    for row in list(books.certificates):
        if row.serial in serials and row.cut_at is None:
            books.certificates.put(replace(row, cut_at=at))
