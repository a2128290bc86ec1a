"""What a scheduler keeps about one card between two reviews, and the four grades."""

from datetime import date
from enum import IntEnum

import msgspec

LAST_ORDINAL = date.max.toordinal()
LEECH = 8
"""Lapses from which a card is a leech, as Anki counts by default."""


class Rating(IntEnum):
    """How well an answer was recalled. Again means forgotten; the other three are degrees of recall."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Recall(msgspec.Struct, frozen=True):
    """The memory of one card after its latest review; a card never reviewed has None in its place.

    stability   days until retrievability falls to 0.9 (FSRS); the other schedulers keep their interval here, > 0
    difficulty  1 (easy) to 10 (hard) in FSRS; the ladder keeps its step here, SM-2 its ease factor. A scheduler
                reads only what it wrote itself: to change schedulers, replay the log
    last        local day of the latest review
    due         local day on which to ask again. Equal to `last` after Again: the card stays due on that day
                until it is recalled
    reps        gradings so far, those before an import included
    lapses      times it was forgotten on a later day than its previous review
    """

    stability: float
    difficulty: float
    last: date
    due: date
    reps: int
    lapses: int


def day_after(day: date, days: int) -> date:
    """`day` plus `days`, held at the calendar's end: a clock set to the year 9999 must not stop a replay.

    >>> day_after(date(2026, 11, 23), 10), day_after(date(9999, 12, 30), 10)
    (datetime.date(2026, 12, 3), datetime.date(9999, 12, 31))
    """
    return date.fromordinal(min(day.toordinal() + days, LAST_ORDINAL))
