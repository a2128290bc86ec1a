"""The queue of a session: which cards, in what order, and where a forgotten card comes back in."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate

import msgspec

from studykit.settings import Deck, Schedule
from studykit.store import due
from studykit.store.cards import CardRow, select_cards
from studykit.store.database import Store
from studykit.store.words import ready_index
from studykit.study.filters.condition import EVERYTHING, Condition
from studykit.study.planning.worth import Worth
from studykit.study.sessions.new_cards import Candidate, DeckRoom, introduced_by_deck, next_new, reviewed_by_deck, whole

RETURN_AFTER = 7  # other cards between a forgotten card and its return: far enough to need memory, not just echo
_CONSIDERED = 5_000  # due cards at most that are weighed against each other: months of study
_MATTERS = 0.005  # gain in recall under which a card is not asked before its day


class Request(msgspec.Struct, frozen=True):
    """What a person asks to study. None means that the settings decide.

    `minutes` of study from now on; `ahead`: also what is due in so many days; `until`: for the day on which it must be
    known; `files`: only cards of these notes, in their order.
    """

    filter: str = ""
    limit: int | None = None
    deck: str | None = None
    tag: str | None = None
    new: int | None = None
    cram: bool = False
    minutes: int | None = None
    ahead: int = 0
    until: date | None = None
    files: tuple[str, ...] | None = None

    def text(self) -> str:
        """The whole request as one filter."""
        if self.deck or self.tag:
            from studykit.study.filters.filter import quote

        named = [f"deck:{quote(self.deck)}"] if self.deck else []
        named += [f"tag:{quote(self.tag)}"] if self.tag else []
        # In parentheses, since an `or` in it must not reach the deck; alone it stays as typed, for errors to point at.
        words = [f"({self.filter})" if named else self.filter] if self.filter.strip() else []
        return " ".join(words + named)


class Limits(msgspec.Struct, frozen=True):
    """What is left of the day: cards, new cards, seconds (None: no limit), and the decks' own limits.

    `returned`, `days_left`: the day a break ended, and the days over which what came due in it is spread. `places` of
    notes in the outlines, where new cards follow these.
    """

    new: int
    reviews: int
    seconds: float | None = None
    decks: Mapping[str, Deck] = msgspec.field(default_factory=dict)
    schedule: Schedule = msgspec.field(default_factory=Schedule)
    returned: str = ""
    days_left: int = 0
    places: Mapping[str, int] = msgspec.field(default_factory=dict)


_ASKABLE = "active = 1 AND suspended = 0 AND (buried IS NULL OR buried <= ?)"


def build_queue(store: Store, request: Request, today: str, limits: Limits, worth: Worth) -> list[CardRow]:
    """The cards to ask now: what is due, as far as the day goes, then new ones spread among them, siblings apart.

    Raises FilterError pointing at the character of the request that is wrong.
    """
    fits = _condition(store, request.text(), today)
    if request.files is not None and request.until is not None:
        fits = _in_files(fits, request.files)  # for a day, what gains most by it comes first, not the outline's order
    elif request.files is not None:
        return _in_order_of_files(store, request, fits, today, limits)
    if request.cram:
        return _select(store, "1", (), "ORDER BY file, line", fits, today)[: request.limit]
    portion = _Portion(store, request, limits, today, worth)
    old = portion.due(_candidates(store, request, fits, today, worth))
    new = portion.new(fits)
    return siblings_apart(spread(old, new))


def fitting(store: Store, request: Request, today: str) -> list[CardRow]:
    """The cards that the words of a request name, whether they are to be asked or not."""
    return _select(store, "1", (), "", _condition(store, request.text(), today), today)


def _condition(store: Store, text: str, today: str) -> Condition:
    """What the request's filter says; a session of everything loads none, and its first question is there sooner."""
    if not text:
        return EVERYTHING
    from studykit.study.filters.filter import read_filter

    wanted = read_filter(text)
    if wanted.words:
        ready_index(store.connection)
    return wanted.condition(date.fromisoformat(today))


def _in_files(fits: Condition, files: Sequence[str]) -> Condition:
    sql = f"({fits.sql}) AND file IN (SELECT value FROM json_each(?))"
    return Condition(sql, (*fits.arguments, json.dumps(files)))


def _in_order_of_files(store: Store, request: Request, fits: Condition, today: str, limits: Limits) -> list[CardRow]:
    """The cards of `request.files` in the order of these, due and new ones together, within the limits."""
    place = {path: index for index, path in enumerate(request.files or ())}
    fresh = limits.new if request.new is None else request.new
    left = {True: float("inf") if request.cram else fresh, False: float("inf") if request.cram else limits.reviews}
    where = "1" if request.cram else "(due IS NULL OR due <= ?)"
    listed = _select(store, where, () if request.cram else (today,), "ORDER BY rank, line, id", fits, today)
    queue: list[CardRow] = []
    for card in sorted((card for card in listed if card.file in place), key=lambda card: place[card.file]):
        is_new = card.due is None
        if left[is_new] > 0:
            queue.append(card)
            left[is_new] -= 1
    return queue[: request.limit]


