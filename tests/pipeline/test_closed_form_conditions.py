"""The conditions are tight: just outside each one there is a case where its formula is wrong."""

from fractions import Fraction
from typing import Any

import pytest

from studykit.pipeline import SCHEDULES, InfeasibleSchedule, UnknownSchedule, closed_form, simulate
from studykit.pipeline.case import read_case
from studykit.pipeline.formulas import FORMULAS
from studykit.pipeline.formulas.numbers import numbers

from .schedule_cases import exact

LITTLE = Fraction(1, 100)
UNEVEN = ((1, 2, 1, 1), (1, 1, 3, 1), (1, 1, 1, 1))

OUTSIDE = [
    ("1f1b", exact(4, 8, 1, UNEVEN), "uneven stages"),
    ("pipedream", exact(4, 8, 1, UNEVEN), "uneven stages"),
    ("pipedream-2bw", exact(4, 8, 1, UNEVEN), "uneven stages"),
    ("interleaved", exact(4, 8, 2, UNEVEN), "uneven stages"),
    ("interleaved", exact(4, 8, 2, (1, 1, 0), Fraction(1, 2) + LITTLE), "a hop longer than a chunk"),
    ("interleaved", exact(4, 6, 2, (1, 1, 0), LITTLE), "a hop, and M between P and 2P"),
    ("looped-bfs", exact(4, 8, 2, UNEVEN), "uneven stages"),
    ("zb-h1", exact(4, 8, 1, UNEVEN), "uneven stages"),
    ("zb-h1", exact(4, 8, 1, (1, 1, 1), LITTLE), "a hop"),
    ("interleaved-zb", exact(4, 3, 2), "M = P - 1 with two chunks"),
    ("interleaved-zb", exact(4, 4, 2, (1, 1, 1), LITTLE), "a hop"),
    ("interleaved-zb", exact(4, 8, 2, UNEVEN), "uneven stages"),
    ("zb-h2", exact(4, 6), "M = 2P - 2"),
    ("zb-h2", exact(4, 8, 1, (1, 1, 1), LITTLE), "a hop"),
    ("zb-h2", exact(4, 8, 1, UNEVEN), "uneven stages"),
    ("zb-v", exact(4, 8, 1, (1 + LITTLE, 1, 1)), "F a little longer"),
    ("zb-v", exact(4, 8, 1, (1, 1 + LITTLE, 1)), "I a little longer"),
    ("zb-v", exact(4, 8, 1, (1, 1, 1 - LITTLE)), "W a little shorter"),
    ("zb-v", exact(4, 8, 1, (1, 1, 1), LITTLE), "a hop"),
    ("dualpipe", exact(4, 8, 1, (1 + LITTLE, 1, 1)), "F a little longer than I"),
    ("dualpipe", exact(4, 8, 1, (1, 1 + LITTLE, 1)), "I a little longer than F"),
    ("dualpipe", exact(4, 8, 1, (1, 1, 1 + LITTLE)), "W a little longer"),
    ("dualpipe", exact(4, 8, 1, (1, 1, 1), LITTLE), "a hop"),
    ("dualpipev", exact(4, 8, 1, (1 + LITTLE, 1, 1)), "F a little longer than I"),
    ("dualpipev", exact(4, 8, 1, (1, 1 + LITTLE, 1)), "I a little longer than F"),
    ("dualpipev", exact(4, 8, 1, (1, 1, 1 + LITTLE)), "W a little longer"),
    ("dualpipev", exact(4, 8, 1, (1, 1, 1), LITTLE), "a hop"),
    ("chimera", exact(4, 6, 1, (1, 2, 0)), "half a unit left, and B > F"),
    ("chimera", exact(4, 4, 1, (1, 1, 0), LITTLE), "a hop"),
    ("chimera", exact(4, 4, 1, UNEVEN), "uneven stages"),
]


@pytest.mark.parametrize(
    ("schedule", "arguments"), [pytest.param(*row[:2], id=f"{row[0]}: {row[2]}") for row in OUTSIDE]
)
def test_outside_its_condition_the_formula_is_wrong(schedule: str, arguments: dict[str, Any]) -> None:
    form = closed_form(schedule, **arguments)
    assert not form
    assert form.makespan is None
    assert form.failing == form.condition == FORMULAS[schedule].condition
    case = read_case(schedule, **arguments)
    known, formula = numbers(case, case.clock()), FORMULAS[schedule]
    span = formula.makespan if formula.span is None else formula.span
    plan = simulate(schedule, **arguments)
    assert (formula.makespan(known), span(known)) != (plan.makespan, plan.span)


def test_every_conditional_formula_has_a_counterexample() -> None:
    unconditional = {name for name, formula in FORMULAS.items() if formula.condition == "any times"}
    assert unconditional == {"naive", "forward", "gpipe"}
    assert {row[0] for row in OUTSIDE} == set(FORMULAS) - unconditional


def test_published_narrow_forms_are_special_cases() -> None:
    """Zero Bubble 2.1 and appendix H, DeepSeek-V3 table 2, SC'21 2.2.2, each where its authors state it."""
    F, I, W = Fraction(10), Fraction(11), Fraction(8)  # noqa: E741
    times = (F, I, W)
    P, M = 8, 24
    assert closed_form("zb-h1", **exact(P, M, 1, times)).makespan == M * (F + I + W) + (P - 1) * (F + I - W)
    assert closed_form("zb-h1", **exact(P, 5, 1, times)).makespan == (5 + P - 1) * (F + I) + W
    assert closed_form("zb-h2", **exact(P, M, 1, times)).span == M * (F + I + W) + (P - 1) * (F + I - 2 * W)
    assert closed_form("interleaved-zb", **exact(P, M, 2, times)).idle == (P - 1) * (F + I - W) / 2
    assert closed_form("dualpipe", **exact(P, M)).idle == (P // 2 - 1) * (3 + 2 - 3)
    assert closed_form("interleaved", **exact(P, M, 4, times)).idle == (P - 1) * (F + I + W) / 4


def test_is_true_exactly_when_a_formula_answers() -> None:
    assert closed_form("gpipe", stages=4, microbatches=8)
    assert closed_form("gpipe", stages=4, microbatches=8).failing is None
    assert "makespan=33.0" in repr(closed_form("gpipe", stages=4, microbatches=8))
    missing = closed_form("zb-v", stages=4, microbatches=8, forward=2)
    assert not missing
    assert "needs even stages, c = 0 and F = I = W" in repr(missing)


def test_refuses_what_simulate_refuses() -> None:
    with pytest.raises(InfeasibleSchedule, match="M must be at least 2P"):
        closed_form("dualpipev", stages=4, microbatches=7)
    with pytest.raises(UnknownSchedule):
        closed_form("gpip", stages=4, microbatches=7)


def test_every_schedule_has_a_formula_or_says_that_it_has_none() -> None:
    assert set(SCHEDULES) - set(FORMULAS) == {"v-half", "v-min"}
