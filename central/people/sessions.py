"""Who is signed in, for how long, and how often somebody may try. Pure."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.people.rows import AttemptRow, AuditRow, SessionRow

_MINUTE_MS: Final = 60_000
IDLE_MS: Final = 120 * _MINUTE_MS
LONGEST_MS: Final = 12 * 60 * _MINUTE_MS
SEEN_EVERY_MS: Final = _MINUTE_MS
"""A request sooner than this after the last one does not write."""
_TRIES: Final = {"name": 5, "from": 30, "claim": 10}
"""Before each further one must wait. Many people share an address; a bench that waits for its technician claims anew
every quarter of an hour."""
_FIRST_WAIT_MS: Final = 15_000
_LONGEST_WAIT_MS: Final = 15 * _MINUTE_MS
_FORGOTTEN_MS: Final = 24 * 60 * _MINUTE_MS


def attempts_of(account: str, address: str) -> tuple[str, str]:
    """What is counted when somebody tries to sign in."""
    return guessed_at(account), _from(address)


def guessed_at(account: str) -> str:
    """What is counted wherever somebody tries this one's password."""
    return f"name/{account}"


def _from(address: str) -> str:
    return f"from/{address}"


def attempt(books: Books, account: str, address: str, at: int) -> None:
    """Count a try before its password is looked at. Raises `Refused` when it comes too soon."""
    for attempted in attempts_of(account, address):
        count_try(books, attempted, "sign-ins", at)


def count_try(books: Books, attempted: str, what: str, at: int) -> None:
    """Count one of what may not be tried too often. Raises `Refused` when it comes too soon."""
    row = books.attempts.get(attempted)
    # One from a clock that was ahead would keep its owner out until then.
    if row is None or at - row.last_at > _FORGOTTEN_MS or row.last_at - at > _LONGEST_WAIT_MS:
        row = AttemptRow(attempted, 0, at)
    wait_ms = row.last_at - at + _wait_ms(row) if _wait_ms(row) else 0
    if wait_ms > 0:
        seconds = str(-(-wait_ms // 1000))
        raise Refused("too_many", f"Too many {what} were tried. Wait {seconds} s and try again.", value=seconds)
    books.attempts.put(replace(row, count=row.count + 1, last_at=at))


def _wait_ms(row: AttemptRow) -> int:
    over = row.count - _TRIES[row.attempted.partition("/")[0]]
    return 0 if over < 0 else min(_LONGEST_WAIT_MS, _FIRST_WAIT_MS << min(over, 10))


def begin(books: Books, account: str, address: str, session: str, browser: str, at: int) -> None:
    """The password was right. `session` is the hash of what the browser keeps."""
    forgive(books, guessed_at(account))
    row = books.attempts.get(_from(address))
    if row is not None:
        # One who signs in does not free an address from which others are guessed at.
        books.attempts.put(replace(row, count=row.count - 1))
    books.sessions.put(SessionRow(session, account, at, at, at + LONGEST_MS, browser[:200]))
    books.audit.append(AuditRow(at, account, "sign-in", f"account/{account}"))


def forgive(books: Books, guessed: str) -> None:
    """The password was right: the tries before it do not count."""
    row = books.attempts.get(guessed)
    if row is not None:
        books.attempts.put(replace(row, count=0))


def refused(books: Books, account: str, address: str, at: int) -> None:
    """The password was wrong: written down, for a name that somebody has."""
    if account in books.accounts:
        books.audit.append(AuditRow(at, account, f"sign-in refused, from {address}", f"account/{account}"))


def is_over(session: SessionRow, at: int) -> bool:
    """One that began while the clock was ahead would last until then."""
    return at >= session.ends_at or at - session.seen_at > IDLE_MS or session.started_at - at > IDLE_MS


def seen(books: Books, session: str, at: int) -> None:
    """Somebody does something in it."""
    row = books.sessions.get(session)
    if row is not None and not is_over(row, at):
        books.sessions.put(replace(row, seen_at=at))


def end(books: Books, session: str, at: int) -> None:
    """Signed out."""
    row = books.sessions.get(session)
    if row is not None:
        books.sessions.put(replace(row, ends_at=0))
        books.audit.append(AuditRow(at, row.account, "sign-out", f"account/{row.account}"))


def end_all(books: Books, account: str, but: str = "") -> None:
    """Signed out everywhere."""
    for row in list(books.sessions):
        if row.account == account and row.session != but:
            books.sessions.put(replace(row, ends_at=0))
