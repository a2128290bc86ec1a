"""Frontmatter as most notes have it, read without a YAML reader: one key a line, plain values, lists of plain items.

What is not surely read as YAML reads it is not read here at all. Loading the reader costs as much as a hundred notes
read here, and each note a few times as much.
"""

import re
from datetime import date

from studykit.vault.later import later

_LONGEST = 4_000  # characters
_KEY = later(r"([A-Za-z_][\w-]{0,60}):(?: +(.+)| *)", re.ASCII)
_ITEM = later(r"( {0,4})- (.+)")
_QUOTED = later(r"'([^']*)'|\"([^\"\\]*)\"")
_NUMBER = later(r"0|[1-9][0-9]{0,14}")
_FRACTION = later(r"(?:0|[1-9][0-9]{0,9})\.[0-9]{1,15}")
_DAY = later(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
# A letter or `_` first, so no number and no day, and no sign that means something to YAML.
_WORDS = later(r"[^\W\d](?:[^:#,\[\]{}'\"&*!|>%@]*[^:#,\[\]{}'\"&*!|>%@ ])?")
_MEANT = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})  # no texts to YAML, in any case
_CONSTANTS = {"null": None, "true": True, "false": False}


class _NotPlain(Exception):  # noqa: N818 - it is no error
    """Something that is left to the YAML reader."""


def read_plain(inner: str) -> dict[str, object] | None:
    """The values by key of the lines between the dashes; None where a YAML reader is to be asked.

    >>> read_plain("created: '2026-01-01'\\ntags: [gpu, cuda]\\nreview_count: 3\\n")
    {'created': '2026-01-01', 'tags': ['gpu', 'cuda'], 'review_count': 3}
    >>> read_plain("aliases: &anchor\\n")
    """
    lines = inner.removesuffix("\n").split("\n")
    if len(inner) > _LONGEST or not all(map(str.isprintable, lines)):
        return None
    try:
        return _values(lines)
    except (_NotPlain, ValueError):  # the latter: a day that no calendar has
        return None


def _values(lines: list[str]) -> dict[str, object]:
    values: dict[str, object] = {}
    listed: list[object] | None = None  # the items of the key above, where it may have some
    key = indent = ""
    for line in lines:
        if named := _KEY.fullmatch(line):
            key, value = named[1], named[2]
            if key.lower() in _MEANT:
                raise _NotPlain
            values[key] = None if value is None else _value(value)
            listed = [] if value is None else None
        elif listed is not None and (item := _ITEM.fullmatch(line)):
            if listed and item[1] != indent:
                raise _NotPlain
            indent = item[1]
            listed.append(_scalar(item[2]))
            values[key] = listed
        else:
            raise _NotPlain
    return values


def _value(text: str) -> object:
    if text[0] != "[":
        return _scalar(text)
    if text[-1] != "]":
        raise _NotPlain
    return [_scalar(item) for item in text[1:-1].split(", ")] if text != "[]" else []


def _scalar(text: str) -> object:
    if quoted := _QUOTED.fullmatch(text):
        return quoted[1] if quoted[2] is None else quoted[2]
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _WORDS.fullmatch(text) and text.lower() not in _MEANT:
        return text
    if _NUMBER.fullmatch(text):
        return int(text)
    if day := _DAY.fullmatch(text):
        return date(*map(int, day.groups()))
    if _FRACTION.fullmatch(text):
        return float(text)
    raise _NotPlain
