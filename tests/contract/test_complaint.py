"""msgspec's complaints in plain words."""

from __future__ import annotations

import pytest

from contract.complaint import in_words


@pytest.mark.parametrize(
    ("complaint", "words"),
    [
        ("Expected `int`, got `str`", "a whole number is expected, not text"),
        ("Expected 'int' >= 1", "a whole number >= 1 is expected"),
        ("Expected `str | null`, got `array`", "text or nothing is expected, not a list"),
        ("JSON is malformed: byte 3", "JSON is malformed: byte 3"),
    ],
)
def test_in_words(complaint: str, words: str) -> None:
    assert in_words(complaint) == words
