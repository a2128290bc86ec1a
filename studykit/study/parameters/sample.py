"""The reviews that parameters are fitted to and scored on: whole histories of cards, and the order of time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from studykit.spacing.scoring import History
from studykit.store.blocks import all_reviews
from studykit.store.columns import ordinal
from studykit.store.database import Store
from studykit.store.pasts import pasts
from studykit.store.standing import in_order


@dataclass(slots=True)
class Sample:
    """Histories from the first review of each card on, and the scored reviews in the order of time.

    order     (number of the history, place in it) of every review that is scored (see `spacing.scoring`)
    left_out  reviews that could not be used, by the reason, as words for a person
    """

    histories: list[History] = field(default_factory=list)
    order: list[tuple[int, int]] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def reviews(self) -> int:
        """All reviews, first and same-day ones included."""
        return sum(len(each.days) for each in self.histories)

    def of_decks(self, wanted: Callable[[str], bool]) -> "Sample":
        """The part of it that lies in some decks."""
        kept = [number for number, each in enumerate(self.histories) if wanted(each.deck)]
        renumbered = {number: place for place, number in enumerate(kept)}
        order = [(renumbered[number], place) for number, place in self.order if number in renumbered]
        return Sample([self.histories[number] for number in kept], order, dict(self.left_out))


class Gathering:
    """Makes a `Sample` of reviews that come in the order of time."""

    def __init__(self) -> None:
        self.sample = Sample()
        self._numbers: dict[str, int] = {}
        self._lists: list[tuple[list[int], list[int]]] = []

    def add(self, card: str, day: int, rating: int, *, label: str = "medium", deck: str = "") -> None:
        """One more review of `card` on the ordinal `day`, at the earliest that of its previous one."""
        number = self._numbers.setdefault(card, len(self._numbers))
        if number == len(self._lists):
            self._lists.append(([], []))
            self.sample.histories.append(History(*self._lists[number], label, deck))
        days, ratings = self._lists[number]
        if days and day > days[-1]:
            self.sample.order.append((number, len(days)))
        days.append(max(day, days[-1]) if days else day)
        ratings.append(rating)


def from_store(store: Store, words: Callable[[], str]) -> Sample:
    """This learner's reviews. Cards studied elsewhere first are left out (`words` says so): their beginning is missing,
    and FSRS reads a memory from its first review on."""
    known = {
        card: (deck, label or "medium", imported)
        for card, deck, label, imported in store.connection.execute("SELECT id, deck, label, imported FROM cards")
    }
    made, left = Gathering(), 0
    for card, day, rating in _by_time(store):
        deck, label, imported = known.get(card, ("", "medium", 0))
        if imported:
            left += 1
            continue
        made.add(card, day, rating, label=label, deck=deck)
    if left:
        made.sample.left_out[words()] = left
    return made.sample


def _by_time(store: Store) -> Iterator[tuple[str, int, int]]:
    """Card, ordinal of the day, and grade of every review that stands, in the order of `events.order`."""
    cards: dict[int, str] = {}
    for card, past in pasts(store):
        cards.update(dict.fromkeys(past.places, card))
    standing = ((place, review) for place, review in enumerate(all_reviews(store)) if place in cards)
    rows = sorted((in_order(review), place, ordinal(review.day), review.rating) for place, review in standing)
    return ((cards[place], day, rating) for _key, place, day, rating in rows)
