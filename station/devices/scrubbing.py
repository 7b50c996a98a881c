"""Takes personal data out of a device's traffic, before it is written anywhere.

Codes that name no person stay: GTIN, SSCC and GS1 codes, boxes and commands. Of any other code (badges, orders,
whatever a QR code holds) each letter becomes X and each digit 9, so its length and its cuts stay. Documents to
printers carry names and addresses: of those only the size stays; status questions are short and stay. Pictures show
papers and people: see `grey_pictures`. Buttons, lights and doors name nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

from msgspec.structs import replace

from contract.barcode import BadBarcode, read_barcode
from contract.keys import BadKey
from station.devices.evdev_scanner import EvdevScannerConfig
from station.devices.grey_pictures import without_picture
from station.devices.hid_pos_report import DATA_AT, ROOM, SIZE
from station.devices.hid_pos_scanner import HidPosScannerConfig
from station.devices.ipp_printer import IppPrinterConfig
from station.devices.ipp_scrubbing import without_people
from station.devices.key_events import EV_KEY, EV_MSC, RECORD
from station.devices.keymap import ALT, KEYPAD, KeyReader
from station.devices.ports import Kind
from station.devices.registry import DeviceConfig, kind_of
from station.devices.scan_text import GS, Scan
from station.devices.serial_scanner import SerialScannerConfig
from station.devices.tape import Chunk

LONGEST_QUESTION = 32
"""Bytes that a printer is sent which surely are no document."""
_X, _NINE, _KEYPAD_NINE = 45, 10, 73
_KEYPAD = {char: code for code, char in KEYPAD.items()}
"""Keys that lie in the same place in every layout."""
_OTHER_KEYS = (
    dict.fromkeys((*range(16, 28), *range(30, 42), 43, *range(44, 54), 86), _X)
    | dict.fromkeys(range(2, 12), _NINE)
    | {code: _KEYPAD_NINE for code, char in KEYPAD.items() if char.isdigit()}
)


def scrubbed(config: DeviceConfig, chunks: Sequence[Chunk]) -> tuple[Chunk, ...]:
    """The same chunks without personal data. They must hold whole scans."""
    if isinstance(config, IppPrinterConfig):
        return tuple(map(without_people, chunks))
    if kind_of(config) is Kind.CAMERA:
        return tuple(map(without_picture, chunks))
    if kind_of(config) is Kind.PRINTER:
        return tuple(map(_without_document, chunks))
    masks: dict[type, Callable[[bytes], bytes]] = {
        EvdevScannerConfig: lambda data: _masked_keys(data, config),
        SerialScannerConfig: _masked_lines,
        HidPosScannerConfig: _masked_reports,
    }
    mask = masks.get(type(config))
    return tuple(chunks) if mask is None else _together(chunks, mask)


def names_nobody(text: str) -> bool:
    """Whether a code is surely of goods, parcels or the bench itself."""
    body = text[3:] if text.startswith("]") else text
    if body.upper().startswith(("PK-", "PK@", "BOX-")):
        return True
    try:
        barcode = read_barcode(text)
    except (BadBarcode, BadKey):
        return False
    return barcode.gtin is not None or barcode.sscc is not None


def masked(text: str) -> str:
    """The text with every letter as X and every digit as 9."""
    return "".join("9" if char.isdigit() else "X" if char.isalpha() else char for char in text)


def _without_document(chunk: Chunk) -> Chunk:
    size = len(chunk.hex) // 2
    if chunk.direction == "in" or size <= LONGEST_QUESTION:
        return chunk
    return replace(chunk, hex="", withheld=size)


def _together(chunks: Sequence[Chunk], mask: Callable[[bytes], bytes]) -> tuple[Chunk, ...]:
    """Mask what came in as one stream, and cut it where it was cut."""
    coming = [chunk for chunk in chunks if chunk.direction == "in"]
    clean = mask(b"".join(chunk.data for chunk in coming))
    ends = accumulate((len(chunk.data) for chunk in coming), initial=0)
    parts = iter([clean[begin:end] for begin, end in pairwise(ends)])
    return tuple(replace(chunk, hex=next(parts).hex()) if chunk.direction == "in" else chunk for chunk in chunks)


def _masked_lines(data: bytes) -> bytes:
    clean, scan = bytearray(), bytearray()
    for byte in data:
        if byte in b"\r\n\t\x02\x03":
            clean += _masked_bytes(bytes(scan))
            clean.append(byte)
            scan.clear()
        else:
            scan.append(byte)
    return bytes(clean + _masked_bytes(bytes(scan)))


def _masked_bytes(scan: bytes) -> bytes:
    text = scan.decode("latin-1")
    return scan if names_nobody(text) else masked(text).encode("latin-1")


def _masked_reports(data: bytes) -> bytes:
    """Each report by itself: a code in two of them is masked whole, as neither part is a GTIN."""
    clean = b""
    for place in range(0, len(data), SIZE):
        report = data[place : place + SIZE]
        part = report[DATA_AT : DATA_AT + min(ROOM, report[1] if len(report) > 1 else 0)]
        clean += report[:DATA_AT] + _masked_bytes(part) + report[DATA_AT + len(part) :]
    return clean


def _masked_keys(data: bytes, config: DeviceConfig) -> bytes:
    """Find each scan with the scanner's own settings, and press other keys for those that may name people."""
    assert isinstance(config, EvdevScannerConfig)
    reader = KeyReader(config.layout, gs_keys=config.gs_keys, gs_text=config.gs_text, caps_lock=config.caps_lock)
    records = [RECORD.unpack_from(data, place) for place in range(0, len(data) - RECORD.size + 1, RECORD.size)]
    clean: list[tuple[int, ...]] = []
    begin = 0
    for number, (_, _, kind, code, value) in enumerate(records, 1):
        found = reader.key(code, value) if kind == EV_KEY else None
        if found is None and number < len(records):
            continue
        scan = records[begin:number]
        keep = isinstance(found, Scan) and names_nobody(found.text)
        clean += scan if keep else _other_keys(scan)
        begin = number
    return b"".join(RECORD.pack(*record) for record in clean) + data[len(records) * RECORD.size :]


