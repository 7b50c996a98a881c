"""A program that behaves as `rpicam-still` does: its options, its messages, its exit codes. Started by its twin."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from pathlib import Path
from typing import Final, NoReturn

import msgspec
from msgspec import Struct

from station.devices.simulated.scene import Light, jpeg

_BANNER: Final = "[0:13:57.732391469] [810]  INFO Camera camera_manager.cpp:326 libcamera v0.5.0+59-d83ff0a4\n"
_WORDS: Final = {
    "no_camera": "ERROR: *** no cameras available ***",
    "denied": "[0:13:57.8] [810] ERROR V4L2 v4l2_device.cpp:116 'imx708': Failed to open: Permission denied\n"
    "ERROR: *** no cameras available ***",
    "busy": "[0:13:57.8] [813] ERROR Camera pipeline_handler.cpp:254 Pipeline handler in use by another process\n"
    "ERROR: *** failed to acquire camera /base/axi/pcie@1000120000/rp1/i2c@80000/imx708@1a ***",
    "no_frames": "[0:13:59.1] [816] WARN V4L2 v4l2_videodevice.cpp:2145 /dev/video4[13:cap]: Dequeue timer of"
    " 1000000.00us has expired!\n[0:13:59.1] [816] ERROR RPI pipeline_base.cpp:1364 Camera frontend has timed out!\n"
    "[0:13:59.1] [816] ERROR RPI pipeline_base.cpp:1365 Please check that your camera sensor connector is attached"
    " securely.\nERROR: *** device timeout ***",
}
_FAILED: Final = 255


class Knobs(Struct, frozen=True):
    """What the twin wants of the next picture."""

    trouble: str = ""
    light: Light = "day"
    number: int = 1


def main(arguments: list[str], knobs: Knobs) -> int:
    """One run."""
    options = _options(arguments)
    sys.stderr.write(_BANNER)
    if knobs.trouble in _WORDS:
        return _end(_WORDS[knobs.trouble])
    if options.list_cameras:
        print(
            "Available cameras\n-----------------\n0 : imx708 [4608x2592 10-bit RGGB] (/base/rp1/i2c@80000/imx708@1a)"
        )
        return 0
    if options.camera != 0:
        return _end("ERROR: *** selected camera is not available ***")
    sys.stderr.write(f"Still capture image received, {options.width}x{options.height}\n")
    if knobs.trouble == "slow":
        time.sleep(3600)
    if knobs.trouble == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    # As with a true sensor, no two pictures are alike.
    seen = f"{knobs.number}  {time.time_ns()}"
    picture = jpeg(options.width, options.height, options.quality, knobs.light, seen)
    if knobs.trouble == "half":
        picture = picture[: len(picture) // 2]
    elif knobs.trouble == "nothing":
        picture = b""
    elif knobs.trouble == "endless":
        picture *= 1 + 64 * 1024 * 1024 // len(picture)
    if options.output == "-":
        sys.stdout.buffer.write(picture)
    else:
        Path(options.output).write_bytes(picture)
    return 0


def _end(words: str) -> int:
    sys.stderr.write(f"{words}\n")
    return _FAILED


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"ERROR: *** {message} ***\n")
        raise SystemExit(_FAILED)


def _options(arguments: list[str]) -> argparse.Namespace:
    """The true names of the options that a driver may use; others are refused as the true program does."""
    parser = _Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("--list-cameras", action="store_true")
    parser.add_argument("-n", "--nopreview", action="store_true")
    parser.add_argument("--camera", type=int, default=0)
    parser.add_argument("-t", "--timeout", type=int, default=5000)
    parser.add_argument("--width", type=int, default=4608)
    parser.add_argument("--height", type=int, default=2592)
    parser.add_argument("--rotation", type=int, choices=(0, 180), default=0)
    parser.add_argument("-e", "--encoding", choices=("jpg", "png", "rgb24", "rgb48", "bmp", "yuv420"), default="jpg")
    parser.add_argument("-q", "--quality", type=int, default=93)
    parser.add_argument("--thumb", default="320:240:70")
    parser.add_argument("-o", "--output", default="")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:], msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Knobs)))
