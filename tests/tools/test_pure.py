"""What is called pure is: no clock, no chance, no file, no socket, no event loop, not even through what it imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import grimp

OURS: Final = ("contract", "labels", "link", "station", "central")
OUTSIDE: Final = frozenset(
    ("asyncio", "socket", "sqlite3", "time", "random", "secrets", "os", "aiosqlite", "litestar", "paho")
)
BESIDE_A_DEVICE: Final = "station.devices."
"""What reads a device's bytes stands beside what opens the device, and takes names from it: it alone is looked at."""


def pure() -> Iterator[str]:
    """Every module that calls itself so, the rooms' models and rules, and the whole packing core."""
    for package in OURS:
        for file in Path(package).rglob("*.py"):
            name = ".".join(file.with_suffix("").parts).removesuffix(".__init__")
            said = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
            is_core = file.name in ("model.py", "rules.py") and "pages" not in file.parts
            if "Pure." in said or is_core or name.startswith("station.work"):
                yield name


def test_what_is_pure_reaches_nothing_outside() -> None:
    imports = grimp.build_graph(
        *OURS, include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )
    found = list(pure())
    assert len(found) > 150
    for name in found:
        if name.startswith(BESIDE_A_DEVICE):
            assert not OUTSIDE & imports.find_modules_directly_imported_by(name), name
            continue
        for outside in OUTSIDE & imports.find_upstream_modules(name):
            chain = imports.find_shortest_chain(name, outside)
            raise AssertionError(" → ".join(chain or ()))
