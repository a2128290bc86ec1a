"""Numbers of many reviews in one value of a row, and what SQL may ask of them."""

import sqlite3
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable


def packed_whole(numbers: Iterable[int]) -> bytes:
    """Whole numbers below 2**31, four bytes each in the order of this machine."""
    return array("i", numbers).tobytes()


def whole(data: bytes) -> "array[int]":
    """What `packed_whole` packed.

    >>> list(whole(packed_whole([3, 1, 2])))
    [3, 1, 2]
    """
    return array("i", data)


def packed_real(numbers: Iterable[float]) -> bytes:
    """Real numbers, eight bytes each."""
    return array("d", numbers).tobytes()


def real(data: bytes) -> "array[float]":
    """What `packed_real` packed."""
    return array("d", data)


def reviewed(days: bytes, ratings: bytes, first: int, last: int, rating: int) -> bool:
    """Whether one of the reviews on `days` (packed ordinals, ascending) is of `first` to `last` and graded `rating`
    (0: any). In SQL the function of this name.

    >>> days = packed_whole([738_000, 738_005])
    >>> reviewed(days, bytes([3, 1]), 738_001, 738_009, 1), reviewed(days, bytes([3, 1]), 738_001, 738_004, 0)
    (True, False)
    """
    known = whole(days)
    start, end = bisect_left(known, first), bisect_right(known, last)
    return start < end and (not rating or rating in ratings[start:end])


def add_functions(connection: sqlite3.Connection) -> None:
    """Let SQL call `reviewed(days, ratings, first, last, rating)`."""
    connection.create_function("reviewed", 5, reviewed, deterministic=True)
