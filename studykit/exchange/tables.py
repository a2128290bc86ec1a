"""Cards as JSON, or as a table for spreadsheets and for programs that read lines."""

import csv
import io
from collections.abc import Sequence

import msgspec

from studykit.study.browsing.export import Exported

_COLUMNS = tuple(name for name in Exported.__struct_fields__ if name != "reviews")


def as_json(cards: Sequence[Exported]) -> bytes:
    """A list of objects, each with its reviews; UTF-8, readable by people too."""
    return msgspec.json.format(msgspec.json.encode(cards), indent=2) + b"\n"


def as_table(cards: Sequence[Exported], separator: str) -> bytes:
    """A line of names and one line a card (RFC 4180), UTF-8: what has line breaks, quotes or the separator in it
    stands between quotes. Tags are parted by spaces; of the reviews there is the count (`reps`), no list.

    >>> as_table([], ",")[:26]
    b'id,deck,prompt,answer,cont'
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(_COLUMNS)
    for card in cards:
        writer.writerow([_cell(getattr(card, name)) for name in _COLUMNS])
    return text.getvalue().encode("utf-8", "surrogateescape")


def _cell(value: object) -> object:
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, bool):
        return int(value)
    return value
