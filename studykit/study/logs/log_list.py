"""The log as a person reads it: what was done to which card, when, on which device, and what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from operator import attrgetter
from typing import Any

from studykit.spacing.scheduler import Scheduler
from studykit.store import events, history
from studykit.store.blocks import newest
from studykit.store.cards import find_card
from studykit.store.database import Store, open_store
from studykit.store.fold import beginning
from studykit.store.standing import sort_out
from studykit.study.vault import Vault


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `card` is the one that holds it now, `front` the beginning of its question, None where not known.

    `rating` (1 to 4), `ms`, `interval` (days until it was to return), `stability` and `difficulty` (after it) are a
    review's, None for everything else and for a review that was taken back. `details` is what else the event says.
    """

    id: str
    at: str
    day: str
    type: str
    card: str
    front: str | None
    device: str
    undone: bool
    rating: int | None = None
    ms: int | None = None
    interval: int | None = None
    stability: float | None = None
    difficulty: float | None = None
    details: dict[str, Any] | None = None


_COMMON = {"id", "at", "day", "device", "card", "front"}


def list_log(vault: Vault, name: str | None = None, limit: int = 20) -> list[Entry]:
    """The latest `limit` events, of the card `name` (an id or its beginning) or of all, the latest last.

    Read from the store as the last sync left it. Undos are no entries: what they took back says so. Raises
    NotFoundError, StoreError.
    """
    store = open_store(vault.store_file)
    try:
        chosen = _latest(store, find_card(store, name).id if name else None, limit)
        return _Reader(store, vault.scheduler()).entries(chosen)
    finally:
        store.close()


def _latest(store: Store, card: str | None, limit: int) -> Sequence[events.Event]:
    """The earliest first."""
    if card is None:
        query = "SELECT body FROM events WHERE type <> 'undo' ORDER BY at DESC, id DESC LIMIT ?"
        others = [events.decoder.decode(body) for (body,) in store.connection.execute(query, (limit,))]
        time = attrgetter("at", "id")
        reviews = [review for _place, review in islice(newest(store, "at", time), limit)]
        return sorted([*others, *reviews], key=time)[-limit:]
    family = [event for event in history.events_of(store, card) if not isinstance(event, events.Undo | events.Pause)]
    names = history.successors(store)
    of_it = [event for event in family if card in (event.card, names.get(event.card, event.card))]
    return sorted(of_it, key=events.order)[-limit:]


class _Reader:
    """Reads entries from the store, each card's schedule replayed once."""

    def __init__(self, store: Store, scheduler: Scheduler) -> None:
        self.store, self.scheduler = store, scheduler
        self.dead = history.taken_back(store)
        self.lineage = history.lineage(store)
        self.names = self.lineage.names
        self.labels = history.labels(store)
        self.outcomes: dict[str, dict[str, tuple[int, float, float]]] = {}

    def entries(self, chosen: Iterable[events.Event]) -> list[Entry]:
        """The entries of these events, in that order."""
        return [self._review(event) if isinstance(event, events.Review) else self._other(event) for event in chosen]

    def _review(self, said: events.Review) -> Entry:
        undone = said.id in self.dead
        holder = self.names.get(said.card, said.card) if undone else self.lineage.holder(said.card, events.order(said))
        interval, stability, difficulty = (None, None, None) if undone else self._outcome(holder, said.id)
        details = {"suggested": said.suggested} if said.suggested else None
        return Entry(
            said.id, said.at, said.day, "review", holder, self._front(holder), said.device, undone, said.rating,
            said.ms, interval, stability, difficulty, details,
        )  # fmt: skip

    def _other(self, event: events.Event) -> Entry:
        assert not isinstance(event, events.Undo | events.Review)
        kind = str(event.__struct_config__.tag)
        details = {key: getattr(event, key) for key in event.__struct_fields__ if key not in _COMMON}
        if isinstance(event, events.Pause):  # it is about no card
            holder, front = "", None
        else:
            holder = event.card if isinstance(event, events.Alias) else self.names.get(event.card, event.card)
            front = self._front(holder)
        undone = event.id in self.dead
        return Entry(event.id, event.at, event.day, kind, holder, front, event.device, undone, details=details)

    def _front(self, card: str) -> str | None:
        row = self.store.connection.execute("SELECT prompt FROM cards WHERE id = ?", (card,)).fetchone()
        return events.front_of(row[0]) if row else None

    def _outcome(self, card: str, review: str) -> tuple[int, float, float]:
        if card not in self.outcomes:
            self.outcomes[card] = self._replayed(card)
        return self.outcomes[card][review]

    def _replayed(self, card: str) -> dict[str, tuple[int, float, float]]:
        """Interval, stability and difficulty after each standing review of a card."""
        standing = sort_out(history.events_of(self.store, card))
        run = standing.run(card)
        reviews = [standing.reviews[place] for place in run.places]
        others = sorted(standing.others.get(card, ()), key=events.order)
        recall, _ = beginning(others, self.scheduler, partial(standing.begins_before, run))
        label = self.labels.get(card, "medium")
        found = {}
        for review in reviews:
            day = date.fromisoformat(review.day)
            recall = self.scheduler.review(recall, review.rating, day, fuzz=review.fuzz, label=label)
            found[review.id] = ((recall.due - recall.last).days, recall.stability, recall.difficulty)
        return found
