"""Cameras against their twins: the Pi's command as a true process, a webcam by the structs of the kernel."""

from __future__ import annotations

import errno
import io
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import force_setattr
from PIL import Image

from station.devices import v4l2
from station.devices.jpeg import BadJpeg, read_jpeg, without_tables
from station.devices.ports import DeviceFault, Health, PictureFailed
from station.devices.registry import DeviceConfig
from station.devices.rpicam import arguments, meaning
from station.devices.simulated import CameraTrouble, SimulatedRibbonCamera, SimulatedWebcam
from station.devices.simulated.scene import jpeg
from station.devices.still import MOST_BYTES, still_of
from station.devices.v4l2_camera import V4l2Camera, V4l2CameraConfig
from tests.station.devices.corpus import table
from tests.station.devices.watching import Watcher, config, kept

pytestmark = pytest.mark.feature("D15")
PICTURE = jpeg(320, 240, 80)


# --- the bytes --------------------------------------------------------------------------------------------------


def test_a_picture_is_read_without_its_padding() -> None:
    assert read_jpeg(PICTURE + bytes(500)) == (PICTURE, 320, 240)


@given(st.integers(0, len(PICTURE) - 1))
def test_no_part_of_a_picture_passes_for_a_picture(cut: int) -> None:
    with pytest.raises(BadJpeg):
        read_jpeg(PICTURE[:cut])


@settings(max_examples=200)
@given(st.one_of(st.binary(max_size=400), st.binary(max_size=60).map(lambda tail: PICTURE[:200] + tail)))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with suppress(PictureFailed):
        still_of(data, 1)


def test_a_frame_of_a_video_stream_gets_its_tables_and_opens_everywhere() -> None:
    frame = without_tables(PICTURE)
    assert b"\xff\xc4" not in frame[:600]
    whole = read_jpeg(frame).content
    assert Image.open(io.BytesIO(whole)).convert("RGB").tobytes() == Image.open(io.BytesIO(PICTURE)).tobytes()


def test_a_picture_that_is_too_large_is_refused() -> None:
    with pytest.raises(PictureFailed, match="more than 4096"):
        still_of(PICTURE + bytes(MOST_BYTES), 1)


@pytest.mark.parametrize(("light", "says"), [("dark", "is dark"), ("covered", "of one colour"), ("day", "")])
def test_what_is_seen_on_it_is_told(light: str, says: str) -> None:
    still = still_of(jpeg(320, 240, 80, light), 1)  # type: ignore[arg-type]
    assert says in still.note
    assert bool(still.note) == bool(says)


def test_the_structs_are_the_kernels() -> None:
    golden = table("v4l2")
    assert {name: getattr(v4l2, name) for name in golden["requests"]} == golden["requests"]
    for struct, fields in golden["offsets"].items():
        assert {name: getattr(getattr(v4l2, struct), name).offset for name in fields} == fields


@pytest.mark.parametrize("cut", [1, 100, 153_599])
def test_half_a_frame_without_compression_is_no_picture(cut: int) -> None:
    with pytest.raises(ValueError, match="no frame of"):
        v4l2.jpeg_of_yuyv(bytes(cut), 320, 240, 640, 80)


def test_an_unknown_last_word_is_told_as_it_came() -> None:
    text, _ = meaning(b"one\n  terminate called after throwing 'std::bad'\n\n", -6)
    assert text == "it ended with -6 and said: terminate called after throwing 'std::bad'"
    assert meaning(b"", 1)[0] == "it ended with 1 and said: nothing"
    assert "--rotation" in arguments(0, 640, 480, 80, 180, 600)


# --- the Pi's camera, by its command ----------------------------------------------------------------------------


def ribbon(twin: SimulatedRibbonCamera, **fields: object) -> DeviceConfig:
    return config(driver="rpicam_camera", command=twin.command, width=640, height=480, **fields)


async def test_a_picture_of_the_pis_camera(tmp_path: Path) -> None:
    twin, watcher = SimulatedRibbonCamera(tmp_path), Watcher()
    async with kept(ribbon(twin), watcher) as keeper:
        await watcher.health(Health.OK)
        still = await keeper.picture()
        assert (still.width, still.height, still.note) == (640, 480, "")
        twin.light("dark")
        assert "is dark" in (await keeper.picture()).note
        assert (await watcher.health(Health.BAD)).detail_fr
        twin.light("day")
        twin.show(2)
        assert (await keeper.picture()).jpeg != still.jpeg
        await watcher.health(Health.OK)


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        (CameraTrouble.NO_CAMERA, "it sees no camera"),
        (CameraTrouble.NO_FRAMES, "loose or too long"),
        (CameraTrouble.BUSY, "another program"),
        (CameraTrouble.KILLED, "ended with -9"),
        (CameraTrouble.HALF, "half a picture"),
        (CameraTrouble.NOTHING, "it is empty"),
        (CameraTrouble.ENDLESS, "more than 4096"),
    ],
)
async def test_what_is_wrong_is_said_and_the_next_picture_is_good(
    tmp_path: Path, trouble: CameraTrouble, says: str
) -> None:
    twin, watcher = SimulatedRibbonCamera(tmp_path), Watcher()
    async with kept(ribbon(twin), watcher) as keeper:
        await watcher.health(Health.OK)
        twin.trouble = trouble
        with pytest.raises(PictureFailed, match=says) as failed:
            await keeper.picture()
        assert failed.value.text_fr
        await watcher.health(Health.BAD)
        twin.trouble = None
        assert (await keeper.picture()).jpeg


