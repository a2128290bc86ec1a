"""A store of an earlier format becomes one of this, with every row."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from studykit.store import schema
from studykit.store.database import open_store
from studykit.store.events import Review
from studykit.store.reviews import Reviewed
from studykit.store.version import VERSION, stored_version
from tests.store.stored import stored, sums

DAY, LATER = "2026-11-23", "2026-11-25"
# One that stands, one that was taken back, one under another card's id, and one of a card that was studied elsewhere.
ROWS = [
    ("1", "aaaa", DAY, f"{DAY}T08:00:00.000Z", "laptop", 3, 900, 0, None, 0, "aaaa", None, 0.0),
    ("2", "bbbb", DAY, f"{DAY}T09:00:00.000Z", "phone", 1, 800, -1, None, None, None, None, None),
    ("3", "bbbb", LATER, f"{LATER}T07:00:00.000Z", "phone", 4, 700, 0, 2, 1, "aaaa", 2, 2.3),
    ("4", "cccc", LATER, f"{LATER}T06:00:00.000Z", "phone", 2, 600, 0, None, 0, "cccc", 7, 7.0),
]


def earlier(file: Path) -> None:
    """A store as it was when each review was a row."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        steps = Migrations("studykit")
        steps(name="0001_first_tables")(schema._first_tables)
        steps(name="0002_filters")(schema._filters)
        steps.apply(Database(connection))
        connection.executemany(f"INSERT INTO reviews VALUES ({','.join('?' * len(ROWS[0]))})", ROWS)
        connection.execute("PRAGMA user_version = 2")


def shape(file: Path) -> list[tuple[object, ...]]:
    """Every table and index."""
    with closing(open_store(str(file))) as store:
        return store.connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()


def test_an_earlier_store_keeps_its_reviews_and_gets_the_shape_of_a_new_one(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    earlier(old)
    assert stored_version(str(old)) == 2
    assert shape(old) == shape(new)
    with closing(open_store(str(old))) as store:
        assert stored(store) == [
            Reviewed(Review("1", f"{DAY}T08:00:00.000Z", DAY, "laptop", "aaaa", 3, 900), "aaaa", None, 0.0),
            Reviewed(Review("2", f"{DAY}T09:00:00.000Z", DAY, "phone", "bbbb", 1, 800, -1), None, None, None),
            Reviewed(
                Review("3", f"{LATER}T07:00:00.000Z", LATER, "phone", "bbbb", 4, 700, suggested=2, clock_back=True),
                "aaaa", 2, 2.3,
            ),
            Reviewed(Review("4", f"{LATER}T06:00:00.000Z", LATER, "phone", "cccc", 2, 600), "cccc", 7, 7.0),
        ]  # fmt: skip
        assert sums(store) == [(DAY, 1, 900, 0, 0, 0), (LATER, 2, 1300, 0, 2, 2)]
    assert stored_version(str(old)) == stored_version(str(new)) == VERSION


def test_what_is_no_store_has_no_format(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("SQLite it is not" * 10)
    assert stored_version(str(tmp_path / "text")) == stored_version(str(tmp_path / "nothing")) == 0
