"""The queue of a session: which cards, in what order, and where a forgotten card comes back in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from studykit.store import due
from studykit.store.cards import CardRow, select_cards
from studykit.store.database import Store
from studykit.store.words import ready_index

if TYPE_CHECKING:  # a session of everything needs no filter, and its first question is there sooner
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
    files: tuple[str, ...] | None = None  # only cards of these notes, in their order

    def text(self) -> str:
        """The whole request as one filter."""
        if self.deck or self.tag:
            from studykit.study.filter import quote

        named = [f"deck:{quote(self.deck)}"] if self.deck else []
        named += [f"tag:{quote(self.tag)}"] if self.tag else []
        # In parentheses, since an `or` in it must not reach the deck; alone it stays as typed, for errors to point at.
        words = [f"({self.filter})" if named else self.filter] if self.filter.strip() else []
        return " ".join(words + named)


@dataclass(frozen=True, slots=True)
class Limits:
    """The day's limits; `introduced` and `reviewed` were done already today."""

    new_per_day: int
    reviews_per_day: int
    introduced: int = 0
    reviewed: int = 0


_ASKABLE = "active = 1 AND suspended = 0 AND (buried IS NULL OR buried <= ?)"


def build_queue(store: Store, request: Request, today: str, limits: Limits) -> list[CardRow]:
    """The cards to ask now: what is due, oldest first, with new ones spread among them, siblings kept apart.

    Raises FilterError pointing at the character of the request that is wrong.
    """
    wanted = _filter(request.text())
    if request.files is not None:
        return _in_order_of_files(store, request, wanted, today, limits)
    if request.cram:
        return _take(store, "1", (), "ORDER BY file, line", wanted, today, request.limit)
    room = limits.reviews_per_day - limits.reviewed
    fresh = request.new if request.new is not None else limits.new_per_day - limits.introduced
    old = _take(store, "due IS NOT NULL AND due <= ?", (today,), "ORDER BY due, id", wanted, today, room)
    new = _take(store, "due IS NULL", (), "ORDER BY rank, file, line", wanted, today, fresh)
    return siblings_apart(spread(old, new))[: request.limit]


def _in_order_of_files(
    store: Store, request: Request, wanted: "Filter | None", today: str, limits: Limits
) -> list[CardRow]:
    """The cards of `request.files` in the order of these, due and new ones together, within the limits."""
    place = {path: index for index, path in enumerate(request.files or ())}
    room = limits.reviews_per_day - limits.reviewed
    fresh = request.new if request.new is not None else limits.new_per_day - limits.introduced
    left = {"due": None if request.cram else max(room, 0), "new": None if request.cram else max(fresh, 0)}
    where = "1" if request.cram else "(due IS NULL OR due <= ?)"
    listed = _take(store, where, () if request.cram else (today,), "ORDER BY rank, line, id", wanted, today, None)
    queue: list[CardRow] = []
    for card in sorted((card for card in listed if card.file in place), key=lambda card: place[card.file]):
        kind = "new" if card.due is None else "due"
        rest = left[kind]
        if rest is None or rest > 0:
            queue.append(card)
            left[kind] = None if rest is None else rest - 1
    return queue[: request.limit]


def _filter(text: str) -> "Filter | None":
    if not text:
        return None
    from studykit.study.filter import read_filter

    return read_filter(text)


def _take(
    store: Store,
    where: str,
    arguments: Sequence[str],
    order: str,
    wanted: "Filter | None",
    today: str,
    most: int | None,
) -> list[CardRow]:
    if most is not None and most <= 0:
        return []
    fits, bound = "1", tuple[object, ...]()
    if wanted is not None:
        if wanted.words:
            ready_index(store.connection)
        fits, bound = wanted.condition(date.fromisoformat(today))
    limit = "" if most is None else f" LIMIT {most}"
    return select_cards(store, f"{where} AND {_ASKABLE} AND {fits}", (*arguments, today, *bound), order + limit)


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
        " WHERE reviews.day = ? AND (coalesce(cards.introduced, '') <> ? OR cards.imported > 0)",
        (today, today),
    ).fetchone()[0]
    return introduced, int(reviewed)
