"""What cameras send: true, broken and hostile. It becomes a picture that was sent, or a fault in words."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from station.devices import v4l2
from station.devices.jpeg import BadJpeg, read_jpeg
from station.devices.ports import DeviceFault, PictureFailed
from station.devices.rpicam import meaning
from station.devices.simulated import SimulatedWebcam
from station.devices.simulated.cameras import SimulatedNode
from station.devices.simulated.scene import jpeg
from station.devices.v4l2_camera import V4l2Camera, V4l2CameraConfig
from tests.station.devices.corpus import CapabilityFrame, PictureFrame, RawPictureFrame, WordsFrame, frames
from tests.station.devices.watching import config

pytestmark = pytest.mark.feature("D15")

PICTURE = jpeg(320, 240, 80)
SENT = [bytes.fromhex(frame.hex) for frame in frames("jpeg", PictureFrame)]
CUT_ANYWHERE = st.sampled_from([PICTURE, *SENT]).flatmap(
    lambda sent: st.tuples(st.integers(0, len(sent)), st.integers(0, len(sent))).map(
        lambda cut: sent[min(cut) : max(cut)]
    )
)
ANYTHING = st.lists(CUT_ANYWHERE | st.binary(max_size=40), max_size=6).map(b"".join)
NUMBERS = st.sampled_from([0, 1, 2, 3, 320, 640, 1280, 65_535, 2**31, 2**32 - 1])


@pytest.mark.parametrize("frame", frames("jpeg", PictureFrame), ids=lambda frame: frame.hex)
def test_each_picture_is_read_or_refused_with_its_reason(frame: PictureFrame) -> None:
    sent = bytes.fromhex(frame.hex)
    if frame.size is None:
        with pytest.raises(BadJpeg, match=frame.says):
            read_jpeg(sent)
        return
    assert read_jpeg(sent)[1:] == frame.size


@pytest.mark.parametrize("frame", frames("rpicam", WordsFrame), ids=lambda frame: frame.words.strip()[:60])
def test_the_commands_last_words_are_told_so_that_they_can_be_mended(frame: WordsFrame) -> None:
    english, french = meaning(frame.words.encode(), 1)
    assert frame.says in english
    assert len(english) < 300
    assert french


@pytest.mark.parametrize("frame", frames("v4l2", CapabilityFrame), ids=lambda frame: frame.hex[32:56])
def test_a_node_that_gives_pictures_is_told_from_one_that_does_not(frame: CapabilityFrame) -> None:
    assert v4l2.captures(v4l2.Capability.from_buffer_copy(bytes.fromhex(frame.hex))) is frame.captures


@pytest.mark.parametrize("frame", frames("yuyv", RawPictureFrame), ids=lambda frame: f"{frame.width} {frame.hex}")
def test_a_frame_without_compression_is_a_picture_when_it_has_all_its_rows(frame: RawPictureFrame) -> None:
    told = bytes.fromhex(frame.hex), frame.width, frame.height, frame.stride
    if frame.brightness is None:
        with pytest.raises(ValueError, match="no frame of"):
            v4l2.jpeg_of_yuyv(*told, 95)
        return
    dots = Image.open(BytesIO(v4l2.jpeg_of_yuyv(*told, 95))).convert("L")
    assert dots.size == (frame.width, frame.height)
    for place, brightness in enumerate(frame.brightness):
        assert abs(int(dots.getpixel((place, 0))) - brightness) < 8  # type: ignore[arg-type]


@settings(max_examples=150)
@given(st.binary(max_size=64), st.integers(0, 12), st.integers(0, 12), st.integers(0, 30))
def test_no_frame_without_compression_raises_anything_else(data: bytes, width: int, height: int, stride: int) -> None:
    with suppress(ValueError):
        assert read_jpeg(v4l2.jpeg_of_yuyv(data, width, height, stride, 80))[1:] == (width, height)


class LyingNode(SimulatedNode):
    """A webcam whose firmware says anything of itself and sends anything."""

    def __init__(self, camera: SimulatedWebcam, lies: dict[str, int], sent: bytes) -> None:
        super().__init__(camera)
        self._lies = lies
        self._sent = sent

    def ioctl(self, request: int, said: Any) -> None:
        super().ioctl(request, said)
        about = said.fmt.pix if request == v4l2.S_FMT else said
        if request in (v4l2.S_FMT, v4l2.ENUM_FMT, v4l2.DQBUF):
            for name, number in self._lies.items():
                if name in dict(type(about)._fields_):
                    setattr(about, name, number)

    def _frame(self) -> bytes:
        self._frames += 1
        return self._sent[: self._pix.sizeimage]


def webcam(timeout_s: float) -> V4l2CameraConfig:
    made = config(driver="v4l2_camera", path="/dev/v4l/by-id/cam-index0", settle_frames=0, timeout_s=timeout_s)
    assert isinstance(made, V4l2CameraConfig)
    return made


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([("MJPG",), ("YUYV",)]),
    st.dictionaries(
        st.sampled_from(["width", "height", "bytesperline", "bytesused", "flags", "pixelformat"]), NUMBERS, max_size=3
    ),
    ANYTHING,
)
def test_a_webcam_that_lies_costs_its_picture_and_the_next_one_is_good(
    formats: tuple[str, ...], lies: dict[str, int], sent: bytes
) -> None:
    twin = SimulatedWebcam(*formats)

    async def story() -> None:
        lying = LyingNode(twin, lies, sent)
        async with V4l2Camera(webcam(0.2), lambda _: lying) as camera:
            with suppress(PictureFailed, DeviceFault):
                await camera.picture()
            lying._lies = {}
            lying._sent = b""
        async with V4l2Camera(webcam(60), twin.open) as camera:
            assert (await camera.picture()).jpeg
        assert twin.streaming == 0

    asyncio.run(story())
