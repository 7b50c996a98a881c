"""What devices say on their lines. The frames are those of the devices' own tests.

An input begins with the name of a parser and a blank; the rest is what comes, cut where a `|` stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from station.devices import ipp, ipp_status
from station.devices.epl2_printer import ErrorReportReader
from station.devices.escpos_status import answer_in, read_status
from station.devices.hid_descriptor import layout_of, zero_report
from station.devices.hid_pos_report import ReportReader
from station.devices.hid_report import read_report
from station.devices.jpeg import BadJpeg, read_jpeg
from station.devices.key_events import events_in
from station.devices.keymap import KeyReader
from station.devices.rpicam import meaning
from station.devices.scale_reader import ScaleReader
from station.devices.scan_framing import ScanFramer
from station.devices.tspl_printer import StatusByteReader
from station.devices.zebra_status import HostStatusReader
from tests.fuzz.door import Door, pure
from tests.station.devices.corpus import (
    DescriptorFrame,
    HexFrame,
    LinesFrame,
    PictureFrame,
    ReportFrame,
    ScaleFrame,
    TextFrame,
    TwoAnswersFrame,
    WordsFrame,
    frames,
)
from tests.station.devices.serial_scales import SPOKEN

Feed = Callable[[list[bytes]], object]


def _scale(name: str) -> Feed:
    spoken = next(each for each in SPOKEN if each.name == name)

    def feed(pieces: list[bytes]) -> object:
        reader = ScaleReader(spoken.config().protocol)  # type: ignore[union-attr]
        reader.feed(spoken.first, 0)
        return [reader.feed(piece, 0) for piece in pieces], reader.give_up()

    return feed


def _scanner(pieces: list[bytes]) -> object:
    framer = ScanFramer(pause_ends=True, gs_text="^]")
    return [framer.feed(piece) for piece in pieces], framer.pause()


def _pos_scanner(pieces: list[bytes]) -> object:
    reader = ReportReader()
    return [reader.feed(piece) for piece in pieces], reader.pause()


def _keyboard(pieces: list[bytes]) -> object:
    reader = KeyReader("fr")
    return [reader.key(event.code, event.value) for event in events_in(b"".join(pieces))], reader.pause()


def _zpl(pieces: list[bytes]) -> object:
    reader = HostStatusReader()
    return [found and found.printer_status for found in map(reader.feed, pieces)]


def _epl(pieces: list[bytes]) -> object:
    reader = ErrorReportReader()
    return [found and found.printer_status for found in map(reader.feed, pieces)]


def _tspl(pieces: list[bytes]) -> object:
    reader = StatusByteReader()
    return [found and found.printer_status for found in map(reader.feed, pieces)]


def _escpos(pieces: list[bytes]) -> object:
    answers = [answer_in(piece) for piece in pieces]
    return [read_status(one, other) for one in answers for other in answers if one is not None and other is not None]


def _ipp(pieces: list[bytes]) -> object:
    try:
        message = ipp.read(b"".join(pieces))
    except ValueError as refused:
        return str(refused)
    return [ipp_status.printer_status(group, 0, 0) for group in message.of(ipp.GroupTag.PRINTER)]


def _camera(pieces: list[bytes]) -> object:
    try:
        return read_jpeg(b"".join(pieces))
    except BadJpeg as refused:
        return str(refused)


def _hid_scale(pieces: list[bytes]) -> object:
    layout = layout_of(pieces[0])
    return [read_report(piece) if layout is None else read_report(piece, layout) for piece in pieces], zero_report(
        pieces[0]
    )


_PARSERS: Mapping[bytes, Feed] = {
    **{spoken.name.encode(): _scale(spoken.name) for spoken in SPOKEN},
    b"scanner": _scanner,
    b"pos-scanner": _pos_scanner,
    b"keyboard": _keyboard,
    b"hid-scale": _hid_scale,
    b"zpl": _zpl,
    b"epl": _epl,
    b"tspl": _tspl,
    b"escpos": _escpos,
    b"ipp": _ipp,
    b"camera": _camera,
    b"camera-words": lambda pieces: meaning(b"".join(pieces), 1),
}


def _fed(data: bytes) -> str:
    name, _, rest = data.partition(b" ")
    feed = _PARSERS.get(name)
    if feed is None:
        return "no such parser"
    feed(rest.split(b"|"))
    return ""


def _recorded() -> Iterator[bytes]:
    for spoken in SPOKEN:
        for frame in frames(spoken.name, ScaleFrame):
            yield spoken.name.encode() + b" " + frame.sent
    yield from (b"hid-scale " + each.sent for each in frames("hid", ReportFrame))
    yield from (b"hid-scale " + bytes.fromhex(each.descriptor) for each in frames("hid_descriptors", DescriptorFrame))
    yield from (b"escpos " + bytes.fromhex(each.offline) for each in frames("escpos", TwoAnswersFrame))
    yield from (b"tspl " + bytes.fromhex(each.hex) for each in frames("tspl", HexFrame))
    yield from (b"ipp " + bytes.fromhex(each.hex) for each in frames("ipp", HexFrame))
    yield from (b"camera " + bytes.fromhex(each.hex) for each in frames("jpeg", PictureFrame))
    yield from (b"epl " + each.sent for each in frames("epl2", TextFrame))
    yield from (b"camera-words " + each.words.encode() for each in frames("rpicam", WordsFrame))
    yield from (b"zpl " + each.sent for each in frames("zebra", LinesFrame))


DOORS = (Door("frames", lambda folder: pure(_fed), more=_recorded),)
