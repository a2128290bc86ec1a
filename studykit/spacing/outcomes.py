"""What one review does to a memory, on bare numbers: the steps that a simulation takes a million times.

The same FSRS-6 as `spacing.fsrs` (a test holds every step equal to it), without cards, days and due dates around it.
"""

from collections.abc import Sequence
from math import exp

from studykit.spacing import parameters as weights
from studykit.spacing.state import Rating

_LEAST_STABILITY = 0.001  # days
_MOST_STABILITY = 36_500.0  # a hundred years: beyond, nothing that is planned depends on it
Memory = tuple[float, float]
"""Stability in days and difficulty 1 to 10."""


class Outcomes:
    """The memory model with one set of parameters. Raises SettingsError for parameters out of range."""

    def __init__(self, parameters: Sequence[float] | None = None) -> None:
        self.parameters = w = weights.checked(parameters)
        self.decay = -w[20]
        self.factor = 0.9 ** (1.0 / self.decay) - 1.0
        self._growth = (0.0, 0.0, exp(w[8]) * w[15], exp(w[8]), exp(w[8]) * w[16])
        self._short = (0.0, *(exp(w[17] * (rating - 3 + w[18])) for rating in Rating))
        self._worn = exp(w[17] * w[18])
        self._mean = w[7] * (w[4] - exp(w[5] * 3.0) + 1.0)

    def recall(self, stability: float, elapsed: float) -> float:
        """Retrievability `elapsed` days after the last review.

        >>> Outcomes().recall(10.0, 0), round(Outcomes().recall(10.0, 10), 12)
        (1.0, 0.9)
        """
        return float((1.0 + self.factor * elapsed / stability) ** self.decay)

    def known_days(self, stability: float, start: float, end: float) -> float:
        """The integral of `recall` from day `start` to day `end` after the last review, in days of knowing the card.

        >>> round(Outcomes().known_days(1e6, 0, 30), 2)
        30.0
        """
        rate, power = self.factor / stability, self.decay + 1.0
        return float(((1.0 + rate * end) ** power - (1.0 + rate * start) ** power) / (rate * power))

    def days_until(self, stability: float, retention: float) -> float:
        """Days from the last review until retrievability has fallen to `retention` (0 to 1, both excluded)."""
        return float(stability / self.factor * (retention ** (1.0 / self.decay) - 1.0))

    def first(self, rating: int) -> Memory:
        """The memory after the very first review."""
        w = self.parameters
        return w[rating - 1], min(max(w[4] - exp(w[5] * (rating - 1)) + 1.0, 1.0), 10.0)

    def after(self, stability: float, difficulty: float, elapsed: float, rating: int) -> Memory:
        """The memory after a grade of 1 to 4, `elapsed` >= 1 days after the review before it."""
        w = self.parameters
        forgotten = 1.0 - (1.0 + self.factor * elapsed / stability) ** self.decay
        if rating > 1:
            gain = self._growth[rating] * (11.0 - difficulty) * stability ** -w[9] * (exp(forgotten * w[10]) - 1.0)
            kept = min(stability * (1.0 + gain), _MOST_STABILITY)
        else:
            left = w[11] * difficulty ** -w[12] * ((stability + 1.0) ** w[13] - 1.0) * exp(forgotten * w[14])
            kept = max(min(left, stability / self._worn), _LEAST_STABILITY)
        return kept, self._difficulty(difficulty, rating)

    def same_day(self, stability: float, difficulty: float, rating: int) -> Memory:
        """The memory after a further grade on the day of the review before it."""
        change = self._short[rating] * stability ** -self.parameters[19]
        kept = stability * (change if change > 1.0 or rating == 1 else 1.0)
        return min(max(kept, _LEAST_STABILITY), _MOST_STABILITY), self._difficulty(difficulty, rating)

    def _difficulty(self, difficulty: float, rating: int) -> float:
        w = self.parameters
        drawn = difficulty - w[6] * (rating - 3) * (10.0 - difficulty) / 9.0
        return min(max(self._mean + (1.0 - w[7]) * drawn, 1.0), 10.0)
