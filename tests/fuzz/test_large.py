"""Inputs that are too large to keep: refused, and without taking more memory than what came."""

from __future__ import annotations

import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz.doors import DOORS

pytestmark = pytest.mark.feature("R4")
_MB = 1024 * 1024
_TIMES = 16
"""So many times the size of what came: text in Python has up to four bytes a letter, and is held while it is cut."""

LARGE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a line of ten megabytes": ("csv_orders", lambda: b"order,sku\nP-1," + b"x" * 10 * _MB + b"\n"),
    "ten megabytes without a line end": ("csv_bank", lambda: b"Date;Montant;" + b"9" * 10 * _MB),
    "a field of ten megabytes that never ends": ("csv_products", lambda: b'sku,name\nA,"' + b"x" * 10 * _MB),
    "a million rows": ("csv_stock", lambda: b"sku,on_hand\n" + b"A,1\n" * 1_000_000),
    "a million columns": ("csv_tracking", lambda: b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n"),
    "a code of a megabyte": ("codes", lambda: b"]C1" + b"10AB\x1d" * 200_000),
    "lists a million deep": ("webhook_shopify", lambda: b"orders/create\n" + b"[" * 900_000),
    "a message of ten megabytes": (
        "inbox_of_central", lambda: b"packline/1/lyon/station/pack-1/fact\n" + b'"' + b"x" * 10 * _MB + b'"',
    ),
    "an answer of ten megabytes": ("inbox_of_station", lambda: b"\n" + b'"' + b"x" * 10 * _MB + b'"'),
    "a request of ten megabytes": (
        "http_central",
        lambda: b"POST /api/orders HTTP/1.1\nHost: lyon\nAuthorization: Bearer let-me-in, please\n"
        b"Content-Type: application/json\nContent-Length: @length\n\n" + b"9" * 10 * _MB,
    ),
    "a touch of ten megabytes": (
        "http_kiosk",
        lambda: b"POST /scan HTTP/1.1\nHost: 127.0.0.1\nContent-Type: application/json\nContent-Length: @length\n\n"
        + b'"' * 10 * _MB,
    ),
    "a table of a megabyte": ("config_central", lambda: b"x = [" + b"[]," * 300_000 + b"]"),
    "a label of packed zeros": ("carrier_label", lambda: b"\x89PNG\r\n\x1a\n" + zlib.compress(b"\0" * 64 * _MB)),
    "a tape without line ends": ("tape", lambda: b"9" * 10 * _MB),
}  # fmt: skip


@pytest.mark.parametrize("what", LARGE)
def test_what_is_too_large_is_refused_within_bounds(what: str, tmp_path: Path) -> None:
    name, made = LARGE[what]
    data = made()
    with DOORS[name].opened(tmp_path) as offer:
        offer(DOORS[name].first_true)
        tracemalloc.start()
        try:
            assert offer(data)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert most < _TIMES * len(data) + 16 * _MB, f"{most // _MB} MB for {len(data) // _MB} MB"
        assert offer(DOORS[name].first_true) == ""
