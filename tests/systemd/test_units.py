"""The shipped units, users, folders and device rules, read by systemd's own programs."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from station.config import KioskConfig

SHIPPED = Path(__file__).parents[2] / "systemd"
OURS = ("packline-station", "packline-central")
UNITS = pytest.mark.parametrize("name", OURS)
# Making users and folders for root takes root, or a user namespace where we are it.
AS_ROOT = [] if os.geteuid() == 0 else ["unshare", "--map-root-user"]


def run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@UNITS
@pytest.mark.feature("F4")
def test_systemd_finds_nothing_to_say_about_a_unit(tmp_path: Path, name: str) -> None:
    program = tmp_path / name
    program.symlink_to("/bin/true")
    unit = tmp_path / f"{name}.service"
    text = (SHIPPED / unit.name).read_text()
    assert f"/opt/packline/bin/{name} " in text
    unit.write_text(text.replace("/opt/packline/bin/", f"{tmp_path}/"))
    assert run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit) == ""


@pytest.mark.feature("F4")
@pytest.mark.parametrize(("name", "exposure"), [("packline-station", 20), ("packline-central", 15)])
def test_a_unit_may_do_little_else(name: str, exposure: int) -> None:
    """`exposure`: systemd's own sum in tenths, 100 for a service without any protection."""
    run("systemd-analyze", "security", "--offline=yes", f"--threshold={exposure}", SHIPPED / f"{name}.service")


@UNITS
@pytest.mark.feature("F4")
def test_a_unit_says_ready_itself_and_is_watched(name: str) -> None:
    text = (SHIPPED / f"{name}.service").read_text()
    assert {"Type=notify", "Restart=always"} <= set(text.splitlines())
    assert re.search(r"^WatchdogSec=\d+$", text, re.MULTILINE)


@pytest.mark.feature("F2")
@pytest.mark.parametrize("unit", ["packline-revoked", "packline-broker-certificate"])
def test_systemd_finds_nothing_to_say_about_what_brings_files_to_the_broker(tmp_path: Path, unit: str) -> None:
    for name in (f"{unit}.path", f"{unit}.service"):
        (tmp_path / name).write_text((SHIPPED / name).read_text())
    assert run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *sorted(tmp_path.iterdir())) == ""


def bring(unit: str, folder: Path) -> bool:
    """What the unit does, with its folders in `folder` and for this user; False when one of its commands fails."""
    text = (SHIPPED / f"{unit}.service").read_text().replace(" -o mosquitto -g mosquitto", "")
    for place in ("/var/lib/packline/central/authority", "/etc/mosquitto/certs"):
        text = text.replace(place, f"{folder}/{Path(place).name}")
    commands = re.findall(r"^ExecStart=(.+)", text, re.MULTILINE)
    assert "systemctl" in commands[-1]
    return all(subprocess.run(shlex.split(line), check=False, timeout=60).returncode == 0 for line in commands[:-1])


@pytest.mark.feature("F2")
@pytest.mark.parametrize(
    ("unit", "modes"),
    [
        ("packline-revoked", {"revoked.pem": 0o644}),
        ("packline-broker-certificate", {"broker.key": 0o600, "broker.pem": 0o644}),
    ],
)
def test_only_files_that_central_has_itself_are_brought_to_the_broker(
    tmp_path: Path, unit: str, modes: dict[str, int]
) -> None:
    """Root copies them: a link in central's folder must not show everybody what root alone may read."""
    (tmp_path / "authority").mkdir()
    (tmp_path / "certs").mkdir()
    for name in modes:
        (tmp_path / "authority" / name).write_text("longer than what comes next\n")
    assert bring(unit, tmp_path)
    for name in modes:
        (tmp_path / "authority" / name).write_text("ours\n")
    assert bring(unit, tmp_path)
    (tmp_path / "secret").write_text("root's\n")
    for name in modes:
        ours = (tmp_path / "authority" / name).rename(tmp_path / "ours")
        (tmp_path / "authority" / name).symlink_to(tmp_path / "secret")
        assert not bring(unit, tmp_path)
        ours.replace(tmp_path / "authority" / name)
    brought = {path.name: path for path in (tmp_path / "certs").iterdir()}
    assert "root's\n" not in {path.read_text() for path in brought.values()}
    assert {name: brought[name].read_text() for name in modes} == dict.fromkeys(modes, "ours\n")
    assert {name: brought[name].stat().st_mode & 0o777 for name in modes} == modes


