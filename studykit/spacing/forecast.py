"""What lies ahead if nothing more is reviewed: cards due by day, and what will still be known."""

from collections.abc import Iterable
from datetime import date

from studykit.spacing.scheduler import Scheduler
from studykit.spacing.state import Recall, day_after

MASTERY_HORIZON = 30  # days


def due_counts(dues: Iterable[date], today: date, days: int) -> list[int]:
    """Cards that come due on `today` and each of the `days` - 1 days after it; what is overdue counts for today.

    >>> due_counts([date(2026, 11, 1), date(2026, 11, 23), date(2026, 11, 25)], date(2026, 11, 23), 3)
    [2, 0, 1]
    """
    counts = [0] * days
    for due in dues:
        ahead = max((due - today).days, 0)
        if ahead < days:
            counts[ahead] += 1
    return counts


def mastery_30(recall: Recall | None, day: date, scheduler: Scheduler) -> float:
    """Probability of recall 30 days after `day` with no further review; 0.0 for a new card."""
    return scheduler.retrievability(recall, day_after(day, MASTERY_HORIZON)) if recall else 0.0


def mastery(recalls: Iterable[Recall | None], day: date, scheduler: Scheduler) -> float:
    """Mean of `mastery_30` over the cards of a note, to two decimals; 0.0 for a note without cards."""
    each = [mastery_30(recall, day, scheduler) for recall in recalls]
    return round(sum(each) / len(each), 2) if each else 0.0
