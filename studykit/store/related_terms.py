"""What a note is about, as weighted terms: words of alphabets, pairs of Chinese characters, and tags.

Terms are numbers, so that 10,000 notes fit a small table. Two words may share a number: one pair in a quarter of a
million does, which moves a similarity by less than it is rounded to.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import log, log2, sqrt
from typing import NamedTuple
from zlib import crc32

from studykit.store.words import fold, runs
from studykit.vault.note import Note

READING = 1  # the version of what this module makes of a note
BUCKETS = 1 << 18
KEYWORDS = 96  # terms by which a note is compared: its most telling ones
_MOST_TERMS = 2000  # of one note
_MOST_TEXT = 200_000  # characters of one note that are read
_TITLE, _HEADING, _CODE, _TAG = 6.0, 1.0, 0.25, 3.0
_STEP = 16  # weights are kept as bytes, in sixteenths
_FULL = 65_535  # notes that are counted for a term; in a larger vault a term of so many tells nothing anyway
_ADDRESS = re.compile(r"\]\([^()\s]{0,500}\)|https?://\S+")


class Vector(NamedTuple):
    """Terms in ascending order, and beside each its weight in sixteenths."""

    terms: "array[int]"
    weights: bytes

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Term and weight, one by one."""
        return zip(self.terms, self.weights, strict=True)


def terms_of(note: Note) -> Vector:
    """All that a note says. The generated section is no part of it, and what is in code counts little."""
    found: defaultdict[str, float] = defaultdict(float)
    _count(found, note.title, _TITLE)
    if not note.sections or note.sections[0].own != note.lead:
        _count_prose(found, note.lead[:_MOST_TEXT])
    for section in note.sections:
        _count(found, section.heading.title, _HEADING)
        _count_prose(found, section.own[:_MOST_TEXT])
    for tag in note.frontmatter.tags:
        for part in _with_parents(fold(tag)):
            found[f"#{part}"] += _TAG
    best = sorted(found.items(), key=lambda each: (-each[1], each[0]))[:_MOST_TERMS]
    return _vector((crc32(term.encode()) & (BUCKETS - 1), weight) for term, weight in best)


def _count_prose(found: defaultdict[str, float], text: str) -> None:
    """Text with its fenced code told apart, roughly: a fence within a list is told by its marks as well."""
    for number, piece in enumerate(re.split(r"^\s*(?:```|~~~).*$", text, flags=re.MULTILINE)):
        _count(found, piece, _CODE if number % 2 else 1.0)


def _count(found: defaultdict[str, float], text: str, weight: float) -> None:
    for run in runs(_ADDRESS.sub("] ", text)):
        if run[0] >= "\u3005":
            for pair in map(str.__add__, run, run[1:] or " "):
                found[pair] += weight
        elif len(run) > 1 and not run.isdigit():
            found[run] += weight


def _with_parents(tag: str) -> Iterable[str]:
    parts = tag.split("/")
    return ("/".join(parts[:end]) for end in range(1, len(parts) + 1))


def _vector(weighed: Iterable[tuple[int, float]]) -> Vector:
    best: dict[int, int] = {}
    for term, weight in weighed:
        best[term] = max(best.get(term, 1), min(int(log2(1 + weight) * _STEP), 255))
    terms = array("I", sorted(best))
    return Vector(terms, bytes(best[term] for term in terms))


class Worth(dict[int, float]):
    """How telling each term is, squared (`ln(N / n)`): next to nothing where it stands in every note."""

    def __init__(self, counts: "Counts") -> None:
        super().__init__()
        self.counts = counts

    def __missing__(self, term: int) -> float:
        self[term] = value = log((self.counts.total + 1) / (self.counts.notes[term] or 1)) ** 2
        return value


class Counts:
    """In how many of `total` notes each term stands, and `worth`, which follows from that."""

    def __init__(self, total: int = 0, blob: bytes = b"") -> None:
        self.total = total
        self.notes = array("H", blob or bytes(2 * BUCKETS))
        self.worth = Worth(self)

    def add(self, terms: Iterable[int], sign: int = 1) -> None:
        """Take a note in, or (`sign` -1) out."""
        notes, end = self.notes, _FULL if sign > 0 else 0
        for term in terms:
            if notes[term] != end:
                notes[term] += sign
        self.total += sign
        self.worth.clear()

    def keywords(self, vector: Vector) -> Vector:
        """The terms that tell most of the note."""
        if len(vector.terms) <= KEYWORDS:
            return vector
        worth = self.worth
        best = sorted(vector.pairs(), key=lambda each: (-each[1] * each[1] * worth[each[0]], each[0]))[:KEYWORDS]
        best = sorted(best)
        return Vector(array("I", [term for term, _ in best]), bytes(weight for _, weight in best))

    def length(self, vector: Vector) -> float:
        """The length of a vector by which a product becomes a cosine."""
        worth = self.worth
        return sqrt(sum(weight * weight * worth[term] for term, weight in vector.pairs()))


def rarest_first(counts: Counts, vector: Vector) -> Sequence[tuple[int, int]]:
    """Terms with their weights, the most telling first."""
    return sorted(vector.pairs(), key=lambda each: counts.notes[each[0]])
