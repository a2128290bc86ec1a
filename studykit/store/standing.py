"""Of all events those that stand, each once, gathered by the card that holds them.

A review is known by its place in the list of all of them, and of most of them nothing else is kept than columns of
numbers: so a million need little memory, whose pages cost more time than all the arithmetic.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice, pairwise
from operator import attrgetter, lt
from typing import NamedTuple, Protocol, TypeAlias

from studykit.store.columns import Columns, ordinal, taken_apart
from studykit.store.events import Alias, Bury, Event, Flag, Forget, Import, Pause, Review, Suspend, Undo, encode, order
from studykit.store.lineage import Lineage, undone
from studykit.store.packed import pairs

Other: TypeAlias = Suspend | Bury | Flag | Import

_id, _time, _day, _card, _back = map(attrgetter, ("id", "at", "day", "card", "clock_back"))
in_order = attrgetter("day", "clock_back", "at", "id")
"""A review's key to the order of `events.order`, at the speed of C."""


class Run(NamedTuple):
    """Reviews of one card in the order of `events.order`: their places among all, days as ordinals, and ratings."""

    places: Sequence[int] = ()
    days: Sequence[int] = ()
    ratings: Sequence[int] = ()


class Reviews(Protocol):
    """Reviews that are somewhere: in a list, or in a store."""

    def __getitem__(self, place: int, /) -> Review:
        """The review at a place."""


class _Keys(dict[str, "array[int]"]):
    """Those of a card: none at first."""

    def __missing__(self, card: str) -> "array[int]":
        self[card] = keys = pairs()
        return keys


