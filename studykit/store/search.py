"""Cards by the words in them, the best first."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from studykit.store.cards import CardRow, select_cards
from studykit.store.database import Store
from studykit.store.words import RANKED


class Ranked(NamedTuple):
    """A card and how well it fits: more is better, 0 where none of the words was found in it."""

    card: CardRow
    score: float


def ranked_cards(
    store: Store, words: str, where: str, arguments: Sequence[object], *, all_have_words: bool, limit: int
) -> tuple[list[Ranked], int]:
    """The best `limit` cards that an SQL condition names, and how many it names, ranked by the FTS5 query `words`.

    `all_have_words` says that the condition names no card without one of the words: then only these are looked at.
    """
    if words and all_have_words:
        source = f"({RANKED}) CROSS JOIN cards ON cards.rowid = found"
    elif words:
        source = f"cards LEFT JOIN ({RANKED}) ON cards.rowid = found"
    else:
        source = "cards CROSS JOIN (SELECT 0.0 AS score)"
    bound = (*((words,) if words else ()), *arguments)
    # One pass gives the best and their number: the words of a common query are in most cards.
    best = (
        f"SELECT id, -coalesce(score, 0.0) AS worth, count(*) OVER () FROM {source} WHERE {where}"
        f" ORDER BY worth DESC, file, line, id LIMIT {int(limit)}"
    )
    rows = store.connection.execute(best, bound).fetchall()
    listed = (json.dumps([row[0] for row in rows]),)
    cards = {card.id: card for card in select_cards(store, "id IN (SELECT value FROM json_each(?))", listed)}
    return [Ranked(cards[name], score) for name, score, _ in rows], rows[0][2] if rows else 0