def _candidates(store: Store, request: Request, fits: Condition, today: str, worth: Worth) -> list[CardRow]:
    """Studied cards that may be asked: those due, those due soon, or those that a deadline needs."""
    if request.until is None:
        last = (date.fromisoformat(today) + timedelta(days=request.ahead)).isoformat()
        order = f"ORDER BY due, id LIMIT {_CONSIDERED}"
        return _select(store, "due IS NOT NULL AND due <= ?", (last,), order, fits, today)
    every = _select(store, "due IS NOT NULL AND last < ?", (today,), "ORDER BY due, id", fits, today)
    return [card for card in every if worth.gain(card) > _MATTERS]


def _select(
    store: Store, where: str, arguments: Sequence[str], order: str, fits: Condition, today: str
) -> list[CardRow]:
    return select_cards(store, f"{where} AND {_ASKABLE} AND {fits.sql}", (*arguments, today, *fits.arguments), order)


class _Portion:
    """One day's portion, filled first with due cards and then with new ones."""

    def __init__(self, store: Store, request: Request, limits: Limits, today: str, worth: Worth) -> None:
        self.store, self.request, self.limits, self.today, self.worth = store, request, limits, today, worth
        self.seconds = float("inf") if limits.seconds is None else limits.seconds
        self.fresh = limits.new if request.new is None else request.new
        # New cards that were asked for by number have their place; otherwise what is due comes before what is new.
        self.kept_for_new = request.new or 0
        self.places = float("inf") if request.limit is None else request.limit
        self.left_over = False
        self._seen = self._siblings_of_today()

    def due(self, cards: list[CardRow]) -> list[CardRow]:
        """As many of `cards` as the day has room for; if not all, those that gain most."""
        cards = self._spread_out(cards)
        room = min(self.limits.reviews, self.places - self.kept_for_new)
        short = len(cards) > room or any(spent > self.seconds for spent in accumulate(map(self.worth.seconds, cards)))
        if short or self.request.ahead or self.request.until:
            cards = self.worth.ranked(cards)
        decks = DeckRoom(self.limits.decks, dict(reviewed_by_deck(self.store, self.today)), "reviews_per_day")
        taken: list[CardRow] = []
        siblings: list[CardRow] = []
        for card in cards:
            if len(taken) >= room or self.seconds <= 0:
                self.left_over = True
                break
            if self._is_sibling(card):
                siblings.append(card)
            elif decks.take(card.deck):
                self._take(card)
                taken.append(card)
        if not taken:  # nothing but siblings of what was asked today: they are asked rather than nothing
            taken = siblings[: int(min(room, len(siblings)))]
        self.places -= len(taken)
        return taken

    def new(self, fits: Condition) -> list[CardRow]:
        """New cards, where no due card had to be left out for want of time, or where the person asked for them."""
        wanted = min(self.fresh, self.places)
        if wanted <= 0 or (self.left_over and self.request.new is None):
            return []
        used = dict(introduced_by_deck(self.store, self.today))
        decks = DeckRoom(self.limits.decks if self.request.new is None else {}, used, "new_per_day")
        usual = self.worth.habits.learner.seconds_new
        chosen: list[Candidate] = []
        for card in next_new(self.store, fits, self.limits.schedule, self.today, decks, self.limits.places):
            if len(chosen) >= wanted or (self.seconds <= 0 and self.request.new is None):
                break
            if self._is_sibling(card):
                continue
            self._seen.add((card.file, card.line))
            self.seconds -= usual
            chosen.append(card)
        return whole(self.store, chosen)

    def _take(self, card: CardRow) -> None:
        self._seen.add((card.file, card.line))
        self.seconds -= self.worth.seconds(card)

    def _spread_out(self, cards: list[CardRow]) -> list[CardRow]:
        """After a break: today's share of what came due in it, by value, and what came due since."""
        if not self.limits.days_left or self.request.text() or self.request.limit or self.request.minutes:
            return cards
        held = [card for card in cards if (card.due or "") < self.limits.returned]
        share = -(-len(held) // self.limits.days_left)
        if share < len(held):
            self.left_over = True
        return self.worth.ranked(held)[:share] + [card for card in cards if (card.due or "") >= self.limits.returned]

    def _is_sibling(self, card: CardRow | Candidate) -> bool:
        return self.limits.schedule.bury_siblings and (card.file, card.line) in self._seen

    def _siblings_of_today(self) -> set[tuple[str, int]]:
        """Places of notes of which a card was asked today already. A card still to be recalled today is no sibling."""
        rows = self.store.connection.execute(
            "SELECT file, line FROM cards WHERE last = ? AND due > ? AND active = 1", (self.today, self.today)
        )
        return set(rows.fetchall())


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
    reviewed = sum(count for _deck, count in reviewed_by_deck(store, today))
    return introduced, reviewed
