"""Documents as the REST interface and the pages show them."""

from __future__ import annotations

from msgspec import Struct

from central.documents.model import Kind


class PrintAnswer(Struct, frozen=True):
    """One paper of a document."""

    print_id: str
    document: str
    order: str
    state: str
    """`sent`, `printed`, `failed`, `uncertain` or `withdrawn`."""
    copy: int
    station: str
    reason: str
    asked_by: str
    asked_at: int
    settled_at: int | None
    printer: str
    trouble: str


class PrintPage(Struct, frozen=True):
    """One page of prints, newest first."""

    items: tuple[PrintAnswer, ...]
    next: str | None


class MailAnswer(Struct, frozen=True):
    """One document that was mailed, or waits to be."""

    mail_id: str
    document: str
    order: str
    address: str
    state: str
    """`waiting`, `sent` or `failed`."""
    attempts: int
    trouble: str
    asked_by: str
    asked_at: int
    due_at: int
    settled_at: int | None


class MailPage(Struct, frozen=True):
    """One page of mails, newest first."""

    items: tuple[MailAnswer, ...]
    next: str | None


class DocumentAnswer(Struct, frozen=True):
    """A document that an order has, and how far it is."""

    document: str
    kind: Kind
    subject: str
    state: str
    """`not_printed`, or the state of its newest paper."""
    prints: tuple[PrintAnswer, ...]
    mails: tuple[MailAnswer, ...]


class DocumentList(Struct, frozen=True):
    """Every document of an order."""

    items: tuple[DocumentAnswer, ...]
    next: str | None = None


class Outcome(Struct, frozen=True):
    """What became of one document of many."""

    document: str
    done: bool
    text: str = ""
    """Why it was not done."""


class Outcomes(Struct, frozen=True):
    """One result for each document, in the order asked; one that fails stops no other."""

    items: tuple[Outcome, ...]


class VolumeAnswer(Struct, frozen=True):
    """One PDF of many documents, in the making or finished."""

    number: str
    documents: int
    done: int
    finished: bool
    left_out: tuple[Outcome, ...]
    path: str
    """Where the PDF is once it is finished; empty before."""
