"""Tracking numbers and events from a file, and back: one row for each parcel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, get_args

from msgspec import Struct

from central.intake import fields
from central.intake.fields import BadField
from central.intake.report import Rejected, rejected
from central.intake.table import BadTable, read, refuse_others
from central.intake.writing import moment
from central.shipping.answers import ParcelSummary
from central.tracking.vocabulary import Status
from contract.keys import BadKey, OrderId, Sscc

COLUMNS: Final[Mapping[str, str]] = {
    "sscc": "of the parcel; empty when its order has only this one",
    "order": "order number",
    "carrier": "empty: it stays",
    "tracking_number": "",
    "status": "what happened last: shipped, in_transit, delivered …",
    "at": "when, ISO 8601; empty: now",
    "place": "",
    "text": "",
}
_STATUSES: Final[Mapping[str, Status]] = {status: status for status in get_args(Status)}


class Told(Struct, frozen=True):
    """What a row says of a parcel."""

    line: int
    sscc: Sscc | None
    order: OrderId | None
    carrier: str
    number: str
    status: Status | None
    at: int | None
    place: str
    text: str


def read_tracking(data: bytes) -> tuple[tuple[Told, ...], tuple[Rejected, ...]]:
    """Raise `BadTable` when the file as a whole cannot be read."""
    table = read(data)
    refuse_others(table, COLUMNS)
    if not {"sscc", "order"} & set(table.columns):
        raise BadTable("Line 1: the column 'sscc' is missing; 'order' does too, for orders of one parcel.")
    taken: list[Told] = []
    refused: list[Rejected] = []
    for row in table.rows:
        try:
            taken.append(_told(row.line, table.whole(row)))
        except BadField as bad:
            refused.append(rejected(row.line, row.fields.get("sscc", "") or row.fields.get("order", ""), bad))
    return tuple(taken), tuple(refused)


def _told(line: int, row: Mapping[str, str]) -> Told:
    sscc = fields.text(row, "sscc", 40)
    order = fields.text(row, "order", fields.MAX_NAME)
    if not sscc and not order:
        raise BadField("sscc", "", "filled in, or `order` for an order of one parcel")
    try:
        parcel = Sscc("".join(sscc.split())) if sscc else None
    except BadKey as error:
        raise BadField("sscc", sscc, f"an SSCC ({error})") from None
    status = fields.text(row, "status").lower()
    return Told(
        line,
        parcel,
        OrderId(order) if order else None,
        fields.text(row, "carrier", 40),
        fields.text(row, "tracking_number", 60),
        fields.choice(row, "status", _STATUSES, "packed") if status else None,
        fields.moment(row, "at"),
        fields.text(row, "place", 120),
        fields.text(row, "text", 300),
    )


def tracking_row(parcel: ParcelSummary) -> Sequence[str]:
    """A row of the file; read again, it changes nothing."""
    order = parcel.orders[0] if len(parcel.orders) == 1 else ""
    at = moment(parcel.status_at)
    return (parcel.sscc, order, parcel.carrier, parcel.tracking_number, parcel.status, at, "", "")
