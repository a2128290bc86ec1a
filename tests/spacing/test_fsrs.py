"""FSRS-6 against py-fsrs: the same memory to 1e-9 over random histories, and its published interval list."""

import random
from datetime import UTC, date, datetime, time, timedelta

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import SettingsError
from studykit.spacing.day import local_day
from studykit.spacing.fsrs import Fsrs
from studykit.spacing.parameters import DEFAULTS, HIGHEST, LOWEST, checked
from studykit.spacing.scheduler import Scheduler
from studykit.spacing.state import Rating, Recall

START = date(2026, 1, 1)
CLOSE = 1e-9
GAPS = (0, 0, 1, 1, 2, 3, 7, 15, 40, 120, 400, 3000)

histories = st.lists(st.tuples(st.sampled_from(GAPS), st.integers(1, 4)), min_size=1, max_size=25)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def oracle(parameters: tuple[float, ...] = DEFAULTS, retention: float = 0.9, maximum: int = 36_500) -> fsrs.Scheduler:
    """py-fsrs as this program uses the model: no learning steps, no fuzz."""
    return fsrs.Scheduler(parameters, retention, (), (), maximum, enable_fuzzing=False)


def compare(ours: Fsrs, theirs: fsrs.Scheduler, history: list[tuple[int, int]]) -> None:
    recall, card, day = None, fsrs.Card(card_id=1), START
    for gap, rating in history:
        day += timedelta(days=gap)
        recall = ours.review(recall, rating, day)
        card, _ = theirs.review_card(card, fsrs.Rating(rating), noon(day))
        assert recall.stability == pytest.approx(card.stability, rel=CLOSE)
        assert recall.difficulty == pytest.approx(card.difficulty, rel=CLOSE)
        assert recall.last == day
        if rating == Rating.AGAIN:
            # The one thing that differs: py-fsrs sends a forgotten card to the next day or later.
            assert recall.due == day < card.due.date()
        else:
            assert recall.due == card.due.date()
        for ahead in (0, 1, 30):
            later = day + timedelta(days=ahead)
            expected = theirs.get_card_retrievability(card, noon(later))
            assert ours.retrievability(recall, later) == pytest.approx(expected, rel=CLOSE)


def random_history(draw: random.Random) -> list[tuple[int, int]]:
    return [(draw.choice(GAPS), draw.choice((1, 2, 3, 3, 3, 4))) for _ in range(draw.randint(1, 20))]


def test_memory_is_that_of_py_fsrs_over_thousands_of_histories() -> None:
    draw, ours, theirs = random.Random(20261123), Fsrs(), oracle()
    for _ in range(2000):
        compare(ours, theirs, random_history(draw))


def test_memory_is_that_of_py_fsrs_for_any_parameters() -> None:
    draw = random.Random(7)
    for _ in range(400):
        parameters = tuple(draw.uniform(low, high) for low, high in zip(LOWEST, HIGHEST, strict=True))
        retention, maximum = draw.uniform(0.7, 0.98), draw.choice((1, 30, 365, 36_500))
        ours = Fsrs(retention=retention, maximum_interval=maximum, parameters=parameters)
        for _ in range(3):
            compare(ours, oracle(parameters, retention, maximum), random_history(draw))


def test_our_defaults_and_ranges_are_those_of_py_fsrs() -> None:
    from fsrs.scheduler import DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

    assert (DEFAULTS, LOWEST, HIGHEST) == (DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS)


GOLDEN_RATINGS = (3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3)
GOLDEN_INTERVALS = (0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21)  # py-fsrs, tests/test_basic.py


