"""Picture files in central: pieces in any order, twice, broken, hostile; and their time."""

from __future__ import annotations

import hashlib
import os
import random
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.photos.folder import MOST_BYTES, BadPiece, PhotoFolder
from contract.messages import PhotoPiece

pytestmark = pytest.mark.feature("P19")


def pieces(content: bytes, size: int) -> list[PhotoPiece]:
    name = hashlib.sha256(content).hexdigest()
    return [
        PhotoPiece(name, len(content), offset, content[offset : offset + size])
        for offset in range(0, len(content), size)
    ]


@settings(max_examples=60)
@given(st.binary(min_size=1, max_size=300), st.integers(1, 80), st.randoms(use_true_random=False))
def test_pieces_in_any_order_and_twice_become_the_picture_or_ask_for_more(
    content: bytes, size: int, chance: random.Random
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = PhotoFolder(Path(place))
        shuffled = pieces(content, size) * 2
        chance.shuffle(shuffled)
        for piece in shuffled:
            held = folder.take(piece)
            assert 0 <= held <= len(content)
        name = shuffled[0].sha256
        while (held := folder.take(PhotoPiece(name, len(content), 0))) < len(content):
            folder.take(PhotoPiece(name, len(content), held, content[held : held + size]))
        assert folder.read(name) == content


def test_a_picture_goes_on_where_it_stopped(tmp_path: Path) -> None:
    content = bytes(range(256)) * 40
    first, *rest = pieces(content, 4_000)
    assert PhotoFolder(tmp_path).take(first) == 4_000
    folder = PhotoFolder(tmp_path)
    assert folder.take(PhotoPiece(first.sha256, len(content), 0)) == 4_000
    assert folder.read(first.sha256) is None
    assert [folder.take(piece) for piece in rest] == [8_000, 10_240]
    assert folder.take(first) == len(content), "a repeat after the end is answered as before"
    assert folder.is_here(first.sha256)


def test_bytes_that_are_not_what_the_name_says_are_begun_anew(tmp_path: Path) -> None:
    [true] = pieces(b"true picture", 100)
    folder = PhotoFolder(tmp_path)
    assert folder.take(PhotoPiece(true.sha256, 12, 0, b"false pictur")) == 0
    assert folder.read(true.sha256) is None
    assert folder.take(true) == 12


def test_a_picture_that_was_larger_before_is_begun_anew(tmp_path: Path) -> None:
    folder = PhotoFolder(tmp_path)
    [true] = pieces(b"true picture", 100)
    folder.take(PhotoPiece(true.sha256, 900, 0, bytes(500)))
    assert folder.take(PhotoPiece(true.sha256, 12, 0)) == 0
    assert folder.take(true) == 12


@pytest.mark.parametrize(
    "piece",
    [
        PhotoPiece("../../etc/passwd", 10, 0, b"x"),
        PhotoPiece("AB" * 32, 10, 0, b"x"),
        PhotoPiece("ab" * 32, 0, 0),
        PhotoPiece("ab" * 32, MOST_BYTES + 1, 0, b"x"),
        PhotoPiece("ab" * 32, 10, -1, b"x"),
        PhotoPiece("ab" * 32, 10, 8, b"xxx"),
    ],
)
def test_what_is_no_piece_of_a_picture_touches_no_file(tmp_path: Path, piece: PhotoPiece) -> None:
    with pytest.raises(BadPiece):
        PhotoFolder(tmp_path / "photos").take(piece)
    assert list(tmp_path.iterdir()) == []


def test_pictures_go_when_their_time_is_over_and_unfinished_ones_after_a_week(tmp_path: Path) -> None:
    folder = PhotoFolder(tmp_path)
    [old], [young] = pieces(b"old", 10), pieces(b"young", 10)
    half = PhotoPiece("ab" * 32, 10, 0, b"half")
    for piece in (old, young, half):
        folder.take(piece)
    days_ago = time.time() - 8 * 24 * 3600
    for name in (f"{old.sha256}.jpg", f"{half.sha256}.part"):
        os.utime(tmp_path / name[:2] / name, (days_ago, days_ago))
    assert folder.purge(keep_days=30) == 1
    assert folder.is_here(old.sha256)
    assert folder.purge(keep_days=7) == 1
    assert (folder.is_here(old.sha256), folder.is_here(young.sha256)) == (False, True)
