"""SuperMemo 2 against its publication."""

from datetime import date, timedelta

import pytest

from studykit.spacing.sm2 import Sm2, ease_after

START = date(2026, 1, 1)


def test_ease_follows_the_published_formula() -> None:
    """EF' = EF + (0.1 - (5-q)(0.08 + (5-q) 0.02)): 5 adds 0.1, 4 changes nothing, 3 takes 0.14; 1.3 is the least."""
    assert [ease_after(2.5, q) for q in (5, 4, 3)] == pytest.approx([2.6, 2.5, 2.36])
    assert ease_after(1.35, 3) == 1.3


@pytest.mark.parametrize(
    ("ratings", "intervals"),
    [
        ([3, 3, 3, 3], [1, 6, 15, 38]),  # 6 x 2.5 = 15, x 2.5 = 37.5
        ([4, 4, 4], [1, 6, 16]),  # 6 x 2.7 (the factor before this answer) = 16.2
        ([3, 3, 1, 4, 3, 3], [1, 6, 0, 1, 6, 15]),  # forgetting starts over, the factor stays
        ([2, 2, 2], [1, 6, 13]),  # 6 x 2.22 = 13.3
    ],
)
def test_intervals(ratings: list[int], intervals: list[int]) -> None:
    sm2, recall, day, found = Sm2(), None, START, []
    for rating in ratings:
        recall = sm2.review(recall, rating, day)
        found.append((recall.due - day).days)
        day = recall.due
    assert found == intervals


def test_same_day_repeats_and_imports() -> None:
    sm2 = Sm2()
    recall = sm2.imported(last=START, interval=10, reps=3, label="medium")
    due = sm2.review(recall, 3, START + timedelta(days=10))
    assert due.due == START + timedelta(days=35)
    assert sm2.review(due, 3, START + timedelta(days=10)).due == due.due
    assert sm2.review(due, 3, START).due == due.due  # the clock is behind: counts for the last day
