"""Numbers of many reviews in one value of a row, and what SQL may ask of them."""

import sqlite3
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable


def whole(numbers: bytes | Iterable[int]) -> "array[int]":
    """Whole numbers below 2**31, four bytes each in the order of this machine: of some, or as a row has them.

    >>> list(whole(whole([3, 1, 2]).tobytes()))
    [3, 1, 2]
    """
    return array("i", numbers)


def real(numbers: bytes | Iterable[float]) -> "array[float]":
    """Real numbers, eight bytes each: of some, or as a row has them."""
    return array("d", numbers)


_LOW, _HIGH = (0, 1) if sys.byteorder == "little" else (1, 0)


def pairs(numbers: Iterable[int] = ()) -> "array[int]":
    """Numbers of which each holds two: a high one times 2**32 and a low one, both whole and below 2**31."""
    return array("q", numbers)


def halves(numbers: "array[int]") -> tuple["array[int]", "array[int]"]:
    """The high and the low ones of `pairs`.

    >>> [list(half) for half in halves(pairs([(7 << 32) + 1, 5]))]
    [[7, 0], [1, 5]]
    """
    both = whole(numbers.tobytes())
    return both[_HIGH::2], both[_LOW::2]


def reviewed(days: bytes, ratings: bytes, first: int, last: int, rating: int) -> bool:
    """Whether one of the reviews on `days` (packed ordinals, ascending) is of `first` to `last` and graded `rating`
    (0: any). In SQL the function of this name.

    >>> days = whole([738_000, 738_005]).tobytes()
    >>> reviewed(days, bytes([3, 1]), 738_001, 738_009, 1), reviewed(days, bytes([3, 1]), 738_001, 738_004, 0)
    (True, False)
    """
    known = whole(days)
    start, end = bisect_left(known, first), bisect_right(known, last)
    return start < end and (not rating or rating in ratings[start:end])


def add_functions(connection: sqlite3.Connection) -> None:
    """Let SQL call `reviewed(days, ratings, first, last, rating)`."""
    connection.create_function("reviewed", 5, reviewed, deterministic=True)
