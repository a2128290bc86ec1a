"""Change single values in a note's frontmatter, and no other byte.

python-frontmatter's own dump rewrites quotes, order, comments and the final newline of a note that nobody edited.
Here only the bytes of a value are replaced, and only where its key stands already.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from studykit.vault.decode import BOM, digest
from studykit.vault.fields import FieldError, as_day
from studykit.vault.rewrite import read_bytes, replace_file
from studykit.vault.value_places import Place, quote_of, value_places

Value = date | int | float | None
Outcome = Literal["written", "unchanged", "changed-since"]

DATES = ("created", "last_reviewed", "next_review")
SHARES = ("mastery_level",)
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")


class Replacement(NamedTuple):
    """Bytes `start` to before `end` of a note become `new`."""

    start: int
    end: int
    new: bytes


def patch(data: bytes, values: Mapping[str, Value]) -> bytes:
    """The note with these values, where it has the keys; every other byte is as it was.

    A date keeps the quotes that stand there (where nothing stood, those of the other dates); `mastery_level` gets
    two decimals; None is written as `null`. A value that already says the same is not rewritten. A note whose
    frontmatter is absent, broken or in flow style stays as it is. Raises ValueError for a number that is not finite.

    >>> patch(b"---\\nnext_review: '2025-10-19' # soon\\n---\\n", {"next_review": date(2025, 11, 2), "absent": 1})
    b"---\\nnext_review: '2025-11-02' # soon\\n---\\n"
    """
    return apply(data, replacements(data, values))


def write_patched(path: str, expected_digest: str, values: Mapping[str, Value]) -> Outcome:
    """Patch the file, unless it changed since it was read (`expected_digest` is the note's).

    The new file is written beside the old one, forced to disk, and takes its place whole, with its mode. Raises
    VaultError where the note is gone or cannot be written; the old file then stands untouched.
    """
    data, status = read_bytes(path)
    if digest(data) != expected_digest:
        return "changed-since"
    new = patch(data, values)
    if new == data:
        return "unchanged"
    return "written" if replace_file(path, new, status) else "changed-since"


def replacements(data: bytes, values: Mapping[str, Value]) -> tuple[Replacement, ...]:
    """The fewest bytes to change, in order."""
    text = data.removeprefix(BOM).decode("utf-8", "surrogateescape")
    before = len(data) - len(data.removeprefix(BOM))
    places = value_places(text)
    quote = quote_of(places, DATES)
    found: list[Replacement] = []
    for key, value in values.items():
        if key in places and not _says(places[key], key, value):
            start, end = (before + len(text[:at].encode("utf-8", "surrogateescape")) for at in places[key][:2])
            found.append(Replacement(start, end, _written(places[key], key, value, quote).encode()))
    return tuple(sorted(found))


def apply(data: bytes, changes: tuple[Replacement, ...]) -> bytes:
    """Put in replacements that are in order and do not overlap."""
    pieces: list[bytes] = []
    at = 0
    for start, end, new in changes:
        pieces += (data[at:start], new)
        at = end
    return b"".join((*pieces, data[at:]))


def inverse(data: bytes, changes: tuple[Replacement, ...]) -> tuple[Replacement, ...]:
    """What takes `apply(data, changes)` back to `data`."""
    found: list[Replacement] = []
    shift = 0
    for start, end, new in changes:
        found.append(Replacement(start + shift, start + shift + len(new), data[start:end]))
        shift += len(new) - (end - start)
    return tuple(found)


def _says(place: Place, key: str, value: Value) -> bool:
    """Whether what stands there means the new value already."""
    if value is None or place.is_null:
        return value is None and place.is_null
    if isinstance(value, date):
        try:
            return as_day(place.says) == as_day(value)
        except FieldError:
            return False
    if not _NUMBER.fullmatch(place.says):
        return False
    return float(place.says) == value or (key in SHARES and _number(key, float(place.says)) == _number(key, value))


def _written(place: Place, key: str, value: Value, quote_of_dates: str) -> str:
    if value is None:
        new, quote = "null", ""
    elif isinstance(value, date):
        new, quote = (
            f"{value.year:04}-{value.month:02}-{value.day:02}",
            quote_of_dates if place.is_null else place.quote,
        )
    else:
        new, quote = _number(key, value), place.quote
    gap = " " if place.start == place.end else ""  # `key:` has nothing behind its colon
    return f"{gap}{quote}{new}{quote}"


def _number(key: str, value: float) -> str:
    if not abs(value) < 1e15:
        raise ValueError(f"{key}: {value} is no finite number that can be written")
    return f"{value:.2f}" if key in SHARES or isinstance(value, float) else str(value)
