"""What the fold and the sums of days ask of every review, as columns: a million of them take nine bytes each.

A review is known by its place in the columns.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, groupby
from operator import add, attrgetter

from studykit.store.events import Review
from studykit.store.packed import halves, whole

_day, _rating, _ms, _fuzz = map(attrgetter, ("day", "rating", "ms", "fuzz"))


class _Ordinals(dict[str, int]):
    """ISO day to ordinal; a history of many years has few days."""

    def __missing__(self, day: str) -> int:
        self[day] = ordinal = date.fromisoformat(day).toordinal()
        return ordinal


ordinal = _Ordinals().__getitem__
"""The proleptic ordinal of an ISO day."""


_RATING, _RATINGS = 3, 7  # bits


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

    def add(self, reviews: Sequence[Review]) -> Iterator[int]:
        """Further reviews, by day; for each its place (high) and its day and rating (low), as `packed.pairs` has them,
        which `taken_apart` makes three of again."""
        ratings = bytes(map(_rating, reviews))
        self.ratings += ratings
        self.fuzz.extend(map(_fuzz, reviews))
        keys: list[Iterator[int]] = []
        start = 0
        while start < len(reviews):
            day = reviews[start].day
            end = len(reviews) if reviews[-1].day == day else bisect_right(reviews, day, start, key=_day)
            number = ordinal(day)
            low = (len(self.days) << 32) + (number << _RATING)
            keys.append(map(add, range(low, low + (end - start << 32), 1 << 32), ratings[start:end]))
            self.days += whole((number,)) * (end - start)
            self.spans.append((day, end - start, sum(map(_ms, reviews[start:end]))))
            start = end
        return chain.from_iterable(keys)

    def extend(self, later: "Columns") -> None:
        """Those of further reviews, which come after these."""
        self.days += later.days
        self.ratings += later.ratings
        self.fuzz += later.fuzz
        self.spans += later.spans


def taken_apart(keys: "array[int]") -> tuple["array[int]", list[int], list[int]]:
    """Places, days as ordinals, and ratings (see `Columns.add`)."""
    places, low = halves(keys)
    return places, [each >> _RATING for each in low], [each & _RATINGS for each in low]
