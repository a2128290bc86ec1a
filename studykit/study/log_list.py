"""The log as a person reads it: what was done to which card, when, on which device, and what came of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from studykit.spacing.scheduler import Scheduler
from studykit.store import events, history
from studykit.store.cards import find_card
from studykit.store.database import Store, open_store
from studykit.store.fold import CardHistory, beginning
from studykit.store.standing import Run, sort_out
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


_LATEST = """
SELECT id, at, type FROM (
    SELECT id, at, 'review' AS type FROM reviews {reviews}
    UNION ALL SELECT id, at, type FROM events WHERE type <> 'undo' {events}
) ORDER BY at DESC, id DESC LIMIT ?
"""
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


def _latest(store: Store, card: str | None, limit: int) -> list[tuple[str, str]]:
    """Ids and types, the earliest first."""
    if card is None:
        rows = store.connection.execute(_LATEST.format(reviews="", events=""), (limit,)).fetchall()
        return [(name, kind) for name, _, kind in reversed(rows)]
    family = [event for event in history.events_of(store, card) if not isinstance(event, events.Undo | events.Pause)]
    names = history.successors(store)
    of_it = [event for event in family if card in (event.card, names.get(event.card, event.card))]
    latest = sorted(of_it, key=events.order)[-limit:]
    return [(event.id, str(event.__struct_config__.tag)) for event in latest]


class _Reader:
    """Reads entries from the store, each card's schedule replayed once."""

    def __init__(self, store: Store, scheduler: Scheduler) -> None:
        self.store, self.scheduler = store, scheduler
        self.dead = history.taken_back(store)
        self.names = history.successors(store)
        self.labels = history.labels(store)
        self.outcomes: dict[str, dict[str, tuple[int, float, float]]] = {}

    def entries(self, chosen: list[tuple[str, str]]) -> list[Entry]:
        """The entries of these ids and types, in that order."""
        return [self._review(name) if kind == "review" else self._other(name) for name, kind in chosen]

    def _review(self, name: str) -> Entry:
        query = "SELECT at, day, device, logged, card, rating, ms, suggested FROM reviews WHERE id = ?"
        at, day, device, logged, card, rating, ms, suggested = self.store.connection.execute(query, (name,)).fetchone()
        holder = card or self.names.get(logged, logged)
        interval, stability, difficulty = self._outcome(holder, name) if card else (None, None, None)
        details = {"suggested": suggested} if suggested else None
        return Entry(
            name, at, day, "review", holder, self._front(holder), device, card is None, rating, ms, interval,
            stability, difficulty, details,
        )  # fmt: skip

    def _other(self, name: str) -> Entry:
        (body,) = self.store.connection.execute("SELECT body FROM events WHERE id = ?", (name,)).fetchone()
        event = events.decoder.decode(body)
        assert not isinstance(event, events.Undo | events.Review)
        kind = str(event.__struct_config__.tag)
        details = {key: getattr(event, key) for key in event.__struct_fields__ if key not in _COMMON}
        if isinstance(event, events.Pause):  # it is about no card
            holder, front = "", None
        else:
            holder = event.card if isinstance(event, events.Alias) else self.names.get(event.card, event.card)
            front = self._front(holder)
        return Entry(name, event.at, event.day, kind, holder, front, event.device, name in self.dead, details=details)

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
        run, others = standing.runs.get(card, Run()), sorted(standing.others.get(card, ()), key=events.order)
        run.bring_in_order()
        recall, _ = beginning(CardHistory(), run.reviews, others, self.scheduler)
        label = self.labels.get(card, "medium")
        found = {}
        for review in run.reviews:
            day = date.fromisoformat(review.day)
            recall = self.scheduler.review(recall, review.rating, day, fuzz=review.fuzz, label=label)
            found[review.id] = ((recall.due - recall.last).days, recall.stability, recall.difficulty)
        return found
