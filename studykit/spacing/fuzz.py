"""Fuzz: an interval may move by a few days, so that cards learnt together part, and crowded days are relieved.

Ranges as in FSRS and Anki. Which day of the range is taken depends on the card, its repetition and the load of
the days alone: the button shows what the grade will do. The chosen offset is stored with the review, so a replay
never draws again.
"""

from collections.abc import Callable
from datetime import date

from studykit.blake2b import blake2b
from studykit.spacing.easy_days import Share, every_day
from studykit.spacing.state import day_after

_SHORTEST = 2.5  # days
_EVENNESS = 2  # a day with twice the load is taken a quarter as often


def fuzz_range(interval: int, maximum: int = 36_500) -> tuple[int, int]:
    """Shortest and longest interval in days that may stand for `interval`; equal to it below 2.5 days.

    Source: py-fsrs 6 (`FUZZ_RANGES`), Anki's `constrained_fuzz_bounds`.

    >>> fuzz_range(2), fuzz_range(10), fuzz_range(100)
    ((2, 2), (8, 12), (93, 107))
    """
    if interval < _SHORTEST:
        return interval, interval
    # Each side widens by a share of the interval's part up to 7 days, of that up to 20, and of the rest.
    spread = 1.0 + 0.15 * (min(interval, 7.0) - _SHORTEST)
    spread += 0.1 * max(min(interval, 20.0) - 7.0, 0.0) + 0.05 * max(interval - 20.0, 0.0)
    highest = min(round(interval + spread), maximum)
    return min(round(interval - spread), highest), highest


def choose(
    card_id: str,
    reps: int,
    interval: int,
    day: date,
    load: Callable[[date], int],
    maximum: int = 36_500,
    share: Share = every_day,
) -> int:
    """Days to add to `interval` (negative: sooner) for a card graded on `day` as repetition `reps`.

    `load(d)` is how many cards are due on the day d already, `share(d)` the part of a usual day that d has. The lighter
    a day, the likelier it is taken; one without a share is not, unless the whole range lies in such days.

    >>> choose("c1", 3, 2, date(2026, 11, 23), lambda day: 0)
    0
    >>> choose("c1", 3, 10, date(2026, 11, 23), lambda day: 0 if day.day == 1 else 500)   # 1 December is free
    -2
    """
    low, high = fuzz_range(interval, maximum)
    if low >= high:
        return 0
    days = [day_after(day, after) for after in range(low, high + 1)]
    shares = [share(each) for each in days]
    if not any(shares):
        shares = [1.0] * len(days)
    weights = [
        part * (1.0 + max(load(each), 0) / part) ** -_EVENNESS if part else 0.0
        for each, part in zip(days, shares, strict=True)
    ]
    return low + _drawn(weights, _fraction(card_id, reps)) - interval


def _fraction(card_id: str, reps: int) -> float:
    """A number in [0, 1) that only this repetition of this card has, the same on every machine."""
    seed = blake2b(f"{card_id}\n{reps}".encode("utf-8", "surrogatepass"), digest_size=6).digest()
    return int.from_bytes(seed, "big") / (1 << 48)


def _drawn(weights: list[float], fraction: float) -> int:
    left = fraction * sum(weights)
    for index, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return index
    return len(weights) - 1  # rounding can leave a crumb
