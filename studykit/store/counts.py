"""How many cards each rule has made, counted once for each state of the store.

To count a hundred thousand takes as long as to look at six thousand notes, and mostly nothing has changed since.
"""

import sqlite3
from contextlib import suppress

import msgspec

from studykit.store.database import Store

_KEPT = "by_rule"  # in the store: its mark when they were counted, and the counts


def cards_by_rule(store: Store, *, untouched: bool) -> dict[str, int]:
    """The active cards by rule. `untouched`: the transaction has written nothing, so what was kept may hold."""
    mark, _, kept = store.meta(_KEPT).partition(" ")
    if untouched and mark and mark == store.mark():
        return msgspec.json.decode(kept, type=dict[str, int])
    query = "SELECT rule, count(*) FROM cards WHERE active = 1 GROUP BY rule"
    return dict(store.connection.execute(query).fetchall())


def keep_cards_by_rule(store: Store, counts: dict[str, int]) -> None:
    """Keep what was counted of the store as it stands; outside `write()`, for this is no change to look at."""
    kept = f"{store.mark()} {msgspec.json.encode(counts).decode()}"
    if store.meta(_KEPT) != kept:
        with suppress(sqlite3.OperationalError):  # a full disk: the next sync counts again
            store.set_meta(_KEPT, kept)
