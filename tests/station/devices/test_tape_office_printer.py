"""Tapes of an office printer: no document and no name stays on them, and the driver says the same of it again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices import ipp
from station.devices.ipp import GroupTag, Tag, one
from station.devices.ipp_scrubbing import HEAD_END, without_people
from station.devices.ports import Health
from station.devices.simulated import SimulatedOfficePrinter
from station.devices.tape import Chunk
from tests.station.devices.taping import Tape
from tests.station.devices.watching import Watcher, config

pytestmark = pytest.mark.feature("D13", "D10")
LETTER = b"%PDF-1.4 Zoe Martin, 12 rue des Lilas, 69003 Lyon"


async def test_a_tape_of_an_office_printer_has_no_document_and_says_the_same_again() -> None:
    tape, watcher = Tape(), Watcher()
    async with SimulatedOfficePrinter() as printer:
        device = config(driver="ipp_printer", uri=printer.uri, answer_within_s=0.5)
        async with tape.of(device, watcher) as keeper:
            await watcher.health(Health.OK)
            await keeper.send(LETTER)
            assert printer.papers == [LETTER]
            await keeper.printer_status()
            printer.reasons = ("media-empty-error",)
            await keeper.send(LETTER)
            assert (await keeper.printer_status()).queued == 1
            printer.cancel()
            printer.reasons = ()
            assert (await keeper.printer_status()).given_up == 1
            printer.silent = True
            await keeper.printer_status()
    assert b"Lilas" not in tape.words
    assert [chunk.withheld for chunk in tape.chunks if chunk.withheld] == [len(LETTER)] * 2
    again = await tape.replayed()
    assert again.healths[-3:] == watcher.healths[-3:] == [Health.BAD, Health.OK, Health.SILENT]
    assert {status.detail for status in again.statuses} == {status.detail for status in watcher.statuses}


async def test_what_is_kept_by_wish_is_the_traffic_itself() -> None:
    tape, watcher = Tape(), Watcher()
    async with (
        SimulatedOfficePrinter() as printer,
        tape.of(config(driver="ipp_printer", uri=printer.uri), watcher, scrub=False) as keeper,
    ):
        await watcher.health(Health.OK)
        await keeper.send(LETTER)
    assert LETTER in tape.words


def chunk_of(body: bytes, head: bytes = b"HTTP/1.1 200 OK") -> Chunk:
    return Chunk(0.0, "in", (head + HEAD_END + body).hex())


def body_of(chunk: Chunk) -> bytes:
    return chunk.data.partition(HEAD_END)[2]


def test_names_in_an_answer_are_masked_and_states_stay() -> None:
    said = [
        one("printer-state", Tag.ENUM, 5),
        one("printer-state-reasons", Tag.KEYWORD, "media-empty-error", "Zoe is at it"),
        one("printer-state-message", Tag.TEXT, "Zoë Martin's letter 69003"),
        one("job-originating-user-name", Tag.NAME, "zoe"),
        one("job-uri", Tag.URI, "ipp://zoe.example/7"),
    ]
    clean = body_of(without_people(chunk_of(ipp.written(0, 1, [(GroupTag.PRINTER, said)]))))
    [group] = ipp.read(clean).groups
    assert group.values == {
        "printer-state": (5,),
        "printer-state-reasons": ("media-empty-error", "XXX XX XX XX"),
        "printer-state-message": ("XXXX XXXXXX'X XXXXXX 99999",),
        "job-originating-user-name": ("XXX",),
        "job-uri": ("XXX://XXX.XXXXXXX/9",),
    }


def test_the_words_of_a_web_server_are_masked_as_well() -> None:
    assert without_people(chunk_of(b"", b"HTTP/1.1 503 Zoe sleeps")).data == b"HTTP/1.1 503" + HEAD_END


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x02\x00\x00\x00\x00\x00\x00\x01\x04"]))
def test_what_is_no_message_is_left_out_with_its_size(noise: bytes, begin: bytes) -> None:
    body = begin + noise
    clean = without_people(chunk_of(body))
    assert len(body_of(clean)) + clean.withheld == len(body)
    try:
        message = ipp.read(body)
    except ValueError:
        assert body_of(clean) == b""
    else:
        again = ipp.read(body_of(clean))
        assert (again.code, again.number, len(again.groups)) == (message.code, message.number, len(message.groups))
