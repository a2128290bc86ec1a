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


def new_by_deck(connection: sqlite3.Connection, today: str, room: int) -> dict[str, int]:
    """The next `room` new cards in order of introduction, by deck."""
    rows = connection.execute(
        f"SELECT deck, count(*) FROM (SELECT deck FROM cards WHERE {_OPEN} AND due IS NULL"
        " ORDER BY rank, file, line LIMIT :room) GROUP BY deck",
        {"today": today, "room": max(room, 0)},
    )
    return dict(rows.fetchall())


def introduced_on(connection: sqlite3.Connection, today: str) -> int:
    """How many cards were first reviewed on `today`."""
    return int(connection.execute("SELECT count(*) FROM cards WHERE introduced = ?", (today,)).fetchone()[0])


def due_between(connection: sqlite3.Connection, first: str, last: str) -> dict[str, int]:
    """Cards due on each day from `first` to `last`, both included; days with none are left out."""
    rows = connection.execute(
        "SELECT due, count(*) FROM cards WHERE active = 1 AND suspended = 0 AND due BETWEEN ? AND ? GROUP BY due",
        (first, last),
    )
    return dict(rows.fetchall())
