"""Every event at once: the store's rows of a log that is read from its beginning.

A schedule made anew (the store was deleted, a setting changed, a log file was replaced) touches every review. Folding
first and then writing each row once, finished, with the indexes made afterwards, takes a fraction of the time that
rows written first and filled in later would.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from studykit.spacing.scheduler import Scheduler
from studykit.store.cards import set_histories
from studykit.store.database import Store
from studykit.store.events import Event, Review, Undo
from studykit.store.fold import CardHistory, Folded, fold
from studykit.store.history import put_other_events
from studykit.store.lineage import undone
from studykit.store.schema import REVIEW_INDEXES

_CACHE = "PRAGMA cache_size = -{kibibytes}"
_LARGE, _USUAL = 256 * 1024, 2 * 1024

# Most reviews are of a card under its own id, on time, unfuzzed and typed by nobody: these columns need no binding.
_PLAIN = (
    "INSERT INTO reviews(id, logged, day, at, device, rating, ms, card, elapsed, stability, fuzz, suggested,"
    " clock_back) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?2, ?8, ?9, 0, NULL, 0)"
)
_FULL = (
    "INSERT OR IGNORE INTO reviews(id, logged, day, at, device, rating, ms, card, elapsed, stability, fuzz, suggested,"
    " clock_back) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def replace_events(
    store: Store,
    events: list[Event],
    scheduler: Scheduler,
    labels: Mapping[str, str],
    own: Mapping[str, Scheduler] = MappingProxyType({}),
) -> Folded:
    """Put `events`, folded, in the place of all that the store held; inside `write()`.

    The cards' own rows follow with `write_histories`, once they are there.
    """
    execute = store.connection.execute
    folded = fold(events, scheduler, labels, own)
    execute(_CACHE.format(kibibytes=_LARGE))
    try:
        for table in ("events", "reviews"):
            execute(f"DELETE FROM {table}")
        for name in REVIEW_INDEXES:
            execute(f"DROP INDEX IF EXISTS {name}")
        rare: list[tuple[Any, ...]] = []
        store.connection.executemany(_PLAIN, _rows(folded, rare))
        for statement in REVIEW_INDEXES.values():
            execute(statement)
        store.connection.executemany(_FULL, [*rare, *_taken_back(events)])
        put_other_events(store, (event for event in events if not isinstance(event, Review)))
    finally:
        execute(_CACHE.format(kibibytes=_USUAL))
    return folded


def _rows(folded: Folded, rare: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows of reviews that stand; those with more to say are put into `rare`."""
    for r, card, elapsed, stability in folded.reviews:
        if r.fuzz or r.clock_back or r.suggested or card != r.card:
            rare.append(_whole_row(r, card, elapsed, stability))
        else:
            yield r.id, card, r.day, r.at, r.device, r.rating, r.ms, elapsed, stability


def _whole_row(r: Review, card: str | None, elapsed: int | None, stability: float | None) -> tuple[Any, ...]:
    return (
        r.id, r.card, r.day, r.at, r.device, r.rating, r.ms, card, elapsed, stability, r.fuzz, r.suggested,
        int(r.clock_back),
    )  # fmt: skip


def _taken_back(events: list[Event]) -> Iterable[tuple[Any, ...]]:
    dead = undone(event for event in events if isinstance(event, Undo))
    if not dead:
        return []
    return [_whole_row(r, None, None, None) for r in events if isinstance(r, Review) and r.id in dead]


def write_histories(store: Store, folded: Folded) -> None:
    """The schedule of every card in the store, as `folded` has it: new where it has none."""
    empty = CardHistory()
    everyone = [row[0] for row in store.connection.execute("SELECT id FROM cards ORDER BY id")]
    set_histories(store, ((card, folded.cards.get(card, empty)) for card in everyone))
