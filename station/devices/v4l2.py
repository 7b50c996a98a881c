"""What the kernel and a camera say to each other (`linux/videodev2.h`): requests, structs and answers. Pure.

ctypes lays the structs out as this machine's C compiler does, on 32 and 64 bits alike.
"""

from __future__ import annotations

import ctypes
import errno
from collections.abc import Iterable, Mapping
from ctypes import c_char, c_int32, c_long, c_uint8, c_uint32, c_ulong, c_void_p
from operator import attrgetter
from typing import NamedTuple

CAPTURE = 1
"""The kind of buffer: single-planar video capture."""
MEMORY_MMAP = 1
BAD_FRAME = 0x40
"""`V4L2_BUF_FLAG_ERROR`: the frame came, and some of it is wrong."""
_CAN_CAPTURE, _CAN_STREAM, _HAS_DEVICE_CAPS = 0x1, 0x0400_0000, 0x8000_0000


class Capability(ctypes.Structure):
    """`struct v4l2_capability`."""

    _fields_ = (
        ("driver", c_char * 16),
        ("card", c_char * 32),
        ("bus_info", c_char * 32),
        ("version", c_uint32),
        ("capabilities", c_uint32),
        ("device_caps", c_uint32),
        ("reserved", c_uint32 * 3),
    )


class FormatDescription(ctypes.Structure):
    """`struct v4l2_fmtdesc`."""

    _fields_ = (
        ("index", c_uint32),
        ("type", c_uint32),
        ("flags", c_uint32),
        ("description", c_char * 32),
        ("pixelformat", c_uint32),
        ("mbus_code", c_uint32),
        ("reserved", c_uint32 * 3),
    )


class PixelFormat(ctypes.Structure):
    """`struct v4l2_pix_format`."""

    _fields_ = tuple(
        (name, c_uint32)
        for name in (
            *("width", "height", "pixelformat", "field", "bytesperline", "sizeimage", "colorspace", "priv"),
            *("flags", "encoding", "quantization", "xfer_func"),
        )
    )


class _AnyFormat(ctypes.Union):
    # The window format, which nobody here uses, has pointers: they set the alignment.
    _fields_ = (("pix", PixelFormat), ("window", c_void_p), ("raw", c_uint8 * 200))


class Format(ctypes.Structure):
    """`struct v4l2_format`."""

    _fields_ = (("type", c_uint32), ("fmt", _AnyFormat))


class RequestBuffers(ctypes.Structure):
    """`struct v4l2_requestbuffers`."""

    _fields_ = (
        ("count", c_uint32),
        ("type", c_uint32),
        ("memory", c_uint32),
        ("capabilities", c_uint32),
        ("flags", c_uint8),
        ("reserved", c_uint8 * 3),
    )


class _Moment(ctypes.Structure):
    _fields_ = (("seconds", c_long), ("microseconds", c_long))


class _Place(ctypes.Union):
    _fields_ = (("offset", c_uint32), ("userptr", c_ulong), ("planes", c_void_p), ("fd", c_int32))


class Buffer(ctypes.Structure):
    """`struct v4l2_buffer`."""

    _fields_ = (
        ("index", c_uint32),
        ("type", c_uint32),
        ("bytesused", c_uint32),
        ("flags", c_uint32),
        ("field", c_uint32),
        ("timestamp", _Moment),
        ("timecode", c_uint8 * 16),
        ("sequence", c_uint32),
        ("memory", c_uint32),
        ("m", _Place),
        ("length", c_uint32),
        ("reserved2", c_uint32),
        ("request_fd", c_int32),
    )


def _request(direction: int, number: int, size: int) -> int:
    return direction << 30 | size << 16 | ord("V") << 8 | number


_IN, _OUT, _BOTH = 2, 1, 3
QUERYCAP = _request(_IN, 0, ctypes.sizeof(Capability))
ENUM_FMT = _request(_BOTH, 2, ctypes.sizeof(FormatDescription))
S_FMT = _request(_BOTH, 5, ctypes.sizeof(Format))
REQBUFS = _request(_BOTH, 8, ctypes.sizeof(RequestBuffers))
QUERYBUF = _request(_BOTH, 9, ctypes.sizeof(Buffer))
QBUF = _request(_BOTH, 15, ctypes.sizeof(Buffer))
DQBUF = _request(_BOTH, 17, ctypes.sizeof(Buffer))
STREAMON = _request(_OUT, 18, ctypes.sizeof(c_int32))
STREAMOFF = _request(_OUT, 19, ctypes.sizeof(c_int32))


