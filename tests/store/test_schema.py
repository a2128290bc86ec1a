"""A store of an earlier format becomes one of this, with every row."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from studykit.store import schema
from studykit.store.database import open_store
from studykit.store.version import VERSION, stored_version

ROW = ("1", "aaaa", "2026-11-23", "2026-11-23T08:00:00.000Z", "laptop", 3, 900, 0, None, 0, "aaaa", None, 0.0)


def earlier(file: Path) -> None:
    """A store as it was before reviews were written at once, with one review."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        steps = Migrations("studykit")
        steps(name="0001_first_tables")(schema._first_tables)
        steps(name="0002_filters")(schema._filters)
        steps.apply(Database(connection))
        connection.execute(f"INSERT INTO reviews VALUES ({','.join('?' * len(ROW))})", ROW)
        connection.execute("PRAGMA user_version = 2")


def shape(file: Path) -> list[tuple[object, ...]]:
    """Columns of the reviews and names of their indexes."""
    store = open_store(str(file))
    execute = store.connection.execute
    found = [row[1:3] for row in execute("PRAGMA table_info(reviews)")]
    found += execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'reviews' ORDER BY name")
    store.close()
    return found


def test_an_earlier_store_keeps_its_reviews_and_gets_the_shape_of_a_new_one(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    earlier(old)
    assert stored_version(str(old)) == 2
    assert shape(old) == shape(new)
    with closing(open_store(str(old))) as store:
        assert store.connection.execute("SELECT * FROM reviews").fetchall() == [ROW]
    assert stored_version(str(old)) == stored_version(str(new)) == VERSION


def test_what_is_no_store_has_no_format(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("SQLite it is not" * 10)
    assert stored_version(str(tmp_path / "text")) == stored_version(str(tmp_path / "nothing")) == 0
