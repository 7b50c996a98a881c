"""Prints and mails as the books hold them."""

from __future__ import annotations

from msgspec import Struct

from central.documents.model import DocumentName, parsed


class PrintRow(Struct, frozen=True, gc=False):
    """One paper of a document: asked for, on its way, out or not."""

    print_id: str
    document: str
    """A `central.documents.model.DocumentName` as text."""
    order_id: str
    state: str
    """A `central.documents.model.PrintState`."""
    copy: int
    """1 for the first on paper; further ones say DUPLICATE."""
    station: str
    """Where it is printed; empty when a person printed it elsewhere."""
    reason: str
    """Why it is printed again."""
    asked_by: str
    asked_at: int
    settled_at: int | None = None
    printer: str = ""
    trouble: str = ""

    @property
    def name(self) -> DocumentName:
        return parsed(self.document)


class MailRow(Struct, frozen=True, gc=False):
    """One document on its way to somebody by mail. The row is there before the first attempt."""

    mail_id: str
    document: str
    order_id: str
    address: str
    language: str
    state: str
    """A `central.documents.model.MailState`."""
    asked_by: str
    asked_at: int
    due_at: int
    """Not before this moment."""
    attempts: int = 0
    trouble: str = ""
    """What the last attempt ended with."""
    settled_at: int | None = None

    @property
    def name(self) -> DocumentName:
        return parsed(self.document)
