"""The technician's commands as real processes, against twins."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from contract.commands import Command
from labels.gs1 import find_all
from labels.readback import printed
from station.devices.calibration import FIRST, SECOND
from station.devices.simulated import (
    CameraTrouble,
    SimulatedKeyboardScanner,
    SimulatedRibbonCamera,
    SimulatedScale,
    SimulatedSerialScanner,
    SimulatedSignals,
    SimulatedZplPrinter,
)
from tests.station.played import command
from tests.station.test_config import GOOD

HEAD = GOOD[: GOOD.index("[[device]]")]


def a_bench(folder: Path, *devices: str) -> str:
    path = folder / "station.toml"
    tables = "".join(f"[[device]]\n{device}\n" for device in devices)
    path.write_text(HEAD.replace("/var/lib/packline", str(folder / "state")) + tables)
    return str(path)


class Talk:
    """A running command: waits for what it says."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self.out = ""

    async def __aenter__(self) -> Talk:
        import sys

        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "station.cli", *self._arguments,
            stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def says(self, text: str) -> None:
        assert self.process.stdout is not None
        async with asyncio.timeout(60):
            while text not in self.out:
                line = await self.process.stdout.readline()
                assert line, f"it ended without {text!r}: {self.out}"
                self.out += line.decode()

    async def ends(self) -> int:
        assert self.process.stdout is not None
        async with asyncio.timeout(60):
            self.out += (await self.process.stdout.read()).decode()
            return await self.process.wait()


@pytest.mark.feature("D7")
async def test_devices_lists_this_machine(tmp_path: Path) -> None:
    code, out, err = await command("devices", "--json")
    assert (code, err) == (0, "")
    assert all({"node", "driver", "why", "settings", "configured_as"} <= set(device) for device in json.loads(out))
    code, out, _ = await command("devices", "--config", a_bench(tmp_path))
    assert code == 0
    assert out.strip()


@pytest.mark.feature("D1", "D3")
async def test_try_a_scanner(tmp_path: Path) -> None:
    async with SimulatedSerialScanner(tmp_path / "scanner") as twin:
        bench = a_bench(tmp_path, f'name = "left"\ndriver = "serial_scanner"\npath = "{twin.path}"')
        async with Talk("try", "scanner", "--config", bench) as talk:
            await talk.says("left is open. Scan any code")
            twin.scan("]C110AB\x1d21X")
            assert await talk.ends() == 0
        assert 'It read "10AB<GS>21X" with AIM identifier ]C1.' in talk.out
        async with Talk("try", "scanner", "--config", bench) as talk:
            await talk.says("left is open")
            twin.send(b"\xff\xfe\r")
            assert await talk.ends() == 1
        assert "check its cable and baud rate" in talk.out
        code, out, _ = await command("try", "scanner", "--config", bench, "--seconds", "0.3")
        assert code == 1
        assert "Nothing came." in out
    code, out, _ = await command("try", "scanner", "--config", bench)
    assert code == 1
    assert "is not there: plug the device in" in out
    code, _, err = await command("try", "scale", "--config", bench)
    assert (code, err) == (2, "packline-station: station.toml has no scale\n")


@pytest.mark.feature("D5")
async def test_try_a_scale(tmp_path: Path) -> None:
    async with SimulatedScale(tmp_path / "scale") as twin:
        bench = a_bench(tmp_path, f'name = "scale"\ndriver = "toledo_scale"\npath = "{twin.path}"')
        async with Talk("try", "scale", "--config", bench) as talk:
            await talk.says("Put something on it")
            twin.place(1240)
            assert await talk.ends() == 0
        assert "It weighs 1240 g at rest" in talk.out
        twin.place(0)
        code, out, _ = await command("try", "scale", "--config", bench, "--seconds", "1")
        assert code == 1
        assert "nothing was put on it" in out


@pytest.mark.feature("D8")
async def test_try_a_printer(tmp_path: Path) -> None:
    async with SimulatedZplPrinter() as twin:
        bench = a_bench(tmp_path, f'name = "zebra"\ndriver = "zpl_printer"\nhost = "127.0.0.1"\nport = {twin.port}')
        code, out, _ = await command("try", "printer", "--config", bench)
        assert code == 0
        assert "It printed." in out
        assert len(twin.labels) == 1
        twin.paper_out = True
        code, out, _ = await command("try", "printer", "--config", bench)
        assert code == 1
        assert "labels" in out
        assert len(twin.labels) == 1
        twin.paper_out = False
        code, out, _ = await command("calibrate", "--print", "zebra", "--config", bench)
        assert (code, len(twin.labels)) == (0, 2)


