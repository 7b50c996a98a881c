"""Tapes of cameras: no picture stays on them, and the driver says the same of the grey one in its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.devices.camera_words import Frame, Grey, framed, greyed, read_frame, read_grey
from station.devices.grey_pictures import facts, painted, without_picture
from station.devices.jpeg import without_tables
from station.devices.ports import DeviceFault, Health, PictureFailed
from station.devices.registry import DeviceConfig
from station.devices.replaying import replay
from station.devices.simulated import CameraTrouble, SimulatedRibbonCamera, SimulatedWebcam
from station.devices.simulated.scene import Light, jpeg, yuyv
from station.devices.still import still_of
from station.devices.tape import Chunk, Header
from station.devices.v4l2 import jpeg_of_yuyv
from station.devices.v4l2_camera import V4l2Camera, V4l2CameraConfig
from tests.station.devices.taping import Tape
from tests.station.devices.watching import Watcher, config

pytestmark = pytest.mark.feature("D13", "D15")
LIGHTS: tuple[Light, ...] = ("day", "dark", "covered")


def without_pictures(tape: Tape) -> None:
    """No JPEG and no dots of one stay."""
    assert [chunk.data for chunk in tape.chunks if b"\xff\xd8" in chunk.data or len(chunk.data) > 800] == []


def verdicts(watcher: Watcher) -> list[tuple[Health, str]]:
    return [(status.health, status.detail) for status in watcher.statuses if status.health is not Health.OK]


async def test_a_tape_of_the_pis_camera(tmp_path: Path) -> None:
    tape, watcher, twin = Tape(), Watcher(), SimulatedRibbonCamera(tmp_path)
    device = config(driver="rpicam_camera", command=twin.command, width=320, height=240)
    async with tape.of(device, watcher) as keeper:
        await watcher.health(Health.OK)
        for light in LIGHTS:
            twin.light(light)
            await keeper.picture()
        for trouble in (CameraTrouble.NO_FRAMES, CameraTrouble.HALF, CameraTrouble.KILLED, CameraTrouble.ENDLESS):
            twin.trouble = trouble
            with pytest.raises(PictureFailed):
                await keeper.picture()
    without_pictures(tape)
    again = await tape.replayed()
    assert [(still.width, still.height) for still in again.pictures] == [(320, 240)] * 3
    assert [still.note.partition(":")[0] for still in again.pictures] == [
        "",
        "The picture is dark",
        "The picture is of one colour",
    ]
    assert [said.partition(" after ")[0] for _, said in verdicts(again)] == [
        said.partition(" after ")[0] for _, said in verdicts(watcher)
    ]


@pytest.mark.parametrize("formats", [("YUYV",), ("YUYV", "MJPG")])
async def test_a_tape_of_a_webcam(formats: tuple[str, ...]) -> None:
    tape, watcher, twin = Tape(), Watcher(), SimulatedWebcam(*formats)
    twin.bad_frames = 1
    device = config(
        driver="v4l2_camera",
        path="/dev/v4l/by-id/usb-cam-video-index0",
        settle_frames=2,
        width=640,
        height=480,
        timeout_s=1,
    )

    def make(device: DeviceConfig) -> V4l2Camera:
        assert isinstance(device, V4l2CameraConfig)
        return V4l2Camera(device, twin.open)

    async with tape.of(device, watcher, make) as keeper:
        await watcher.health(Health.OK)
        twin.silent = True
        with pytest.raises(PictureFailed):
            await keeper.picture()
        twin.silent = False
        for light in LIGHTS:
            twin.light = light
            await keeper.picture()
        twin.half = True
        with pytest.raises(PictureFailed):
            await keeper.picture()
        twin.half, twin.plugged = False, False
        with pytest.raises(DeviceFault, match="plug the camera in"):
            await keeper.picture()
        await watcher.health(Health.LOST)
        twin.plugged = True
        await watcher.health(Health.OK)
        twin.light = "day"
        await keeper.picture()
    without_pictures(tape)
    again = await tape.replayed()
    assert [(still.width, still.height) for still in again.pictures] == [(640, 480)] * 4
    assert [bool(still.note) for still in again.pictures] == [False, True, True, False]
    assert Health.LOST in again.healths
    assert again.statuses[-1].health is Health.OK
    said = [text.partition("(")[0].partition(" after ")[0] for _, text in verdicts(watcher)]
    assert [text.partition("(")[0].partition(" after ")[0] for _, text in verdicts(again)][:5] == said[:5]


async def test_a_command_that_hung_hangs_again_until_the_driver_ends_it(tmp_path: Path) -> None:
    device = config(driver="rpicam_camera", command="/bin/true", timeout_s=0.5)
    watcher = Watcher()
    await replay(Header(packline_tape=1, device="it", settings=device), (Chunk(0.0, "out", b"picture".hex()),), watcher)
    assert "within 0.5 s" in watcher.statuses[-1].detail


@given(st.sampled_from(LIGHTS), st.sampled_from(["whole", "bare", "half", "late", "empty"]), st.integers(0, 300))
@settings(max_examples=40)
def test_a_painted_picture_is_told_as_the_one_that_was_taken_out(light: Light, how: str, padding: int) -> None:
    picture = jpeg(176, 144, 80, light)
    data = {
        "whole": picture + bytes(padding),
        "bare": without_tables(picture),
        "half": picture[: len(picture) // 2],
        "late": picture[1:],
        "empty": b"",
    }[how]

    def verdict(content: bytes) -> tuple[int, int, str]:
        try:
            still = still_of(content, 1)
        except PictureFailed as failure:
            return 0, 0, str(failure).partition(" after ")[0].partition("(")[0]
        return still.width, still.height, still.note

    grey = facts(Frame("JPEG", 0, 0, 0, data))
    assert verdict(painted(grey, len(data))) == verdict(data)


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("pad", [0, 64])
def test_a_painted_frame_without_compression_is_as_bright_and_as_long(light: Light, pad: int) -> None:
    rows = yuyv(176, 144, light)
    data = b"".join(rows[row * 352 : row * 352 + 352] + bytes(pad) for row in range(144))
    grey = facts(Frame("YUYV", 176, 144, 352 + pad, data))
    again = painted(grey, len(data))
    assert len(again) == len(data)
    if not pad:
        notes = [still_of(jpeg_of_yuyv(each, 176, 144, 352, 80), 1).note for each in (data, again)]
        assert notes[0] == notes[1]
    assert facts(Frame("YUYV", 176, 144, 352 + pad, data[:-1])).whole is False


@given(st.binary(max_size=200), st.sampled_from(["JPEG", "MJPG", "YUYV"]), st.integers(0, 40), st.integers(0, 40))
def test_no_bytes_of_a_camera_stop_the_scrubbing_or_stay(data: bytes, form: str, width: int, height: int) -> None:
    sent = framed(Frame(form, width, height, 2 * width, data))
    assert read_frame(sent) == Frame(form, width, height, 2 * width, data)
    clean = without_picture(Chunk(0.0, "in", sent.hex()))
    assert clean.withheld == len(data)
    grey = read_grey(clean.data)
    assert grey is not None
    painted(grey, clean.withheld)


def test_facts_are_read_as_they_were_written() -> None:
    grey = Grey("MJPG", 640, 480, 0, 112.5, 40.25, whole=True, begun=True, tables=False)
    assert read_grey(greyed(grey)) == grey
    assert read_grey(b"words hello") is None
