"""Schedules that Obsidian's Spaced Repetition plugin leaves in notes, as the start of a card's own.

A comment `<!--SR:!2024-05-01,10,250!…-->` has an entry (due day, interval in days, ease in percent) for each
sibling. The interval becomes stability. An ease below 200 counts as hard, of 270 and more as easy; the plugin starts
at 250. How often a card was reviewed is not kept; as in the plugin's own change to FSRS, the interval is taken to
have doubled each time.
"""

import re
from datetime import date, datetime, timedelta
from math import log2

from studykit.cards.card import Schedule
from studykit.vault.later import later

_ENTRY = later(r"([\w -]{8,15}),(\d{1,6}),(\d{1,6})")
_NEW = date(2000, 1, 1)  # the plugin writes this for a sibling that was never reviewed
_LONGEST = 36_500  # days
_KEYS = later(r"^(sr-due|sr-interval|sr-ease)[ \t]*:[ \t]*['\"]?([^'\"\n#]+)", re.MULTILINE)


def entries(text: str) -> list[Schedule | None]:
    """The schedules in a card's comment, sibling by sibling; None for one that is new or cannot be read.

    >>> [found] = entries("Q::A <!--SR:!2024-05-11,10,250-->")
    >>> found.last.isoformat(), found.interval, found.label
    ('2024-05-01', 10, 'medium')
    """
    start = text.find("<!--SR:")
    if start < 0:
        return []
    inner = text[start + len("<!--SR:") : text.find("-->", start)]
    return [_entry(part.strip()) for part in inner.split("!") if part.strip()]


def of_note(head: str) -> Schedule | None:
    """The schedule in a note's frontmatter (`sr-due`, `sr-interval`, `sr-ease`)."""
    values = {match[1]: match[2].strip() for match in _KEYS.finditer(head)}
    interval, ease = (re.match(r"\d{1,6}", values.get(key, "")) for key in ("sr-interval", "sr-ease"))
    due = _day(values.get("sr-due", ""))
    return _schedule(due, int(interval[0]), int(ease[0]) if ease else 250) if due and interval else None


def entry(value: object) -> Schedule | None:
    """The schedule of one card as the plugin writes it in JSON; None for one that is new or cannot be read.

    >>> entry({"dueDate": "2024-05-11", "interval": 10, "ease": 250}).last.isoformat()
    '2024-05-01'
    """
    if not isinstance(value, dict):
        return None
    nested = value.get("scheduleData")  # in some versions, with the name of the algorithm beside it
    value = nested if isinstance(nested, dict) else value
    due = str(value.get("dueDate"))
    if "stability" in value:
        return _fsrs(due, *(str(value.get(key)) for key in ("lastReview", "difficulty", "reps")))
    day, interval, ease = _day(due), _whole(value.get("interval")), _whole(value.get("ease"))
    return _schedule(day, interval, 250 if ease is None else ease) if day and interval is not None else None


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and abs(value) < 1_000_000 else None


def without_comments(text: str) -> str:
    """`text` less the plugin's comments, each from where it opens to the last `-->` of its line.

    >>> without_comments("Q::A <!--SR:!2024-05-11,10,250-->")
    'Q::A '
    """
    if "<!--SR:" not in text:
        return text
    return "\n".join(map(_without, text.split("\n")))


def _without(line: str) -> str:
    start, end = line.find("<!--SR:"), line.rfind("-->")
    return line[:start] + line[end + 3 :] if 0 <= start < end else line


def _entry(text: str) -> Schedule | None:
    if text.startswith("fsrs,"):  # due, interval, stability, difficulty, state, reps, lapses, steps, last review
        fields = text.split(",")
        return _fsrs(fields[1], fields[9], fields[4], fields[6]) if len(fields) > 9 else None
    found = _ENTRY.match(text)
    due = _day(found[1]) if found else None
    return _schedule(due, int(found[2]), int(found[3])) if found and due else None


def _fsrs(due: str, last: str, difficulty: str, reps: str) -> Schedule | None:
    """An entry of the plugin's FSRS."""
    try:
        first, then, hardness, times = _moment(last), _moment(due), float(difficulty), int(reps)
    except ValueError:
        return None
    label = "hard" if hardness >= 7 else "easy" if hardness < 3 else "medium"
    return Schedule(first, min(max((then - first).days, 1), _LONGEST), min(max(times, 1), 10_000), label)


def _moment(text: str) -> date:
    return datetime.fromisoformat(text.strip()).date()


def _schedule(due: date, interval: int, ease: int) -> Schedule | None:
    days = min(max(interval, 1), _LONGEST)
    if due == _NEW or due.toordinal() <= days:
        return None
    label = "hard" if ease < 200 else "easy" if ease >= 270 else "medium"
    return Schedule(due - timedelta(days), days, max(1, round(log2(days + 1))), label)


def _day(text: str) -> date | None:
    """A day in one of the three forms that the plugin has written."""
    for form in ("%Y-%m-%d", "%d-%m-%Y", "%a %b %d %Y"):
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None
