"""FSRS-6 on scalars: the memory model and the intervals that follow from it.

Source: open-spaced-repetition, "The Algorithm" (FSRS-6). The tests hold every number equal to py-fsrs run without
learning steps, without fuzz, one noon stamp a local day. Two things are ours. A forgotten card stays due on the same
day instead of the next. And the note's label shifts the first difficulty: easy by D0(Easy) - D0(Good), hard by
D0(Hard) - D0(Good), where D0 is FSRS's own; medium is FSRS's own.
"""

from collections.abc import Sequence
from datetime import date
from math import exp

from studykit.spacing import parameters as weights
from studykit.spacing.fuzz import fuzz_range
from studykit.spacing.scheduler import Scheduler
from studykit.spacing.state import Rating, Recall, day_after

_LEAST_STABILITY = 0.001  # days
_MOST_STABILITY = 1e100  # only parameters with w19 near 0 get there; without a bound they would end at infinity
_AS_RATING = {"easy": Rating.EASY, "medium": Rating.GOOD, "hard": Rating.HARD}


def curve(stability: float, elapsed: float, decay: float = -weights.DEFAULTS[20]) -> float:
    """Retrievability `elapsed` days after a review: (1 + F t / S) ** decay, F such that R = 0.9 at t = S.

    >>> curve(10.0, 0), round(curve(10.0, 10), 12)
    (1.0, 0.9)
    """
    return float((1.0 + (0.9 ** (1.0 / decay) - 1.0) * max(elapsed, 0) / stability) ** decay)


def days_per_stability(retrievability: float, decay: float = -weights.DEFAULTS[20]) -> float:
    """t / S at which `curve` has fallen to `retrievability`: -1 above 1, which it never reaches; inf from 0 down.

    >>> round(days_per_stability(0.9), 12), days_per_stability(1.0), days_per_stability(0.0)
    (1.0, 0.0, inf)
    """
    if retrievability > 1.0:
        return -1.0
    if retrievability <= 0.0:
        return float("inf")
    try:
        return float((retrievability ** (1.0 / decay) - 1.0) / (0.9 ** (1.0 / decay) - 1.0))
    except OverflowError:
        return float("inf")