def test_golden_intervals_of_py_fsrs_with_its_own_learning_steps() -> None:
    """Learning steps are not ours, so py-fsrs gives the moments; the memory and every interval of days are ours.

    Its settings here are its defaults: steps of 1 and 10 minutes, 10 minutes after forgetting. Each review is made the
    moment it is due. Between two of them lie so many whole days as py-fsrs counts, and we are given just those.
    """
    theirs, ours = fsrs.Scheduler(enable_fuzzing=False), Fsrs()
    card, recall, day, intervals = fsrs.Card(card_id=1), None, START, []
    now = datetime(2022, 11, 29, 12, 30, tzinfo=UTC)
    for rating in GOLDEN_RATINGS:
        if card.last_review:
            day += timedelta(days=(now - card.last_review).days)
        card, _ = theirs.review_card(card, fsrs.Rating(rating), now)
        recall = ours.review(recall, rating, day)
        assert recall.stability == pytest.approx(card.stability, rel=CLOSE)
        assert recall.difficulty == pytest.approx(card.difficulty, rel=CLOSE)
        in_steps = card.state != fsrs.State.Review
        intervals.append(0 if in_steps else (recall.due - recall.last).days)
        now = card.due
    assert tuple(intervals) == GOLDEN_INTERVALS


def test_evening_and_next_morning_are_one_day_apart() -> None:
    evening, morning = datetime(2026, 11, 23, 21, 0), datetime(2026, 11, 24, 8, 0)
    ours, recall = Fsrs(), None
    for moment in (evening, morning):
        recall = ours.review(recall, 3, local_day(moment, 4))
    assert recall is not None
    assert (recall.last - local_day(evening, 4)).days == 1
    # py-fsrs agrees when it is given days, and takes it for the same day when it is given the clock.
    stamped = [noon(local_day(moment, 4)) for moment in (evening, morning)]
    by_day, by_clock = (_py_fsrs(moments) for moments in (stamped, [m.replace(tzinfo=UTC) for m in (evening, morning)]))
    assert recall.stability == pytest.approx(by_day, rel=CLOSE)
    assert round(by_clock, 2) == 2.31 < round(by_day, 2) == 7.32


def _py_fsrs(moments: list[datetime]) -> float:
    card, theirs = fsrs.Card(card_id=1), oracle()
    for moment in moments:
        card, _ = theirs.review_card(card, fsrs.Rating.Good, moment)
    assert card.stability is not None
    return card.stability


def test_a_forgotten_card_stays_due_until_it_is_recalled() -> None:
    ours, day = Fsrs(), START
    for before in (None, ours.review(None, 3, START - timedelta(days=9))):
        forgotten = ours.review(before, 1, day)
        again = ours.review(forgotten, 1, day)
        assert forgotten.due == again.due == day
        assert (forgotten.lapses, again.lapses) == ((0, 0) if before is None else (1, 1))  # one lapse a day
        for rating in (2, 3, 4):
            recalled = ours.review(again, rating, day)
            assert recalled.due > day
            assert recalled.stability >= again.stability  # the same-day formula: success never takes away
            assert recalled.lapses == again.lapses


@given(histories, st.sampled_from(["easy", "medium", "hard"]), st.integers(-9, 9))
def test_a_replay_is_the_same_as_one_review_after_another(
    history: list[tuple[int, int]], label: str, fuzz: int
) -> None:
    ours, day, days = Fsrs(), START.toordinal(), []
    for gap, _ in history:
        day += gap
        days.append(day)
    ratings = [rating for _, rating in history]
    assert ours.replay(None, days, ratings, fuzz=fuzz, label=label) == Scheduler.replay(
        ours, None, days, ratings, fuzz=fuzz, label=label
    )


@given(histories, st.sampled_from(["easy", "medium", "hard", "unheard of"]))
def test_memory_stays_in_range_and_buttons_are_in_order(history: list[tuple[int, int]], label: str) -> None:
    ours, recall, day = Fsrs(maximum_interval=1000), None, START
    for count, (gap, rating) in enumerate(history, 1):
        day += timedelta(days=gap)
        again, hard, good, easy = ours.preview(recall, day, label=label)
        assert again == 0 < hard <= good <= easy <= 1000
        recall = ours.review(recall, rating, day, label=label)
        assert (recall.due - day).days == (again, hard, good, easy)[rating - 1]
        assert recall.stability >= 0.001
        assert 1.0 <= recall.difficulty <= 10.0
        assert recall.reps == count


