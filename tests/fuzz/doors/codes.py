"""What scanners read: bar codes of every kind, and Packline's own commands."""

from __future__ import annotations

from collections.abc import Iterable

from contract.barcode import BadBarcode, read_barcode
from contract.keys import BadKey, check_digit
from station.work.commands import read_token
from tests.fuzz.door import Door, Finding, pure
from tests.station.devices.corpus import LineFrame, frames


def _read(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    read_token(text)
    try:
        found = read_barcode(text)
    except (BadBarcode, BadKey) as refused:
        return str(refused)
    for key in (found.gtin, found.sscc):
        if key is not None and str(check_digit(key[:-1])) != key[-1]:
            raise Finding(f"{key} was taken, and its check digit is wrong")
    return ""


def _scans() -> Iterable[bytes]:
    return [text.encode() for frame in frames("scan_lines", LineFrame) for text in frame.scans]


DOORS = (Door("codes", lambda folder: pure(_read), more=_scans),)
