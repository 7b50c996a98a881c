"""Files that somebody brings as a carrier's label: each becomes a proven label or is refused in words."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.desk.refused import Refused
from central.documents.label_file import read_label
from contract.keys import Sscc
from tests.labels.specimens import LABEL
from tests.labels.test_carrier import TRACKING, pdf, picture, png
from tests.station.devices.corpus import LabelFrame, frames

pytestmark = pytest.mark.feature("L2")

BEGINNINGS = frames("carrier_labels", LabelFrame)
SSCC: Sscc = LABEL.sscc
WHOLE = {
    "zpl": f"^XA^PW812^LL1218^FO60,400^BY3^BCN,150^FD{TRACKING}^FS^XZ".encode(),
    "png": png(picture(406, 609, module=2, left=20), 203),
    "pdf": pdf(60, 80, module_mm=0.2),
}


@pytest.mark.parametrize("frame", BEGINNINGS, ids=lambda frame: frame.hex)
def test_a_file_is_taken_for_what_it_begins_as_and_is_no_label_yet(frame: LabelFrame) -> None:
    with pytest.raises(Refused) as refused:
        read_label(bytes.fromhex(frame.hex), SSCC, "Express", TRACKING)
    taken_for_one = "This is no label" not in str(refused.value)
    assert taken_for_one == (frame.form is not None)


@pytest.mark.parametrize("form", WHOLE)
def test_whole_files_are_labels(form: str) -> None:
    assert read_label(WHOLE[form], SSCC, "Express", TRACKING).form == form


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([*WHOLE.values(), *(bytes.fromhex(frame.hex) for frame in BEGINNINGS)]),
    st.floats(0, 1),
    st.floats(0, 1),
    st.binary(max_size=20),
)
def test_any_file_is_a_label_with_its_code_or_is_refused(file: bytes, until: float, since: float, put: bytes) -> None:
    """Cut anywhere, with anything in the gap."""
    changed = file[: round(until * len(file))] + put + file[round(since * len(file)) :]
    with suppress(Refused):
        assert read_label(changed, SSCC, "Express", TRACKING).data == changed