@given(histories, st.integers(1, 4), st.integers(1, 4000))
def test_a_clock_set_back_counts_for_the_last_known_day(history: list[tuple[int, int]], rating: int, back: int) -> None:
    ours, recall, day = Fsrs(), None, START
    for gap, each in history:
        day += timedelta(days=gap)
        recall = ours.review(recall, each, day)
    earlier = day - timedelta(days=back)
    assert ours.review(recall, rating, earlier) == ours.review(recall, rating, day)
    assert ours.preview(recall, earlier) == ours.preview(recall, day)


def test_labels_shift_the_first_difficulty_only() -> None:
    ours = Fsrs()
    easy, medium, hard = (ours.review(None, 3, START, label=label) for label in ("easy", "medium", "hard"))
    # As if FSRS had been told Easy, Good or Hard: FSRS-6's D0 of py-fsrs for these ratings.
    theirs = [oracle().review_card(fsrs.Card(card_id=1), fsrs.Rating(rating), noon(START))[0] for rating in (4, 3, 2)]
    assert [r.difficulty for r in (easy, medium, hard)] == pytest.approx([c.difficulty for c in theirs], rel=CLOSE)
    assert easy.stability == medium.stability == hard.stability
    assert ours.review(medium, 3, START, label="hard") == ours.review(medium, 3, START, label="easy")
    for rating in Rating:
        first = [ours.review(None, rating, START, label=label).difficulty for label in ("easy", "medium", "hard")]
        assert first == sorted(first)


def test_an_imported_card_keeps_its_day_and_its_recall_is_nine_tenths_there() -> None:
    ours = Fsrs(retention=0.85)
    recall = ours.imported(last=START, interval=21, reps=5, label="hard")
    assert (recall.due, recall.reps, recall.lapses) == (START + timedelta(days=21), 5, 0)
    assert ours.retrievability(recall, recall.due) == pytest.approx(0.9)
    assert recall.difficulty == ours.review(None, 2, START).difficulty
    assert ours.imported(last=START, interval=0, reps=1, label="easy").due == START + timedelta(days=1)


def test_fuzz_is_cut_to_the_range_of_the_interval_that_is_now() -> None:
    ours = Fsrs()
    plain = ours.review(None, 4, START)  # 8 days: 7 to 9 and a little, see test_fuzz
    assert (plain.due - START).days == 8
    assert [(ours.review(None, 4, START, fuzz=f).due - START).days for f in (-99, -1, 1, 99)] == [6, 7, 9, 10]
    assert ours.review(None, 1, START, fuzz=5).due == START
    assert ours.review(None, 3, START, fuzz=5).due == START + timedelta(days=2)  # too short for fuzz


def test_the_end_of_the_calendar_stops_nothing() -> None:
    recall = Fsrs().review(Recall(30_000.0, 5.0, date(9990, 1, 1), date(9998, 1, 1), 9, 0), 4, date(9999, 12, 30))
    assert recall.due == date.max


def test_same_day_growth_without_a_bound_of_its_own_ends() -> None:
    parameters = (*DEFAULTS[:17], 2.0, 2.0, 0.0, DEFAULTS[20])  # w19 = 0: each Easy multiplies by e**6
    recall, _ = Fsrs(parameters=parameters).replay(None, [START.toordinal()] * 500, [4] * 499 + [3])
    assert (recall.due - START).days == 36_500


@pytest.mark.parametrize(
    ("parameters", "found"),
    [(DEFAULTS[:18], "18"), ((*DEFAULTS[:20], 0.9), "w20"), ((float("nan"), *DEFAULTS[1:]), "w0")],
)
def test_wrong_parameters_are_refused_by_name(parameters: tuple[float, ...], found: str) -> None:
    with pytest.raises(SettingsError, match=found):
        checked(parameters)


def test_a_grade_that_is_none_is_refused() -> None:
    for rating in (0, 5):
        with pytest.raises(ValueError, match="Rating"):
            Fsrs().review(None, rating, START)
