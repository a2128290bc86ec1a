"""The fuzz range against py-fsrs, and the choice of a day within it."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.spacing.fuzz import choose, fuzz_range

DAY = date(2026, 11, 23)


def nothing_due(day: date) -> int:
    return 0


# By hand from the published parts: 15 % of the days from 2.5 to 7, 10 % up to 20, 5 % of the rest, and one day.
GOLDEN = [
    (1, (1, 1)),
    (2, (2, 2)),
    (3, (2, 4)),  # 1 + 0.15 x 0.5 = 1.075
    (7, (5, 9)),  # 1 + 0.675
    (10, (8, 12)),  # 1.675 + 0.3
    (20, (17, 23)),  # 1.675 + 1.3
    (100, (93, 107)),  # 2.975 + 4
]


@pytest.mark.parametrize(("interval", "expected"), GOLDEN)
def test_golden_ranges(interval: int, expected: tuple[int, int]) -> None:
    assert fuzz_range(interval) == expected


@pytest.mark.parametrize("interval", [*range(1, 60), 365, 999, 36_000, 36_499, 36_500])
def test_shortest_interval_is_that_of_py_fsrs(interval: int) -> None:
    """Its draw is a random number times the width of the range, so that a draw of 0 shows the lower end."""
    with patch("fsrs.scheduler.random", lambda: 0.0):
        # Stability 1e9 makes every review due at the maximum interval, the one handle on its private range.
        theirs = fsrs.Scheduler(learning_steps=(), maximum_interval=interval)
        card = fsrs.Card(
            1, fsrs.State.Review, stability=1e9, difficulty=5.0, last_review=datetime(2026, 1, 1, tzinfo=UTC)
        )
        now = datetime(2026, 1, 5, tzinfo=UTC)
        fuzzed = (theirs.review_card(card, fsrs.Rating.Good, now)[0].due - now).days
    assert fuzz_range(interval, maximum=interval)[0] == fuzzed


@given(st.integers(1, 40_000), st.integers(1, 36_500))
def test_a_range_holds_its_interval_and_respects_the_maximum(interval: int, maximum: int) -> None:
    low, high = fuzz_range(interval, maximum)
    assert low <= high
    if interval <= maximum:
        assert low <= interval <= high <= maximum
        assert high == min(fuzz_range(interval)[1], maximum)
    if interval > 2.5:
        assert low >= min(2, maximum)


@given(st.text(), st.integers(0, 500), st.integers(1, 20_000), st.lists(st.integers(0, 300), min_size=1))
def test_the_choice_is_in_the_range_and_always_the_same(card: str, reps: int, interval: int, loads: list[int]) -> None:
    def load(day: date) -> int:
        return loads[day.toordinal() % len(loads)]

    offset = choose(card, reps, interval, DAY, load)
    low, high = fuzz_range(interval)
    assert low <= interval + offset <= high
    assert offset == choose(card, reps, interval, DAY, load)


def test_cards_part_and_repetitions_differ() -> None:
    by_card = Counter(choose(f"card {n}", 4, 30, DAY, nothing_due) for n in range(500))
    by_repetition = {choose("one", reps, 30, DAY, nothing_due) for reps in range(50)}
    low, high = fuzz_range(30)
    assert set(by_card) == {days - 30 for days in range(low, high + 1)}
    assert max(by_card.values()) < 3 * min(by_card.values())  # even days are taken evenly
    assert len(by_repetition) > 3


def test_crowded_days_are_relieved() -> None:
    """A thousand cards of interval 30, one after another: the days end up more even than without a look at the load."""
    crowded = {DAY + timedelta(days=30): 200, DAY + timedelta(days=31): 150}
    balanced, blind = Counter(crowded), Counter(crowded)
    for number in range(1000):
        balanced[DAY + timedelta(days=30 + choose(f"{number}", 1, 30, DAY, balanced.__getitem__))] += 1
        blind[DAY + timedelta(days=30 + choose(f"{number}", 1, 30, DAY, nothing_due))] += 1
    low, high = fuzz_range(30)

    def spread(loads: Counter[date]) -> int:
        days = [loads[DAY + timedelta(days=each)] for each in range(low, high + 1)]
        return max(days) - min(days)

    assert spread(balanced) * 3 < spread(blind)
