"""What an order of due cards is worth when the day is too short for all: `value` against every other that is known.

Seeds are fixed, so that the tables are the same everywhere. They are printed with `-s`.
"""

from collections.abc import Callable
from statistics import mean, stdev

import pytest

from studykit.spacing.learner import Learner
from studykit.spacing.orders import by_value
from studykit.spacing.simulation import SimCard
from tests.spacing import field_simulator as field
from tests.spacing import overdue


@pytest.mark.slow
def test_on_the_field_s_own_ground_no_order_is_better() -> None:
    """Mean cost of 60 runs each: not above any other by more than two standard errors, and below most by many."""
    memory = field.FieldOutcomes()
    orders = {**field.orders(memory), "value": by_value(memory, Learner())}
    costs = {name: [field.cost(field.course(memory, each, s)) for s in range(60)] for name, each in orders.items()}
    means = {name: mean(each) for name, each in costs.items()}
    error = max(stdev(each) for each in costs.values()) / 60**0.5
    print(f"\nseconds per card known, mean of 60 runs (standard error at most {error:.2f})")
    for name, value in sorted(means.items(), key=lambda pair: pair[1]):
        print(f"  {name:<16} {value:6.2f}  published for one seed: {field.PUBLISHED.get(name, float('nan')):6.2f}")
    assert all(means["value"] < each + 2 * error for each in means.values())
    for name in ("early due", "low recall", "low stability", "high difficulty", "short interval"):
        assert means["value"] < means[name] - 4 * error


@pytest.mark.slow
@pytest.mark.parametrize("minutes", [15, 4])
@pytest.mark.parametrize("pile", [overdue.few_reviews, overdue.many_reviews])
def test_on_a_pile_of_443_no_order_knows_more(pile: Callable[[], list[SimCard]], minutes: int) -> None:
    """Fifteen minutes clear the pile within weeks, whatever the order; with four it lasts, and order decides."""
    rows = overdue.table(pile(), minutes, 10)
    print("\n" + overdue.printed(f"{pile.__name__}, {minutes} minutes a day, mean of 10 runs", rows))
    value = rows["value"]
    rivals = [row for name, row in rows.items() if name not in ("value", "ladder")]
    assert all(value.through > row.through * 0.99 for row in rivals)
    assert all(mean(value.known) > mean(row.known) * 0.99 for row in rivals)
    if minutes == 4:
        assert value.through > rows["random"].through
        assert value.through > rows["high-recall"].through
        assert value.through > rows["low-recall"].through
