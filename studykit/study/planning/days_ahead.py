"""The next fourteen days of a vault in one small file, renewed by sync, review and remind.

Status bars and shell prompts read it with no process of ours; reminders read it before they load anything else.
It holds counts and one line of words a day, no text of the notes.
"""

import json
import os
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from studykit import places
from studykit.locale import _, ngettext
from studykit.store import due
from studykit.store.database import Store, open_store
from studykit.store.events import timestamp
from studykit.study.figures.habits import habits_of, minutes_for, new_that_fit
from studykit.study.figures.streak import Streak, pauses, streak
from studykit.study.planning.breaks import latest_break
from studykit.study.planning.brief import as_text
from studykit.study.vault import Vault

FORMAT = 1
DAYS = 14


def renew(vault: Vault, store: Store, now: datetime) -> dict[str, Any]:
    """Look ahead and write the file where it says something new; what it holds now."""
    file = places.outlook_file(vault.root)
    before = read(file)
    fresh = before if _still_holds(before, vault, store, now) else look_ahead(vault, store, now)
    if _unstamped(before) != _unstamped(fresh):
        places.write_whole(file, msgspec.json.format(msgspec.json.encode(fresh), indent=1), lasting=False)
    _write_where_new(places.brief_file(vault.root), as_text(fresh))
    if places.current_vault() == vault.root:
        _write_plain(fresh)
    return fresh


def renewed(vault: Vault) -> dict[str, Any]:
    """The same for a store that nobody has open. Raises StoreError."""
    with closing(open_store(vault.store_file)) as store:
        return renew(vault, store, datetime.now())


def read(file: str) -> dict[str, Any]:
    """What the file holds; empty when there is none that this version can read."""
    try:
        with open(file, encoding="utf-8") as handle:
            found = json.load(handle)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and found.get("format") == FORMAT else {}


def _still_holds(outlook: dict[str, Any], vault: Vault, store: Store, now: datetime) -> bool:
    """Whether `look_ahead` would say the same: nothing was written since, on the same day, in the same language."""
    mark = store.mark()
    if not mark or outlook.get("store") != mark or outlook.get("settings") != places.settings_mark(vault.root):
        return False
    days, limit = outlook["days"], vault.settings.schedule.minutes_per_day
    return bool(days[0]["day"] == vault.day(now).isoformat()) and all(
        each["line"] == in_words(each["due"], each["new"], each["minutes"], limit) for each in days
    )


def look_ahead(vault: Vault, store: Store, now: datetime) -> dict[str, Any]:
    """Counts by day, when the person reviewed last, and what decides about a reminder; plain values.

    `days`: for today and the 13 days after it, what waits then if nothing is reviewed before: `due` (overdue cards
    included), `new` (within the daily limit), `minutes` at this person's pace, `line` in words.
    """
    today = vault.day(now)
    away = latest_break(store)
    return {
        "format": FORMAT,
        "made": timestamp(now),
        "vault": vault.root,
        "store": store.mark(),
        "settings": places.settings_mark(vault.root),
        "rollover_hour": vault.settings.schedule.rollover_hour,
        "reviewed": _reviewed(store.connection),
        "streak": streak_now(vault, store, today).current,
        "paused_until": away.end.isoformat() if away and away.runs(today) else "",
        "remind": {
            "threshold": vault.settings.remind.threshold,
            "quiet_hours": list(vault.settings.remind.quiet_hours),
            "hours_between": vault.settings.remind.hours_between,
            "after_review": vault.settings.remind.after_review,
        },
        "days": _days(vault, store, today),
    }


def _days(vault: Vault, store: Store, today: date) -> list[dict[str, Any]]:
    """New cards as on each day's own limit: what nobody introduces today is offered again tomorrow."""
    connection, habits = store.connection, habits_of(store)
    last = today + timedelta(days=DAYS - 1)
    coming = due.due_between(connection, (today + timedelta(days=1)).isoformat(), last.isoformat())
    waiting = sum(due.due_by_deck(connection, today.isoformat()).values())
    limit, minutes = vault.settings.schedule.new_per_day, vault.settings.schedule.minutes_per_day
    fresh = due.new_count(connection, today.isoformat(), limit)
    introduced = due.introduced_on(connection, today.isoformat())
    days = []
    for ahead in range(DAYS):
        day = today + timedelta(days=ahead)
        waiting += coming.get(day.isoformat(), 0)
        new = min(fresh, max(limit - introduced, 0)) if ahead == 0 else fresh
        new = new_that_fit(habits, waiting, new, minutes)
        took = minutes_for(habits, waiting, new)
        days.append({"day": day.isoformat(), "due": waiting, "new": new, "minutes": took,
                     "line": in_words(waiting, new, took, minutes)})  # fmt: skip
    return days


def in_words(waiting: int, new: int, took: int, minutes: int = 0) -> str:
    """One line, as short as a status bar: `14 cards due and 20 new, about 9 min`; empty when nothing waits.

    Where a day ends after `minutes` (0: it does not) and that is less than it `took`, it says what today holds of it.
    """
    if not waiting:
        fresh = ngettext("{n} new card, about {minutes} min", "{n} new cards, about {minutes} min", new)
        return fresh.format(n=new, minutes=took) if new else ""
    counted = ngettext("{n} card due", "{n} cards due", waiting).format(n=waiting)
    if new:
        counted = _("{due} and {new} new").format(due=counted, new=new)
    if minutes and took > minutes:
        return _("{counted}, {minutes} min of it today").format(counted=counted, minutes=minutes)
    return _("{counted}, about {minutes} min").format(counted=counted, minutes=took)


def streak_now(vault: Vault, store: Store, today: date) -> Streak:
    """The streak of the last thousand days with a review."""
    days = store.connection.execute("SELECT day FROM days ORDER BY day DESC LIMIT 1000")
    return streak([date.fromisoformat(day) for (day,) in days], pauses(vault, store), today)


def _reviewed(connection: sqlite3.Connection) -> str | None:
    found = connection.execute("SELECT max(day) FROM days").fetchone()[0]
    return str(found) if found else None


def _unstamped(outlook: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in outlook.items() if key != "made"}


def _write_plain(outlook: dict[str, Any]) -> None:
    """For shell scripts: a line a day of the known vault, `day due new minutes`, separated by tabs."""
    lines = ["\t".join(str(each[key]) for key in ("day", "due", "new", "minutes")) for each in outlook["days"]]
    _write_where_new(places.plain_outlook_file(), "\n".join(lines) + "\n")


def _write_where_new(place: str, text: str) -> None:
    try:
        with open(place, encoding="utf-8") as file:
            if file.read() == text:
                return
    except (OSError, ValueError):
        os.makedirs(os.path.dirname(place), exist_ok=True)
    places.write_whole(place, text.encode(), lasting=False)
