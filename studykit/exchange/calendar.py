"""The coming workload as an iCalendar file (RFC 5545) that a calendar subscribes to.

A day has one entry with an identity of its own, so that a calendar changes it in place. What did not change keeps its
time stamp: the same workload gives the same bytes.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from studykit import places
from studykit.errors import StudyError
from studykit.locale import _, ngettext
from studykit.study.planning.workload import Workday

if TYPE_CHECKING:
    from icalendar import Calendar, Component

PRODUCT = "-//studykit//workload//EN"


class Form(NamedTuple):
    """How an entry looks: a task or an event, all day or from `at` on, with an alarm at `alarm` or none."""

    tasks: bool = False
    at: time | None = None
    alarm: time | None = None


def write_calendar(file: str, name: str, vault: str, days: Sequence[Workday], form: Form, now: datetime) -> bool:
    """Write the file where it would say something new; whether it did. `now` is aware.

    Raises StudyError when the file that stands there is no calendar of studykit, or icalendar is not installed.
    """
    try:
        from icalendar import Calendar
    except ImportError as error:
        raise StudyError(_("This needs the extra `calendar`."), "pip install 'studykit[calendar]'") from error
    before = _read(file)
    old = _entries(Calendar, before, file)
    made = _calendar(Calendar, name)
    key = places.vault_key(vault).rpartition("-")[2]
    for each in days:
        if each.due:
            made.add_component(_entry(each, f"{key}-{each.day:%Y%m%d}@studykit", form, now, old))
    after: bytes = made.to_ical()
    if after == before:
        return False
    places.write_whole(os.path.abspath(file), after)
    return True


def _calendar(kind: "type[Calendar]", name: str) -> "Calendar":
    made = kind()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    return made


def _entry(each: Workday, uid: str, form: Form, now: datetime, old: Mapping[str, Any]) -> "Component":
    """The entry of one day; stamp and sequence are those it had where it says the same."""
    entry = _undated(each, uid, form)
    before = old.get(uid)
    if before is not None:
        stamp, sequence = before["dtstamp"].dt, int(before.get("sequence", 0))
        if _same(before, entry):
            return _stamped(entry, stamp, sequence)
        return _stamped(entry, now, sequence + 1)
    return _stamped(entry, now, 0)


def _undated(each: Workday, uid: str, form: Form) -> "Component":
    from icalendar import Alarm, Event, Todo

    entry = Todo() if form.tasks else Event()
    entry.add("uid", uid)
    title = ngettext("studykit: {n} card, about {minutes} min", "studykit: {n} cards, about {minutes} min", each.due)
    entry.add("summary", title.format(n=each.due, minutes=each.minutes))
    # Floating times: eight o'clock is eight o'clock wherever the person is.
    start: date = datetime.combine(each.day, form.at) if form.at else each.day
    if form.tasks:
        entry.add("due", start)
    else:
        length = timedelta(minutes=max(each.minutes, 5)) if form.at else timedelta(days=1)
        entry.add("dtstart", start)
        entry.add("dtend", start + length)
        entry.add("transp", "TRANSPARENT")
    if form.alarm:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry["summary"])
        begin = datetime.combine(each.day, form.at or time.min)
        related = {"RELATED": "END"} if form.tasks else {}
        alarm.add("trigger", datetime.combine(each.day, form.alarm) - begin, parameters=related)
        entry.add_component(alarm)
    return entry


def _stamped(entry: "Component", stamp: datetime, sequence: int) -> "Component":
    entry.add("dtstamp", stamp)
    entry.add("sequence", sequence)
    return entry


def _same(before: "Component", after: "Component") -> bool:
    from icalendar import Component

    known = Component.from_ical(before.to_ical())
    assert isinstance(known, Component)
    for name in ("dtstamp", "sequence"):
        known.pop(name, None)
    return bool(known.to_ical() == after.to_ical())


def _read(file: str) -> bytes:
    try:
        with open(file, "rb") as handle:
            return handle.read()
    except FileNotFoundError:
        return b""


def _entries(kind: "type[Calendar]", content: bytes, file: str) -> dict[str, Any]:
    """The entries that stand in the file, by identity. A file that somebody else wrote is not overwritten."""
    if not content:
        return {}
    try:
        calendar = kind.from_ical(content)
        ours = str(calendar.get("prodid")) == PRODUCT
    except ValueError:
        ours = False
    if not ours:
        raise StudyError(
            _("{file} is not a calendar that studykit wrote.").format(file=file), _("Name another file, or delete it.")
        )
    return {str(entry["uid"]): entry for entry in calendar.walk() if "uid" in entry}
