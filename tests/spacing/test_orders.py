"""The order of a day that is too short. What it is worth is in `tests/benchmarks/test_bench_orders.py`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.spacing.learner import Learner
from studykit.spacing.orders import HORIZON, NAMES, by_value, gain, order
from studykit.spacing.outcomes import Outcomes
from studykit.spacing.simulation import SimCard
from tests.spacing import overdue

MEMORY, LEARNER = Outcomes(), Learner()


@given(st.floats(0.05, 2000), st.floats(1, 10), st.integers(1, 700), st.integers(1, 90) | st.none())
def test_value_is_gain_per_second(stability: float, difficulty: float, elapsed: int, until: int | None) -> None:
    card = SimCard(stability, difficulty, -elapsed, 0)
    gained, seconds = gain(card, 0, until or HORIZON, MEMORY, LEARNER)
    assert -1 < gained <= 1
    assert by_value(MEMORY, LEARNER, until)(card, 0) == pytest.approx(-gained / seconds, abs=1e-12)


def test_a_card_just_seen_or_almost_lost_for_long_is_worth_less_than_one_that_slips() -> None:
    priority = by_value(MEMORY, LEARNER)
    fresh, slipping, hopeless = SimCard(200, 5, -1), SimCard(20, 5, -40), SimCard(0.05, 10, -300)
    assert sorted([fresh, slipping, hopeless], key=lambda card: priority(card, 0))[0] is slipping


@pytest.mark.parametrize("name", NAMES)
def test_every_order_has_a_name_and_gives_the_same_twice(name: str) -> None:
    pile = overdue.few_reviews()
    one, two = (sorted(order(name, MEMORY, LEARNER, "s")(card, 3) for card in pile) for _ in range(2))
    assert one == two
    with pytest.raises(ValueError, match="no order"):
        order(f"{name}s", MEMORY, LEARNER)
