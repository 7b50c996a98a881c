"""Every input of the corpus, to its door: true ones are taken, others refused in a sentence, and the next is served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz.door import CORPUS, Door, Offer
from tests.fuzz.doors import DOORS

pytestmark = pytest.mark.feature("R4")


@pytest.mark.parametrize("door", DOORS.values(), ids=lambda door: door.name)
def test_each_input_is_taken_or_refused_in_a_sentence_and_the_next_is_served(door: Door, tmp_path: Path) -> None:
    with door.opened(tmp_path) as offer:
        wrong = [f"{name}: {why}" for name, why in _wrong(door, offer)]
    assert not wrong, "\n".join(wrong)


def _wrong(door: Door, offer: Offer) -> Iterator[tuple[str, str]]:
    for path in door.files:
        try:
            sentence = offer(path.read_bytes())
            after = offer(door.first_true)
        except Exception as finding:
            yield path.name, repr(finding)
            continue
        if path.name.startswith("true-") and sentence:
            yield path.name, f"is refused: {sentence}"
        if path.name.startswith("broken-") and not sentence:
            yield path.name, "is taken"
        if after:
            yield path.name, f"nothing is served any more: {after}"
    for data in door.more():
        try:
            offer(data)
        except Exception as finding:
            yield repr(data[-80:]), repr(finding)


def test_every_folder_of_the_corpus_belongs_to_a_door() -> None:
    used = {name for door in DOORS.values() for name in (door.name, *door.folders)}
    assert {path.name for path in CORPUS.iterdir()} == used


def test_every_input_says_what_it_is() -> None:
    names = [path.name for path in CORPUS.rglob("*") if path.is_file()]
    assert all(name.startswith(("true-", "broken-", "hostile-", "found-")) for name in names), names
