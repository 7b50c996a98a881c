"""Tapes: written while the ordinary driver works, without personal data, and played to it again."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.devices.key_events import EV_KEY, RECORD, events_in
from station.devices.keymap import ALT, KEYPAD, KeyReader
from station.devices.ports import Health, ScaleState
from station.devices.scan_text import Scan
from station.devices.scrubbing import names_nobody, scrubbed
from station.devices.simulated import (
    SimulatedEscPosPrinter,
    SimulatedHidPosScanner,
    SimulatedKeyboardScanner,
    SimulatedScale,
    SimulatedSerialScanner,
    SimulatedZplPrinter,
)
from station.devices.simulated.scanners import typed_records
from station.devices.tape import BadTape, Chunk, Header, line_of, read_tape
from station.taping import Recorder, TapeConfig, taped
from tests.station.devices.taping import Tape
from tests.station.devices.watching import Watcher, config, kept

pytestmark = pytest.mark.feature("D13")

KEYBOARD = config(driver="evdev_scanner", path="/dev/scanner", layout="fr")
SERIAL = config(driver="serial_scanner", path="/dev/scanner")


@pytest.mark.parametrize(
    ("twin", "driver"),
    [
        (SimulatedKeyboardScanner, "evdev_scanner"),
        (SimulatedSerialScanner, "serial_scanner"),
        (SimulatedHidPosScanner, "hid_pos_scanner"),
    ],
)
async def test_a_scanners_tape_gives_the_same_scans_and_no_badge(tmp_path: Path, twin: Any, driver: str) -> None:
    tape, watcher = Tape(), Watcher()
    async with twin(tmp_path / "scanner") as scanner, tape.of(config(driver=driver, path=scanner.path), watcher):
        await watcher.health(Health.OK)
        if hasattr(scanner, "opened"):
            await scanner.opened()
        for text in ("4006381333931", "BADGE-MARIE7", "]C1010400638133393110AB\x1d21X", "PK-CONFIRM"):
            scanner.scan(text)
        await watcher.until(lambda: len(watcher.scans) == 4)
    again = await tape.replayed()
    bare = [text.removeprefix("]C0") for text in again.texts]
    assert bare == ["4006381333931", bare[1], "]C1010400638133393110AB\x1d21X", "PK-CONFIRM"]
    assert bare[1].upper() == "XXXXX-XXXXX9"
    assert b"MARIE" not in tape.file.getvalue()
    assert b"MARIE".hex().encode() not in tape.file.getvalue()


async def test_a_polled_scale_is_asked_again_and_says_the_same(tmp_path: Path) -> None:
    tape, watcher = Tape(), Watcher()
    scale = SimulatedScale(tmp_path / "scale")
    async with scale, tape.of(config(driver="toledo_scale", path=scale.path, idle_every_s=0.05), watcher):
        await watcher.until(lambda: watcher.readings)
        scale.place(1240)
        await watcher.weight(1240)
    again = await tape.replayed()
    assert 1240 in again.weights
    assert {reading.raw for reading in again.readings} <= {reading.raw for reading in watcher.readings}
    assert ScaleState.FAULT not in {reading.state for reading in again.readings}


async def test_a_printers_answers_stay_and_its_documents_do_not(tmp_path: Path) -> None:
    tape, watcher = Tape(), Watcher()
    letter = b"^XA^FO50,50^FDZoe Martin, 12 rue des Lilas^FS^XZ"
    async with SimulatedZplPrinter() as printer:
        device = config(driver="zpl_printer", host="127.0.0.1", port=printer.port)
        async with tape.of(device, watcher) as keeper:
            await watcher.health(Health.OK)
            await keeper.send(letter)
            printer.paper_out = True
            await watcher.health(Health.BAD)
    written = tape.file.getvalue()
    assert b"Lilas".hex().encode() not in written
    tape.file.seek(0)
    _, chunks = read_tape(tape.file)
    assert [chunk.withheld for chunk in chunks if chunk.withheld] != []
    again = await tape.replayed()
    assert Health.OK in again.healths
    assert "labels" in next(status.detail for status in again.statuses if status.health is Health.BAD)


async def test_a_receipt_printers_traffic_is_heard_from_its_thread(tmp_path: Path) -> None:
    tape, watcher = Tape(), Watcher()
    async with SimulatedEscPosPrinter() as printer:
        device = config(driver="escpos_printer", host="127.0.0.1", port=printer.port)
        async with tape.of(device, watcher) as keeper:
            await watcher.health(Health.OK)
            await keeper.send(b"\x1b@Zoe Martin, 12 rue des Lilas, 69003 Lyon\n\x1dV\x00")
            assert len(printer.receipts) == 1
    assert b"Lilas".hex().encode() not in tape.file.getvalue()
    again = await tape.replayed()
    assert Health.OK in again.healths


async def test_the_station_records_by_configuration_for_its_own_user_only(tmp_path: Path) -> None:
    watcher = Watcher()
    async with SimulatedSerialScanner(tmp_path / "scanner") as scanner:
        device = config(driver="serial_scanner", path=scanner.path, name="left / front")
        async with kept(device, watcher) as keeper:
            with taped([keeper], TapeConfig(("left / front",)), tmp_path / "tapes"):
                await watcher.health(Health.OK)
                scanner.scan("4006381333931")
                await watcher.until(lambda: watcher.scans)
    [file] = (tmp_path / "tapes").iterdir()
    assert file.name.startswith("left-front-")
    assert file.stat().st_mode & 0o777 == 0o600
    header, chunks = read_tape(file.read_bytes().splitlines(keepends=True))
    assert (header.device, header.scrubbed) == ("left / front", True)
    assert b"".join(chunk.data for chunk in chunks) == b"4006381333931\r"


def test_a_tape_that_is_full_ends(caplog: pytest.LogCaptureFixture) -> None:
    file = io.BytesIO()
    recorder = Recorder(file, SERIAL, scrub=False, max_bytes=400)
    for _ in range(100):
        recorder._held.append(Chunk(0.0, "in", "00" * 20))
    recorder.close()
    assert len(file.getvalue()) <= 400
    assert "is full" in caplog.text


PERSONAL = ["BADGE-MARIE7", "ORDER 1001", "https://example.org/zoe"]


def cut(data: bytes, sizes: list[int]) -> list[Chunk]:
    chunks, place = [], 0
    for size in sizes * (len(data) + 1):
        if place >= len(data):
            break
        chunks.append(Chunk(float(place), "in", data[place : place + size].hex()))
        place += size
    return chunks


@settings(max_examples=40)
@given(
    st.sampled_from(["BADGE-MARIE7", "ORDER 1001", "https://example.org/zoe"]), st.lists(st.integers(1, 60), min_size=1)
)
def test_what_may_name_people_is_masked_however_it_is_cut(text: str, sizes: list[int]) -> None:
    for device, data in ((SERIAL, text.encode() + b"\r"), (KEYBOARD, typed_records(text, "fr"))):
        chunks = cut(data, sizes)
        clean = scrubbed(device, chunks)
        assert [len(chunk.hex) for chunk in clean] == [len(chunk.hex) for chunk in chunks]
        joined = b"".join(chunk.data for chunk in clean)
        assert joined != data
        assert len(joined) == len(data)
    assert b"MARIE" not in b"".join(chunk.data for chunk in scrubbed(SERIAL, cut(text.encode() + b"\r", sizes)))


def by_numbers(text: str) -> bytes:
    """The records of a scanner that types each sign as Alt and its number."""

    def key(code: int, value: int) -> bytes:
        return RECORD.pack(0, 0, EV_KEY, code, value)

    digits = {char: code for code, char in KEYPAD.items()}
    return b"".join(
        key(ALT, 1) + b"".join(key(digits[each], 1) + key(digits[each], 0) for each in f"0{ord(char)}") + key(ALT, 0)
        for char in text
    ) + key(28, 1)


@pytest.mark.parametrize(
    ("text", "stays"), [("BADGE-MARIE7", "XXXXXXXXXXX9"), ("A\x1d1", "X\x1d9"), ("PK-UNDO", "PK-UNDO")]
)
def test_signs_by_their_number_beside_alt_become_other_signs(text: str, stays: str) -> None:
    [clean] = scrubbed(KEYBOARD, [Chunk(0.0, "in", by_numbers(text).hex())])
    reader = KeyReader("fr")
    assert [found for event in events_in(clean.data) if (found := reader.key(event.code, event.value))] == [Scan(stays)]


GOODS = ["4006381333931", "]C100106141412345678908", "PK-UNDO", "BOX-12"]


@pytest.mark.parametrize("text", [*GOODS, "BADGE-7", "1001", "MAILTO:ZOE"])
def test_codes_of_goods_stay(text: str) -> None:
    kept_as_it_is = text in GOODS
    assert names_nobody(text) is kept_as_it_is
    data = text.encode() + b"\r"
    assert (scrubbed(SERIAL, [Chunk(0.0, "in", data.hex())])[0].data == data) is kept_as_it_is


@settings(max_examples=60)
@given(st.binary(max_size=300), st.lists(st.integers(1, 60), min_size=1))
def test_no_traffic_stops_the_scrubbing_or_changes_its_cuts(data: bytes, sizes: list[int]) -> None:
    for device in (SERIAL, KEYBOARD, config(driver="hid_pos_scanner", path="/dev/scanner")):
        chunks = cut(data, sizes)
        assert [len(chunk.hex) for chunk in scrubbed(device, chunks)] == [len(chunk.hex) for chunk in chunks]


def test_a_tape_is_read_back_and_a_cut_last_line_is_passed_over() -> None:
    header = Header(packline_tape=1, device="it", settings=SERIAL, begun_at=7)
    chunks = (Chunk(0.1, "in", "3031"), Chunk(0.2, "out", "", 300))
    lines = [line_of(header), *map(line_of, chunks)]
    assert lines[1] == b'[0.1,"in","3031",0]\n'
    assert read_tape(lines) == (header, chunks)
    assert read_tape([*lines, b'[0.3,"in","30']) == (header, chunks)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "line 1: this is no Packline tape"),
        ([b"hello\n"], "line 1: this is no Packline tape"),
        ([b'{"packline_tape":2}\n'], "of version 2, this program reads version 1"),
        ([b'{"packline_tape":1,"device":"x","settings":{"driver":"magic"}}\n'], "line 1: .*magic"),
        ([line_of(Header(packline_tape=1, device="it", settings=SERIAL)), b'[1,"up","00"]\n'], "line 2: "),
        ([line_of(Header(packline_tape=1, device="it", settings=SERIAL)), b'[1,"in","0g"]\n'], "line 2: "),
    ],
)
def test_what_is_no_tape_is_refused_with_its_line(lines: list[bytes], says: str) -> None:
    with pytest.raises(BadTape, match=says):
        read_tape(lines)
