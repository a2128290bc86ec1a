"""How long this person takes over a card, from the thinking times in the log."""

import sqlite3

# What a card takes before anything is known of the person, in seconds: near Anki's averages of many users.
USUAL = {False: 12.0, True: 20.0}
_ENOUGH = 20  # reviews before a person's own speed counts
_RECENT = 1000
_LONGEST = 300_000  # ms: whoever takes longer than five minutes was away


def seconds_per_card(connection: sqlite3.Connection) -> tuple[float, float]:
    """(seconds for a card seen before, seconds for a new card): means of the latest reviews, absences cut."""
    rows = connection.execute(
        f"SELECT elapsed IS NULL, min(ms, {_LONGEST}) FROM (SELECT elapsed, ms, card FROM reviews"
        f" ORDER BY day DESC LIMIT {_RECENT}) WHERE card IS NOT NULL AND ms > 0"
    ).fetchall()
    known, new = (_mean([ms for fresh, ms in rows if fresh == kind], USUAL[kind]) for kind in (False, True))
    return known, new


def _mean(times: list[int], usual: float) -> float:
    return sum(times) / len(times) / 1000 if len(times) >= _ENOUGH else usual


def minutes(due: int, new: int, pace: tuple[float, float]) -> int:
    """Whole minutes for so many cards, at least one where there are any.

    >>> minutes(14, 0, (30.0, 60.0)), minutes(1, 0, (12.0, 20.0)), minutes(0, 0, (12.0, 20.0))
    (7, 1, 0)
    """
    seconds = due * pace[0] + new * pace[1]
    return max(round(seconds / 60), 1) if seconds else 0
