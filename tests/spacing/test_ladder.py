"""Fixed steps by label."""

from datetime import date, timedelta

import pytest

from studykit.errors import SettingsError
from studykit.spacing.ladder import Ladder
from studykit.spacing.scheduler import NAMES, scheduler
from studykit.spacing.state import Recall

START = date(2026, 1, 1)

# A fixed review plan by difficulty as people keep it in a settings file: days after the first, second … recall.
PLAN = {"easy": [1, 3, 7, 15, 30, 60, 120], "medium": [1, 2, 5, 10, 21, 45, 90], "hard": [1, 1, 3, 7, 14, 30, 60]}


def climb(ladder: Ladder, ratings: list[int], label: str) -> list[int]:
    recall, day, intervals = None, START, []
    for rating in ratings:
        recall = ladder.review(recall, rating, day, label=label)
        intervals.append((recall.due - day).days)
        day = recall.due
    return intervals


@pytest.mark.parametrize("label", sorted(PLAN))
def test_good_climbs_the_plan_and_stays_at_its_top(label: str) -> None:
    steps = PLAN[label]
    assert climb(Ladder(PLAN), [3] * 9, label) == [*steps, steps[-1], steps[-1]]
    assert climb(Ladder(), [3] * 9, label) == [*steps, steps[-1], steps[-1]]  # the same plan is the default


@pytest.mark.parametrize(
    ("ratings", "intervals"),
    [
        ([4, 4, 4], [2, 10, 45]),
        ([2, 2, 3, 2], [1, 1, 2, 2]),
        ([3, 3, 3, 1, 3, 3], [1, 2, 5, 0, 1, 2]),
        ([1, 1, 4], [0, 0, 2]),
    ],
)
def test_other_grades(ratings: list[int], intervals: list[int]) -> None:
    assert climb(Ladder(), ratings, "medium") == intervals


def test_a_second_success_on_one_day_climbs_no_further() -> None:
    ladder = Ladder()
    once = ladder.review(None, 3, START)
    assert ladder.review(once, 3, START).due == once.due


def test_lapses_are_counted_once_a_day() -> None:
    ladder = Ladder()
    recall: Recall | None = None
    for day, rating in [(0, 1), (0, 3), (5, 1), (5, 1), (5, 3), (9, 1)]:
        recall = ladder.review(recall, rating, START + timedelta(days=day))
    assert recall is not None
    assert (recall.reps, recall.lapses) == (6, 2)


@pytest.mark.parametrize(
    ("interval", "reps", "next_interval"), [(5, 3, 10), (6, 9, 10), (90, 7, 90), (400, 9, 90), (1, 1, 2)]
)
def test_an_imported_card_goes_on_where_it_stands(interval: int, reps: int, next_interval: int) -> None:
    ladder = Ladder()
    recall = ladder.imported(last=START, interval=interval, reps=reps, label="medium")
    assert recall.due == START + timedelta(days=interval)
    assert (ladder.review(recall, 3, recall.due).due - recall.due).days == next_interval


def test_equal_steps_are_told_apart_by_repetitions() -> None:
    ladder = Ladder()
    first, second = (ladder.imported(last=START, interval=1, reps=reps, label="hard") for reps in (1, 2))
    assert [(ladder.review(r, 3, r.due, label="hard").due - r.due).days for r in (first, second)] == [1, 3]


@pytest.mark.parametrize("steps", [[], [0, 1], [3, 2]])
def test_a_ladder_that_is_none_is_refused(steps: list[int]) -> None:
    with pytest.raises(SettingsError, match="hard"):
        Ladder({"hard": steps})


def test_schedulers_are_chosen_by_name() -> None:
    for name in NAMES:
        chosen = scheduler(name, retention=0.9, maximum_interval=50)
        recall = chosen.review(None, 3, START)
        for _ in range(12):
            assert 0.0 < chosen.retrievability(recall, recall.due + timedelta(days=9)) < 1.0
            assert chosen.preview(recall, recall.due)[0] == 0
            recall = chosen.review(recall, 4, recall.due)
        assert 2 <= (recall.due - recall.last).days <= 50


def test_what_no_scheduler_can_do_is_refused() -> None:
    for name, retention, maximum in [("fsrs9", 0.9, 100), ("fsrs", 1.5, 100), ("fsrs", 0.0, 100), ("fsrs", 0.9, 0)]:
        with pytest.raises(SettingsError):
            scheduler(name, retention=retention, maximum_interval=maximum)
