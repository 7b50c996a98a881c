"""A carrier's label as somebody brought its file: what it is, and that it can be printed as one. Pure."""

from __future__ import annotations

from typing import Final

from central.desk.refused import Refused
from contract.keys import Sscc
from contract.papers import CarrierLabel, Form
from labels.media import Media
from labels.paper import Unprintable, bytes_for

MOST_BYTES: Final = 180_000
"""As text within a message to the bench it stays below what messages may have."""
_RESOLUTIONS: Final = (203, 300)
_LARGEST_MM: Final = (220, 400)


def read_label(
    file: bytes, sscc: Sscc, carrier: str, tracking: str, codes: tuple[str, ...] = (), dpi: int = 203
) -> CarrierLabel:
    """The label, proven to print somewhere and to have its code on it. Raises `Refused`."""
    if not file:
        raise Refused("invalid", "The file is empty. Choose the carrier's label.", "file")
    if len(file) > MOST_BYTES:
        size, most = f"{len(file) // 1000} kB", f"{MOST_BYTES // 1000} kB"
        raise Refused("invalid", f"The file has {size}, a label has at most {most}. Ask the carrier for ZPL.", "file")
    form = _form(file)
    label = CarrierLabel(sscc, carrier, "".join(tracking.split()), form, file, dpi, codes)
    _prove(label)
    return label


def _form(file: bytes) -> Form:
    if file.startswith(b"%PDF-"):
        return "pdf"
    if file.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if file.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"^XA"):
        return "zpl"
    raise Refused("invalid", "This is no label: a file of the kind ZPL, PNG or PDF is expected.", "file")


def _prove(label: CarrierLabel) -> None:
    """ZPL is made for one resolution; a picture or a PDF must suit one of those that label printers have."""
    refused: Unprintable | None = None
    for dpi in (label.dpi,) if label.form == "zpl" else _RESOLUTIONS:
        try:
            bytes_for(label, Media(*_LARGEST_MM, dpi=dpi), "zpl")
        except Unprintable as error:
            refused = refused or error
        else:
            return
    assert refused is not None
    field = "codes" if refused.field == "codes" else "file"
    raise Refused("invalid", f"The label cannot be printed: {refused.sentence}.", field)
