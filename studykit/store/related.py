"""Which notes are alike: vectors and postings in the store, brought up to date for changed notes alone.

A note's keywords (its most telling terms) stand in postings, term → notes. Asking for a note's like walks the
postings of its keywords, the rarest first, and weighs what was met most. How telling a term is follows from counts
that are read when they are needed, so nothing but the note itself is rewritten when it changes.
"""

import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Callable
from heapq import nlargest
from math import sqrt
from typing import NamedTuple

from studykit.store.database import Store
from studykit.store.related_terms import READING, Counts, Vector, rarest_first
from studykit.store.words import TOKENS

LEAST = 0.2
"""Similarity below which a pair is not kept."""
MOST = 50  # pairs that a note keeps by itself; others may keep it as well
_POSTINGS = 5_000  # that one question reads
_WEIGHED = 60  # candidates whose cosine is worked out


class Pair(NamedTuple):
    """Another note and how alike it is, 0 to 1: the root of the cosine of the two.

    The cosine of two notes on one matter is some 0.1 to 0.4; its root spreads that over what reads as a percentage.
    """

    path: str
    score: float


def outdated(store: Store) -> tuple[list[str], list[str]]:
    """The paths of notes to take in again, and of those to leave out, by what the last sync read."""
    if store.meta("related") != _reading():
        _discard(store)
    ask = store.connection.execute
    fresh = ask(
        "SELECT notes.path FROM notes LEFT JOIN related_notes AS r ON r.path = notes.path"
        " WHERE notes.material = 1 AND r.digest IS NOT notes.digest ORDER BY notes.path"
    ).fetchall()
    stale = ask(
        "SELECT r.path FROM related_notes AS r LEFT JOIN notes ON notes.path = r.path"
        " WHERE coalesce(notes.material, 0) = 0"
    ).fetchall()
    return [row[0] for row in fresh], [row[0] for row in stale]


def _reading() -> str:
    return f"{READING} {TOKENS} {unicodedata.unidata_version}"


def _discard(store: Store) -> None:
    with store.write():
        for table in ("related_notes", "related_postings", "related_counts", "related_pairs"):
            store.connection.execute(f"DELETE FROM {table}")
        store.set_meta("related", _reading())
        store.set_meta("related_paired", "")


