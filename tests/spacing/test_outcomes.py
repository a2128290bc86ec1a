"""The steps of a simulation against the scheduler, whose own steps are held to py-fsrs."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.spacing.fsrs import Fsrs
from studykit.spacing.outcomes import Outcomes
from studykit.spacing.state import Recall

DAY = date(2026, 11, 23)
STABILITIES = st.floats(0.01, 20_000)
DIFFICULTIES = st.floats(1, 10)
GRADES = st.integers(1, 4)
FITTED = (0.3, 1.0, 3.5, 12.0, 6.9, 0.7, 2.5, 0.02, 1.7, 0.12, 0.9, 1.6, 0.08, 0.3, 1.4, 0.5, 2.2, 0.6, 0.2, 0.1, 0.25)


@given(STABILITIES, DIFFICULTIES, st.integers(1, 3000), GRADES, st.sampled_from([None, FITTED]))
def test_a_step_is_that_of_the_scheduler(
    stability: float, difficulty: float, elapsed: int, grade: int, parameters: tuple[float, ...] | None
) -> None:
    scheduler, memory = Fsrs(parameters=parameters), Outcomes(parameters)
    before = Recall(stability, difficulty, DAY, DAY, 5, 0)
    later = DAY + timedelta(days=elapsed)
    theirs = scheduler.review(before, grade, later)
    ours = memory.after(stability, difficulty, elapsed, grade)
    assert ours == pytest.approx((min(theirs.stability, 36_500), theirs.difficulty), rel=1e-9)
    assert memory.recall(stability, elapsed) == pytest.approx(scheduler.retrievability(before, later), rel=1e-12)
    again = scheduler.review(before, grade, DAY)
    assert memory.same_day(stability, difficulty, grade) == pytest.approx((again.stability, again.difficulty), rel=1e-9)


@pytest.mark.parametrize("grade", [1, 2, 3, 4])
def test_a_first_step_is_that_of_the_scheduler(grade: int) -> None:
    theirs = Fsrs().review(None, grade, DAY)
    assert Outcomes().first(grade) == pytest.approx((theirs.stability, theirs.difficulty), rel=1e-12)


@given(STABILITIES, st.integers(0, 400), st.integers(1, 400))
def test_days_of_knowing_are_the_sum_of_recall(stability: float, start: int, length: int) -> None:
    """Against the trapezium rule, whose error on a curve bent one way is bounded by its first and last step."""
    memory = Outcomes()
    whole = memory.known_days(stability, start, start + length)
    curve = [memory.recall(stability, start + day) for day in range(length + 1)]
    assert sum(curve[1:]) - 1e-6 <= whole <= sum(curve[:-1]) + 1e-6


@given(STABILITIES, st.floats(0.5, 0.99))
def test_days_until_a_recall_lead_to_it(stability: float, retention: float) -> None:
    memory = Outcomes()
    assert memory.recall(stability, memory.days_until(stability, retention)) == pytest.approx(retention, rel=1e-9)
