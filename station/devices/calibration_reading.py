"""What one scan may have been, in every layout: the raw traffic of a scanner whose settings are not known. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, get_args

from station.devices.key_events import EV_KEY, EV_LED, LED_CAPS, KeyEvent, events_in
from station.devices.keymap import FUNCTION_KEYS, CapsLock, FunctionKey, KeyReader
from station.devices.layouts import LAYOUTS, LayoutName
from station.devices.scan_text import Scan

End = Literal["enter", "keypad_enter", "tab", "cr", "lf", "cr_lf", "etx", "none"]
_END_KEYS: dict[int, End] = {28: "enter", 96: "keypad_enter", 15: "tab"}
_END_BYTES: tuple[tuple[bytes, End], ...] = (
    (b"\r\n", "cr_lf"),
    (b"\r", "cr"),
    (b"\n", "lf"),
    (b"\t", "tab"),
    (b"\x03", "etx"),
)


class Reading(NamedTuple):
    """One scan as it reads under one assumption."""

    text: str
    end: End
    layout: LayoutName | None = None
    """None on a serial line, which has none."""
    caps_lock: CapsLock = "lit"
    gs_keys: tuple[FunctionKey, ...] = ()
    """Function keys that were pressed, and read as GS."""


def readings_of_keys(records: bytes) -> tuple[Reading, ...]:
    """The scan in these key events as each layout reads it; none when they are not one scan."""
    events = events_in(records)
    lit = any(event.kind == EV_LED and event.code == LED_CAPS and event.value for event in events)
    keys = [event for event in events if event.kind == EV_KEY]
    pressed = {FUNCTION_KEYS[event.code] for event in keys if event.value == 1 and event.code in FUNCTION_KEYS}
    gs_keys = tuple(key for key in get_args(FunctionKey) if key in pressed)
    found = []
    for layout in LAYOUTS:
        for caps in (lit, not lit):
            manner: CapsLock = "lit" if caps is lit else "on" if caps else "off"
            reader = KeyReader(layout, pause_ends=True, gs_keys=gs_keys, caps_lock="on" if caps else "off")
            scans = list(_scans(reader, keys))
            if len(scans) == 1:
                text, end = scans[0]
                found.append(Reading(text, end, layout, manner, gs_keys))
    return tuple(found)


def _scans(reader: KeyReader, keys: Sequence[KeyEvent]) -> Iterator[tuple[str, End]]:
    reader.start(frozenset(), False)
    for _, code, value in keys:
        found = reader.key(code, value)
        if isinstance(found, Scan):
            yield found.text, _END_KEYS.get(code, "enter")
    found = reader.pause()
    if isinstance(found, Scan):
        yield found.text, "none"


def readings_of_bytes(data: bytes) -> tuple[Reading, ...]:
    """The scan in these bytes; none when they are not one scan."""
    body = data.removeprefix(b"\x02")
    end: End = "none"
    for sign, name in _END_BYTES:
        if body.endswith(sign):
            body, end = body.removesuffix(sign), name
            break
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return ()
    return (Reading(text, end),) if text and not set(text) & set("\r\n\t\x03") else ()