async def test_a_command_that_never_ends_is_given_up_and_nothing_of_it_is_left(tmp_path: Path) -> None:
    twin, watcher = SimulatedRibbonCamera(tmp_path), Watcher()
    twin.trouble = CameraTrouble.SLOW
    async with kept(ribbon(twin, timeout_s=1.5), watcher) as keeper:
        await watcher.health(Health.OK)
        with pytest.raises(PictureFailed, match=r"no picture within 1\.5 s"):
            await keeper.picture()
        assert not _running(tmp_path)
    twin.trouble = None
    async with kept(ribbon(twin, timeout_s=30), watcher) as keeper:
        await watcher.until(lambda: keeper.opened)
        assert (await keeper.picture()).jpeg


async def test_a_command_that_is_not_installed_is_lost_and_found_again(tmp_path: Path) -> None:
    twin, watcher = SimulatedRibbonCamera(tmp_path), Watcher()
    async with kept(ribbon(twin), watcher) as keeper:
        await watcher.health(Health.OK)
        twin.uninstall()
        with pytest.raises(DeviceFault):
            await keeper.picture()
        assert "install rpicam-apps" in (await watcher.health(Health.LOST)).detail
        twin.install()
        await watcher.health(Health.OK)
        assert (await keeper.picture()).jpeg


def _running(folder: Path) -> list[Path]:
    """Processes that were started with a file of this folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found += [path] if str(folder).encode() in path.read_bytes() else []
    return found


# --- webcams, by the kernel's structs ---------------------------------------------------------------------------


def webcam(**fields: object) -> V4l2CameraConfig:
    made = config(driver="v4l2_camera", path="/dev/v4l/by-id/usb-cam-video-index0", **{"settle_frames": 2, **fields})
    assert isinstance(made, V4l2CameraConfig)
    return made


@pytest.mark.parametrize("formats", [("YUYV", "MJPG"), ("YUYV",), ("NV12", "JPEG")])
async def test_a_picture_of_a_webcam_in_each_format(formats: tuple[str, ...]) -> None:
    twin = SimulatedWebcam(*formats)
    twin.bad_frames = 2
    async with V4l2Camera(webcam(), twin.open) as camera:
        still = await camera.picture()
        assert (still.width, still.height, still.note) == (1280, 720, "")
        red, green, blue = Image.open(io.BytesIO(still.jpeg)).convert("RGB").getpixel((400, 300))  # type: ignore[misc]
        assert red > 150 > 100 > max(green, blue), "the red box lies there"
        assert twin.streaming == 0, "a camera at rest does not stream"
        assert (await camera.picture()).jpeg


async def test_a_webcam_in_trouble_is_told_in_words() -> None:
    twin = SimulatedWebcam()
    settings = webcam(timeout_s=60)
    async with V4l2Camera(settings, twin.open) as camera:
        twin.half = True
        with pytest.raises(PictureFailed, match="half a picture"):
            await camera.picture()
        twin.half, twin.silent = False, True
        force_setattr(settings, "timeout_s", 0.2)
        with pytest.raises(PictureFailed, match=r"no picture within 0\.2 s"):
            await camera.picture()
        twin.silent = False
        force_setattr(settings, "timeout_s", 60)
        for request, number, says in (
            (v4l2.S_FMT, errno.EBUSY, "another program"),
            (v4l2.STREAMON, errno.ENOSPC, "no room"),
            (v4l2.STREAMON, errno.EPIPE, "the kernel says Broken pipe"),
        ):
            twin.refuses = {request: number}
            with pytest.raises(DeviceFault, match=says) as told:
                await camera.picture()
            assert told.value.text_fr
        twin.refuses = {}
        assert (await camera.picture()).jpeg


async def test_a_node_that_is_no_camera_and_formats_that_nobody_reads() -> None:
    twin = SimulatedWebcam("H264")
    async with V4l2Camera(webcam(), twin.open) as camera:
        with pytest.raises(DeviceFault, match="offers H264"):
            await camera.picture()
    twin.captures = False
    with pytest.raises(DeviceFault, match="video-index0"):
        async with V4l2Camera(webcam(), twin.open):
            raise AssertionError


async def test_a_webcam_that_may_not_be_opened() -> None:
    def refuse(path: str) -> SimulatedWebcam:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    with pytest.raises(DeviceFault, match="group video"):
        async with V4l2Camera(webcam(), refuse):  # type: ignore[arg-type]
            raise AssertionError


async def test_a_webcam_is_unplugged_and_plugged_in_again() -> None:
    twin, watcher = SimulatedWebcam(), Watcher()
    async with kept(webcam(), watcher, lambda _: V4l2Camera(webcam(), twin.open)) as keeper:
        await watcher.health(Health.OK)
        twin.plugged = False
        with pytest.raises(DeviceFault, match="plug the camera in"):
            await keeper.picture()
        await watcher.health(Health.LOST)
        twin.plugged = True
        await watcher.health(Health.OK)
        assert (await keeper.picture()).jpeg
