"""Every event at once: the store's rows of a log that is read from its beginning.

A schedule made anew (the store was deleted, a setting changed, a log file was replaced) touches every review. All is
folded first and each row then written once, finished: one for many reviews, and one for each card.
"""

from collections.abc import Mapping
from types import MappingProxyType

from studykit.spacing.scheduler import Scheduler
from studykit.store.database import Store
from studykit.store.events import Event
from studykit.store.fold import Folded, collector_paused, fold
from studykit.store.history import put_other_events
from studykit.store.pasts import replace_reviews

_CACHE = "PRAGMA cache_size = -{kibibytes}"
_LARGE, _USUAL = 256 * 1024, 2 * 1024


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

    with collector_paused():
        execute(_CACHE.format(kibibytes=_LARGE))
        try:
            folded = fold(events, scheduler, labels, own)
            replace_reviews(store, folded)
            execute("DELETE FROM events")
            put_other_events(store, folded.others)
        finally:
            execute(_CACHE.format(kibibytes=_USUAL))
    return folded
