"""Notes in the store: what a scan compares with, and the review fields as they stand in each file."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from studykit.errors import Problem
from studykit.store.database import Store
from studykit.vault.scan import FileStat
from studykit.vault.unchanged import Stood

if TYPE_CHECKING:
    from studykit.vault.note import Note

Row: TypeAlias = tuple[str | int | float | None, ...]


class NoteRow(msgspec.Struct, frozen=True):
    """One note as the last sync read it; the review values are those in the file, None where absent or empty."""

    path: str
    digest: str
    deck: str
    title: str
    material: int
    keys: str
    last_reviewed: str | None
    next_review: str | None
    review_count: int
    mastery: float


def known_files(store: Store, paths: Iterable[str] | None = None) -> dict[str, tuple[str, int, int]]:
    """Path → the file's path, time and size when it was last read, of `paths` (None: of all notes).

    A `FileStat`, but without the names.
    """
    rows = store.connection.execute(*_of("SELECT path, mtime_ns, size FROM notes", paths))
    # A hundred thousand a sync: each stays the plain row that it is, which equals the file it names.
    return {row[0]: row for row in rows}


def known_folders(store: Store) -> dict[str, str]:
    """Folder → the stamp that the last scan gave it (see `vault.scan`)."""
    return dict(store.connection.execute("SELECT path, stamp FROM folders").fetchall())


def known_standing(store: Store, folders: Iterable[str] | None = None) -> dict[str, Stood]:
    """The vault as it stood after the last sync (see `vault.unchanged`), or some of its `folders`."""
    rows = store.connection.execute(*_of("SELECT path, stamp, names, stats FROM folders", folders))
    return {path: Stood(stamp, names, stats) for path, stamp, names, stats in rows}


def remember_standing(store: Store, standing: Mapping[str, Stood], *, whole: bool) -> None:
    """Keep how folders stand, all of whose notes the store knows; `whole`: there are no others."""
    if whole:
        store.connection.execute("DELETE FROM folders")
    store.connection.executemany(
        "INSERT OR REPLACE INTO folders(path, stamp, names, stats) VALUES (?,?,?,?)",
        ((folder, *stood) for folder, stood in standing.items()),
    )


def known_digests(store: Store, paths: Iterable[str] | None = None) -> dict[str, str]:
    """Path → digest of the bytes last read, of `paths` (None: of all notes)."""
    return dict(store.connection.execute(*_of("SELECT path, digest FROM notes", paths)).fetchall())


def _of(query: str, paths: Iterable[str] | None) -> tuple[str, tuple[str, ...]]:
    """`query` for the rows of `paths` alone, each by a seek."""
    if paths is None:
        return query, ()
    return f"{query} WHERE path IN (SELECT value FROM json_each(?))", (json.dumps(list(paths)),)


def select_notes(store: Store, where: str = "1", arguments: tuple[object, ...] = ()) -> list[NoteRow]:
    """Rows for an SQL condition written in this package."""
    rows = store.connection.execute(
        "SELECT path, digest, deck, title, material, keys, last_reviewed, next_review, review_count, mastery"
        f" FROM notes WHERE {where} ORDER BY path",
        arguments,
    )
    return [NoteRow(*row) for row in rows]


def row_of(note: "Note", stat: FileStat) -> Row:
    """What the store keeps of a note."""
    from studykit.vault.frontmatter import REVIEW_KEYS

    front = note.frontmatter
    return (
        note.path,
        stat.mtime_ns,
        stat.size,
        note.digest,
        note.title,
        note.deck,
        front.label,
        "\n".join(front.tags),
        int(note.is_material),
        note.why_not,
        " ".join(key for key in REVIEW_KEYS if key in front.keys),
        _iso(front.last_reviewed),
        _iso(front.next_review),
        front.review_count,
        front.mastery,
        _iso(front.created),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def put_notes(store: Store, rows: Sequence[Row]) -> None:
    """Insert or renew notes."""
    store.connection.executemany(
        "INSERT OR REPLACE INTO notes(path, mtime_ns, size, digest, title, deck, label, tags, material, why_not, keys,"
        " last_reviewed, next_review, review_count, mastery, created) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        rows,
    )


def put_problems(store: Store, found: Mapping[str, Iterable[Problem]]) -> None:
    """The problems of some files, in place of those known."""
    store.connection.executemany("DELETE FROM problems WHERE file = ?", ((path,) for path in found))
    problems = [problem for each in found.values() for problem in each]
    store.connection.executemany("INSERT INTO problems(file, line, message) VALUES (?,?,?)", problems)


def all_problems(store: Store) -> list[Problem]:
    """Every problem of the notes as they stand, by file and line."""
    rows = store.connection.execute("SELECT file, line, message FROM problems ORDER BY file, line")
    return [Problem(*row) for row in rows]


def touch_note(store: Store, stat: FileStat) -> None:
    """The same bytes under another time: remember the time, so that the next sync need not read them."""
    store.connection.execute(
        "UPDATE notes SET mtime_ns = ?, size = ? WHERE path = ?", (stat.mtime_ns, stat.size, stat.path)
    )


def drop_notes(store: Store, paths: Iterable[str]) -> None:
    """Forget notes that are gone, and their problems."""
    pairs = [(path,) for path in paths]
    store.connection.executemany("DELETE FROM notes WHERE path = ?", pairs)
    store.connection.executemany("DELETE FROM problems WHERE file = ?", pairs)


_COLUMN = {"last_reviewed": "last_reviewed", "next_review": "next_review", "review_count": "review_count",
           "mastery_level": "mastery"}  # fmt: skip


def set_review_values(store: Store, path: str, digest: str, values: Mapping[str, date | int | float | None]) -> None:
    """The review fields as they were just written into the file."""
    for key, value in values.items():
        shown = value.isoformat() if isinstance(value, date) else value
        store.connection.execute(f"UPDATE notes SET {_COLUMN[key]} = ? WHERE path = ?", (shown, path))
    store.connection.execute("UPDATE notes SET digest = ? WHERE path = ?", (digest, path))
