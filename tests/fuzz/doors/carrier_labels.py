"""Labels that carriers made: ZPL, PNG and PDF, also such as would fill the memory."""

from __future__ import annotations

from collections.abc import Iterable

from central.desk.refused import Refused
from central.documents.label_file import read_label
from contract.papers import CarrierLabel
from tests.central.documents.test_label_files import BEGINNINGS
from tests.fuzz.door import Door, Finding, pure
from tests.labels.test_carrier import LABEL, TRACKING


def _read(data: bytes) -> str:
    try:
        label: CarrierLabel = read_label(data, LABEL.sscc, "Express", TRACKING)
    except Refused as refused:
        return str(refused)
    if label.data != data:
        raise Finding("another label was kept than was brought")
    return ""


def _beginnings() -> Iterable[bytes]:
    return [bytes.fromhex(frame.hex) for frame in BEGINNINGS]


DOORS = (Door("carrier_label", lambda folder: pure(_read), more=_beginnings),)
