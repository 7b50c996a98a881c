"""What a restoration changes in the books that were restored. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from central.backups.rows import RestorationRow
from central.claims.rows import CertificateRow
from central.desk.books import Books, Keys
from central.shipping.numbers import behind, go_behind
from central.tracking.rows import ProblemRow

if TYPE_CHECKING:
    from central.backups.copies import Copy


class Restoring(Struct, frozen=True):
    """What is known when a copy is restored, beside what is in it."""

    copy: Copy
    at: int
    """Later than any restoration before."""
    by: str
    earlier: int
    """Restorations since the copy was taken."""
    sscc_per_day: int
    prefixes: frozenset[str]
    """Under which SSCCs were or will be leased."""
    issued: tuple[CertificateRow, ...]
    """What the authority knows of stations' certificates."""

    @property
    def keys(self) -> Keys:
        """What `restored` must have."""
        return Keys(
            certificates_of=frozenset(row.station for row in self.issued),
            sscc_prefixes=self.prefixes,
        )


def restored(books: Books, told: Restoring) -> None:
    """Mark the books as those of a copy: give nothing out that may be out, and say what a person must look at.

    Fences of leases go on above `at` (`central.packing.jobs`). Certificates that were issued or revoked since are
    taken over.
    """
    copy = told.copy
    for row in told.issued:
        known = books.certificates.get(row.serial)
        if known is None or (known.revoked_at is None and row.revoked_at is not None):
            books.certificates.put(row)
    per_day = max(told.sscc_per_day, copy.sscc_per_day)
    for prefix in sorted(told.prefixes):
        go_behind(books, prefix, behind(copy.taken_at, told.at, told.earlier, per_day), told.at)
    books.restorations.append(RestorationRow(told.at, copy.taken_at, copy.name, told.by))
    text = (
        f"The database was restored to its state of {copy.name}. What benches did since comes back by itself. Do again "
        "what was done here since: orders by REST or file, payments, stock, papers; accounts, badges and tokens that "
        "were closed are open again."
    )
    books.problems.append(ProblemRow("restored", text, told.at))
