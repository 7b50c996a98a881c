"""Pictures on the bench's disk: whole, bounded, and gone when nobody wants them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from station.photos import NoRoom, PhotoFolder, PhotosConfig

pytestmark = pytest.mark.feature("P19")


def test_a_picture_is_found_by_its_sum_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    folder = PhotoFolder(tmp_path / "photos", PhotosConfig())
    name = folder.keep(b"a picture")
    assert name == hashlib.sha256(b"a picture").hexdigest()
    assert folder.read(name) == b"a picture"
    assert (tmp_path / "photos").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "photos" / f"{name}.jpg").stat().st_mode & 0o777 == 0o600
    folder.forget(name)
    folder.forget(name)
    assert folder.read(name) is None


def test_a_file_that_changed_is_no_picture(tmp_path: Path) -> None:
    folder = PhotoFolder(tmp_path, PhotosConfig())
    name = folder.keep(b"a picture")
    (tmp_path / f"{name}.jpg").write_bytes(b"another")
    assert folder.read(name) is None


@pytest.mark.parametrize("name", ["", "../secret", "ab" * 31, "AB" * 32, f"{'ab' * 32}.jpg"])
def test_only_sums_are_names(tmp_path: Path, name: str) -> None:
    assert PhotoFolder(tmp_path, PhotosConfig()).read(name) is None


def test_neither_number_nor_size_grows_without_end(tmp_path: Path) -> None:
    by_number = PhotoFolder(tmp_path / "number", PhotosConfig(most=2))
    kept = [by_number.keep(content) for content in (b"1", b"2")]
    with pytest.raises(NoRoom, match="2 pictures wait") as full:
        by_number.keep(b"3")
    assert "attendent" in full.value.text_fr
    assert [by_number.read(name) for name in kept] == [b"1", b"2"], "what waits for central is never dropped"
    by_size = PhotoFolder(tmp_path / "size", PhotosConfig(most_mb=1))
    by_size.keep(bytes(700_000))
    with pytest.raises(NoRoom):
        by_size.keep(bytes(400_000))


def test_a_disk_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    name = hashlib.sha256(b"a picture").hexdigest()
    (tmp_path / "photos" / f".{name}.part").mkdir()
    with pytest.raises(NoRoom, match="cannot be kept"):
        PhotoFolder(tmp_path / "photos", PhotosConfig()).keep(b"a picture")


def test_the_sweep_takes_what_no_parcel_has_wanted_for_long_whatever_the_wall_clock_says(tmp_path: Path) -> None:
    now = 5.0
    folder = PhotoFolder(tmp_path, PhotosConfig(), lambda: now)
    wanted, orphan = folder.keep(b"1"), folder.keep(b"2")
    for name in (wanted, orphan):
        os.utime(tmp_path / f"{name}.jpg", (0, 0))
    assert folder.sweep({wanted}) == 0
    now += 600
    young = folder.keep(b"3")
    assert folder.sweep({wanted}) == 1
    assert [folder.read(name) for name in (wanted, orphan, young)] == [b"1", None, b"3"]
    assert PhotoFolder(tmp_path / "never", PhotosConfig()).sweep(set()) == 0
