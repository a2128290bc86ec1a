"""The queue of a session: which cards, in what order, and where a forgotten card comes back in."""

from collections.abc import Sequence
from dataclasses import dataclass

from studykit.store import due
from studykit.store.cards import CardRow, select_cards
from studykit.store.database import Store
from studykit.study.filter import Filter

RETURN_AFTER = 7  # other cards between a forgotten card and its return: far enough to need memory, not just echo


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks to study. None means that the settings decide."""

    filter: str = ""
    limit: int | None = None
    deck: str | None = None
    tag: str | None = None
    new: int | None = None
    cram: bool = False

    def text(self) -> str:
        """The whole request as one filter."""
        parts = [self.filter]
        parts += [f'deck:"{self.deck}"'] if self.deck else []
        parts += [f'tag:"{self.tag}"'] if self.tag else []
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Limits:
    """The day's limits; `introduced` and `reviewed` were done already today."""

    new_per_day: int
    reviews_per_day: int
    introduced: int = 0
    reviewed: int = 0


_ASKABLE = "active = 1 AND suspended = 0 AND (buried IS NULL OR buried <= ?)"


def build_queue(store: Store, request: Request, wanted: Filter, today: str, limits: Limits) -> list[CardRow]:
    """The cards to ask now: what is due, oldest first, with new ones spread among them, siblings kept apart."""
    if request.cram:
        asked = [card for card in select_cards(store, _ASKABLE, (today,), "ORDER BY file, line")
                 if wanted.matches(card, today)]  # fmt: skip
        return asked[: request.limit]
    room = limits.reviews_per_day - limits.reviewed
    fresh = request.new if request.new is not None else limits.new_per_day - limits.introduced
    old = _take(store, "due IS NOT NULL AND due <= ?", (today,), "ORDER BY due, id", wanted, today, room)
    new = _take(store, "due IS NULL", (), "ORDER BY rank, file, line", wanted, today, fresh)
    return siblings_apart(spread(old, new))[: request.limit]


def _take(
    store: Store, where: str, arguments: Sequence[str], order: str, wanted: Filter, today: str, most: int
) -> list[CardRow]:
    if most <= 0:
        return []
    limit = "" if wanted.tests else f" LIMIT {most}"
    rows = select_cards(store, f"{where} AND {_ASKABLE}", (*arguments, today), order + limit)
    return [card for card in rows if wanted.matches(card, today)][:most]


def spread(old: list[CardRow], new: list[CardRow]) -> list[CardRow]:
    """New cards at even distances among the due ones, the first of them not at the very start."""
    if not new or not old:
        return old + new
    queue: list[CardRow] = []
    taken = 0
    for index, card in enumerate(old, 1):
        queue.append(card)
        share = len(new) * index // len(old)
        queue += new[taken:share]
        taken = share
    return queue


def siblings_apart(queue: list[CardRow]) -> list[CardRow]:
    """No two cards of one note in a row where another card can stand between them: one gives the other away."""
    apart: list[CardRow] = []
    waiting: list[CardRow] = []
    for card in queue:
        if apart and apart[-1].file == card.file:
            waiting.append(card)
            continue
        apart.append(card)
        index = next((i for i, held in enumerate(waiting) if held.file != card.file), None)
        if index is not None:
            apart.append(waiting.pop(index))
    return apart + waiting


def today_done(store: Store, today: str) -> tuple[int, int]:
    """(cards first reviewed today, other cards reviewed today): what the daily limits have used up."""
    introduced = due.introduced_on(store.connection, today)
    reviewed = store.connection.execute(
        "SELECT count(DISTINCT reviews.card) FROM reviews JOIN cards ON cards.id = reviews.card"
        " WHERE reviews.day = ? AND coalesce(cards.introduced, '') <> ?",
        (today, today),
    ).fetchone()[0]
    return introduced, int(reviewed)
