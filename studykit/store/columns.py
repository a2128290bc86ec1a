"""What the fold and the sums of days ask of every review, as columns: a million of them take nine bytes each.

A review is known by its place in the columns.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter

from studykit.store.events import Review
from studykit.store.packed import whole

_day, _rating, _ms, _fuzz = map(attrgetter, ("day", "rating", "ms", "fuzz"))


class _Ordinals(dict[str, int]):
    """ISO day to ordinal; a history of many years has few days."""

    def __missing__(self, day: str) -> int:
        self[day] = ordinal = date.fromisoformat(day).toordinal()
        return ordinal


ordinal = _Ordinals().__getitem__
"""The proleptic ordinal of an ISO day."""


class Columns:
    """`days` as ordinals, `ratings`, `fuzz` in days; `spans`: day, number and thinking time of reviews that follow
    each other on one day."""

    def __init__(self) -> None:
        self.days: array[int] = whole(())
        self.ratings = bytearray()
        self.fuzz: array[int] = whole(())
        self.spans: list[tuple[str, int, int]] = []

    @staticmethod
    def of(reviews: Iterable[Review]) -> "Columns":
        """Those of some reviews, in any order."""
        columns = Columns()
        for _key, group in groupby(reviews, _day):
            columns.add(list(group))
        return columns

    def add(self, reviews: Sequence[Review]) -> None:
        """Further reviews, by day."""
        self.ratings += bytes(map(_rating, reviews))
        self.fuzz.extend(map(_fuzz, reviews))
        start = 0
        while start < len(reviews):
            day = reviews[start].day
            end = len(reviews) if reviews[-1].day == day else bisect_right(reviews, day, start, key=_day)
            self.days += whole((ordinal(day),)) * (end - start)
            self.spans.append((day, end - start, sum(map(_ms, reviews[start:end]))))
            start = end
