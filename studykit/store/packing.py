"""The reviews of a store made before they were packed, a row each, as this version keeps them."""

import sqlite3
from typing import Any

from studykit.store.columns import ordinal
from studykit.store.database import Store
from studykit.store.events import Review
from studykit.store.fold import Folded
from studykit.store.past import Past
from studykit.store.pasts import replace_reviews
from studykit.store.standing import Run

_ROWS = """
SELECT id, at, day, device, logged, rating, ms, fuzz, suggested, clock_back, card, elapsed, stability FROM reviews
ORDER BY at, id
"""


def pack_rows(connection: sqlite3.Connection) -> None:
    """Every row of the table `reviews` into the tables that took its place."""
    folded = Folded()
    held: dict[str, list[tuple[Any, ...]]] = {}
    for place, row in enumerate(connection.execute(_ROWS)):
        name, at, day, device, logged, rating, ms, fuzz, suggested, back, card, elapsed, stability = row
        review = Review(name, at, day, device, logged, rating, ms, fuzz, suggested=suggested, clock_back=bool(back))
        folded.listed.append(review)
        if card is None:
            folded.taken_back[place] = review
        else:
            key = (review.day, review.clock_back, review.at, review.id)
            held.setdefault(card, []).append((key, place, ordinal(review.day), review.rating, elapsed, stability))
    folded.pasts = {card: _past(sorted(rows)) for card, rows in sorted(held.items())}
    replace_reviews(Store("", connection), folded)


def _past(rows: list[tuple[Any, ...]]) -> Past:
    _keys, places, days, ratings, elapsed, stabilities = zip(*rows, strict=True)
    before = None if elapsed[0] is None else days[0] - elapsed[0]
    return Past.of(Run(places, days, ratings), before, [known or 0.0 for known in stabilities])
