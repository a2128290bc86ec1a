"""Numbers of many reviews in one value of a row, and what SQL may ask of them."""

import sqlite3
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