@pytest.mark.feature("F4")
def test_users_and_folders_are_made(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    run(*AS_ROOT, "systemd-sysusers", f"--root={tmp_path}", SHIPPED / "sysusers.d" / "packline.conf")
    users = {line.split(":")[0]: line for line in (tmp_path / "etc" / "passwd").read_text().splitlines()}
    assert users["packline-station"].endswith(":/var/lib/packline/station:/usr/sbin/nologin")
    assert users["packline-central"].endswith(":/var/lib/packline/central:/usr/sbin/nologin")
    # In a user namespace nothing can be given to another user.
    ours = ["--exclude-prefix=/var"] if AS_ROOT else []
    folders = SHIPPED / "tmpfiles.d" / "packline.conf"
    run(*AS_ROOT, "systemd-tmpfiles", "--create", *ours, f"--root={tmp_path}", folders)
    assert (tmp_path / "etc" / "packline" / "credentials").stat().st_mode & 0o777 == 0o700
    assert re.findall(r"^d (/var/lib/packline/\S+) 0750 (\S+)", folders.read_text(), re.MULTILINE) == [
        (f"/var/lib/packline/{name}", f"packline-{name}") for name in ("station", "central")
    ]


def test_every_user_and_group_of_a_unit_is_made_or_debians_own() -> None:
    made = re.findall(r"^[gu] (\S+)", (SHIPPED / "sysusers.d" / "packline.conf").read_text(), re.MULTILINE)
    for unit in SHIPPED.glob("*.service"):
        for line in unit.read_text().splitlines():
            key, _, value = line.partition("=")
            if key in ("User", "Group", "SupplementaryGroups"):
                assert set(value.split()) <= {*made, "input", "dialout", "lp", "video"}, f"{unit.name}: {line}"


TERM = re.compile(r'([A-Z]+)(\{[^}]+\})?(==|!=|\+=|:=|=)"([^"]*)"')
MATCHES = {"ACTION", "SUBSYSTEM", "SUBSYSTEMS", "KERNEL", "KERNELS", "ENV", "ATTR", "ATTRS", "TEST"}
ASSIGNS = {"GROUP", "MODE", "SYMLINK", "GOTO", "LABEL", "IMPORT", "ENV", "ATTR"}


@pytest.mark.feature("D7")
def test_every_udev_rule_is_well_formed() -> None:
    """udev passes over a rule that it cannot read with a line in the log; its own checker is not in Debian 12."""
    text = (SHIPPED / "udev" / "60-packline.rules").read_text()
    rules = [line for line in text.splitlines() if line and not line.startswith("#")]
    for rule in rules:
        terms = TERM.findall(rule)
        assert ", ".join("".join((*term[:3], f'"{term[3]}"')) for term in terms) == rule
        for key, _, operator, _ in terms:
            assert key in (MATCHES if operator in ("==", "!=") or key == "TEST" else ASSIGNS), rule
    jumps, labels = re.findall(r'GOTO="(\w+)"', text), re.findall(r'LABEL="(\w+)"', text)
    assert set(jumps) <= set(labels)


@pytest.mark.feature("D7")
def test_udev_grants_each_kind_of_device_to_the_station() -> None:
    text = (SHIPPED / "udev" / "60-packline.rules").read_text()
    station = (SHIPPED / "packline-station.service").read_text()
    granted = set(re.findall(r'GROUP="(\w+)"', text))
    groups = re.search(r"^SupplementaryGroups=(.*)$", station, re.MULTILINE)
    assert groups is not None
    assert granted == set(groups[1].split())
    for device in ("input", "hidraw", "ttyUSB", "ttyACM", "usb", "gpiochip", "video4linux", "media", "dma_heap"):
        assert f"DeviceAllow=char-{device} rw" in station


@pytest.mark.feature("D7", "F4")
@pytest.mark.parametrize(
    ("device", "module"),
    [("hidraw", "hid"), ("ttyUSB", "usbserial"), ("ttyACM", "cdc_acm"), ("video4linux", "uvcvideo")],
)
def test_a_kind_of_device_is_known_before_the_first_one_is_plugged_in(device: str, module: str) -> None:
    """systemd resolves DeviceAllow=char-… when the service starts, from what the kernel has loaded by then."""
    unit = (SHIPPED / "packline-station.service").read_text()
    assert f"DeviceAllow=char-{device} rw" in unit
    for order in ("Wants", "After"):
        assert re.search(rf"^{order}=.*\bmodprobe@{module}\.service\b", unit, re.MULTILINE)


@pytest.mark.feature("P21")
def test_the_kiosk_starts_with_sound_over_the_whole_screen_at_the_stations_port() -> None:
    program, *options = shlex.split(setting("user/packline-kiosk", "ExecStart"))
    assert program == "chromium"
    assert {"--kiosk", "--autoplay-policy=no-user-gesture-required"} <= set(options)
    assert options[-1] == f"http://127.0.0.1:{KioskConfig().port}/"


@pytest.mark.feature("P21")
def test_the_session_starts_the_kiosks_unit_on_its_own_display(tmp_path: Path) -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]  # its keys have capitals
    entry.read(SHIPPED / "autostart" / "packline-kiosk.desktop")
    (tmp_path / "systemctl").write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/said\n')
    (tmp_path / "systemctl").chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    subprocess.run(shlex.split(entry["Desktop Entry"]["Exec"]), check=True, env={"PATH": path}, timeout=60)
    assert (tmp_path / "said").read_text().splitlines() == [
        "--user import-environment DISPLAY WAYLAND_DISPLAY XAUTHORITY",
        "--user restart packline-kiosk.service",
    ]


