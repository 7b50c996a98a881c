"""Product pictures against a real HTTP server that counts what it is asked for."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from station.kiosk import pictures as module
from station.kiosk.pictures import NoPicture, Pictures

NO_CA = Path("/nowhere/ca.pem")
PNG = b"\x89PNG\r\n\x1a\n"


class Central:
    """Serves `files`; anything else is 404. `asked` has every path."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.url = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split()[1].decode()
        self.asked.append(path)
        content = self.files.get(path.removeprefix("/pictures/"))
        status = b"404 Not Found" if content is None else b"200 OK"
        body = content or b""
        writer.write(b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (status, len(body), body))
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@pytest_asyncio.fixture
async def central() -> AsyncIterator[Central]:
    served = Central()
    server = await asyncio.start_server(served.answer, "127.0.0.1", 0)
    served.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield served
    server.close()
    await server.wait_closed()


async def test_fetched_once_then_served_without_central(central: Central, tmp_path: Path) -> None:
    central.files["b17.png"] = PNG + b"mug"
    first = Pictures(tmp_path, central.url, NO_CA)
    both = await asyncio.gather(first.picture("b17.png"), first.picture("b17.png"))
    assert {picture.content for picture in both} == {PNG + b"mug"}
    assert both[0].media_type == "image/png"
    offline = Pictures(tmp_path, "http://127.0.0.1:9", NO_CA)
    assert (await offline.picture("b17.png")).content == PNG + b"mug"
    assert central.asked == ["/pictures/b17.png"]


async def test_a_missing_picture_is_not_asked_for_again_at_once(
    central: Central, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = Pictures(tmp_path, central.url, NO_CA)
    for _ in range(3):
        with pytest.raises(NoPicture, match="404"):
            await pictures.picture("none.png")
    assert len(central.asked) == 1
    monkeypatch.setattr(module, "RETRY_AFTER_S", 0.0)
    central.files["none.png"] = PNG
    assert (await pictures.picture("none.png")).content == PNG


async def test_central_away_is_no_picture_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoPicture, match=r"http://127\.0\.0\.1:9/pictures/a\.png: .*refused"):
        await Pictures(tmp_path, "http://127.0.0.1:9", NO_CA).picture("a.png")


async def test_what_is_not_a_picture_is_refused_and_not_kept(central: Central, tmp_path: Path) -> None:
    central.files["page.png"] = b"<html>log in first</html>"
    with pytest.raises(NoPicture, match="is not image/png"):
        await Pictures(tmp_path, central.url, NO_CA).picture("page.png")
    assert os.listdir(tmp_path) == []


async def test_a_picture_that_is_too_large_is_refused(
    central: Central, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 100)
    central.files["big.png"] = PNG + bytes(200)
    with pytest.raises(NoPicture, match="more than 100 bytes"):
        await Pictures(tmp_path, central.url, NO_CA).picture("big.png")


async def test_a_kept_picture_that_a_power_cut_spoiled_is_fetched_again(central: Central, tmp_path: Path) -> None:
    (tmp_path / "b17.png").write_bytes(b"")
    central.files["b17.png"] = PNG
    assert (await Pictures(tmp_path, central.url, NO_CA).picture("b17.png")).content == PNG
    assert (tmp_path / "b17.png").read_bytes() == PNG


async def test_the_least_recently_shown_is_forgotten_first(central: Central, tmp_path: Path) -> None:
    pictures = Pictures(tmp_path, central.url, NO_CA, limit_bytes=3 * 20)
    for name in ("a.png", "b.png", "c.png"):
        central.files[name] = PNG + bytes(12)
        await pictures.picture(name)
    await pictures.picture("a.png")
    central.files["d.png"] = PNG + bytes(12)
    await pictures.picture("d.png")
    assert sorted(os.listdir(tmp_path)) == ["a.png", "c.png", "d.png"]


async def test_prefetch_brings_pictures_before_they_are_looked_at(central: Central, tmp_path: Path) -> None:
    central.files["a.png"] = central.files["b.png"] = PNG
    pictures = Pictures(tmp_path, central.url, NO_CA)
    pictures.prefetch(["a.png", "missing.png", "", "b.png"])
    running = asyncio.create_task(pictures.run())
    while not (tmp_path / "b.png").exists():
        assert not running.done()
        await asyncio.sleep(0.005)
    running.cancel()
    assert central.asked == ["/pictures/a.png", "/pictures/missing.png", "/pictures/b.png"]


async def test_a_disk_that_takes_nothing_costs_only_the_copy(central: Central, tmp_path: Path) -> None:
    central.files["a.png"] = PNG
    pictures = Pictures(tmp_path / "gone", central.url, NO_CA)
    (tmp_path / "gone").rmdir()
    assert (await pictures.picture("a.png")).content == PNG


@given(name=st.text(max_size=40) | st.sampled_from(["../a.png", "..", "a/b.png", ".hidden.png", "a.png\0", "a.exe"]))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    folder = Path("/nonexistent/folder")
    if module._NAME.fullmatch(name):
        assert (folder / name).resolve().parent == folder
        assert not name.startswith(".")
    else:
        with pytest.raises(NoPicture, match="not a picture's name"):
            asyncio.run(_ask(name))


async def _ask(name: str) -> None:
    pictures = Pictures.__new__(Pictures)  # no folder: a bad name must be refused before the disk is touched
    await pictures.picture(name)


def test_central_url_must_be_http(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must begin with http"):
        Pictures(tmp_path, "file:///etc", NO_CA)
