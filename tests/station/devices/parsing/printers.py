"""The parsers of printers."""

from __future__ import annotations

import struct
from contextlib import suppress
from typing import Final

from station.devices import ipp
from station.devices.epl2_printer import ErrorReportReader
from station.devices.escpos_status import answer_in
from station.devices.tspl_printer import StatusByteReader
from station.devices.zebra_status import HostStatusReader
from tests.station.devices.parsing.parser import Chunks, Hear, Parser


def _zebra() -> Hear:
    reader = HostStatusReader()
    return lambda chunk: [found.formats_waiting] if (found := reader.feed(chunk)) is not None else []


def _host_status(number: int) -> bytes:
    return (
        b"\x02030,0,0,1245,%03d,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
        % (number % 1000)
    )


def _epl2() -> Hear:
    reader = ErrorReportReader()
    return lambda chunk: [found.codes] if (found := reader.feed(chunk)) is not None else []


def _tspl() -> Hear:
    reader = StatusByteReader()
    return lambda chunk: [found.bits] if (found := reader.feed(chunk)) is not None else []


def _escpos() -> Hear:
    return lambda chunk: [] if (found := answer_in(chunk)) is None else [found]


_ESCPOS: Final = (0x12, 0x16, 0x1A, 0x32, 0x52, 0x72)


def _ipp() -> Hear:
    def hear(chunk: bytes) -> list[tuple[int, int | None]]:
        with suppress(ValueError):
            message = ipp.read(chunk)
            return [(message.number, each.number("printer-state")) for each in message.of(ipp.GroupTag.PRINTER)]
        return []

    return hear


def _ipp_answer(number: int) -> bytes:
    return ipp.written(0, number + 1, [(ipp.GroupTag.PRINTER, [ipp.one("printer-state", ipp.Tag.ENUM, 3)])])


def _ipp_stands(said: tuple[int, int | None], chunks: Chunks) -> bool:
    number, state = said
    numbers = [struct.pack(">I", number)] + ([] if state is None else [struct.pack(">i", state)])
    return any(all(each in chunk for each in numbers) for chunk in chunks)


PRINTERS: Final = (
    Parser(
        "zebra", ("zebra_status",), "zebra", _zebra,
        _host_status, lambda n: n % 1000, lambda waiting, chunks: str(waiting).encode() in b"".join(chunks),
    ),
    Parser(
        "epl2", ("epl2_printer",), "epl2", _epl2,
        lambda n: b"%02d\r\n" % (n % 100), lambda n: (f"{n % 100:02d}",),
        lambda codes, chunks: ",".join(codes).encode() + b"\r\n" in b"".join(chunks),
    ),
    Parser(
        "tspl", ("tspl_printer",), "tspl", _tspl,
        lambda n: bytes((n % 256,)), lambda n: n % 256, lambda bits, chunks: bytes((bits,)) in chunks, whole=True,
    ),
    Parser(
        "escpos", ("escpos_status",), "escpos", _escpos,
        lambda n: bytes((_ESCPOS[n % len(_ESCPOS)],)), lambda n: _ESCPOS[n % len(_ESCPOS)],
        lambda byte, chunks: byte in chunks[-1], whole=True,
    ),
    Parser(
        "ipp", ("ipp",), "ipp", _ipp, _ipp_answer, lambda n: (n + 1, 3), _ipp_stands, whole=True,
    ),
)  # fmt: skip
