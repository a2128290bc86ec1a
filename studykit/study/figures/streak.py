"""Days studied in a row. A pause that was entered neither breaks a streak nor adds to it; clicks do not count twice."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from studykit.store import history
from studykit.store.database import Store
from studykit.store.events import order
from studykit.study.vault import Vault

_ONE_DAY = timedelta(days=1)


class Span(NamedTuple):
    """Local days from `start` up to, but without, `end`."""

    start: date
    end: date


class Streak(NamedTuple):
    """Days with a review in a row up to today (or yesterday: today is not over), the longest such row ever, and the
    days of pauses that lie within the present one."""

    current: int
    longest: int
    paused: int


def streak(studied: Iterable[date], pauses: Iterable[Span], today: date) -> Streak:
    """Count over the days on which something was reviewed.

    >>> days = [date(2026, 11, day) for day in (1, 2, 3, 20, 21)]
    >>> streak(days, [], date(2026, 11, 22))
    Streak(current=2, longest=3, paused=0)
    >>> streak(days, [Span(date(2026, 11, 4), date(2026, 11, 20))], date(2026, 11, 22))
    Streak(current=5, longest=5, paused=16)
    """
    free = {
        day
        for span in pauses
        for ahead in range((min(span.end, today + _ONE_DAY) - span.start).days)
        if (day := span.start + timedelta(days=ahead))
    }
    listed = sorted({day for day in studied if day <= today})
    longest = run = paused = 0
    before: date | None = None
    for day in listed:
        gap = [] if before is None else _between(before, day)
        whole = before is not None and all(each in free for each in gap)
        run, paused = (run + 1, paused + len(gap)) if whole else (1, 0)
        longest, before = max(longest, run), day
    if before is None:
        return Streak(0, 0, 0)
    since = [day for day in _between(before, today) if day not in free]
    return Streak(0, longest, 0) if since else Streak(run, longest, paused)


def _between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range(1, (last - first).days)]


def pauses(vault: Vault, store: Store) -> list[Span]:
    """The breaks in the log (`studykit pause`), and the vacations in the settings."""
    found: list[Span] = []
    for event in sorted(history.standing_events(store, "pause"), key=order):
        day, until = date.fromisoformat(event.day), getattr(event, "until", "")
        running = bool(found) and found[-1].start <= day < found[-1].end
        if until:
            start = found.pop().start if running else day
            found.append(Span(start, date.fromisoformat(until)))
        elif running:
            found.append(Span(found.pop().start, day))
    return found + [_vacation(text) for text in getattr(vault.settings.schedule, "vacations", ())]


def _vacation(text: str) -> Span:
    """`2026-12-24..2027-01-02`, both included, or one day.

    >>> _vacation("2026-12-24..2026-12-25") == Span(date(2026, 12, 24), date(2026, 12, 26))
    True
    """
    first, _dots, last = text.partition("..")
    return Span(date.fromisoformat(first), date.fromisoformat(last or first) + _ONE_DAY)