@pytest.mark.feature("P21")
def test_systemd_finds_nothing_to_say_about_the_kiosks_unit(tmp_path: Path) -> None:
    unit = tmp_path / "packline-kiosk.service"
    text = (SHIPPED / "user" / unit.name).read_text()
    unit.write_text(text.replace("ExecStart=chromium ", "ExecStart=/bin/true "))
    assert run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit) == ""


@pytest.mark.feature("R6")
def test_the_stations_program_stays_in_memory_and_what_pushes_programs_out_is_ended() -> None:
    """A unit is kept no more memory than the slice above it. `tests/device_vm` reads both from the kernel."""
    assert setting("packline-station", "Slice") == "packline.slice"
    assert setting("packline-station", "MemoryMin") == setting("packline.slice", "MemoryMin")
    written = dict(
        re.findall(r"^w (\S+) - - - - (\S+)$", (SHIPPED / "tmpfiles.d/packline.conf").read_text(), re.MULTILINE)
    )
    assert written == {"/sys/kernel/mm/lru_gen/enabled": "y", "/sys/kernel/mm/lru_gen/min_ttl_ms": "1000"}
    assert run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", SHIPPED / "packline.slice") == ""


@pytest.mark.feature("R6")
def test_when_memory_runs_out_the_browser_goes_first_and_comes_back_and_the_station_goes_last() -> None:
    """The kernel ends what has the highest score. `tests/device_vm` lets it."""
    scores = [int(setting(unit, "OOMScoreAdjust")) for unit in ("user/packline-kiosk", *OURS)]
    browser, *services = scores
    # Chromium lifts its pages' processes to 300 by itself; journald has -250.
    assert browser > 300
    assert all(score < -250 for score in services)
    assert setting("user/packline-kiosk", "Restart") == "always"
    assert setting("user/packline-kiosk", "OOMPolicy") == "kill", "a browser whose page was ended is started anew"
    assert setting("packline-station", "OOMPolicy") == "continue", "a camera's program that was ended is missed alone"
    assert setting("packline-station", "MemoryMax") == "384M"


def setting(unit: str, name: str) -> str:
    """What a shipped unit has under this name, once."""
    file = SHIPPED / (unit if unit.endswith(".slice") else f"{unit}.service")
    (value,) = re.findall(rf"^{name}=(.*)$", file.read_text(), re.MULTILINE)
    return str(value)
