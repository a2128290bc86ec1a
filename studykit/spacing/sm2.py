"""SuperMemo 2, for comparison only. Source: P. A. Wozniak, "Optimization of learning", 1990, chapter 3.2."""

from datetime import date

from studykit.spacing.fsrs import curve
from studykit.spacing.fuzz import fuzz_range
from studykit.spacing.scheduler import Scheduler
from studykit.spacing.state import Rating, Recall, day_after

_QUALITY = {Rating.HARD: 3, Rating.GOOD: 4, Rating.EASY: 5}
_LEAST_EASE = 1.3
_EASE = {"easy": 2.6, "medium": 2.5, "hard": 2.36}  # one perfect or one hard answer away from SM-2's 2.5


def ease_after(ease: float, quality: int) -> float:
    """The ease factor after an answer of `quality` 3 to 5; never under 1.3.

    >>> [round(ease_after(2.5, quality), 2) for quality in (3, 4, 5)]
    [2.36, 2.5, 2.6]
    """
    missing = 5 - quality
    return max(ease + 0.1 - missing * (0.08 + missing * 0.02), _LEAST_EASE)


class Sm2(Scheduler):
    """Intervals 1, 6, then times the ease factor. `Recall.stability` is the interval, `difficulty` the ease factor."""

    def __init__(self, *, maximum_interval: int = 36_500) -> None:
        self._maximum = maximum_interval

    def review(self, recall: Recall | None, rating: int, day: date, *, fuzz: int = 0, label: str = "medium") -> Recall:
        ease = recall.difficulty if recall else _EASE.get(label, _EASE["medium"])
        last, reps, lapses = (max(day, recall.last), recall.reps, recall.lapses) if recall else (day, 0, 0)
        later = recall is not None and day > recall.last
        if Rating(rating) == Rating.AGAIN:
            return Recall(1.0, ease, last, last, reps + 1, lapses + later)
        fallen = recall is None or recall.due == recall.last
        if recall is not None and not (later or fallen):
            days = round(recall.stability)  # a second success on one day changes nothing
        else:
            days = 1 if recall is None or fallen else 6 if recall.stability < 2 else round(recall.stability * ease)
            # A repeat after forgetting only re-enters the item; its ease stays, as SM-2 has it.
            ease = ease if recall is not None and fallen else ease_after(ease, _QUALITY[Rating(rating)])
        days = min(days, self._maximum)
        low, high = fuzz_range(days, self._maximum)
        return Recall(float(days), ease, last, day_after(last, min(max(days + fuzz, low), high)), reps + 1, lapses)

    def imported(self, *, last: date, interval: int, reps: int, label: str) -> Recall:
        days = min(max(interval, 1), self._maximum)
        return Recall(float(days), _EASE.get(label, _EASE["medium"]), last, day_after(last, days), reps, 0)

    def recall_after(self, stability: float, elapsed: float) -> float:
        """FSRS's curve with the interval as stability: SM-2 predicts no recall."""
        return curve(stability, elapsed)
