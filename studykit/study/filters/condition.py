"""What a filter comes to in SQL; alone in a file, since a session of everything needs no more of filters."""

from typing import NamedTuple


class Condition(NamedTuple):
    """SQL over `cards`, and what is bound to its question marks."""

    sql: str
    arguments: tuple[object, ...] = ()


EVERYTHING = Condition("1")
