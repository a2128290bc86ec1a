"""What each field of a filter means, as a condition in SQL over the table `cards`.

A condition is true or false for every card, never NULL, so that `-` in front of it means the other cards. What a
person wrote is bound, never put into the text.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import get_args

from studykit.cards.card import Kind
from studykit.locale import _, listed
from studykit.spacing.fsrs import days_per_stability
from studykit.spacing.state import LAST_ORDINAL, LEECH
from studykit.store.words import fold, phrase
from studykit.study.filters.condition import Condition
from studykit.study.filters.filter_error import FilterError, wrong
from studykit.study.filters.filter_parse import Term

STATES = ("new", "due", "learning", "review", "suspended", "buried", "flagged", "leech", "orphaned")
LABELS = ("easy", "medium", "hard")
PROPERTIES = ("stability", "difficulty", "retrievability", "reps", "lapses", "due", "interval")
_MOST_DAYS = 36_500


# A term, read; the condition follows from it once the local day is known.
Test = Callable[[date], Condition]


def test_of(term: Term, text: str) -> Test:
    """What a term asks of a card. Raises FilterError, pointing into the filter `text`."""
    reader = _READERS.get(term.field)
    if reader is None:
        message = _("In the filter, `{field}:` is no field.").format(field=term.field)
        hint = _('Fields are {names}. Put "quotes" around text that is meant as it stands.')
        raise wrong(message, hint.format(names=listed(FIELDS)), text, term.at)
    return reader(term, text)


def _always(sql: str, *arguments: object) -> Test:
    return lambda _day: Condition(sql, arguments)


def _word(term: Term, _text: str) -> Test:
    query = phrase(term.value, whole=term.quoted)
    if query:
        return _always("cards.rowid IN (SELECT rowid FROM card_words WHERE card_words MATCH ?)", query)
    # Signs alone (`=>`) are in no index: the cards are read one by one.
    shown = "fold(coalesce(title, '') || char(10) || prompt || char(10) || answer || char(10) || coalesce(tags, ''))"
    return _always(f"instr({shown}, ?) > 0", fold(term.value))


def _deck(term: Term, _text: str) -> Test:
    # Each deck is looked at once, not each card; the same goes for tags and files.
    return _always("deck IN (SELECT deck FROM cards GROUP BY deck HAVING under(deck, ?))", fold(term.value))


def _tag(term: Term, _text: str) -> Test:
    known = "SELECT tags FROM cards WHERE tags <> '' GROUP BY tags HAVING under(tags, ?)"
    return _always(f"tags IS NOT NULL AND tags IN ({known})", fold(term.value.removeprefix("#")))


def _file(term: Term, _text: str) -> Test:
    known = "SELECT file FROM cards GROUP BY file HAVING instr(fold(file), ?) > 0"
    return _always(f"file IN ({known})", fold(term.value))


def _id(term: Term, _text: str) -> Test:
    return _always("substr(id, 1, ?) = ?", len(term.value), term.value)


def _rule(term: Term, _text: str) -> Test:
    return _always("rule = ?", fold(term.value))


def _kind(term: Term, text: str) -> Test:
    return _always("kind = ?", _one_of(term, text, get_args(Kind)))


def _label(term: Term, text: str) -> Test:
    return _always("coalesce(label, '') = ?", _one_of(term, text, LABELS))


def _one_of(term: Term, text: str, names: tuple[str, ...]) -> str:
    value = fold(term.value)
    if value not in names:
        message = _("In the filter, `{field}:{value}` is nothing a card can be.")
        shown = message.format(field=term.field, value=term.value)
        raise wrong(shown, _("There are {names}.").format(names=listed(names)), text, term.at)
    return value


_STUDIED = "active = 1 AND suspended = 0 AND (buried IS NULL OR buried <= ?)"
_STATE_SQL = {
    "new": f"{_STUDIED} AND due IS NULL",
    "due": f"{_STUDIED} AND due IS NOT NULL AND due <= ?",
    "learning": f"{_STUDIED} AND due IS NOT NULL AND due IS last",
    "review": f"{_STUDIED} AND due IS NOT NULL AND due IS NOT last",
    "suspended": "active = 1 AND suspended <> 0",
    "buried": "active = 1 AND suspended = 0 AND buried IS NOT NULL AND buried > ?",
    "flagged": "flagged <> 0",
    "leech": f"lapses >= {LEECH}",
    "orphaned": "active = 0",
}


def _state(term: Term, text: str) -> Test:
    state = fold(term.value)
    if state not in STATES:
        message = _("In the filter, `is:{state}` is no state.").format(state=state)
        raise wrong(message, _("States are {names}.").format(names=listed(STATES)), text, term.at)
    sql = _STATE_SQL[state]
    return lambda day: Condition(sql, (day.isoformat(),) * sql.count("?"))


def _added(term: Term, text: str) -> Test:
    days = _days(term.value, term, text)
    return lambda day: Condition(
        "added IS NOT NULL AND added BETWEEN ? AND ?", (_shifted(day, 1 - days), day.isoformat())
    )


def _reviewed(term: Term, text: str) -> Test:
    span, colon, grade = term.value.partition(":")
    days = _days(span, term, text)
    if colon and grade not in ("1", "2", "3", "4"):
        at = term.value_at + term.quoted + len(span) + 1
        raise wrong(_("In the filter, a grade is 1, 2, 3 or 4."), _EXAMPLES["rated"], text, at)
    sql = f"id IN (SELECT card FROM pasts WHERE last >= ? AND reviewed(days, ratings, ?, ?, {int(grade or 0)}))"
    return lambda day: Condition(sql, (first := day.toordinal() + 1 - days, first, day.toordinal()))


def _days(value: str, term: Term, text: str) -> int:
    """A span of days up to today, today included."""
    if value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= _MOST_DAYS:
        return int(value)
    message = _("In the filter, `{field}:` counts days, from 1 (today).").format(field=term.field)
    raise wrong(message, _EXAMPLES[term.field], text, term.value_at + term.quoted)


_PROPERTY = re.compile(r"(?P<name>[a-z]*)(?P<sign><=|>=|!=|<>|=|<|>)?(?P<number>-?\d{1,15}(?:\.\d{1,15})?)?")
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def _property(term: Term, text: str) -> Test:
    value = fold(term.value)
    found = _PROPERTY.match(value)
    assert found  # every part of it may be absent
    if found["name"] not in PROPERTIES:
        message = _("In the filter, `{name}` is no property.").format(name=found["name"])
        raise _bad_property(message, term, text, 0)
    if not found["sign"]:
        raise _bad_property(_("In the filter, one of < <= = >= > is missing."), term, text, found.end("name"))
    if not found["number"] or found.end() < len(value):
        raise _bad_property(_("In the filter, a number is missing."), term, text, found.end("sign"))
    sign = "<>" if found["sign"] == "!=" else found["sign"]
    return _comparison(found["name"], sign, float(found["number"]))


def _bad_property(message: str, term: Term, text: str, place: int) -> FilterError:
    hint = _("Write for example `prop:stability<5`. Properties are {names}.")
    at = min(term.value_at + term.quoted + place, len(text))
    return wrong(message, hint.format(names=listed(PROPERTIES)), text, at)


def _comparison(name: str, sign: str, number: float) -> Test:
    if name in ("reps", "lapses"):
        return _always(f"{name} {sign} ?", number)
    if name == "due":  # days from today: 0 is today, -1 was yesterday
        return lambda day: Condition(
            f"due IS NOT NULL AND julianday(due) - julianday(?) {sign} ?", (day.isoformat(), number)
        )
    if name == "interval":
        return _always(f"due IS NOT NULL AND last IS NOT NULL AND julianday(due) - julianday(last) {sign} ?", number)
    if name == "retrievability":
        return _retrievability(sign, number)
    return _always(f"{name} IS NOT NULL AND {name} {sign} ?", number)


def _retrievability(sign: str, number: float) -> Test:
    """Recall falls with days per stability, so that the limit is found once and each card compared with it."""
    limit = days_per_stability(number)
    known = "stability IS NOT NULL AND last IS NOT NULL"
    elapsed = f"max(julianday(?) - julianday(last), 0) / stability {_TURNED.get(sign, sign)} ?"
    return lambda day: Condition(f"{known} AND {elapsed}", (day.isoformat(), min(limit, 1e300)))


def _shifted(day: date, days: int) -> str:
    return date.fromordinal(min(max(day.toordinal() + days, 1), LAST_ORDINAL)).isoformat()


_EXAMPLES = {"added": "added:7", "reviewed": "reviewed:1", "rated": "rated:1:2"}

_READERS: dict[str, Callable[[Term, str], Test]] = {
    "": _word,
    "deck": _deck,
    "tag": _tag,
    "is": _state,
    "rule": _rule,
    "kind": _kind,
    "difficulty": _label,
    "file": _file,
    "id": _id,
    "added": _added,
    "reviewed": _reviewed,
    "rated": _reviewed,
    "prop": _property,
}
FIELDS = tuple(name for name in _READERS if name)
