"""A store that is made anew: there is one at every moment, and nothing of the old one gets into it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from studykit.store.database import Store, made_anew, open_store


def write(store: Store, what: str) -> None:
    with store.write():
        store.set_meta("what", what)


def what(file: Path) -> str:
    with closing(open_store(str(file))) as store:
        return store.meta("what")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store whose last change stands in its write-ahead log alone, as a killed process leaves it."""
    file, killed = tmp_path / "a.db", tmp_path / "killed.db"
    with closing(open_store(str(killed))) as store:
        write(store, "old")
        for ending in ("", "-wal"):
            Path(f"{file}{ending}").write_bytes(Path(f"{killed}{ending}").read_bytes())
    return file


def test_there_is_a_store_at_every_moment(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def rename(source: str, target: str) -> None:
        with closing(sqlite3.connect(f"file:{target}?mode=ro", uri=True)) as reader:
            seen.append(reader.execute("SELECT value FROM meta WHERE key = 'what'").fetchone())
        os.rename(source, target)

    monkeypatch.setattr(os, "replace", rename)
    with made_anew(str(old)) as store:
        write(store, "new")
    assert seen == [("old",)]
    assert what(old) == "new"


def test_the_old_log_gets_into_no_new_store(old: Path) -> None:
    with made_anew(str(old)) as store:
        write(store, "new")
    assert what(old) == "new"
    assert sorted(os.listdir(old.parent)) == ["a.db", "killed.db"]


def test_a_reader_of_the_old_store_stops_nobody_and_reads_on(old: Path) -> None:
    with closing(sqlite3.connect(old, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT value FROM meta WHERE key = 'what'").fetchone() == ("old",)
        with made_anew(str(old)) as store:
            write(store, "new")
        assert what(old) == "new"
        assert reader.execute("SELECT value FROM meta WHERE key = 'what'").fetchone() == ("old",)
    assert what(old) == "new"


def test_what_is_no_store_gives_way(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    file.write_bytes(b"no store at all" * 100)
    with made_anew(str(file)) as store:
        write(store, "new")
    assert what(file) == "new"
