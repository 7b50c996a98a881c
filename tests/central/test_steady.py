"""A wall clock is trusted with deleting when it has gone steadily for six hours."""

from __future__ import annotations

from central.steady import SteadyClock

HOUR_S = 3600.0
YEARS_S = 5 * 365 * 24 * HOUR_S


class Clocks:
    """A wall clock, and one that nobody sets."""

    def __init__(self) -> None:
        self.since_boot_s, self.ahead_s = 1_000.0, 0.0
        self.steady = SteadyClock(lambda: int((self.since_boot_s + self.ahead_s) * 1000), lambda: self.since_boot_s)

    def after(self, hours: int) -> bool:
        """What the last of the looks says, one every hour."""
        said = False
        for _ in range(hours):
            self.since_boot_s += HOUR_S
            said = self.steady.look()
        return said


def test_after_six_hours_without_a_jump_it_is_trusted() -> None:
    clocks = Clocks()
    assert not clocks.after(5)
    assert clocks.after(1)


def test_after_a_jump_it_is_not_for_six_hours() -> None:
    clocks = Clocks()
    assert clocks.after(6)
    for ahead_s in (YEARS_S, 0.0):
        clocks.ahead_s = ahead_s
        assert not clocks.after(6)
        assert clocks.after(1)


def test_what_a_time_server_corrects_is_no_jump() -> None:
    clocks = Clocks()
    assert clocks.after(6)
    clocks.ahead_s = 300.0
    assert clocks.after(1)
