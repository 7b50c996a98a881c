"""The pages tell the truth: names that they name exist, and files that they link to are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    page.relative_to(ROOT)
    for page in [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("broker_config/*.md"),
        *ROOT.glob("systemd/*.md"),
    ]
)
NAMED = re.compile(r"`([\w/]+\.py)::([\w.]+)`")
LINKED = re.compile(r"\]\((?!https?:|#)([^)#]+)")


@cache
def names(path: Path) -> set[str]:
    """Functions and classes of a module, methods as `Class.method`."""
    found: set[str] = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{inner.name}" for inner in node.body if hasattr(inner, "name")}
    return found


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_names_in_a_page_exist(page: Path) -> None:
    missing = [
        f"{file}::{name}"
        for file, name in NAMED.findall((ROOT / page).read_text())
        if not (ROOT / file).exists() or name not in names(ROOT / file)
    ]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_in_a_page_lead_somewhere(page: Path) -> None:
    text = (ROOT / page).read_text()
    missing = [target for target in LINKED.findall(text) if not (ROOT / page).parent.joinpath(target).exists()]
    assert not missing


def test_the_walk_names_its_steps() -> None:
    assert len(NAMED.findall((ROOT / "docs" / "one-parcel.md").read_text())) > 40


def test_each_decision_has_its_own_number() -> None:
    numbers = [path.name[:4] for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
