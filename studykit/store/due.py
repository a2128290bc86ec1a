"""What is due, and in what order: the queries of the queue. Each is an index seek.

`counts` is also what `studykit due` prints, so this module needs nothing but the standard sqlite3.
"""

import os
import sqlite3
from collections.abc import Iterable, Mapping

FEW = 20  # due cards that need no word: any day holds them
_OPEN = "active = 1 AND suspended = 0 AND (buried IS NULL OR buried <= :today)"


def due_by_deck(connection: sqlite3.Connection, today: str) -> dict[str, int]:
    """Cards whose day has come, by deck, on the local day `today`."""
    rows = connection.execute(
        f"SELECT deck, count(*) FROM cards WHERE {_OPEN} AND due IS NOT NULL AND due <= :today GROUP BY deck",
        {"today": today},
    )
    return dict(rows.fetchall())


def new_by_deck(connection: sqlite3.Connection, today: str, room: int | None = None) -> dict[str, int]:
    """The next `room` new cards (None: all), by deck: from all decks in turn, what notes are about before details."""
    rows = connection.execute(
        f"SELECT rank, deck, count(*) FROM cards WHERE {_OPEN} AND due IS NULL GROUP BY rank, deck ORDER BY rank",
        {"today": today},
    ).fetchall()
    if room is None or sum(count for _rank, _deck, count in rows) <= room:
        return _summed((deck, count) for _rank, deck, count in rows)
    met = met_lately(connection, today)
    # A deck's cards take turns from where its turns stopped, as `study.new_cards.in_order` has them.
    turns = [
        (rank, met.get(deck, 0) + place, deck)
        for rank, deck, count in rows
        for place in range(min(count, max(room, 0)))
    ]
    return _summed((deck, 1) for _rank, _turn, deck in sorted(turns)[: max(room, 0)])


def new_count(connection: sqlite3.Connection, today: str, room: int) -> int:
    """How many new cards there are, counted up to `room`."""
    query = f"SELECT count(*) FROM (SELECT 1 FROM cards WHERE {_OPEN} AND due IS NULL LIMIT :room)"
    return int(connection.execute(query, {"today": today, "room": max(room, 0)}).fetchone()[0])


def kept_about(today: str, waiting: int, room: int) -> str:
    """What is kept of a day's count holds for this day, so many due cards, so much room for new ones, this language."""
    names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    return f"{today} {waiting} {room} {next(filter(None, map(os.environ.get, names)), '')}"


def as_kept(about: str, word: str, new: Mapping[str, int]) -> str:
    """A count for `kept_count` to read: what it is about, a word on it, and the new cards that the day has room for."""
    return "\n".join([about, word, *(f"{count} {deck}" for deck, count in new.items())])


def kept_count(meta: Mapping[str, str], about: str) -> tuple[str, dict[str, int]] | None:
    """The word (empty: nothing to say) and the new cards by deck that were found; None: nobody has looked yet."""
    said, *found = meta.get("word", "").split("\n")
    if said != about or not found:
        return None
    pairs = [line.partition(" ") for line in found[1:]]
    return found[0], {deck: int(count) for count, _space, deck in pairs}


def met_lately(connection: sqlite3.Connection, today: str) -> dict[str, int]:
    """How many new cards each deck had in the last 30 days: whose turn it is, without making up for all the past."""
    rows = connection.execute(
        "SELECT deck, count(*) FROM cards WHERE introduced > date(?, '-30 days') AND imported = 0 GROUP BY deck",
        (today,),
    )
    return dict(rows.fetchall())


def _summed(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for deck, count in counts:
        total[deck] = total.get(deck, 0) + count
    return total


def introduced_on(connection: sqlite3.Connection, today: str) -> int:
    """How many new cards were first reviewed on `today`; one that came with earlier reviews was not new."""
    query = "SELECT count(*) FROM cards WHERE introduced = ? AND imported = 0"
    return int(connection.execute(query, (today,)).fetchone()[0])


def due_between(connection: sqlite3.Connection, first: str, last: str) -> dict[str, int]:
    """Cards due on each day from `first` to `last`, both included; days with none are left out."""
    rows = connection.execute(
        "SELECT due, count(*) FROM cards WHERE active = 1 AND suspended = 0 AND due BETWEEN ? AND ? GROUP BY due",
        (first, last),
    )
    return dict(rows.fetchall())
