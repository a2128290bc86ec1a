"""A break: entered when it begins, ended when it ends, and what came due meanwhile spread over the days after it."""

from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from studykit.store import events, history
from studykit.store.database import Store
from studykit.store.log import Log
from studykit.study.actions import keep, opened
from studykit.study.vault import Vault

_SPREAD = 0.5  # what came due in a break returns over half as many days as the break had
_SHORTEST_SPREAD = 3  # days


@dataclass(frozen=True, slots=True)
class Break:
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


def pause(vault: Vault, until: date) -> Break:
    """Begin a break that ends on the day `until`, or move the end of the one that runs. Raises BusyError, LogError."""
    now = datetime.now()
    with opened(vault) as store:
        made = events.Pause(**vault.stamp(now), until=until.isoformat())
        keep(vault, store, Log(vault.log_folder, vault.device), [made])
    return Break(vault.day(now), until)


def resume(vault: Vault) -> Break | None:
    """End the break that runs; None when there is none."""
    now = datetime.now()
    today = vault.day(now)
    with opened(vault) as store:
        running = latest_break(store)
        if running is None or not running.runs(today):
            return None
        made = events.Pause(**vault.stamp(now), until="")
        keep(vault, store, Log(vault.log_folder, vault.device), [made])
    return Break(running.start, today)