@pytest.mark.feature("D11")
async def test_try_lights_and_buttons(tmp_path: Path) -> None:
    lights, buttons = {"red": 17, "green": 22}, {"confirm": 5, "undo": 6}
    async with SimulatedSignals(tmp_path / "pins", lights=lights, buzzer=24, buttons=buttons) as twin:
        pins = "lights = { red = 17, green = 22 }\nbuzzer = 24\nbuttons = { confirm = 5, undo = 6 }"
        bench = a_bench(
            tmp_path, f'name = "tower"\ndriver = "gpio_signals"\npins = "simulated"\npath = "{twin.path}"\n{pins}'
        )
        async with Talk("try", "lights", "--config", bench) as talk:
            await talk.says("Press each button: confirm, undo")
            twin.press("confirm")
            twin.press("undo")
            assert await talk.ends() == 0
        assert "call lead" in talk.out
        assert "Every button answers." in talk.out


@pytest.mark.feature("D15")
async def test_try_a_camera(tmp_path: Path) -> None:
    twin, out_file = SimulatedRibbonCamera(tmp_path / "camera"), tmp_path / "seen.jpg"
    camera = f'driver = "rpicam_camera"\ncommand = "{twin.command}"\nwidth = 640\nheight = 480\ntimeout_s = 60'
    trying = ("try", "camera", "--config", a_bench(tmp_path, f'name = "top"\n{camera}'), "--out", str(out_file))
    code, out, _ = await command(*trying)
    assert code == 0
    assert "640 × 480" in out
    assert out_file.read_bytes().startswith(b"\xff\xd8")
    assert out_file.stat().st_mode & 0o777 == 0o600
    twin.light("dark")
    code, out, _ = await command(*trying)
    assert code == 1
    assert "The picture is dark" in out
    twin.trouble = CameraTrouble.HALF
    code, out, _ = await command(*trying)
    assert code == 1
    assert "half a picture" in out
    twin.trouble = CameraTrouble.DENIED
    code, out, _ = await command(*trying)
    assert code == 1
    assert "group video" in out
    twin.uninstall()
    code, out, _ = await command(*trying)
    assert code == 1
    assert out.startswith(f"top: {twin.command} cannot be started: install rpicam-apps-lite")


@pytest.mark.feature("D2")
async def test_calibrate_at_the_terminal_and_forget(tmp_path: Path) -> None:
    async with SimulatedKeyboardScanner(tmp_path / "scanner", layout="it", end="tab") as twin:
        bench = a_bench(
            tmp_path,
            f'name = "left"\ndriver = "evdev_scanner"\npath = "{twin.path}"',
            'name = "scale"\ndriver = "toledo_scale"\npath = "/dev/serial0"',
        )
        async with Talk("calibrate", "left", "--config", bench) as talk:
            await talk.says("Scan code 1")
            await twin.opened()
            twin.scan(FIRST)
            await talk.says("Scan code 2")
            twin.scan(SECOND)
            assert await talk.ends() == 0
        assert "Italian keyboard; codes end with Tab; AIM identifier not sent; GS kept." in talk.out
        async with Talk("try", "scanner", "--config", bench) as talk:
            await talk.says("Scan any code")
            await twin.opened()
            twin.scan("A@1_;")
            assert await talk.ends() == 0
        assert 'It read "A@1_;".' in talk.out
    code, out, _ = await command("calibrate", "left", "--forget", "--config", bench)
    assert code == 0
    assert "station.toml again" in out
    code, out, _ = await command("calibrate", "left", "--forget", "--config", bench)
    assert "was not calibrated" in out
    sheet = tmp_path / "sheet.pdf"
    code, out, _ = await command("calibrate", "--sheet", str(sheet), "--config", bench)
    assert code == 0
    assert sheet.read_bytes().startswith(b"%PDF")
    code, _, err = await command("calibrate", "right", "--config", bench)
    assert (code, err) == (2, "packline-station: station.toml has no device 'right'; there is left, scale\n")
    code, out, _ = await command("calibrate", "scale", "--config", bench)
    assert (code, out) == (2, "'scale' is no scanner that can be calibrated; there is left\n")


