"""Message ids: UUIDv7, so that ids sort by the time they were made. Source: RFC 9562, section 5.7."""

from __future__ import annotations

import os
import time
import uuid


def new_message_id() -> str:
    """A new UUIDv7 in its 36-character form."""
    milliseconds = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10), "big")
    value = (
        (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | (noise >> 68) << 64 | 0b10 << 62 | noise & (1 << 62) - 1
    )
    return str(uuid.UUID(int=value))
