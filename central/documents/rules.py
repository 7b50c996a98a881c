"""Prints and mails of documents. Pure; rules of a person's request raise `Refused`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, cast

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused, not_found
from central.documents.model import MAILED, DocumentName
from central.documents.papers import content, order_of, since
from central.documents.rows import MailRow, PrintRow
from central.orders.rules import By
from central.packing.house import House
from central.tracking.rows import ProblemRow
from contract.keys import OrderId, Sscc
from contract.messages import DocumentTroubled, LabelPrinted, ParcelClosed, PrintDocument, WithdrawDocument
from contract.papers import OfficePaper

_PREFIX = "doc-"
_UNDER_WAY = ("sent", "failed")
_FIRST_PAUSE_MS = 30_000
_LONGEST_PAUSE_MS = 3_600_000
MOST_ATTEMPTS = 12
"""About eight hours: a mail server's night."""
_WORD: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"{_WORD}(?:\.{_WORD})*@{_LABEL}(?:\.{_LABEL})+")
"""RFC 5322, a dot-atom on both sides; quoted names and addresses of numbers are nobody's who orders."""


def is_ours(print_id: str) -> bool:
    """Whether a print was asked for by the office, and not by a parcel."""
    return print_id.startswith(_PREFIX)


def send_to(books: Books, house: House, name: DocumentName, station: str, reason: str, by: By) -> PrintRow:
    """Have a station print it. One that is under way is not asked for twice; a further copy needs a reason."""
    (row,) = send_all(books, house, [name], station, reason, by)
    return row


def send_all(
    books: Books, house: House, names: Sequence[DocumentName], station: str, reason: str, by: By
) -> list[PrintRow]:
    """Have a station print them, all or, when one is refused, none. Raises `Refused`."""
    if station not in books.stations:
        raise not_found("station", station)
    copies = [_next_copy(books, name, reason) for name in names]
    papers = [content(books, house, name, copy, by.at) for name, copy in zip(names, copies, strict=True)]
    return [_send(books, name, paper, station, reason, by) for name, paper in zip(names, papers, strict=True)]


def send_asked(books: Books, house: House, order_id: OrderId, station: str, at: int) -> None:
    """Have the bench that packed the last of an order print the delivery note that rules ask for.

    Load with `Keys(orders={order}, closing={order})`.
    """
    order = books.orders.get(order_id)
    if order is None or order.cancelled or "delivery_note" not in order.actions.documents:
        return
    lines = books.lines.of(order_id)
    if not any(line.to_pack for line in lines) and any(line.packed for line in lines):
        _send_once(books, house, DocumentName("delivery_note", order_id), station, at)


def send_slip(books: Books, house: House, parcel: ParcelClosed, station: str) -> None:
    """Have the bench that closed a parcel print its slip, where rules ask for one. Load as the parcel's fact does."""
    row = books.parcels.get(cast(Sscc, str(parcel.sscc)))
    asked = [order for piece in parcel.contents if (order := books.orders.get(piece.order)) is not None]
    if row is not None and row.status == "packed" and any("slip" in order.actions.documents for order in asked):
        _send_once(books, house, DocumentName("slip", row.sscc), station, parcel.closed_at)


def send_lists(books: Books, house: House, orders: Iterable[OrderId], station: str, at: int) -> None:
    """Have the bench that is given orders print the pick lists that rules ask for: the pieces are fetched by them."""
    for order_id in orders:
        if "pick_list" in books.orders[order_id].actions.documents:
            _send_once(books, house, DocumentName("pick_list", order_id), station, at)


def _send_once(books: Books, house: House, name: DocumentName, station: str, at: int) -> None:
    """Never what was sent or printed before, whatever became of it."""
    if not _prints_of(books, name):
        _send(books, name, content(books, house, name, 1, at), station, "", By("rules", at))


def _next_copy(books: Books, name: DocumentName, reason: str) -> int:
    refuse_under_way(books, name)
    begun = since(books, name)
    before = [row for row in _prints_of(books, name) if row.asked_at >= begun]
    copy = 1 + max((row.copy for row in before if row.state in ("printed", "uncertain")), default=0)
    if copy > 1 and not reason:
        raise Refused("invalid", "It was printed before. Say why again; the copy will say DUPLICATE.", "reason")
    return copy


def refuse_under_way(books: Books, name: DocumentName) -> None:
    """Raises `Refused` while a station has it or will."""
    under_way = next((row for row in _prints_of(books, name) if row.state in _UNDER_WAY), None)
    if under_way is not None:
        raise Refused(
            "conflict", f"It is on its way to {under_way.station} already. Take it back there first.", "document"
        )


def _send(books: Books, name: DocumentName, paper: OfficePaper, station: str, reason: str, by: By) -> PrintRow:
    order, print_id = order_of(books, name).order_id, _print_id(name, _prints_of(books, name))
    row = PrintRow(print_id, str(name), order, "sent", paper.copy, station, reason, by.name, by.at)
    books.prints.put(row)
    books.send(station, PrintDocument(row.print_id, paper, reason))
    books.note(f"order/{order}", by.at, f"{name.kind}_sent", station=station, by=by.name, text=name.subject)
    return row


def send_again(books: Books, house: House, print_id: str, at: int) -> None:
    """It may never have reached its station, which prints what it has not printed. Raises `Refused`."""
    row = books.prints.get(print_id)
    if row is not None and row.state == "sent":
        paper = content(books, house, row.name, row.copy, at)
        books.send(row.station, PrintDocument(row.print_id, paper, row.reason))


