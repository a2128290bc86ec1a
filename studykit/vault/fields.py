"""One frontmatter value to one typed value: what a person may write for a date, a count, a list, a switch.

Each reader returns the value, or raises `FieldError` with what it expected.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from studykit.locale import _
from studykit.vault.later import later

Label = Literal["easy", "medium", "hard"]

_ISO_DAY = later(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_WORDS: dict[str, bool] = dict.fromkeys(("true", "yes", "on"), True) | dict.fromkeys(("false", "no", "off"), False)


class FieldError(ValueError):
    """The value cannot be used; the text says what was expected."""


def as_day(value: object) -> date | None:
    """A day, from a bare YAML date or time, a quoted ISO one, or nothing.

    >>> as_day("2025-10-19"), as_day("2025-1-9 08:30"), as_day(""), as_day(None)
    (datetime.date(2025, 10, 19), datetime.date(2025, 1, 9), None, None)
    """
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    text = value.strip() if isinstance(value, str) else None
    if text in ("", "null", "~"):
        return None
    if text is not None and (match := _ISO_DAY.fullmatch(text)):
        try:
            return date(*map(int, match.groups()))
        except ValueError as error:
            raise FieldError(_("a date such as 2025-10-19 ({why})").format(why=error)) from None
    raise FieldError(_("a date such as 2025-10-19"))


def as_count(value: object) -> int:
    """A whole number from 0; `3.0` and `'3'` are one too."""
    number = _number(value)
    if number is None or number < 0 or number != int(number):
        raise FieldError(_("a whole number from 0"))
    return int(number)


def as_share(value: object) -> float:
    """A number from 0 to 1."""
    number = _number(value)
    if number is None or not 0 <= number <= 1:
        raise FieldError(_("a number from 0 to 1"))
    return number


def as_label(value: object) -> Label:
    """easy, medium or hard, in any case."""
    match value.strip().lower() if isinstance(value, str) else None:
        case "easy":
            return "easy"
        case "medium":
            return "medium"
        case "hard":
            return "hard"
    raise FieldError(_("easy, medium or hard"))


def as_switch(value: object) -> bool:
    """true or false; quoted words are understood."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in _WORDS:
        raise FieldError(_("true or false"))
    return _WORDS[word]


def as_text(value: object) -> str | None:
    """One line of text, or None where there is none; numbers and dates stand as they print."""
    if isinstance(value, dict | list | set | tuple | bytes):
        raise FieldError(_("a text"))
    return " ".join(str(value).split()) or None if value is not None else None


def as_names(value: object) -> tuple[str, ...]:
    """A list of texts, or one text, each once and in order."""
    if isinstance(value, str):
        return _distinct([value])
    return _distinct(_items(value))


def as_tags(value: object) -> tuple[str, ...]:
    """Tags without `#`: a list, or one text split at commas and spaces.

    >>> as_tags("#gpu/memory, cuda"), as_tags(["#a", 1, None])
    (('gpu/memory', 'cuda'), ('a', '1'))
    """
    found = re.split(r"[,，\s]+", value) if isinstance(value, str) else _items(value)
    return _distinct(tag.strip().lstrip("#").strip("/") for tag in found)


def _items(value: object) -> list[str]:
    if value is None:
        return []
    found = value if isinstance(value, list | tuple) else [value]
    if any(isinstance(item, dict | list | set | tuple | bytes) for item in found):
        raise FieldError(_("a list of texts"))
    return [str(item) for item in found if item is not None]


def _distinct(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for item in found if (text := item.strip())))


def _number(value: object) -> float | int | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < 1e15 else None  # also refuses inf; nan fails the comparison
