"""Cards that come due day by day if each day's are studied on it: what a calendar shows."""

from contextlib import closing
from datetime import date, datetime, timedelta
from typing import NamedTuple

from studykit.store import due
from studykit.store.database import open_store
from studykit.study.figures.habits import habits_of, minutes_for
from studykit.study.vault import Vault


class Workday(NamedTuple):
    """Cards that come due on `day` (on the first day, the overdue ones too), and the minutes they will take."""

    day: date
    due: int
    minutes: int


def workload(vault: Vault, now: datetime, days: int) -> list[Workday]:
    """Today and the days after it, `days` in all. What is learnt today may return among them; nobody knows yet."""
    today = vault.day(now)
    ahead = [today + timedelta(days=each) for each in range(days)]
    with closing(open_store(vault.store_file)) as store:
        counts = due.due_between(store.connection, ahead[0].isoformat(), ahead[-1].isoformat())
        counts[today.isoformat()] = sum(due.due_by_deck(store.connection, today.isoformat()).values())
        habits = habits_of(store)
    return [Workday(day, n := counts.get(day.isoformat(), 0), minutes_for(habits, n, 0)) for day in ahead]