class Fsrs(Scheduler):
    """The default scheduler. `retention`: recall aimed at, 0 to 1; `maximum_interval`: days."""

    def __init__(
        self, *, retention: float = 0.90, maximum_interval: int = 36_500, parameters: Sequence[float] | None = None
    ) -> None:
        self.parameters = w = weights.checked(parameters)
        self.retention = retention
        self.maximum_interval = maximum_interval
        self._decay = -w[20]
        self._factor = 0.9 ** (1.0 / self._decay) - 1.0
        self._days_per_stability = retention ** (1.0 / self._decay) - 1.0
        # What depends on the rating alone, indexed by it; 0 is no rating.
        self._growth = (0.0, 0.0, *(exp(w[8]) * factor for factor in (w[15], 1.0, w[16])))
        self._same_day = (0.0, *(exp(w[17] * (rating - 3 + w[18])) for rating in Rating))
        # The next difficulty is linear in the present one: damped by its distance from 10, then drawn to the mean.
        slopes = (0.0, *(-w[6] * (rating - 3) / 9.0 for rating in Rating))
        mean, keep = w[7] * (w[4] - exp(w[5] * 3.0) + 1.0), 1.0 - w[7]
        self._shift = tuple(mean + keep * 10.0 * slope for slope in slopes)
        self._scale = tuple(keep * (1.0 - slope) for slope in slopes)
        self._constants = (
            self._factor, self._decay, self._growth, self._same_day, self._shift, self._scale,
            -w[9], w[10], w[11], -w[12], w[13], w[14], -w[19], exp(w[17] * w[18]),
        )  # fmt: skip
        self._first = {label: (0.0, *(self._first_difficulty(r, label) for r in Rating)) for label in _AS_RATING}

    def review(self, recall: Recall | None, rating: int, day: date, *, fuzz: int = 0, label: str = "medium") -> Recall:
        return self.replay(recall, (day.toordinal(),), (Rating(rating),), fuzz=fuzz, label=label)[0]

    def imported(self, *, last: date, interval: int, reps: int, label: str) -> Recall:
        """Stability is the interval (its planner is taken to have aimed at 0.9), difficulty that of the label."""
        days = min(max(interval, 1), self.maximum_interval)
        difficulty = self._first_difficulty(Rating.GOOD, label)
        return Recall(float(days), difficulty, last, day_after(last, days), reps, 0)

    def recall_after(self, stability: float, elapsed: float) -> float:
        return curve(stability, elapsed, self._decay)

    def interval(self, stability: float) -> int:
        """Whole days, at least 1, after which recall has fallen to the desired retention."""
        days = stability / self._factor * self._days_per_stability
        return self.maximum_interval if days >= self.maximum_interval else max(round(days), 1)

    def replay(
        self,
        recall: Recall | None,
        days: Sequence[int],
        ratings: Sequence[int],
        *,
        fuzz: int = 0,
        label: str = "medium",
    ) -> tuple[Recall, list[float]]:
        """See `Scheduler.replay`. The only place where memory changes; written out because it runs a million times."""
        if not days:
            raise ValueError("a replay needs at least one review")
        factor, decay, growth, same_day, shift, scale, w9, w10, w11, w12, w13, w14, w19, short_term = self._constants
        if recall is None:
            stability, last, reps, lapses = self.parameters[ratings[0] - 1], days[0], 0, 0
            difficulty = self._first.get(label, self._first["medium"])[ratings[0]]
            before = [0.0]
            following = zip(days[1:], ratings[1:], strict=True)
        else:
            stability, difficulty, last = recall.stability, recall.difficulty, recall.last.toordinal()
            reps, lapses = recall.reps, recall.lapses
            before = []
            following = zip(days, ratings, strict=True)
        remember = before.append
        for day, rating in following:
            remember(stability)
            if day > last:
                forgetting = 1.0 - (1.0 + factor * (day - last) / stability) ** decay
                last = day
                if rating > 1:
                    gain = growth[rating] * (11.0 - difficulty) * stability**w9 * (exp(forgetting * w10) - 1.0)
                    stability += stability * gain
                else:
                    lapses += 1
                    long_term = w11 * difficulty**w12 * ((stability + 1.0) ** w13 - 1.0) * exp(forgetting * w14)
                    stability = max(min(long_term, stability / short_term), _LEAST_STABILITY)
            else:
                change = same_day[rating] * stability**w19
                stability = min(stability * (change if change > 1.0 or rating == 1 else 1.0), _MOST_STABILITY)
                stability = max(stability, _LEAST_STABILITY)
            difficulty = shift[rating] + scale[rating] * difficulty
            if not 1.0 <= difficulty <= 10.0:
                difficulty = 1.0 if difficulty < 1.0 else 10.0
        seen = date.fromordinal(last)
        due = self._due(stability, seen, ratings[-1], fuzz)
        return Recall(stability, difficulty, seen, due, reps + len(before), lapses), before

    def _due(self, stability: float, last: date, rating: int, fuzz: int) -> date:
        if rating == Rating.AGAIN:
            return last
        days = self.interval(stability)
        if fuzz:
            low, high = fuzz_range(days, self.maximum_interval)
            days = min(max(days + fuzz, low), high)
        return day_after(last, days)

    def _first_difficulty(self, rating: int, label: str) -> float:
        shift = self._model_difficulty(_AS_RATING.get(label, Rating.GOOD)) - self._model_difficulty(Rating.GOOD)
        return min(max(self._model_difficulty(rating) + shift, 1.0), 10.0)

    def _model_difficulty(self, rating: int) -> float:
        return min(max(self.parameters[4] - exp(self.parameters[5] * (rating - 1)) + 1.0, 1.0), 10.0)
