"""Whether a reminder is worth saying now. One pure function over small plain values; nothing is loaded for it."""

from datetime import datetime, timedelta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

SPEAK = "due"
"""The one answer that lets a reminder speak; every other names why it is silent."""

SILENT = ("nothing-due", "below-threshold", "reviewed-today", "paused", "quiet-hours", "said-lately", "studying-now")


def decide(outlook: "Mapping[str, Any]", day: str, now: datetime, said: datetime | None, studying: bool) -> str:
    """`due`, or the first of `SILENT` that holds.

    `outlook` is what `study.planning.days_ahead` wrote, `day` the local study day, `now` the local time (naive), `said`
    when the last reminder was delivered, `studying` whether a session is open on this vault. A `said` in the future (a
    clock that was set back) counts as said now, so that a wrong clock silences for `hours_between` at most.
    """
    rules = outlook["remind"]
    waiting = due_on(outlook, day)
    if not waiting:
        return "nothing-due"
    if waiting < rules["threshold"]:
        return "below-threshold"
    if outlook.get("reviewed") == day and not rules["after_review"]:
        return "reviewed-today"
    if (outlook.get("paused_until") or "") > day:
        return "paused"
    if _is_quiet(now.strftime("%H:%M"), rules["quiet_hours"]):
        return "quiet-hours"
    if said is not None and abs(now - said) < timedelta(hours=rules["hours_between"]):
        return "said-lately"
    return "studying-now" if studying else SPEAK


def due_on(outlook: "Mapping[str, Any]", day: str) -> int:
    """Cards due on a day of the outlook; on a day after its last one, what waited on the last; before it, on the first.

    Overdue cards only become more while nothing is reviewed, so the last day is a lower bound.
    """
    days = outlook["days"]
    for each in days:
        if each["day"] >= day:
            return int(each["due"])
    return int(days[-1]["due"]) if days else 0


def _is_quiet(clock: str, hours: list[str]) -> bool:
    """Whether `HH:MM` lies in the quiet hours, which may go over midnight; the end is no longer quiet.

    >>> [_is_quiet(clock, ["22:00", "08:00"]) for clock in ("21:59", "22:00", "03:00", "08:00")]
    [False, True, True, False]
    >>> _is_quiet("13:00", ["12:00", "14:00"]), _is_quiet("13:00", [])
    (True, False)
    """
    if not hours:
        return False
    start, end = hours
    return start <= clock < end if start <= end else clock >= start or clock < end
