"""When a reminder is due by the clock: times of day on days of the week, as people write them."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from studykit.errors import ReminderError, StudyError
from studykit.locale import _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


class Times(NamedTuple):
    """Local times of day, sorted, each once; days of the week, 0 is Monday, sorted, at least one."""

    at: tuple[time, ...]
    days: tuple[int, ...]

    @property
    def every_day(self) -> bool:
        """Whether no day of the week is left out."""
        return len(self.days) == len(DAYS)

    def in_words(self) -> str:
        """As it was asked for: `08:30, 20:30 mon-fri`."""
        clocks = ", ".join(f"{at:%H:%M}" for at in self.at)
        return clocks if self.every_day else f"{clocks} {','.join(DAYS[day] for day in self.days)}"


def read_times(at: Sequence[str], days: str = "") -> Times:
    """`at` as `8:30`, `days` as `mon-fri,sun`; no days means all. Raises StudyError for anything else.

    >>> read_times(["20:30", "8:30"], "fri-mon").days
    (0, 4, 5, 6)
    """
    return Times(tuple(sorted({_clock(each) for each in at})), _days(days))


def _clock(text: str) -> time:
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise StudyError(_("{text} is no time of day.").format(text=repr(text)), _("Write it as 08:30 or 20:30."))
    return time(int(found[1]), int(found[2]))


def _days(text: str) -> tuple[int, ...]:
    chosen: set[int] = set()
    for part in filter(None, (part.strip().lower() for part in text.split(","))):
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise StudyError(
                _("{text} is no day of the week.").format(text=repr(part)),
                _("Write days as mon-fri or sat,sun; they are {days}.").format(days=", ".join(DAYS)),
            )
        start, end = DAYS.index(first), DAYS.index(last or first)
        chosen |= {(start + ahead) % 7 for ahead in range((end - start) % 7 + 1)}
    return tuple(sorted(chosen)) or tuple(range(7))


def next_run(times: Times, now: datetime) -> datetime:
    """The first moment after `now` (local, naive) at which the clock shows one of the times on one of the days."""
    for ahead in range(8):
        day = now.date() + timedelta(days=ahead)
        if day.weekday() in times.days:
            for at in times.at:
                if (moment := datetime.combine(day, at)) > now:
                    return moment
    raise ReminderError(_("There is no time at which to remind."))
