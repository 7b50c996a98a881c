"""Labels that carriers made: kept with their parcel and sent to a bench. Pure; rules raise `Refused`."""

from __future__ import annotations

import hashlib
from base64 import b64encode

from msgspec import json
from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.desk.refused import Refused, not_found
from central.documents.model import DocumentName
from central.documents.papers import keys_of
from central.documents.rules import refuse_under_way, send_to
from central.orders.rules import By
from central.packing.house import House
from central.shipping.rows import CarrierLabelRow
from central.shipping.rules import set_tracking_number
from contract.papers import CarrierLabel


def name_of(sscc: str) -> DocumentName:
    """The parcel's label from its carrier, as a document."""
    return DocumentName("carrier_label", sscc)


def keys_to_keep(sscc: str, station: str) -> Keys:
    """What `keep` needs. Raises `Refused`."""
    return replace(keys_of(name_of(sscc)), stations=frozenset({station}))


def keep(books: Books, house: House, label: CarrierLabel, station: str, by: By) -> None:
    """Keep the file, give the parcel its number, and have the label printed at the station.

    The same file again changes nothing; another takes its place, unless it is on its way to a printer.
    """
    name, parcel = name_of(label.sscc), books.parcels.get(label.sscc)
    if parcel is None:
        raise not_found("parcel", label.sscc)
    if parcel.carrier == "own":
        raise Refused("conflict", f"Parcel {label.sscc} travels under our own label; it needs no other.", "file")
    row = CarrierLabelRow(
        label.sscc,
        label.carrier or parcel.carrier,
        label.tracking,
        label.form,
        label.dpi,
        json.encode(label.codes).decode(),
        hashlib.sha256(label.data).hexdigest(),
        len(label.data),
        b64encode(label.data).decode(),
        by.name,
        by.at,
    )
    known = books.carrier_labels.get(label.sscc)
    if known is not None and (known.sha256, known.tracking_number) == (row.sha256, row.tracking_number):
        return
    refuse_under_way(books, name)
    set_tracking_number(books, label.sscc, label.carrier, label.tracking, by.name, by.at)
    books.carrier_labels.put(row)
    books.note(f"parcel/{label.sscc}", by.at, "carrier_label_kept", by=by.name, text=f"SHA-256 {row.sha256}")
    send_to(books, house, name, station, "", by)
