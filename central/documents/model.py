"""What papers there are. A document is named by its kind and what it is about: `slip/0340…`, `pick_list/R-1001`."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from central.desk.refused import Refused

Kind: TypeAlias = Literal["pick_list", "delivery_note", "slip"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
MAILED: Final[frozenset[Kind]] = frozenset({"delivery_note", "slip"})
"""What customers get; a pick list stays in the house."""
PrintState: TypeAlias = Literal["sent", "printed", "failed", "uncertain", "withdrawn"]
"""`sent`: a bench has it or will. `failed`: it waits there for its printer. `uncertain`: it may be on paper."""
MailState: TypeAlias = Literal["waiting", "sent", "failed"]


class DocumentName(NamedTuple):
    """One document. A pick list and a delivery note are about an order, a slip about a parcel."""

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