class Standing:
    """The reviews that stand, by the card that holds them, as `keys` (see `Columns.add`), and the `columns` of all.

    `taken_back` are the other reviews, by place. `rest` is all that is no review; `others` that of it which bears on a
    card's schedule, by its holder. `names` as in `Folded`. `reviews` looks a review up.

    Events come in parts (`take`), and after the last one `settle` says which of them stand. `doubtful` are the ids that
    may have come in an earlier part too; `greatest` is the greatest id so far, `last` the last review. At a place of
    `seams` comes a review that is earlier than the one before it.
    """

    def __init__(self) -> None:
        self.columns = Columns()
        self.keys: dict[str, array[int]] = _Keys()
        self.taken_back: dict[int, Review] = {}
        self.rest: list[Event] = []
        self.others: dict[str, list[Other]] = {}
        self.names: dict[str, str] = {}
        self.reviews: Reviews = []
        self.doubtful: set[str] = set()
        self.seams: list[int] = []
        self.greatest = ""
        self.last: Review | None = None

    def take(self, events: list[Event]) -> list[Review]:
        """Further events, by id; the reviews among them, each once and in order: their places follow each other."""
        events = _once(events)
        if events and events[0].id <= self.greatest:
            self.doubtful.update(name for name in map(_id, events) if name <= self.greatest)
        self.greatest = max(self.greatest, events[-1].id) if events else self.greatest
        reviews = [event for event in events if type(event) is Review]
        if len(reviews) < len(events):
            self.rest += [event for event in events if type(event) is not Review]
        if not reviews:
            return reviews
        _put_in_order(reviews)
        first = len(self.columns.days)
        if self.last and in_order(self.last) > in_order(reviews[0]):
            self.seams.append(first)
        self.last = reviews[-1]
        keys = self.keys
        for card, key in zip(map(_card, reviews), self.columns.add(reviews), strict=True):
            keys[card].append(key)
        return reviews

    def settle(self, reviews: Reviews, named: Callable[[set[str]], dict[int, Review]]) -> None:
        """Resolve undos and aliases, now that all events are here. `named` finds the reviews of some ids."""
        self.reviews = reviews
        self.keys = dict(self.keys)
        undos: list[Undo] = []
        aliases: list[Alias] = []
        for event in self.rest:
            if isinstance(event, Undo):
                undos.append(event)
            elif isinstance(event, Alias):
                aliases.append(event)
            elif not isinstance(event, Review | Forget | Pause):  # what is listed is no part of a card's schedule
                self.others.setdefault(event.card, []).append(event)
        dead = undone(undos)
        if dead:
            self._take_out(dead, named(dead))
        self._hand_over(Lineage(alias for alias in aliases if alias.id not in dead))

    def _take_out(self, dead: set[str], reviews: dict[int, Review]) -> None:
        """Remove undone events; a card without any other is as if it had never been met."""
        self.taken_back = reviews
        for card in {review.card for review in reviews.values()}:
            if keys := [key for key in self.keys.pop(card) if key >> 32 not in reviews]:
                self.keys[card] = pairs(keys)
        for card, others in list(self.others.items()):
            if others := [event for event in others if event.id not in dead]:
                self.others[card] = others
            else:
                del self.others[card]

    def _hand_over(self, lineage: Lineage) -> None:
        """Give the events of every id that an alias names to the card that holds them."""
        self.names = lineage.names
        keys = {card: self.keys.pop(card, ()) for card in lineage.names}
        others = [event for card in lineage.names for event in self.others.pop(card, ())]
        held: dict[str, list[int]] = {}
        for card, own in keys.items():
            if heir := lineage.sole_holder(card):
                held.setdefault(heir, []).extend(own)
                continue
            for key in own:
                held.setdefault(lineage.holder(card, order(self.reviews[key >> 32])), []).append(key)
        self.keys |= {card: pairs(sorted(own)) for card, own in held.items() if own}
        for other in others:
            self.others.setdefault(lineage.holder(other.card, order(other)), []).append(other)

    def cards(self) -> set[str]:
        """Every card with an event that stands and bears on its schedule."""
        return self.keys.keys() | self.others.keys()

    def run(self, card: str) -> Run:
        """The reviews of a card."""
        keys = self.keys.get(card)
        if keys is None:
            return Run()
        places, days, ratings = taken_apart(keys)
        if self.seams and not all(map(lt, days, days[1:])) and any(map(self._strays, pairwise(places))):
            places, days, ratings = taken_apart(self._sorted(keys))
        return Run(places, days, ratings)

    def _strays(self, pair: tuple[int, int]) -> bool:
        """Whether two places may be in another order than their reviews: the days settle most, and seams are few."""
        one, two = pair
        days, seams = self.columns.days, self.seams
        return days[one] >= days[two] and bisect_right(seams, one) < bisect_right(seams, two)

    def _sorted(self, keys: Iterable[int]) -> "array[int]":
        """By day, and where that does not settle it, by what the reviews say."""
        found = pairs()
        for _day, group in groupby(sorted(keys, key=self._day_of), self._day_of):
            own = list(group)
            if any(self._strays((one >> 32, two >> 32)) for one, two in pairwise(own)):
                own.sort(key=lambda key: in_order(self.reviews[key >> 32]))
            found.extend(own)
        return found

    def _day_of(self, key: int) -> int:
        return self.columns.days[key >> 32]

    def begins_before(self, run: Run, event: Event) -> bool:
        """Whether a review of `run` came before `event`."""
        if not run.places:
            return False
        day = ordinal(event.day)
        return run.days[0] < day or (run.days[0] == day and order(self.reviews[run.places[0]]) < order(event))

    def runs(self) -> Iterator[tuple[str, Run]]:
        """Every card with a review that stands."""
        return ((card, self.run(card)) for card in self.keys)


def sort_out(events: Iterable[Event]) -> Standing:
    """Resolve duplicates, undos and aliases, whatever the order of `events`; `reviews` is a list then."""
    found = Standing()
    reviews = found.take(sorted(events, key=_id))
    found.settle(reviews, lambda names: {place: each for place, each in enumerate(reviews) if each.id in names})
    return found


def _once(events: list[Event]) -> list[Event]:
    """Each event once, of some by id.

    Should two with one id differ (a damaged copy), the choice does not depend on their order.
    """
    ids = list(map(_id, events))
    if all(map(lt, ids, islice(ids, 1, None))):
        return events
    return [min(same, key=encode) if len(same) > 1 else same[0] for same in _same(events)]


def _same(events: list[Event]) -> Iterator[list[Event]]:
    return (list(group) for _key, group in groupby(events, _id))


def _put_in_order(reviews: list[Review]) -> None:
    """Sort reviews that are sorted by id: as they are in order already but for a few, each of its passes is short."""
    if any(map(_back, reviews)):
        reviews.sort(key=in_order)
    else:
        reviews.sort(key=_time)
        reviews.sort(key=_day)
