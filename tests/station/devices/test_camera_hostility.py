"""Whatever the Pi's command says, however it is cut and it ends: a picture that was sent, or a fault in words."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.devices.ports import PictureFailed
from station.devices.rpicam_camera import RpicamCamera, RpicamCameraConfig
from station.devices.simulated.scene import jpeg
from tests.station.devices.corpus import PictureFrame, WordsFrame, frames
from tests.station.devices.cutting import cut_anyhow

pytestmark = pytest.mark.feature("D15", "R4")
PICTURE = jpeg(160, 120, 80)
SENT = [PICTURE, *(bytes.fromhex(frame.hex) for frame in frames("jpeg", PictureFrame))]
ANYTHING = cut_anyhow(st.lists(st.sampled_from(SENT) | st.binary(max_size=40), max_size=4).map(b"".join))
WORDS = st.sampled_from([frame.words.encode() for frame in frames("rpicam", WordsFrame)]) | st.binary(max_size=80)


def says(folder: Path, chunks: list[bytes], words: bytes, end: str) -> None:
    """Write a command that does so, each chunk by itself."""
    for number, chunk in enumerate(chunks):
        (folder / f"out{number}").write_bytes(chunk)
    (folder / "words").write_bytes(words)
    parts = "".join(f"cat out{number}\n" for number in range(len(chunks)))
    command = folder / "rpicam-still"
    command.write_text(f"#!/bin/sh\ncd {folder}\ncat words >&2\n{parts}{end}\n")
    command.chmod(0o755)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANYTHING, WORDS, st.sampled_from(["exit 0", "exit 255", "kill -9 $$", "kill -15 $$"]))
def test_no_output_of_the_command_ends_the_driver_and_the_next_picture_is_good(
    tmp_path: Path, chunks: list[bytes], words: bytes, end: str
) -> None:
    async def story() -> None:
        says(tmp_path, chunks, words, end)
        asked = RpicamCameraConfig(name="camera", command=str(tmp_path / "rpicam-still"), timeout_s=60)
        async with RpicamCamera(asked) as camera:
            with suppress(PictureFailed):  # and nothing else: the camera is there, whatever it says
                still = await camera.picture()
                assert end == "exit 0"
                assert still.jpeg[-100:] in b"".join(chunks)
            says(tmp_path, [PICTURE], b"", "exit 0")
            assert (await camera.picture()).jpeg == PICTURE

    asyncio.run(story())
