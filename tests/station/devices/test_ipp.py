"""IPP messages: what is written is read, and no bytes do more than be refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.devices import ipp, ipp_status
from station.devices.ipp import Attribute, Group, GroupTag, Operation, Tag, one
from station.devices.ports import PaperState
from tests.station.devices.corpus import HexFrame, frames

pytestmark = pytest.mark.feature("D10")

NAMES = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=12)
ATTRIBUTES = st.one_of(
    st.builds(
        lambda name, tag, values: Attribute(name, tag, tuple(values)),
        NAMES,
        st.sampled_from([Tag.INTEGER, Tag.ENUM]),
        st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1, max_size=3),
    ),
    st.builds(
        lambda name, tag, values: Attribute(name, tag, tuple(values)),
        NAMES,
        st.sampled_from([Tag.TEXT, Tag.NAME, Tag.KEYWORD, Tag.URI, Tag.MIME]),
        st.lists(st.text(max_size=20), min_size=1, max_size=3),
    ),
    st.builds(lambda name, value: Attribute(name, Tag.BOOLEAN, (value,)), NAMES, st.booleans()),
)


def test_a_request_is_what_the_standard_shows() -> None:
    """RFC 8010, appendix A.1, with our version and names."""
    body = ipp.request(
        Operation.PRINT_JOB,
        1,
        "ipp://printer.example.com/ipp/print/pinetree",
        one("job-name", Tag.NAME, "foobar"),
        job=[one("copies", Tag.INTEGER, 20), one("sides", Tag.KEYWORD, "two-sided-long-edge")],
        data=b"%!PDF",
    )
    assert body == (
        b"\x02\x00\x00\x02\x00\x00\x00\x01\x01"
        b"\x47\x00\x12attributes-charset\x00\x05utf-8"
        b"\x48\x00\x1battributes-natural-language\x00\x02en"
        b"\x45\x00\x0bprinter-uri\x00\x2cipp://printer.example.com/ipp/print/pinetree"
        b"\x42\x00\x08job-name\x00\x06foobar"
        b"\x02\x21\x00\x06copies\x00\x04\x00\x00\x00\x14"
        b"\x44\x00\x05sides\x00\x13two-sided-long-edge"
        b"\x03%!PDF"
    )


@settings(max_examples=60)
@given(
    st.integers(0, 0x7FFF),
    st.integers(1, 2**31 - 1),
    st.lists(st.tuples(st.sampled_from(GroupTag), st.lists(ATTRIBUTES, max_size=4, unique_by=lambda it: it.name))),
    st.binary(max_size=20),
)
def test_what_is_written_is_read(
    code: int, number: int, groups: list[tuple[GroupTag, list[Attribute]]], data: bytes
) -> None:
    message = ipp.read(ipp.written(code, number, groups, data))
    assert (message.code, message.number, message.data) == (code, number, data)
    assert message.groups == tuple(
        Group(tag, {attribute.name: attribute.values for attribute in attributes}) for tag, attributes in groups
    )


@pytest.mark.parametrize("frame", frames("ipp", HexFrame), ids=lambda frame: frame.hex[-24:])
def test_true_broken_and_hostile_answers(frame: HexFrame) -> None:
    answer = bytes.fromhex(frame.hex)
    if frame.state is None:
        with pytest.raises(ValueError, match="IPP"):
            ipp.read(answer)
        return
    group = ipp.read(answer).of(GroupTag.PRINTER)[0]
    assert ipp_status.printer_status(group, 0, 0).state is frame.state


@given(st.integers(0, 200))
def test_half_a_message_is_refused(cut: int) -> None:
    whole = ipp.request(Operation.GET_PRINTER_ATTRIBUTES, 7, "ipp://a/b", one("x", Tag.KEYWORD, "y", "z"))
    if cut < len(whole):
        with pytest.raises(ValueError, match="IPP"):
            ipp.read(whole[:cut])


def printer(state: int, *reasons: str, accepting: bool = True, message: str = "") -> Group:
    return Group(
        GroupTag.PRINTER,
        {
            "printer-state": (state,),
            "printer-state-reasons": reasons or ("none",),
            "printer-is-accepting-jobs": (accepting,),
            "printer-state-message": (message,),
        },
    )


@pytest.mark.parametrize(
    ("group", "state", "says"),
    [
        (printer(3), PaperState.OK, ""),
        (printer(4), PaperState.OK, ""),
        (printer(3, "media-low-warning", "toner-low-report"), PaperState.OK, ""),
        (printer(3, "media-empty-warning"), PaperState.OK, ""),
        (printer(3, "cups-waiting-for-job-completed"), PaperState.OK, ""),
        (printer(5, "media-empty-error"), PaperState.BAD, "no paper"),
        (printer(4, "media-needed"), PaperState.BAD, "no paper"),
        (printer(5, "media-empty", "cover-open-error"), PaperState.BAD, "is open"),
        (printer(4, "media-jam-error"), PaperState.BAD, "jammed"),
        (printer(4, "toner-empty-error"), PaperState.BAD, "toner"),
        (printer(3, "offline-report"), PaperState.BAD, "cannot reach its printer"),
        (printer(5, "paused"), PaperState.BAD, "queue is stopped"),
        (printer(5), PaperState.BAD, "queue is stopped"),
        (printer(5, message="Filter failed"), PaperState.BAD, "Filter failed"),
        (printer(4, "fuser-over-temp-error"), PaperState.BAD, "fuser-over-temp-error"),
        (printer(3, accepting=False), PaperState.BAD, "takes no documents"),
        (printer(4, "connecting-to-device"), PaperState.UNKNOWN, "looking for its printer"),
        (Group(GroupTag.PRINTER, {}), PaperState.UNKNOWN, ""),
    ],
)
def test_state_and_reasons_become_ok_bad_or_unknown(group: Group, state: PaperState, says: str) -> None:
    status = ipp_status.printer_status(group, 2, 1)
    assert status.state is state
    assert says in status.detail
    assert bool(status.detail) == bool(status.detail_fr)
    assert (status.queued, status.given_up) == (2, 1)