def _other_keys(scan: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The same presses on keys that tell nothing; the scan codes beside them would name the keys again."""
    beside_alt = _other_numbers(scan)
    return [
        (seconds, micros, kind, beside_alt.get(place, _OTHER_KEYS.get(code, code)), value)
        if kind == EV_KEY
        else (seconds, micros, kind, code, 0 if kind == EV_MSC else value)
        for place, (seconds, micros, kind, code, value) in enumerate(scan)
    ]


def _other_numbers(scan: Sequence[tuple[int, ...]]) -> dict[int, int]:
    """The keys, by their place, that make another number of each that is typed beside Alt: that of X, or of 9."""
    others: dict[int, int] = {}
    typed: list[int] = []
    now: dict[int, int] = {}
    """Which key each one that is down has become."""
    held = False
    for place, (_, _, kind, code, value) in enumerate(scan):
        if kind != EV_KEY:
            continue
        if code == ALT:
            held = value != 0
            if not held:
                others |= _as_another([(each, scan[each][3]) for each in typed])
                typed.clear()
        elif held and value == 1 and KEYPAD.get(code, "").isdigit():
            typed.append(place)
    for place, (_, _, kind, code, value) in enumerate(scan):
        if place in others:
            now[code] = others[place]
        elif kind == EV_KEY and value != 1 and code in now:
            others[place] = now[code] if value else now.pop(code)
    return others


def _as_another(presses: Sequence[tuple[int, int]]) -> dict[int, int]:
    """What takes the place of one number, given by its places and keys; GS stays."""
    digits = "".join(KEYPAD[code] for _, code in presses)
    if not digits or int(digits[:5]) == ord(GS):
        return dict(presses)
    sign = "9" if chr(int(digits[:5])).isdigit() else "X"
    return {place: _KEYPAD[digit] for (place, _), digit in zip(presses, f"{ord(sign):0{len(digits)}d}", strict=False)}
