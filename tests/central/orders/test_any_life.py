"""Whatever people, shops and benches do to orders, in any order: the books stay provable, in memory and on SQLite."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.central.life.engines import InMemory, Life, OnSqlite


@pytest.mark.hypothesis
@pytest.mark.feature("O5", "O6", "O7", "O14", "O17", "K1", "K2", "K5", "K7", "R2", "R4")
@pytest.mark.parametrize(("life", "examples", "steps"), [(InMemory, 300, 40), (OnSqlite, 40, 30)])
def test_any_life_keeps_the_books_provable(life: type[Life], examples: int, steps: int) -> None:
    run_state_machine_as_test(
        life,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
