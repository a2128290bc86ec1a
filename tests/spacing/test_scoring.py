"""Scores of predictions, held to fsrs-rs's own evaluation of the same histories."""

from math import log

import fsrs_rs_python
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.spacing.parameters import DEFAULTS
from studykit.spacing.presets import Presets
from studykit.spacing.scheduler import Scheduler, scheduler
from studykit.spacing.scoring import History, Prediction, better_by, predictions, recency, rmse_bins, score, wilson

FSRS = scheduler("fsrs")


def history(*steps: tuple[int, int]) -> History:
    """(days since the last review, rating) of each review."""
    days, day = [], 739_000
    for elapsed, _ in steps:
        day += elapsed
        days.append(day)
    return History(days, [rating for _, rating in steps])


STEPS = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 4)), min_size=1, max_size=12)


def by_fsrs_rs(histories: list[History]) -> fsrs_rs_python.ModelEvaluation:
    items = []
    for each in histories:
        gaps = [0, *(b - a for a, b in zip(each.days, each.days[1:], strict=False))]
        reviews = [fsrs_rs_python.FSRSReview(r, gap) for r, gap in zip(each.ratings, gaps, strict=True)]
        items += [fsrs_rs_python.FSRSItem(reviews[: n + 1]) for n in range(1, len(gaps)) if gaps[n] > 0]
    return fsrs_rs_python.FSRS(list(DEFAULTS)).evaluate(items)


def all_predictions(histories: list[History], by: Scheduler) -> list[Prediction]:
    return [each for one in histories for each in predictions(one, by)]


@given(st.lists(STEPS, min_size=1, max_size=20))
def test_the_score_is_that_of_fsrs_rs(drawn: list[list[tuple[int, int]]]) -> None:
    histories = [history(*steps) for steps in drawn]
    found = all_predictions(histories, FSRS)
    ours = score(found, recency(len(found)))
    if ours is None:
        with pytest.raises(ValueError, match="NotEnoughData"):
            by_fsrs_rs(histories)
        return
    theirs = by_fsrs_rs(histories)
    assert ours.log_loss == pytest.approx(theirs.log_loss, abs=2e-4)  # theirs is in single precision
    assert ours.rmse_bins == pytest.approx(theirs.rmse_bins, abs=2e-4)


def test_what_is_scored() -> None:
    one = history((0, 3), (0, 3), (4, 1), (0, 3), (2, 4))  # new, again on that day, forgotten after 4, retry, after 2
    found = list(predictions(one, FSRS))
    assert [(each.place, each.elapsed, each.recalled, each.length, each.lapses) for each in found] == [
        (2, 4, False, 1, 0),
        (4, 2, True, 2, 1),
    ]
    assert score(list(predictions(history((0, 3)), FSRS))) is None


def test_a_perfect_and_a_hopeless_prediction() -> None:
    sure = Prediction(1.0, True, 5, 1, 0, 1)
    found = score([sure])
    assert found is not None
    assert found.log_loss == pytest.approx(0.0, abs=1e-9)
    assert found.rmse_bins == 0.0
    worst = score([sure._replace(recalled=False)])
    assert worst is not None
    assert 30 < worst.log_loss < 40  # held from infinity


def test_rmse_looks_at_bins_not_at_single_reviews() -> None:
    one = Prediction(0.5, True, 5, 1, 0, 1)
    assert rmse_bins([one, one._replace(recalled=False)]) == 0.0  # half of them, as predicted
    assert rmse_bins([one, one._replace(recalled=False, elapsed=500)]) == pytest.approx(0.5)  # in two bins


def test_without_weights_every_review_counts_alike() -> None:
    one = Prediction(0.5, True, 5, 1, 0, 1)
    plain, weighted = score([one, one._replace(recall=0.25)]), score([one, one._replace(recall=0.25)], [0.25, 1.0])
    assert plain is not None
    assert weighted is not None
    assert plain.log_loss == pytest.approx((log(2) + log(4)) / 2)
    assert weighted.log_loss == pytest.approx((0.25 * log(2) + log(4)) / 1.25)


def test_what_is_gained_comes_with_its_interval() -> None:
    before = [Prediction(0.5, True, 5, 1, 0, 1)] * 100
    gain, half = better_by(before, [each._replace(recall=0.8) for each in before])
    assert gain == pytest.approx(log(0.8 / 0.5))
    assert half == pytest.approx(0.0, abs=1e-9)  # every review gains the same


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals_as_published(successes: int, trials: int, low: float, high: float) -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_a_deck_below_has_the_parameters_of_the_nearest_above() -> None:
    usual, own, deeper = (scheduler("fsrs", retention=value) for value in (0.9, 0.8, 0.7))
    both = Presets(usual, {"推理": own, "推理/流水线": deeper})
    assert both.for_deck("训练") is usual
    assert both.for_deck("推理/量化") is own
    assert both.for_deck("推理/流水线/气泡") is deeper
    assert both.for_deck("推理论") is usual
    assert usual.for_deck("推理") is usual
