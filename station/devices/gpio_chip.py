"""What the kernel says of GPIO chips and their lines (`linux/gpio.h`, version 2): requests and structs. Pure."""

from __future__ import annotations

import ctypes
import errno
from collections.abc import Callable, Sequence
from ctypes import c_char, c_int32, c_uint32, c_uint64
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

Ioctl: TypeAlias = Callable[[int, int, Any], object]
"""Descriptor, request, struct. Raises `OSError`."""
CONSUMER: Final = b"packline"
"""Who holds a line, for `gpioinfo`."""
RISING: Final = 1
"""`GPIO_V2_LINE_EVENT_RISING_EDGE`."""
FALLING: Final = 2
"""`GPIO_V2_LINE_EVENT_FALLING_EDGE`."""
INPUT, OUTPUT = 1 << 2, 1 << 3
BOTH_EDGES: Final = 1 << 4 | 1 << 5
PULLS: Final = {"up": 1 << 8, "down": 1 << 9, "floating": 1 << 10}
_OUTPUT_VALUES: Final = 2
"""`GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES`."""
_BOARDS: Final = ("pinctrl-bcm", "pinctrl-rp1")
"""How the labels of the chip begin that a Raspberry Pi's pins are on: up to the Pi 4, and since the Pi 5."""


class ChipInfo(ctypes.Structure):
    """`struct gpiochip_info`."""

    _fields_ = (("name", c_char * 32), ("label", c_char * 32), ("lines", c_uint32))


class _Attribute(ctypes.Structure):
    """`struct gpio_v2_line_config_attribute` with the attribute inside it."""

    _fields_ = (("id", c_uint32), ("padding", c_uint32), ("values", c_uint64), ("mask", c_uint64))


class LineConfig(ctypes.Structure):
    """`struct gpio_v2_line_config`."""

    _fields_ = (
        ("flags", c_uint64),
        ("num_attrs", c_uint32),
        ("padding", c_uint32 * 5),
        ("attrs", _Attribute * 10),
    )


class LineRequest(ctypes.Structure):
    """`struct gpio_v2_line_request`."""

    _fields_ = (
        ("offsets", c_uint32 * 64),
        ("consumer", c_char * 32),
        ("config", LineConfig),
        ("num_lines", c_uint32),
        ("event_buffer_size", c_uint32),
        ("padding", c_uint32 * 5),
        ("fd", c_int32),
    )


class LineValues(ctypes.Structure):
    """`struct gpio_v2_line_values`."""

    _fields_ = (("bits", c_uint64), ("mask", c_uint64))


class LineEvent(ctypes.Structure):
    """`struct gpio_v2_line_event`."""

    _fields_ = (
        ("timestamp_ns", c_uint64),
        ("id", c_uint32),
        ("offset", c_uint32),
        ("seqno", c_uint32),
        ("line_seqno", c_uint32),
        ("padding", c_uint32 * 6),
    )


def _request(direction: int, number: int, size: int) -> int:
    return direction << 30 | size << 16 | 0xB4 << 8 | number


_IN, _BOTH = 2, 3
GET_CHIPINFO = _request(_IN, 0x01, ctypes.sizeof(ChipInfo))
GET_LINE = _request(_BOTH, 0x07, ctypes.sizeof(LineRequest))
GET_VALUES = _request(_BOTH, 0x0E, ctypes.sizeof(LineValues))
SET_VALUES = _request(_BOTH, 0x0F, ctypes.sizeof(LineValues))


def is_boards(label: str) -> bool:
    """Whether a chip with this label has a Raspberry Pi's own pins."""
    return label.startswith(_BOARDS)


class Wanted(NamedTuple):
    """Which chip it is, and the nodes that may be it."""

    label: str | None
    """Empty: a Raspberry Pi's own; None: any."""
    nodes: Sequence[Path]

    def has(self, label: str) -> bool:
        """Whether a chip with this label is the one."""
        return self.label is None or (label == self.label if self.label else is_boards(label))


def input_line(offset: int, pull: str) -> LineRequest:
    """Asks for an input that tells its edges."""
    return _line(offset, INPUT | BOTH_EDGES | PULLS[pull])


def output_line(offset: int, high: bool) -> LineRequest:
    """Asks for an output that begins like this."""
    request = _line(offset, OUTPUT)
    request.config.num_attrs = 1
    request.config.attrs[0] = _Attribute(id=_OUTPUT_VALUES, values=high, mask=1)
    return request


def _line(offset: int, flags: int) -> LineRequest:
    request = LineRequest(consumer=CONSUMER, num_lines=1)
    request.offsets[0] = offset
    request.config.flags = flags
    return request


def edges(data: bytes) -> list[bool]:
    """For each event that was read, oldest first, whether the line rose; what is neither a rise nor a fall is none."""
    size = ctypes.sizeof(LineEvent)
    ids = [LineEvent.from_buffer_copy(data, at).id for at in range(0, len(data) - size + 1, size)]
    return [each == RISING for each in ids if each in (RISING, FALLING)]


def trouble(error: OSError) -> str:
    """What an error of the kernel means for a line, and what to do."""
    match error.errno:
        case errno.EBUSY:
            return "another program or driver holds it: see who with `gpioinfo`, and stop it"
        case errno.EINVAL:
            return "the chip has no such line"
        case errno.ENXIO | errno.EOPNOTSUPP | errno.ENOTSUP:
            return "this chip does not tell when an input changes: wire buttons and contacts to another chip"
        case errno.ENODEV | errno.ENOENT | errno.EIO:
            return "the chip is gone: plug it in again"
    return f"the kernel says {error.strerror or error}"
