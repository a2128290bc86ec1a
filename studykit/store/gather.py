"""The whole log into the store: its reviews row by row as they are read, and what the fold asks of them."""

from collections.abc import Mapping
from functools import partial
from itertools import chain
from operator import attrgetter

from studykit.progress import Progress
from studykit.store.blocks import Stored, packed_in_order, put_blocks
from studykit.store.database import Store
from studykit.store.later_half import Keep, halves, reading, take
from studykit.store.log import Log
from studykit.store.log_read import Mark, Read
from studykit.store.standing import Standing

_DOUBTFUL = 10_000  # ids to be looked for; where there are more, sorting all events at once is the faster way


def gather(
    store: Store, log: Log, known: Mapping[str, Mark], progress: Progress | None = None
) -> tuple[Read, Standing]:
    """Every event of the log; the reviews stand in the store then, in the place of those that were there.

    Inside `write()`. What followed from the events before stays as it was. `known` are files that were read before.
    """
    read, standing = _taken(store, log, known, progress)
    if not _each_once(store, standing):
        read, standing = _sorted(store, log, known)
    reviews = Stored(store)
    standing.settle(reviews, reviews.named)
    return read, standing


def _taken(store: Store, log: Log, known: Mapping[str, Mark], progress: Progress | None) -> tuple[Read, Standing]:
    """The log month by month; its later half by another process, where it is long and nothing prevents that."""
    read = Read()
    months = log.month_files(read, known)
    keep = _afresh(store)
    earlier, later = halves(log, months)
    if not later:
        return read, take(log, earlier, read, keep, progress)
    from concurrent.futures.process import BrokenProcessPool

    oddities = list(read.oddities)
    try:
        with reading(log, later) as other:
            standing = take(log, earlier, read, keep, progress)
            other.joined(standing, read, keep)
    except (BrokenProcessPool, OSError):  # the process was ended, or none could be started
        read = Read(oddities=oddities)
        standing = take(log, months, read, _afresh(store), progress)
    return read, standing


def _sorted(store: Store, log: Log, known: Mapping[str, Mark]) -> tuple[Read, Standing]:
    """The log all at once."""
    read = Read()
    files = chain.from_iterable(log.events_in(paths, read) for paths in log.month_files(read, known))
    standing = Standing()
    reviews = standing.take(sorted(chain.from_iterable(chain.from_iterable(files)), key=attrgetter("id")))
    _afresh(store)(packed_in_order(reviews, 0))
    return read, standing


def _afresh(store: Store) -> Keep:
    """Put rows into the store, in the place of those that were there."""
    store.connection.execute("DELETE FROM blocks")
    return partial(put_blocks, store)


def _each_once(store: Store, standing: Standing) -> bool:
    """Whether no event came in two parts: that happens to damaged copies, and is looked for where ids are not in the
    order of time."""
    doubtful = standing.doubtful
    if len(doubtful) > _DOUBTFUL:
        return False
    found = len(Stored(store).named(doubtful)) if doubtful else 0
    return found + sum(event.id in doubtful for event in standing.rest) == len(doubtful)
