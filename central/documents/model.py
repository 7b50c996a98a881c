"""What papers there are. A document is named by its kind and what it is about: `slip/0340…`, `pick_list/R-1001`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from central.desk.refused import Refused

Kind: TypeAlias = Literal["pick_list", "delivery_note", "slip", "carrier_label"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
OURS: Final[tuple[Kind, ...]] = ("pick_list", "delivery_note", "slip")
"""What we draw ourselves, for every order; a carrier's label is there once somebody has brought its file."""
TITLES: Final[Mapping[Kind, str]] = {
    "pick_list": "Pick list",
    "delivery_note": "Delivery note",
    "slip": "Packing slip",
    "carrier_label": "Carrier label",
}
MAILED: Final[frozenset[Kind]] = frozenset({"delivery_note", "slip"})
"""What customers get; a pick list stays in the house."""
PrintState: TypeAlias = Literal["sent", "printed", "failed", "uncertain", "withdrawn"]
"""`sent`: a bench has it or will. `failed`: it waits there for its printer. `uncertain`: it may be on paper."""
MailState: TypeAlias = Literal["waiting", "sent", "failed"]


class DocumentName(NamedTuple):
    """One document. A pick list and a delivery note are about an order, a slip and a carrier's label about a parcel."""

    kind: Kind
    subject: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.subject}"


def parsed(name: str) -> DocumentName:
    """The document of this name. Raises `Refused`."""
    kind, _, subject = name.partition("/")
    for known in KINDS:
        if kind == known and subject:
            return DocumentName(known, subject)
    raise Refused(
        "invalid", f"{name!r} is no document; write {', '.join(KINDS)}, a slash and its number.", "document", name
    )


def names_of(orders: Iterable[str], parcels: Iterable[str]) -> list[DocumentName]:
    """Every paper of ours that these orders may have, and the slips of these parcels when there are any orders."""
    named = [DocumentName(kind, order) for order in orders for kind in OURS if kind != "slip"]
    return [*named, *(DocumentName("slip", sscc) for sscc in parcels)] if named else []
