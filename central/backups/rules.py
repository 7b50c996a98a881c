"""What a restoration changes in the books that were restored. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from central.backups.rows import RestorationRow
from central.claims.rows import CertificateRow
from central.desk.books import Books, Keys
from central.shipping.numbers import Reached, go_behind, may_be_out, newest_serial
from central.tracking.rows import ProblemRow

if TYPE_CHECKING:
    from central.backups.copies import Copy
    from central.backups.journal import Noted


class Restoring(Struct, frozen=True):
    """What is known when a copy is restored, beside what is in it."""

    copy: Copy
    at: int
    """Later than any restoration before."""
    by: str
    noted: Noted | None
    """The last restoration before."""
    unread: int
    """Restorations since that one, of which nothing else is known."""
    sscc_per_day: int
    prefixes: frozenset[str]
    """Under which SSCCs were or will be leased."""
    replaced: dict[str, int]
    """By prefix, the highest serial in the database that the copy replaces, as far as that can be read."""
    issued: tuple[CertificateRow, ...]
    """What the authority knows of stations' certificates."""

    @property
    def keys(self) -> Keys:
        """What `restored` must have."""
        return Keys(
            certificates_of=frozenset(row.station for row in self.issued),
            sscc_prefixes=self.prefixes,
        )


def restored(books: Books, told: Restoring) -> dict[str, int]:
    """Mark the books as those of a copy: give nothing out that may be out, and say what a person must look at.

    What is returned is for the next restoration: by prefix the highest SSCC serial that may be out.

    Fences of leases go on above `at` (`central.packing.jobs`). Certificates that were issued or revoked since are
    taken over.
    """
    copy = told.copy
    for row in told.issued:
        known = books.certificates.get(row.serial)
        if known is None or (known.revoked_at is None and row.revoked_at is not None):
            books.certificates.put(row)
    reached = {prefix: _gone_behind(books, prefix, told) for prefix in sorted(told.prefixes)}
    books.restorations.append(RestorationRow(told.at, copy.taken_at, copy.name, told.by))
    text = (
        f"The database was restored to its state of {copy.name}. What benches did since comes back by itself. Do again "
        "what was done here since: orders by REST or file, payments, stock, papers; accounts, badges and tokens that "
        "were closed are open again."
    )
    books.problems.append(ProblemRow("restored", text, told.at))
    return reached


def _gone_behind(books: Books, prefix: str, told: Restoring) -> int:
    known = [Reached(newest_serial(books, prefix), told.copy.taken_at), Reached(told.replaced.get(prefix, 0), told.at)]
    if told.noted is not None:
        known.append(Reached(told.noted.reached.get(prefix, 0), told.noted.at))
    per_day = max(told.sscc_per_day, told.copy.sscc_per_day)
    return go_behind(books, prefix, may_be_out(known, told.at, per_day, told.unread), told.at)
