"""The tool behind `make features`."""

from __future__ import annotations

from tools.features import marked, rows

PAGE = """
| row | what |
|---|---|
| P1 | Badge sign-in | more |
| K12 | Ledger |
"""
SOURCE = """
import pytest

pytestmark = pytest.mark.feature("V1")


@pytest.mark.feature("P1", "P2")
@pytest.mark.parametrize("x", [1])
async def test_one(x): ...


def helper(): ...


class TestGroup:
    @pytest.mark.feature("K1")
    def test_two(self): ...
"""


def test_rows_are_read_from_the_page() -> None:
    assert rows(PAGE) == {"P1": "Badge sign-in", "K12": "Ledger"}


def test_marks_are_found_on_tests_classes_and_files() -> None:
    assert [tuple(shown) for shown in marked(SOURCE, "t.py")] == [
        ("V1", "t.py::test_one"),
        ("P1", "t.py::test_one"),
        ("P2", "t.py::test_one"),
        ("V1", "t.py::TestGroup::test_two"),
        ("K1", "t.py::TestGroup::test_two"),
    ]


def test_a_test_without_a_mark_shows_nothing() -> None:
    assert list(marked("def test_plain(): ...", "t.py")) == []
