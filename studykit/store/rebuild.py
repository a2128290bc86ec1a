"""Every event at once: the store's rows of a log that is read from its beginning.

A schedule made anew (the store was deleted, a setting changed, a log file was replaced) touches every review. Folding
first and then writing each row once, finished, with the indexes made afterwards, takes a fraction of the time that
rows written first and filled in later would. The rows are written in the order of time, as they would have come one by
one: figures by day then read the file from end to end, at a third of the cost.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from studykit.spacing.scheduler import Scheduler
from studykit.store.cards import set_histories
from studykit.store.database import Store
from studykit.store.events import Event, Review, Undo
from studykit.store.fold import NEVER, CardHistory, Folded, fold
from studykit.store.history import put_other_events
from studykit.store.lineage import undone
from studykit.store.schema import REVIEW_INDEXES

_CACHE = "PRAGMA cache_size = -{kibibytes}"
_LARGE, _USUAL = 256 * 1024, 2 * 1024
_time = attrgetter("at")

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
        store.connection.executemany(_PLAIN, _rows(events, folded, rare))
        for statement in REVIEW_INDEXES.values():
            execute(statement)
        store.connection.executemany(_FULL, [*rare, *_taken_back(events)])
        put_other_events(store, (event for event in events if not isinstance(event, Review)))
    finally:
        execute(_CACHE.format(kibibytes=_USUAL))
    return folded


def _rows(events: list[Event], folded: Folded, rare: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows of reviews that stand, by time; those with more to say, or out of their turn, are put into `rare`."""
    reviews: list[Review | None] = []
    elapsed, stabilities = array("l"), array("d")
    following: dict[str, int] = {}  # by card, the place of its next review in the three
    for card, past in folded.pasts.items():
        following[card] = len(reviews)
        reviews += past.reviews
        elapsed.extend(past.elapsed())
        stabilities.extend(past.stabilities)
    ends = [*following.values(), len(reviews)][1:]
    reviews.append(None)
    for r in sorted(events, key=_time):
        if type(r) is not Review or reviews[place := following.get(card := r.card, -1)] is not r:
            continue
        days = _known(elapsed[place])
        if r.fuzz or r.clock_back or r.suggested:
            rare.append(_whole_row(r, card, days, stabilities[place]))
        else:
            yield r.id, card, r.day, r.at, r.device, r.rating, r.ms, days, stabilities[place]
        following[card] = place + 1
    for (card, start), end in zip(following.items(), ends, strict=True):
        rare += [
            _whole_row(late, card, _known(elapsed[place]), stabilities[place])
            for place in range(start, end) if (late := reviews[place]) is not None
        ]  # fmt: skip


def _known(days: int) -> int | None:
    return None if days == NEVER else days


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
