"""Fixed intervals by label: each recall climbs one step, forgetting goes back to the foot."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date

from studykit.errors import SettingsError
from studykit.locale import _
from studykit.spacing.fsrs import curve
from studykit.spacing.fuzz import fuzz_range
from studykit.spacing.scheduler import Scheduler
from studykit.spacing.state import Rating, Recall, day_after

STEPS: Mapping[str, tuple[int, ...]] = {
    "easy": (1, 3, 7, 15, 30, 60, 120),
    "medium": (1, 2, 5, 10, 21, 45, 90),
    "hard": (1, 1, 3, 7, 14, 30, 60),
}


class Ladder(Scheduler):
    """Steps in days by label; the last step repeats. Good climbs one step, Easy two, Hard stays, Again falls off.

    A second success on one day climbs no further. `Recall.difficulty` holds the step, counted from 1; 0 is fallen off.
    A label that the ladder does not have uses medium's steps.
    """

    def __init__(self, steps: Mapping[str, Sequence[int]] | None = None, *, maximum_interval: int = 36_500) -> None:
        self._steps = {label: tuple(given) for label, given in {**STEPS, **(steps or {})}.items()}
        self._maximum = maximum_interval
        for label, given in self._steps.items():
            if not given or any(step < 1 or step < before for before, step in zip((1, *given), given, strict=False)):
                raise SettingsError(
                    _(
                        "The ladder for {label!r} is {given}; it must be whole days from 1 upwards, never falling."
                    ).format(label=label, given=list(given)),
                    _("For example {given}.").format(given=list(STEPS["medium"])),
                )

    def review(self, recall: Recall | None, rating: int, day: date, *, fuzz: int = 0, label: str = "medium") -> Recall:
        step, last = (round(recall.difficulty), max(day, recall.last)) if recall else (0, day)
        reps, lapses = (recall.reps, recall.lapses) if recall else (0, 0)
        later = recall is not None and day > recall.last
        if Rating(rating) == Rating.AGAIN:
            return Recall(1.0, 0.0, last, last, reps + 1, lapses + later)
        if later or step == 0:
            step = max(step + rating - Rating.HARD, 1)
        days = self._days(step, label)
        low, high = fuzz_range(days, self._maximum)
        due = day_after(last, min(max(days + fuzz, low), high))
        return Recall(float(days), float(step), last, due, reps + 1, lapses)

    def imported(self, *, last: date, interval: int, reps: int, label: str) -> Recall:
        """On the highest step that is not longer than `interval`; among equal steps, the one `reps` names."""
        steps = self._steps.get(label, self._steps["medium"])
        days = min(max(interval, 1), self._maximum)
        step = max(bisect_right(steps, days), 1)
        if 1 <= reps <= len(steps) and steps[reps - 1] == days:
            step = reps
        return Recall(float(days), float(step), last, day_after(last, days), reps, 0)

    def recall_after(self, stability: float, elapsed: float) -> float:
        """FSRS's curve with the interval as stability: a ladder has no memory model of its own."""
        return curve(stability, elapsed)

    def _days(self, step: int, label: str) -> int:
        steps = self._steps.get(label, self._steps["medium"])
        return min(steps[min(step, len(steps)) - 1], self._maximum)
