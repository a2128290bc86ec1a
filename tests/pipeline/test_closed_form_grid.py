"""Every closed form against the simulation, exactly, wherever its condition holds."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from studykit.pipeline import SCHEDULES, InfeasibleSchedule, closed_form, simulate

from .schedule_cases import CHUNKED, exact

TIMES = ((1, 1, 1), (1, 2, 1), (2, 2, 1), (3, 1, 2), (2, 3, 7), (1, 5, 2), (10, 11, 8))
HOPS = (Fraction(0), Fraction(1, 7), Fraction(6))


def uneven(P: int, seed: int) -> tuple[list[int], list[int], list[int]]:
    forward, inputs, weights = ([(seed * rank * rank + k * rank) % 5 + 1 for rank in range(P)] for k in (1, 2, 3))
    return forward, inputs, weights


def grid(schedule: str, step: int) -> Iterator[dict[str, Any]]:
    """P 1..16, M 1..8P, V 1..4, with `step` thinning them by a fixed pattern; times and hops take turns."""
    turn = 0
    for P in range(1, 17):
        for M in range(1, 8 * P + 1):
            for V in range(1, 5) if schedule in CHUNKED else (1,):
                turn += 1
                if turn % step:
                    continue
                hop = HOPS[turn // step % 3]
                yield exact(P, M, V, TIMES[turn // step % len(TIMES)], hop)
                yield exact(P, M, V, (1, 1, 1))
                yield exact(P, M, V, uneven(P, turn % 4), hop)


def agree(schedule: str, arguments: dict[str, Any]) -> bool:
    """Compare all figures; False if there was nothing to compare."""
    try:
        form = closed_form(schedule, **arguments)
    except InfeasibleSchedule:
        with pytest.raises(InfeasibleSchedule):
            simulate(schedule, **arguments)
        return False
    plan = simulate(schedule, **arguments)
    if form.peak_activations is not None:
        assert form.peak_activations == plan.peak_activations, arguments
    assert form.weight_versions == plan.weight_versions
    assert (form.work, form.work_by_rank) == (plan.work, plan.work_by_rank)
    if not form:
        assert (form.makespan, form.span, form.idle, form.bubble("span")) == (None, None, None, None)
        return False
    assert (form.makespan, form.span, form.idle) == (plan.makespan, plan.span, plan.idle), (schedule, arguments)
    assert all(form.bubble(name) == plan.bubble(name) for name in ("total", "ideal", "span"))
    return True


WITH_FORMULA = [name for name in SCHEDULES if name not in ("v-half", "v-min")]


@pytest.mark.parametrize("schedule", WITH_FORMULA)
def test_agrees_with_the_simulation_on_a_strided_grid(schedule: str) -> None:
    step = 61 if schedule in CHUNKED else 13
    assert sum(agree(schedule, arguments) for arguments in grid(schedule, step)) >= 9


@pytest.mark.slow
@pytest.mark.parametrize("schedule", WITH_FORMULA)
def test_agrees_with_the_simulation_on_the_whole_grid(schedule: str) -> None:
    assert sum(agree(schedule, arguments) for arguments in grid(schedule, 1)) >= 100


@pytest.mark.parametrize("schedule", ["v-half", "v-min"])
def test_says_when_no_formula_is_known(schedule: str) -> None:
    form = closed_form(schedule, **exact(4, 8))
    assert not form
    assert form.makespan is None
    assert form.peak_activations is None
    assert form.failing == "no closed form is known; simulate"
