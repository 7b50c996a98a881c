"""What a restoration changes in the books that were restored. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from central.backups.copies import Copy, name_of
from central.backups.rows import RestorationRow
from central.claims.rows import CertificateRow
from central.desk.books import Books
from central.tracking.rows import ProblemRow


def restored(books: Books, copy: Copy, issued: Iterable[CertificateRow], by: str, at: int) -> None:
    """Mark the books as those of `copy`, and say what a person must look at.

    `issued`: what the authority knows of certificates; those that were issued or revoked since are taken over.
    """
    for row in issued:
        known = books.certificates.get(row.serial)
        if known is None or (known.revoked_at is None and row.revoked_at is not None):
            books.certificates.put(row)
    at = max(at, books.standing.restored_at + 1, copy.taken_at + 1)
    books.restorations.append(RestorationRow(at, copy.taken_at, copy.name, by))
    since = name_of(copy.taken_at)
    text = (
        f"The database was restored to its state of {since}. What benches did since comes back by itself. Do again "
        "what was done here since: orders by REST or file, payments, stock, papers; accounts, badges and tokens that "
        "were closed are open again."
    )
    books.problems.append(ProblemRow("restored", text, at))
