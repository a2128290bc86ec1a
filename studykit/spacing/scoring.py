"""How well recall is predicted: log loss, RMSE by bins, and what the plain average would score.

Conventions are those of the field's benchmark (open-spaced-repetition, srs-benchmark) and of fsrs-rs: a
prediction is scored for every review at least one day after the card's previous one. First reviews and later ones on
the same day are not scored, though both shape the memory that predicts. Again is forgotten, the rest is recalled.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from math import floor, log, sqrt
from typing import NamedTuple

from studykit.spacing.scheduler import Scheduler
from studykit.spacing.state import Rating

_SURE = 1e-15  # a prediction is held this far from 0 and 1: one miss must not cost infinity


class History(NamedTuple):
    """All reviews of one card from its first on: days as ordinals (>= 1), never falling; ratings 1 to 4."""

    days: Sequence[int]
    ratings: Sequence[int]
    label: str = "medium"
    deck: str = ""


class Prediction(NamedTuple):
    """One scored review. `recall`: probability 0 to 1 that was predicted. `place`: its position in the history.

    `elapsed` days since the card was last seen, >= 1; `length` reviews on later days so far, this one included;
    `lapses` among the earlier of these.
    """

    recall: float
    recalled: bool
    elapsed: int
    length: int
    lapses: int
    place: int


class Score(NamedTuple):
    """Log loss (0 is perfect), RMSE by bins (0 to 1), how many reviews were scored, and the share of them recalled."""

    log_loss: float
    rmse_bins: float
    reviews: int
    recalled: float


def predictions(history: History, scheduler: Scheduler) -> Iterator[Prediction]:
    """What `scheduler` predicts for each scored review of a card, from the reviews before it alone."""
    days, ratings = history.days, history.ratings
    _, stabilities = scheduler.replay(None, days, ratings, label=history.label)
    length = lapses = 0
    for place in range(1, len(days)):
        elapsed = days[place] - days[place - 1]
        if elapsed < 1:
            continue
        length += 1
        recalled = ratings[place] > Rating.AGAIN
        recall = scheduler.recall_after(stabilities[place], elapsed)
        yield Prediction(recall, recalled, elapsed, length, lapses, place)
        lapses += not recalled


def score(predicted: Sequence[Prediction], weights: Sequence[float] | None = None) -> Score | None:
    """The score of some predictions, all alike or each with its weight; None for none."""
    if not predicted:
        return None
    shares = weights or [1.0] * len(predicted)
    losses = (share * log_loss(each.recall, each.recalled) for each, share in zip(predicted, shares, strict=True))
    recalled = sum(each.recalled for each in predicted) / len(predicted)
    return Score(sum(losses) / sum(shares), rmse_bins(predicted, shares), len(predicted), recalled)


def recency(count: int) -> list[float]:
    """Weights of `count` reviews in the order of time, the latest 1.0 and the first a quarter of it.

    With them `score` gives what `evaluate` of fsrs-rs gives; without, what srs-benchmark and this program show.

    >>> recency(3)
    [0.25, 0.34375, 1.0]
    """
    return [0.25 + 0.75 * (place / max(count - 1, 1)) ** 3 for place in range(count)] if count > 1 else [1.0] * count


def log_loss(recall: float, recalled: bool) -> float:
    """Minus the logarithm of the probability that was given to what happened.

    >>> round(log_loss(0.9, True), 4), round(log_loss(0.9, False), 4)
    (0.1054, 2.3026)
    """
    held = min(max(recall, _SURE), 1.0 - _SURE)
    return -log(held if recalled else 1.0 - held)


def rmse_bins(predicted: Iterable[Prediction], weights: Iterable[float] = ()) -> float:
    """Root of the mean squared gap between mean prediction and recalled share, over bins of like reviews.

    Bins are by interval, number of reviews and lapses, each on a logarithmic scale; each counts by the sum of its
    `weights` (none: by its reviews). Source: srs-benchmark, `get_bin`; fsrs-rs, `r_matrix_index`.
    """
    bins: defaultdict[tuple[float, int, int], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for each, weight in zip(predicted, chain(weights, repeat(1.0)), strict=False):
        # As fsrs-rs counts: the review itself is one of the long-term reviews, and one is added.
        found = bins[_bin(each.elapsed, each.length + 1, each.lapses)]
        found[0] += 1
        found[1] += each.recall - each.recalled
        found[2] += weight
    squares = sum((gap / count) ** 2 * weight for count, gap, weight in bins.values())
    total = sum(weight for _, _, weight in bins.values())
    return sqrt(squares / total) if total else 0.0


def _bin(elapsed: int, length: int, lapses: int) -> tuple[float, int, int]:
    interval = round(2.48 * 3.62 ** floor(log(elapsed) / log(3.62)), 2)
    reviews = round(1.99 * 1.89 ** floor(log(length) / log(1.89)))
    return interval, reviews, round(1.65 * 1.73 ** floor(log(lapses) / log(1.73))) if lapses else 0


def average(recalled: Iterable[bool]) -> float:
    """The prediction of the plain average: the share recalled, the same for every review; 0.5 if there is none."""
    listed = list(recalled)
    return sum(listed) / len(listed) if listed else 0.5


def better_by(before: Sequence[Prediction], after: Sequence[Prediction]) -> tuple[float, float]:
    """How much log loss `after` saves on the same reviews, and half the width of the 95 % interval of that mean."""
    gains = [
        log_loss(one.recall, one.recalled) - log_loss(two.recall, two.recalled)
        for one, two in zip(before, after, strict=True)
    ]
    count = len(gains)
    mean = sum(gains) / count
    spread = sqrt(sum((gain - mean) ** 2 for gain in gains) / max(count - 1, 1))
    return mean, 1.96 * spread / sqrt(count)


def wilson(successes: float, trials: float, z: float = 1.96) -> tuple[float, float]:
    """The interval, 95 % by default, in which the true share lies. Source: E. B. Wilson, 1927 (score interval).

    >>> [round(end, 3) for end in wilson(81, 263)], wilson(0, 0)
    ([0.255, 0.366], (0.0, 1.0))
    """
    if trials <= 0:
        return 0.0, 1.0
    share, spread = successes / trials, z * z / trials
    middle = (share + spread / 2.0) / (1.0 + spread)
    half = z * sqrt(share * (1.0 - share) / trials + spread / (4.0 * trials)) / (1.0 + spread)
    return max(middle - half, 0.0), min(middle + half, 1.0)
