"""What is due, and in what order: the queries of the queue. Each is an index seek.

`counts` is also what `studykit due` prints, so this module needs nothing but the standard sqlite3.
"""

import sqlite3

_OPEN = "active = 1 AND suspended = 0 AND (buried IS NULL OR buried <= :today)"


def due_by_deck(connection: sqlite3.Connection, today: str) -> dict[str, int]:
    """Cards whose day has come, by deck, on the local day `today`."""
    rows = connection.execute(
        f"SELECT deck, count(*) FROM cards WHERE {_OPEN} AND due IS NOT NULL AND due <= :today GROUP BY deck",
        {"today": today},
    )
    return dict(rows.fetchall())


def new_by_deck(connection: sqlite3.Connection, today: str, room: int | None = None) -> dict[str, int]:
    """The next `room` new cards (None: all) in order of introduction, by deck."""
    rows = connection.execute(
        f"SELECT deck, count(*) FROM (SELECT deck FROM cards WHERE {_OPEN} AND due IS NULL"
        " ORDER BY rank, file, line LIMIT :room) GROUP BY deck",
        {"today": today, "room": -1 if room is None else max(room, 0)},
    )
    return dict(rows.fetchall())


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
