"""Breaks as the log has them: the one that runs or was last, and how what came due in it is spread afterwards."""

from datetime import date
from math import ceil

import msgspec

from studykit.store import events, history
from studykit.store.database import Store

_SPREAD = 0.5  # what came due in a break returns over half as many days as the break had
_SHORTEST_SPREAD = 3  # days


class Break(msgspec.Struct, frozen=True):
    """A break from the local day `start` to the day `end`, on which study goes on."""

    start: date
    end: date

    def runs(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return self.start <= day < self.end

    def days_left(self, day: date) -> int:
        """Days from `day` on over which the rest of what came due is spread; 0 before the break's end and after it."""
        away = (self.end - self.start).days
        length = max(ceil(away * _SPREAD), _SHORTEST_SPREAD) if away >= _SHORTEST_SPREAD else 0
        return max(length - (day - self.end).days, 0) if day >= self.end else 0


def latest_break(store: Store) -> Break | None:
    """The break that was entered last, on whichever device; None if there never was one."""
    said = [event for event in history.standing_events(store, "pause") if isinstance(event, events.Pause)]
    said.sort(key=events.order)
    found: Break | None = None
    for event in said:
        day = date.fromisoformat(event.day)
        running = found is not None and found.runs(day)
        if event.until:
            found = Break(found.start if found and running else day, date.fromisoformat(event.until))
        elif found and running:
            found = Break(found.start, day)
    return found
