"""How many rows a sender has under way: what one sender does, and what a thousand do together to one receiver."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from link.window import FIRST, LATE_S, LEAST, Window

moments = st.floats(0, 100, allow_nan=False)


@given(st.integers(1, 200), st.lists(st.tuples(moments, moments) | st.none(), max_size=200))
def test_it_stays_within_its_bounds(most: int, events: list[tuple[float, float] | None]) -> None:
    window, now = Window(most), 0.0
    for event in events:
        if event is None:
            window.in_vain(now)
        else:
            after, took = event
            now += after
            window.settled(now - took, now)
        assert min(LEAST, most) <= window.size <= most


def test_prompt_receipts_open_it_wide() -> None:
    window = Window(100)
    rounds = 0
    while window.size < 100:
        rounds += 1
        for _ in range(window.size):
            window.settled(rounds, rounds + 0.01)
    assert rounds == 4


def test_rows_that_come_late_together_narrow_it_once() -> None:
    window = Window(100)
    for sent in range(FIRST):
        window.settled(sent / 100 + 1, 1 + 2 * LATE_S)
    assert window.size == FIRST // 2


@pytest.mark.feature("R2")
@pytest.mark.parametrize("senders", [10, 300, 1000])
def test_many_senders_keep_the_queue_before_one_receiver_short(senders: int) -> None:
    """The receiver settles 500 a second; every sender always has more to send. Nobody speaks to anybody else."""
    windows, under_way = [Window(100) for _ in range(senders)], [0] * senders
    queue: deque[tuple[int, float]] = deque()
    longest = 0
    for tick in range(20 * 60):
        now = 1 + tick / 20
        for sender, window in enumerate(windows):
            while under_way[sender] < window.size:
                under_way[sender] += 1
                queue.append((sender, now))
        for _ in range(min(25, len(queue))):
            sender, sent = queue.popleft()
            under_way[sender] -= 1
            windows[sender].settled(sent, now + 0.05)
        if tick > 20 * 30:
            longest = max(longest, len(queue))
    # A thousand windows of a hundred would be 100,000; what waits is a second or two of work, or the least of each.
    assert longest <= max(3 * 500, (LEAST + 1) * senders)