def withdraw(books: Books, print_id: str, by: By) -> None:
    """Take it back from a station that has not printed it. What is on paper by then is told all the same."""
    row = books.prints.get(print_id)
    if row is None:
        raise not_found("print", print_id)
    if row.state == "withdrawn":
        return
    if row.state not in (*_UNDER_WAY, "uncertain"):
        raise Refused("conflict", f"It is {row.state} already.", "print_id", print_id)
    books.prints.put(replace(row, state="withdrawn", settled_at=by.at, trouble=""))
    books.send(row.station, WithdrawDocument(print_id))
    books.note(
        f"order/{row.order_id}", by.at, "print_withdrawn", station=row.station, by=by.name, text=row.name.subject
    )


def mark_printed(books: Books, name: DocumentName, by: By) -> PrintRow:
    """A person has it on paper, from a PDF."""
    before, order = _prints_of(books, name), order_of(books, name).order_id
    copy = 1 + max((row.copy for row in before if row.state == "printed"), default=0)
    row = PrintRow(_print_id(name, before), str(name), order, "printed", copy, "", "", by.name, by.at, by.at)
    books.prints.put(row)
    books.note(f"order/{order}", by.at, f"{name.kind}_printed", by=by.name, text=name.subject)
    return row


def mark_all(books: Books, house: House, names: Sequence[DocumentName], by: By) -> None:
    """A person has them on paper; what was printed before stays. Raises `Refused` for one with nothing on it."""
    left = [name for name in names if all(row.state != "printed" for row in _prints_of(books, name))]
    for name in left:
        content(books, house, name, 1, by.at)
    for name in left:
        mark_printed(books, name, by)


def printed(books: Books, station: str, fact: LabelPrinted) -> None:
    """It is on paper, wherever its row stood."""
    row = books.prints.get(fact.print_id)
    if row is None or row.state == "printed":
        return
    books.prints.put(replace(row, state="printed", settled_at=fact.at, printer=fact.printer, trouble=""))
    books.note(
        f"order/{row.order_id}",
        fact.at,
        f"{fact.document}_printed",
        station=station,
        by=row.asked_by,
        text=row.name.subject,
    )


def troubled(books: Books, fact: DocumentTroubled) -> None:
    """It is not known to be on paper."""
    row = books.prints.get(fact.print_id)
    if row is not None and row.state in _UNDER_WAY:
        books.prints.put(replace(row, state=fact.outcome, trouble=fact.text))


def post(books: Books, house: House, name: DocumentName, address: str, by: By) -> MailRow:
    """Mail it to the customer, or to `address`. One that waits is not asked for twice."""
    if name.kind not in MAILED:
        raise Refused("invalid", "A pick list is not mailed; it stays in the house.", "document", str(name))
    order = order_of(books, name)
    content(books, house, name, 1, by.at)
    to = address or order.email
    if not to:
        raise Refused("conflict", f"Order {order.order_id} has no e-mail address; write one.", "address")
    check_address(to)
    mails = [row for row in books.mails if row.document == str(name)]
    if any(row.state == "waiting" and row.address == to for row in mails):
        raise Refused("conflict", f"It waits to be sent to {to} already.", "address", to)
    mail_id = f"mail-{name}-{len(mails) + 1}"
    row = MailRow(mail_id, str(name), order.order_id, to, order.language, "waiting", by.name, by.at, by.at)
    books.mails.put(row)
    return row


def plausible(address: str) -> bool:
    """Whether a mail server could take it, and a mail's head names it as it is: what looks encoded is decoded there."""
    return len(address) <= 254 and "=?" not in address and _ADDRESS.fullmatch(address) is not None


def check_address(address: str) -> None:
    """Raises `Refused`."""
    if not plausible(address):
        raise Refused("invalid", f"{address!r} is no e-mail address.", "address", address)


def mailed(books: Books, mail_id: str, at: int) -> None:
    """The mail server took it."""
    row = books.mails[mail_id]
    books.mails.put(replace(row, state="sent", attempts=row.attempts + 1, trouble="", settled_at=at))
    books.note(f"order/{row.order_id}", at, f"{row.name.kind}_mailed", by=row.asked_by, text=row.address)


def not_mailed(books: Books, mail_id: str, trouble: str, at: int, *, for_good: bool) -> None:
    """An attempt failed: it waits for the next, twice as long each time, or is given up and becomes a problem."""
    row = books.mails[mail_id]
    attempts = row.attempts + 1
    if for_good or attempts >= MOST_ATTEMPTS:
        books.mails.put(replace(row, state="failed", attempts=attempts, trouble=trouble, settled_at=at))
        said = f"{row.document} was not mailed to {row.address}: {trouble}"
        books.problems.append(ProblemRow("not_mailed", said, at, order_id=row.order_id))
        return
    pause = min(_LONGEST_PAUSE_MS, _FIRST_PAUSE_MS * 2 ** (attempts - 1))
    books.mails.put(replace(row, attempts=attempts, trouble=trouble, due_at=at + pause))


def _prints_of(books: Books, name: DocumentName) -> list[PrintRow]:
    return [row for row in books.prints if row.document == str(name)]


def _print_id(name: DocumentName, before: list[PrintRow]) -> str:
    return f"{_PREFIX}{name}-{len(before) + 1}"
