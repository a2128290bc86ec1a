"""The whole log into the store: its reviews row by row as they are read, and what the fold asks of them."""

from collections.abc import Iterable, Mapping
from itertools import chain
from operator import attrgetter

from studykit.store.blocks import Stored, packed_in_order, put_blocks
from studykit.store.database import Store
from studykit.store.events import Event
from studykit.store.log import Log
from studykit.store.log_merge import merged
from studykit.store.log_read import Mark, Read
from studykit.store.standing import Standing

_DOUBTFUL = 10_000  # ids to be looked for; where there are more, sorting all events at once is the faster way


def gather(store: Store, log: Log, known: Mapping[str, Mark]) -> tuple[Read, Standing]:
    """Every event of the log; the reviews stand in the store then, in the place of those that were there.

    Inside `write()`. What followed from the events before stays as it was. `known` are files that were read before.
    """
    read = Read()
    standing = _put(store, (part for month in log.months(read, known) for part in merged(month)))
    if not _each_once(store, standing):
        read = Read()
        everything = [event for file in chain.from_iterable(log.months(read, known)) for part in file for event in part]
        standing = _put(store, [sorted(everything, key=attrgetter("id"))])
    reviews = Stored(store)
    standing.settle(reviews, reviews.named)
    return read, standing


def _put(store: Store, parts: Iterable[list[Event]]) -> Standing:
    store.connection.execute("DELETE FROM blocks")
    standing = Standing()
    for part in parts:
        first = len(standing.columns.days)
        put_blocks(store, packed_in_order(standing.take(part), first))
    return standing


def _each_once(store: Store, standing: Standing) -> bool:
    """Whether no event came in two parts: that happens to damaged copies, and is looked for where ids are not in the
    order of time."""
    doubtful = standing.doubtful
    if len(doubtful) > _DOUBTFUL:
        return False
    found = len(Stored(store).named(doubtful)) if doubtful else 0
    return found + sum(event.id in doubtful for event in standing.rest) == len(doubtful)