class Answer(NamedTuple):
    """One of the kernel's answers: its request's name, and the fields of it that count."""

    name: str
    fields: tuple[str, ...] = ()


ANSWERS: Mapping[int, Answer] = {
    QUERYCAP: Answer("QUERYCAP", ("capabilities", "device_caps")),
    ENUM_FMT: Answer("ENUM_FMT", ("pixelformat",)),
    S_FMT: Answer("S_FMT", tuple(f"fmt.pix.{name}" for name in ("width", "height", "pixelformat", "bytesperline"))),
    REQBUFS: Answer("REQBUFS", ("count",)),
    QUERYBUF: Answer("QUERYBUF", ("length", "m.offset")),
    QBUF: Answer("QBUF"),
    DQBUF: Answer("DQBUF", ("index", "bytesused", "flags")),
    STREAMON: Answer("STREAMON"),
    STREAMOFF: Answer("STREAMOFF"),
}


def answered(request: int, said: object) -> tuple[int, ...]:
    """The numbers of an answer that count."""
    return tuple(attrgetter(field)(said) for field in ANSWERS[request].fields)


def answer(request: int, said: object, numbers: Iterable[int]) -> None:
    """Fill them in. Raises `ValueError` for too few or too many."""
    for field, number in zip(ANSWERS[request].fields, numbers, strict=True):
        *path, last = field.split(".")
        setattr(attrgetter(".".join(path))(said) if path else said, last, number)


def fourcc(name: str) -> int:
    """The number of a pixel format: `MJPG`, `YUYV`."""
    return int.from_bytes(name.encode("ascii"), "little")


MJPG, JPEG, YUYV = fourcc("MJPG"), fourcc("JPEG"), fourcc("YUYV")
_LIKED = (MJPG, JPEG, YUYV)


def liked(offered: Iterable[int]) -> int | None:
    """The format to ask for; None when none of those offered can be read."""
    there = set(offered)
    return next((each for each in _LIKED if each in there), None)


def named(pixelformat: int) -> str:
    """`MJPG`, for a person."""
    return pixelformat.to_bytes(4, "little").decode("ascii", "replace")


def captures(said: Capability) -> bool:
    """Whether the node gives pictures. A webcam has a second node that only tells about them."""
    flags = said.device_caps if said.capabilities & _HAS_DEVICE_CAPS else said.capabilities
    return bool(flags & _CAN_CAPTURE and flags & _CAN_STREAM)


def jpeg_of_yuyv(data: bytes, width: int, height: int, stride: int, quality: int) -> bytes:
    """A JPEG of a frame that came without compression. Raises `ValueError` when the frame is too short for its size."""
    from io import BytesIO

    from PIL import Image

    if width % 2 or stride < 2 * width or len(data) < stride * height:
        raise ValueError(f"{len(data)} bytes are no frame of {width} × {height}")
    if stride != 2 * width:
        data = b"".join(data[row * stride : row * stride + 2 * width] for row in range(height))
    data = data[: 2 * width * height]
    half = (width // 2, height)
    planes = [Image.frombytes("L", (width, height), data[0::2])]
    planes += [Image.frombytes("L", half, data[first::4]).resize((width, height)) for first in (1, 3)]
    file = BytesIO()
    Image.merge("YCbCr", planes).save(file, "JPEG", quality=quality)
    return file.getvalue()


_TROUBLES = {
    errno.EBUSY: (
        "another program uses the camera: stop it",
        "un autre programme utilise la caméra : arrêtez-le",
    ),
    errno.ENOSPC: (
        "this USB controller has no room for the camera: plug it into another port, or ask for a smaller picture",
        "le contrôleur USB est saturé : branchez la caméra ailleurs",
    ),
    errno.EACCES: (
        "the station may not open it: its user must be in group video",
        "accès refusé à la caméra : appelez un technicien",
    ),
    errno.EPERM: (
        "the station may not open it: the service's DeviceAllow must name char-video4linux",
        "accès refusé à la caméra : appelez un technicien",
    ),
}
_GONE = ("it is not there: plug the camera in", "la caméra est débranchée : rebranchez-la")


def trouble(error: OSError) -> tuple[str, str]:
    """What an error of the kernel means at a bench, in English and French."""
    if error.errno in (errno.ENODEV, errno.ENOENT, errno.ENXIO, errno.EIO):
        return _GONE
    said = f"the kernel says {error.strerror or error}: unplug the camera and plug it in again"
    return _TROUBLES.get(error.errno or 0, (said, "la caméra est en défaut : débranchez-la et rebranchez-la"))
