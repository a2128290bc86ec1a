"""`studykit remind --once` and `studykit remind shell` where one small file has the answer already.

A scheduler calls the first several times a day and mostly for nothing; the second stands in front of every new
shell. Both read what `study.planning.days_ahead` wrote and load nothing else. Whatever the file cannot answer (it is
missing, a setting changed, a reminder is due) is left to the command in `remind.py`.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def glance(words: list[str]) -> int | None:
    """The exit code of `studykit remind WORDS` if the outlook alone decides; None leaves it to the full command."""
    named = words[2] if len(words) == 3 and words[1] == "--vault" else ""
    if words[:1] not in (["--once"], ["shell"]) or (len(words) > 1 and not named):
        return None
    from studykit import places

    vault = named or os.environ.get("STUDYKIT_VAULT") or places.current_vault()
    outlook = _outlook(vault) if vault else None
    if not vault or outlook is None:
        return None
    from studykit.cli.prompt import local_today

    day = local_today(outlook["rollover_hour"])
    return _shell(vault, outlook, day) if words[0] == "shell" else _once(vault, outlook, day)


def _outlook(vault: str) -> "dict[str, Any] | None":
    """What lies ahead, or None where the file is missing, too old, or of other settings."""
    from studykit import places
    from studykit.study.planning.brief import read_text

    try:
        with open(places.brief_file(vault), encoding="utf-8") as file:
            found = read_text(file.read())
    except (OSError, ValueError, KeyError, IndexError):
        return None
    fits = found["format"] == 1 and found["settings"] == places.settings_mark(vault) and found["days"]
    return found if fits and os.path.isdir(vault) else None


def _once(vault: str, outlook: "dict[str, Any]", day: str) -> int | None:
    if day > outlook["days"][-1]["day"]:
        return None  # nobody was here for two weeks: count anew
    from datetime import datetime

    from studykit.reminders import record
    from studykit.reminders.decide import SPEAK, decide

    now = datetime.now()
    reason = decide(outlook, day, now, record.delivered_at(record.read(vault)), False)
    if reason == SPEAK:
        return None
    record.write(vault, now, record.NOTHING, reason)
    return 8


def _shell(vault: str, outlook: "dict[str, Any]", day: str) -> int | None:
    """One line at most once a day, when something is due."""
    ahead = next((each for each in outlook["days"] if each["day"] == day), None)
    if ahead is None:
        return None
    if ahead["due"] and (outlook.get("paused_until") or "") <= day and _first_today(vault, day):
        print(f"studykit: {ahead['line']}")  # noqa: T201 - no click here
    return 0


def _first_today(vault: str, day: str) -> bool:
    """Whether no shell was told today; it counts as told now."""
    from studykit import places

    place = places.reminder_file(vault) + ".shell"
    try:
        with open(place, encoding="utf-8") as file:
            if file.read().strip() == day:
                return False
    except OSError:
        os.makedirs(os.path.dirname(place), exist_ok=True)
    try:
        with open(place, "w", encoding="utf-8") as file:
            file.write(day)
    except OSError:
        return True
    return True
