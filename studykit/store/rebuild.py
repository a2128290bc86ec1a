"""Every event at once: the store's rows of a log that was read from its beginning.

A schedule made anew (the store was deleted, a setting changed, a log file was replaced) touches every review. Each row
is written once, finished: of reviews while they are read (see `gather`), of a card as soon as it is folded.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from studykit.locale import _
from studykit.progress import Progress
from studykit.spacing.scheduler import Scheduler
from studykit.store.database import Store
from studykit.store.fold import collector_paused, fold_cards
from studykit.store.history import put_other_events
from studykit.store.past import CardHistory, Past
from studykit.store.pasts import replace_pasts
from studykit.store.standing import Standing

_TOLD = 1024  # cards between two words on how far it is


def replace_events(
    store: Store,
    standing: Standing,
    scheduler: Scheduler,
    labels: Mapping[str, str],
    own: Mapping[str, Scheduler] = MappingProxyType({}),
    progress: Progress | None = None,
) -> dict[str, CardHistory]:
    """Put what follows from `standing` (see `gather`) in the place of all that the store held; inside `write()`.

    The cards' own rows follow with `write_histories`, once they are there.
    """
    histories: dict[str, CardHistory] = {}

    def past() -> Iterator[tuple[str, Past]]:
        total = len(standing.cards())
        for number, (card, history, past) in enumerate(fold_cards(standing, scheduler, labels, own), 1):
            histories[card] = history
            if progress and (number == total or not number % _TOLD):
                progress(number, total, _("working out schedules"))
            if past:
                yield card, past

    with collector_paused():
        replace_pasts(store, standing.columns, past(), standing.taken_back)
        store.connection.execute("DELETE FROM events")
        put_other_events(store, standing.rest)
    return histories
