"""What a HID device says it is: the usages of its application collections. Pure.

Source: USB-IF, Device Class Definition for HID 1.11, section 6.2.2.
"""

from __future__ import annotations

from typing import NamedTuple

_LONG_ITEM = 0xFE
_APPLICATION = 1


class Usage(NamedTuple):
    """`page` says the family: 0x01 desktop, 0x8C bar code scanner, 0x8D scale."""

    page: int
    number: int


def application_usages(descriptor: bytes) -> frozenset[Usage]:
    """Each collection that an application would take; a broken descriptor gives what stands before the break."""
    found: set[Usage] = set()
    page, usage, at = 0, 0, 0
    while at < len(descriptor):
        prefix = descriptor[at]
        size = descriptor[at + 1] + 2 if prefix == _LONG_ITEM and at + 1 < len(descriptor) else (0, 1, 2, 4)[prefix & 3]
        value = int.from_bytes(descriptor[at + 1 : at + 1 + size], "little")
        at += 1 + size
        match prefix & 0xFC:
            case 0x04:  # usage page
                page = value
            case 0x08:  # usage; four bytes name the page too
                usage = value if size == 4 else page << 16 | value
            case 0xA0 if value == _APPLICATION:  # collection
                found.add(Usage(usage >> 16, usage & 0xFFFF))
    return frozenset(found)
