"""What a worn card or a bad disk does to a file that was sound: each line is `OFFSET HEX`, or `cut SIZE`."""

from __future__ import annotations


def damaged(sound: bytes, recipe: bytes) -> bytes:
    """The file with these bytes in these places; lines that say nothing are passed over."""
    content = bytearray(sound)
    for line in recipe.decode("ascii", "replace").splitlines():
        first, _, second = line.partition(" ")
        try:
            if first == "cut":
                del content[int(second[:6]) :]
            else:
                put = bytes.fromhex(second)
                place = int(first[:6]) % max(1, len(content))
                content[place : place + len(put)] = put
        except ValueError:
            continue
    return bytes(content)
