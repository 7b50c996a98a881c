"""The newest frame for several viewers."""

from __future__ import annotations

import asyncio

import pytest

from contract.envelope import encode
from station.kiosk.frames import Frames
from station.kiosk.view import Frame, Quiet, Screen


def frame(sentence: str) -> Frame:
    return Frame(Screen(tone="ready", sentence=sentence), Quiet())


async def test_a_viewer_that_comes_late_sees_the_newest_at_once() -> None:
    frames = Frames()
    frames.show(frame("one"))
    frames.show(frame("two"))
    shown = await frames.newer(0)
    assert shown is not None
    assert shown.frame.screen.sentence == "two"


async def test_every_waiting_viewer_gets_the_next_frame() -> None:
    frames = Frames()
    waiting = [asyncio.create_task(frames.newer(0)) for _ in range(3)]
    await asyncio.sleep(0)
    frames.show(frame("now"))
    shown = await asyncio.gather(*waiting)
    assert [s.frame.screen.sentence for s in shown if s] == ["now"] * 3


async def test_a_slow_viewer_skips_what_it_missed() -> None:
    frames = Frames()
    frames.show(frame("first"))
    first = await frames.newer(0)
    assert first is not None
    for number in range(100):
        frames.show(frame(str(number)))
    latest = await frames.newer(first.number)
    assert latest is not None
    assert latest.frame.screen.sentence == "99"
    assert latest.number == 101


async def test_a_frame_is_encoded_at_the_first_look_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[object] = []

    def counting(value: object) -> bytes:
        encoded.append(value)
        return encode(value)

    monkeypatch.setattr("station.kiosk.frames.encode", counting)
    frames = Frames()
    for number in range(10):
        frames.show(frame(str(number)))
    assert encoded == []
    looks = [await frames.newer(0), await frames.newer(0)]
    assert {shown.json for shown in looks if shown} == {encode(frame("9"))}
    assert len(encoded) == 1


async def test_closing_ends_every_wait_now_and_later() -> None:
    frames = Frames()
    waiting = [asyncio.create_task(frames.newer(0)) for _ in range(2)]
    await asyncio.sleep(0)
    frames.close()
    assert await asyncio.gather(*waiting) == [None, None]
    frames.show(frame("after the end"))
    assert await frames.newer(0) is None
