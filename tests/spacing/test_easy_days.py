"""Vacations and easy days of the week, and the choice of a day among them."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import SettingsError
from studykit.spacing.easy_days import day_shares, every_day
from studykit.spacing.fuzz import choose, fuzz_range

DAY = date(2026, 11, 23)  # a Monday


def nothing_due(_day: date) -> int:
    return 0


@pytest.mark.parametrize("text", ["2026-12-32", "2026-13-01..2026-12-24", "2027-01-02..2026-12-24", "soon", ""])
def test_a_vacation_that_is_no_span_is_named(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        day_shares({}, [text])
    assert repr(text) in caught.value.message
    assert caught.value.hint


@given(st.text(max_size=9), st.integers(0, 99), st.integers(3, 3000))
def test_days_off_are_never_taken_where_another_day_is_in_reach(card: str, reps: int, interval: int) -> None:
    share = day_shares({"sat": 0.5, "sun": 0.0}, ["2026-12-24..2027-01-02"])
    offset = choose(card, reps, interval, DAY, nothing_due, share=share)
    low, high = fuzz_range(interval)
    assert low <= interval + offset <= high
    reach = [share(DAY + timedelta(days=days)) for days in range(low, high + 1)]
    assert share(DAY + timedelta(days=interval + offset)) > 0 or not any(reach)


def test_an_easy_day_gets_its_share_of_the_cards() -> None:
    """Twelve hundred cards one after another: Saturdays, at half a day, end with about half of what others have."""
    loads: Counter[date] = Counter()
    share = day_shares({"sat": 0.5}, [])
    for number in range(1200):
        loads[DAY + timedelta(days=30 + choose(f"{number}", 1, 30, DAY, loads.__getitem__, share=share))] += 1
    saturdays = [count for day, count in loads.items() if day.weekday() == 5]
    others = [count for day, count in loads.items() if day.weekday() != 5]
    assert 0.4 < (sum(saturdays) / len(saturdays)) / (sum(others) / len(others)) < 0.6


def test_without_settings_every_day_is_whole() -> None:
    assert day_shares({}, []) is every_day