class Relations:
    """The relations of one store, within one transaction of the caller's. `close` keeps what was changed."""

    def __init__(self, store: Store) -> None:
        self.store, self.ask, self.many = store, store.connection.execute, store.connection.executemany
        row = self.ask("SELECT total, counts FROM related_counts").fetchone()
        self.counts = Counts(*row) if row else Counts()
        self.changed: list[int] = []
        self.left_out = 0
        self.lengths: dict[int, float] = {}  # as long as nothing is taken in or left out

    def put(self, path: str, digest: str, vector: Vector) -> None:
        """Take in one note, new or changed; its keywords follow in `settle`, when all are counted."""
        self.drop(path)
        self.lengths.clear()
        self.counts.add(vector.terms)
        made = self.ask(
            "INSERT INTO related_notes(path, digest, terms, weights) VALUES (?,?,?,?)",
            (path, digest, vector.terms.tobytes(), vector.weights),
        )
        self.changed.append(int(made.lastrowid or 0))

    def drop(self, path: str) -> None:
        """Leave a note out."""
        row = self.ask("SELECT note, terms, keys FROM related_notes WHERE path = ?", (path,)).fetchone()
        if row is None:
            return
        note, terms, keys = row
        self.left_out += 1
        self.lengths.clear()
        self.counts.add(array("I", terms), -1)
        self.many(
            "DELETE FROM related_postings WHERE term = ? AND note = ?",
            [(term, note) for term in array("I", keys or b"")],
        )
        self._unpair(note)
        self.ask("DELETE FROM related_notes WHERE note = ?", (note,))

    def settle(self, progress: Callable[[int, int], object] | None = None) -> None:
        """Keywords and postings of what was taken in, and its pairs where pairs are kept; the counts as they are."""
        self.ask(
            "INSERT OR REPLACE INTO related_counts VALUES (0, ?, ?)", (self.counts.total, self.counts.notes.tobytes())
        )
        for note in self.changed:
            self._index(note)
        total = len(self.changed)
        if self.paired:
            self.store.set_meta("related_paired", str(self._changes() + total + self.left_out))
            for done, note in enumerate(self.changed, 1):
                self._pair(note)
                if progress:
                    progress(done, total)
        self.changed, self.left_out = [], 0

    @property
    def paired(self) -> bool:
        """Whether the pairs of all notes stand in the store."""
        return self.store.meta("related_paired") != ""

    def pair_all(self, progress: Callable[[int, int], object] | None = None) -> None:
        """The pairs of all notes, if they do not stand yet; anew, keywords included, once a tenth has changed since.

        Till then a pair keeps the figure it was given when one of its notes was last read.
        """
        if self.paired and self._changes() * 10 <= self.counts.total:
            return
        self.ask("DELETE FROM related_pairs")
        self.ask("DELETE FROM related_postings")
        notes = [row[0] for row in self.ask("SELECT note FROM related_notes").fetchall()]
        self.lengths.clear()
        for note in notes:
            self._index(note)
        for done, note in enumerate(notes, 1):
            self._pair(note)
            if progress:
                progress(done, len(notes))
        self.store.set_meta("related_paired", "0")

    def _changes(self) -> int:
        """Notes taken in or left out since the pairs of all were made."""
        return int(self.store.meta("related_paired") or 0)

    def like(self, path: str, most: int, least: float) -> list[Pair]:
        """The notes most like the one at `path`, best first; none where it is not known."""
        row = self.ask("SELECT note FROM related_notes WHERE path = ?", (path,)).fetchone()
        if row is None or most < 1:
            return []
        scored = self._kept(row[0]) if self.paired else self._scored(row[0])
        named = [Pair(self._path(note), score) for note, score in scored if score >= least]
        return sorted(named, key=lambda each: (-round(each.score, 4), each.path))[:most]

    def _path(self, note: int) -> str:
        return str(self.ask("SELECT path FROM related_notes WHERE note = ?", (note,)).fetchone()[0])

    def _kept(self, note: int) -> list[tuple[int, float]]:
        rows = self.ask("SELECT other, score FROM related_pairs WHERE note = ? ORDER BY score DESC LIMIT 100", (note,))
        return rows.fetchall()

    def _index(self, note: int) -> None:
        row = self.ask("SELECT terms, weights FROM related_notes WHERE note = ?", (note,)).fetchone()
        keys = self.counts.keywords(Vector(array("I", row[0]), row[1]))
        self.ask(
            "UPDATE related_notes SET keys = ?, key_weights = ? WHERE note = ?",
            (keys.terms.tobytes(), keys.weights, note),
        )
        self.many(
            "INSERT INTO related_postings(term, note, weight) VALUES (?,?,?)",
            [(term, note, weight) for term, weight in keys.pairs()],
        )

    def _pair(self, note: int) -> None:
        found = [(other, score) for other, score in self._scored(note)[:MOST] if score >= LEAST]
        rows = [pair for other, score in found for pair in ((note, other, score), (other, note, score))]
        self.many("INSERT OR REPLACE INTO related_pairs VALUES (?,?,?)", rows)

    def _unpair(self, note: int) -> None:
        others = self.ask("SELECT other FROM related_pairs WHERE note = ?", (note,)).fetchall()
        self.ask("DELETE FROM related_pairs WHERE note = ?", (note,))
        self.many("DELETE FROM related_pairs WHERE note = ? AND other = ?", [(other[0], note) for other in others])

    def _keys(self, note: int) -> Vector:
        row = self.ask("SELECT keys, key_weights FROM related_notes WHERE note = ?", (note,)).fetchone()
        return Vector(array("I", row[0]), row[1])

    def _scored(self, note: int) -> list[tuple[int, float]]:
        """Other notes with their similarity, best first: exact for those that share most with it."""
        own = self._keys(note)
        weighed = {term: weight * self.counts.worth[term] for term, weight in own.pairs()}
        length = self._length(note, own)
        scored = []
        for other in self._candidates(note, own, weighed):
            keys = self._keys(other)
            product = sum(weighed[term] * weight for term, weight in keys.pairs() if term in weighed)
            scored.append((other, _similarity(product, length * self._length(other, keys))))
        return sorted(scored, key=lambda each: (-each[1], each[0]))

    def _candidates(self, note: int, own: Vector, weighed: dict[int, float]) -> list[int]:
        """The notes met most in the postings of the note's keywords, the rarest keywords first."""
        met: defaultdict[int, float] = defaultdict(float)
        room = _POSTINGS
        for term, _weight in rarest_first(self.counts, own):
            rows = self.ask("SELECT note, weight FROM related_postings WHERE term = ?", (term,)).fetchall()
            worth = weighed[term]
            for other, its in rows:
                met[other] += worth * its
            room -= len(rows)
            if room < 0:
                break
        met.pop(note, None)
        return nlargest(_WEIGHED, met, key=met.__getitem__)

    def _length(self, note: int, keys: Vector) -> float:
        if note not in self.lengths:
            self.lengths[note] = self.counts.length(keys)
        return self.lengths[note]


def _similarity(product: float, lengths: float) -> float:
    return min(sqrt(product / lengths), 1.0) if lengths else 0.0
