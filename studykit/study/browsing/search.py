"""Search: the cards that a query names, the best first, each with the place where it says so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from studykit.store.cards import CardRow
from studykit.store.database import open_store
from studykit.store.search import Ranked, ranked_cards
from studykit.store.words import LETTER, fold, phrase, ready_index, runs
from studykit.study.filters.filter import Filter, read_filter
from studykit.study.filters.filter_parse import Term
from studykit.study.vault import Vault

WIDTH = 100  # characters of a snippet
_LONGEST = 50_000  # characters of an answer that are looked through for the snippet
_MOST_WORDS = 64  # that bear on the order of the results

Mark = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """One card found. `snippet` is a line of its answer, or its prompt where only that fits; `marks` are the
    places of the words in it, as pairs of first character and end."""

    card: CardRow
    state: str
    score: float
    snippet: str
    marks: tuple[Mark, ...]

    def as_json(self) -> dict[str, Any]:
        """The names that other programs build on."""
        card = self.card
        return {
            "id": card.id,
            "file": card.file,
            "line": card.line,
            "title": card.title,
            "prompt": card.prompt,
            "deck": card.deck,
            "rule": card.rule,
            "state": self.state,
            "due": card.due,
            "score": round(self.score, 4),
            "snippet": self.snippet,
            "marks": [list(mark) for mark in self.marks],
        }


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits, and how many cards fit in all."""

    hits: tuple[Hit, ...]
    total: int


def search_cards(vault: Vault, query: str, limit: int = 20) -> Found:
    """The cards that `query` names (see `filters.filter`), the best first; orphans only with `is:orphaned`.

    Raises FilterError pointing at the character that is wrong.
    """
    wanted = read_filter(query)
    day = vault.day(datetime.now())
    fits, bound = wanted.condition(day)
    where = fits if wanted.means_orphans else f"active = 1 AND {fits}"
    words, complete = _ranking(wanted)
    store = open_store(vault.store_file)
    try:
        ready_index(store.connection)
        ranked, total = ranked_cards(store, words, where, bound, all_have_words=complete, limit=limit)
    finally:
        store.close()
    pattern = _pattern(wanted.words)
    return Found(tuple(_hit(each, pattern, day.isoformat()) for each in ranked), total)


def _ranking(wanted: Filter) -> tuple[str, bool]:
    """The FTS5 query that puts the cards in order, and whether none fits that it does not find."""
    asked = [phrase(word.value, whole=word.quoted) for word in wanted.words]
    known = [each for each in asked if each][:_MOST_WORDS]
    return " OR ".join(known), wanted.needs_word and len(known) == len(asked)


def _hit(ranked: Ranked, pattern: re.Pattern[str] | None, today: str) -> Hit:
    card = ranked.card
    snippet, marks = _snippet(card.answer, pattern)
    if not marks:
        snippet, marks = next(
            (found for text in (card.prompt, card.title) if (found := _snippet(text, pattern))[1]), (snippet, ())
        )
    return Hit(card, card.state(today), ranked.score, snippet, marks)


def _pattern(words: Sequence[Term]) -> re.Pattern[str] | None:
    """What the words look like in folded text; None where there is none to mark."""
    shapes = [_shape(word) for word in words[:_MOST_WORDS]]
    return re.compile("|".join(shapes)) if shapes else None


def _shape(word: Term) -> str:
    parts = []
    for run in runs(word.value):
        wide = run[0] >= "\u3005"
        parts.append("[*`\n]*".join(run) if wide else f"(?<!{LETTER}){run}")
    if not parts:
        return re.escape(fold(word.value)) or "(?!)"
    return "[\\W_]*".join(parts) + (f"(?!{LETTER})" if word.quoted else "")


def _snippet(text: str, pattern: re.Pattern[str] | None) -> tuple[str, tuple[Mark, ...]]:
    """About `WIDTH` characters on one line around the first place that fits, and the places in them."""
    text = text[:_LONGEST]
    places = _places(text, pattern) if pattern else []
    first = max(places[0][0] - WIDTH // 3, 0) if places else 0
    last = min(first + WIDTH, len(text))
    shown = "".join(letter if letter.isprintable() else " " for letter in text[first:last])
    moved = (1 if first else 0) - first - (len(shown) - len(shown.lstrip()))
    line = ("…" if first else "") + shown.strip()
    marks = ((max(a + moved, 0), min(b + moved, len(line))) for a, b in places if a < last)
    return line + ("…" if last < len(text) else ""), tuple(mark for mark in marks if mark[0] < mark[1])


def _places(text: str, pattern: re.Pattern[str]) -> list[Mark]:
    """Where `pattern`, made for folded text, stands in `text`; one letter may fold to several."""
    folded, origin = [], []
    for place, letter in enumerate(text):
        shown = letter.lower() if letter.isascii() else fold(letter)
        folded.append(shown)
        origin += [place] * len(shown)
    found = (match.span() for match in pattern.finditer("".join(folded)))
    return [(origin[a], origin[b - 1] + 1) for a, b in found if b > a]
