"""Tapes of lights, buttons, drawer and door, played to the ordinary driver on the kernel's own structs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices.line_levels import every_level, levels, read_levels, read_wanted, wanted
from station.devices.ports import Health, Lamp
from station.devices.replaying import replay
from station.devices.simulated import SimulatedSignals
from station.devices.tape import BadTape, Chunk, Header
from tests.station.devices.taping import Tape
from tests.station.devices.watching import Watcher, config

pytestmark = pytest.mark.feature("D13", "D11")
WIRED = {"lights": {"red": 17, "green": 22}, "buttons": {"confirm": 5, "undo": 6}}


async def test_a_tape_of_lights_and_buttons_gives_the_same_presses_and_lights_the_same_lines(tmp_path: Path) -> None:
    tape, watcher = Tape(), Watcher()
    twin = SimulatedSignals(
        tmp_path / "pins",
        lights={"red": 17, "green": 22},
        buzzer=24,
        buttons={"confirm": 5, "undo": 6},
        drawer=12,
        door=13,
        changed=watcher.poke,
    )
    more = {"buzzer": 24, "drawer": 12, "drawer_pulse_s": 0.05, "door": 13, "debounce_s": 0.02}
    device = config(driver="gpio_signals", pins="simulated", path=twin.path, **WIRED, **more)
    async with twin, tape.of(device, watcher) as keeper:
        await watcher.health(Health.OK)
        keeper.show(Lamp.GOOD)
        await watcher.until(lambda: twin.lit == {"green"} and twin.beeps and not twin.sounding)
        for name in ("confirm", "undo"):
            twin.press(name)
            await watcher.until(lambda name=name: watcher.presses[-1:] == [name])
        twin.move_door(shut=True)
        await watcher.until(lambda: "The door is shut." in {status.detail for status in watcher.statuses})
        await keeper.open_drawer()
        await watcher.until(lambda: twin.pulses == 1 and not twin.pulled)
    again = await tape.replayed()
    assert again.presses == ["confirm", "undo"]
    assert [status.detail for status in again.statuses if status.detail] == [
        "The door is open.",
        "The door is shut.",
    ]
    for lines in (again.lines, [chunk.data for chunk in tape.chunks if b"17=" in chunk.data or b"12=" in chunk.data]):
        assert [line for line in lines if b"24=" in line][:2] == [b"17=0 22=1 24=1", b"17=0 22=0 24=0"]
        assert [line for line in lines if b"12=" in line][:2] == [b"12=1", b"12=0"]


async def test_lines_of_an_expander_and_low_level_boards_are_played_by_their_own_numbers() -> None:
    device = config(
        driver="gpio_signals", chip="expander", lights={"red": 200}, buttons={"undo": 131}, active_high=False
    )
    chunks = (
        Chunk(0.0, "in", every_level({131: True}).hex()),
        Chunk(0.1, "out", wanted(Lamp.STOP).hex()),
        Chunk(0.2, "in", levels({131: False}).hex()),
    )
    watcher = Watcher()
    await replay(Header(packline_tape=1, device="it", settings=device), chunks, watcher)
    assert watcher.presses == ["undo"]
    assert watcher.lines[0] == b"200=0"


@pytest.mark.parametrize(
    ("direction", "words"), [("in", b"5=2"), ("in", b"\xff"), ("out", b"lamp purple"), ("in", b"5")]
)
async def test_words_that_no_line_says_are_refused(direction: str, words: bytes) -> None:
    device = config(driver="gpio_signals", **WIRED)
    chunks = (Chunk(0.0, direction, words.hex()),)  # type: ignore[arg-type]
    with pytest.raises(BadTape):
        await replay(Header(packline_tape=1, device="it", settings=device), chunks, Watcher())


@given(st.dictionaries(st.integers(0, 255), st.booleans()))
def test_levels_are_read_as_they_were_written(lines: dict[int, bool]) -> None:
    assert read_levels(levels(lines)) == read_levels(every_level(lines)) == lines


@given(st.sampled_from(Lamp))
def test_wishes_are_read_as_they_were_written(lamp: Lamp) -> None:
    assert read_wanted(wanted(lamp)) is lamp
    assert read_wanted(levels({17: True})) is None