@pytest.mark.feature("D13")
async def test_record_and_replay(tmp_path: Path) -> None:
    tape = tmp_path / "left.tape"
    async with SimulatedSerialScanner(tmp_path / "scanner") as twin:
        bench = a_bench(tmp_path, f'name = "left"\ndriver = "serial_scanner"\npath = "{twin.path}"')
        async with Talk("record", "left", "--out", str(tape), "--seconds", "3", "--config", bench) as talk:
            await talk.says("scanner is ok")
            twin.scan("4006381333931")
            twin.scan("BADGE-MARIE")
            assert await talk.ends() == 0
    code, out, _ = await command("replay", str(tape))
    assert code == 0
    assert 'scan "4006381333931"' in out
    assert 'scan "XXXXX-XXXXX"' in out
    tape.write_text("hello\n")
    code, out, _ = await command("replay", str(tape))
    assert code == 1
    assert "line 1: this is no Packline tape" in out
    tape.unlink()
    code, _, err = await command("replay", str(tape))
    assert (code, err.strip()) == (1, f"packline-station: {tape}: No such file or directory")


@pytest.mark.feature("D13")
async def test_record_and_replay_of_lights_and_of_a_camera(tmp_path: Path) -> None:
    tape = tmp_path / "lights.tape"
    async with SimulatedSignals(tmp_path / "pins", lights={"red": 17}, buttons={"undo": 6}) as twin:
        bench = a_bench(
            tmp_path,
            f'name = "lights"\ndriver = "gpio_signals"\npins = "simulated"\npath = "{twin.path}"\n'
            "lights = { red = 17 }\nbuttons = { undo = 6 }",
        )
        async with Talk("record", "lights", "--out", str(tape), "--seconds", "3", "--config", bench) as talk:
            await talk.says("signals is ok")
            twin.press("undo")
            await talk.says("button undo")
            assert await talk.ends() == 0
    code, out, _ = await command("replay", str(tape))
    assert code == 0
    assert "button undo" in out
    tape.write_text(
        '{"packline_tape":1,"device":"above","settings":{"driver":"rpicam_camera","name":"above"}}\n'
        f'[0.1,"out","{b"picture".hex()}",0]\n[0.2,"in","{(b"frame JPEG 0 0 0" + chr(10).encode()).hex()}",0]\n'
        f'[0.2,"in","{b"words ERROR: *** no cameras available ***".hex()}",0]\n[0.2,"in","{b"code 255".hex()}",0]\n'
    )
    code, out, _ = await command("replay", str(tape))
    assert code == 0
    assert "camera is bad: it sees no camera" in out


@pytest.mark.feature("P7")
async def test_the_command_sheet_is_written_and_printed(tmp_path: Path) -> None:
    async with SimulatedZplPrinter() as twin:
        bench = a_bench(tmp_path, f'name = "zebra"\ndriver = "zpl_printer"\nhost = "127.0.0.1"\nport = {twin.port}')
        sheet = tmp_path / "sheet.pdf"
        for size, sides in (("a4", "[ 0 0 595"), ("A5", "[ 0 0 419"), ("102x152", "[ 0 0 289")):
            written = ("commands", "--sheet", str(sheet), "--paper", size, "--language", "en", "--config", bench)
            assert (await command(*written))[0] == 0
            assert sides.encode() in sheet.read_bytes()
        assert (await command("commands", "--print", "zebra", "--config", bench))[0] == 0
        labels = [scan for document in twin.labels for image in printed(document).sheets for scan in find_all(image)]
        assert set(Command) <= set(labels)
    code, _, err = await command("commands", "--sheet", str(sheet), "--paper", "card", "--config", bench)
    assert (code, "'card' is no paper; write a4, a5" in err) == (2, True)
    code, out, _ = await command("commands", "--sheet", str(sheet), "--paper", "40x60", "--config", bench)
    assert (code, "mm wide, the paper 40 mm" in out) == (1, True)
    code, _, err = await command("commands", "--config", bench)
    assert (code, "--sheet FILE.pdf or --print PRINTER" in err) == (2, True)
