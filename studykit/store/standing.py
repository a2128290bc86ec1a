"""Of all events those that stand, each once, gathered by the card that holds them.

A review is known by its place in the list of all of them, and of most of them nothing else is kept than columns of
numbers: so a million need little memory, whose pages cost more time than all the arithmetic.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice, pairwise
from operator import attrgetter, itemgetter, lt
from typing import NamedTuple, Protocol, TypeAlias

from studykit.store.columns import Columns, ordinal
from studykit.store.events import Alias, Bury, Event, Flag, Forget, Import, Pause, Review, Suspend, Undo, encode, order
from studykit.store.lineage import Lineage, undone
from studykit.store.packed import whole

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


class _Places(dict[str, "array[int]"]):
    """Of each card, for as long as there is none, no place."""

    def __missing__(self, card: str) -> "array[int]":
        self[card] = places = whole(())
        return places


class Standing:
    """Places of the reviews that stand, by the card that holds them, and the `columns` of all.

    `taken_back` are the other reviews, by place. `rest` is all that is no review; `others` that of it which bears on a
    card's schedule, by its holder. `names` as in `Folded`. `reviews` looks a review up.

    Events come in parts (`take`), and after the last one `settle` says which of them stand. `doubtful` are the ids that
    may have come in an earlier part too. At a place of `seams` comes a review that is earlier than the one before it.
    """

    def __init__(self) -> None:
        self.columns = Columns()
        self.places: dict[str, array[int]] = _Places()
        self.taken_back: dict[int, Review] = {}
        self.rest: list[Event] = []
        self.others: dict[str, list[Other]] = {}
        self.names: dict[str, str] = {}
        self.reviews: Reviews = []
        self.doubtful: set[str] = set()
        self.seams: list[int] = []
        self._greatest = ""  # id
        self._last: Review | None = None

    def take(self, events: list[Event]) -> list[Review]:
        """Further events, by id; the reviews among them, each once and in order: their places follow each other."""
        events = _once(events)
        if events and events[0].id <= self._greatest:
            self.doubtful.update(name for name in map(_id, events) if name <= self._greatest)
        self._greatest = max(self._greatest, events[-1].id) if events else self._greatest
        reviews = [event for event in events if type(event) is Review]
        if len(reviews) < len(events):
            self.rest += [event for event in events if type(event) is not Review]
        if not reviews:
            return reviews
        _put_in_order(reviews)
        first = len(self.columns.days)
        if self._last and in_order(self._last) > in_order(reviews[0]):
            self.seams.append(first)
        self._last = reviews[-1]
        self.columns.add(reviews)
        places = self.places
        for place, card in enumerate(map(_card, reviews), first):
            places[card].append(place)
        return reviews

    def settle(self, reviews: Reviews, named: Callable[[set[str]], dict[int, Review]]) -> None:
        """Resolve undos and aliases, now that all events are here. `named` finds the reviews of some ids."""
        self.reviews = reviews
        self.places = dict(self.places)
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
            if places := [place for place in self.places.pop(card) if place not in reviews]:
                self.places[card] = whole(places)
        for card, others in list(self.others.items()):
            if others := [event for event in others if event.id not in dead]:
                self.others[card] = others
            else:
                del self.others[card]

    def _hand_over(self, lineage: Lineage) -> None:
        """Give the events of every id that an alias names to the card that holds them."""
        self.names = lineage.names
        places = {card: self.places.pop(card, ()) for card in lineage.names}
        others = [event for card in lineage.names for event in self.others.pop(card, ())]
        held: dict[str, list[int]] = {}
        for card, own in places.items():
            if heir := lineage.sole_holder(card):
                held.setdefault(heir, []).extend(own)
                continue
            for place in own:
                held.setdefault(lineage.holder(card, order(self.reviews[place])), []).append(place)
        self.places |= {card: whole(sorted(own)) for card, own in held.items() if own}
        for other in others:
            self.others.setdefault(lineage.holder(other.card, order(other)), []).append(other)

    def run(self, card: str) -> Run:
        """The reviews of a card."""
        places: Sequence[int] = self.places.get(card, ())
        days, ratings = self.columns.days, self.columns.ratings
        if len(places) < 2:
            return Run(places, [days[place] for place in places], [ratings[place] for place in places])
        at_places = itemgetter(*places)
        own = at_places(days)
        if self.seams and not all(map(lt, own, own[1:])) and any(map(self._strays, pairwise(places))):
            places = self._sorted(places)
            at_places = itemgetter(*places)
            own = at_places(days)
        return Run(places, own, at_places(ratings))

    def _strays(self, pair: tuple[int, int]) -> bool:
        """Whether two places may be in another order than their reviews: the days settle most, and seams are few."""
        one, two = pair
        days, seams = self.columns.days, self.seams
        return days[one] >= days[two] and bisect_right(seams, one) < bisect_right(seams, two)

    def _sorted(self, places: Iterable[int]) -> list[int]:
        """By day, and where that does not settle it, by what the reviews say."""
        found: list[int] = []
        day_of = self.columns.days.__getitem__
        for _key, group in groupby(sorted(places, key=day_of), day_of):
            own = list(group)
            if any(map(self._strays, pairwise(own))):
                own.sort(key=lambda place: in_order(self.reviews[place]))
            found += own
        return found

    def begins_before(self, run: Run, event: Event) -> bool:
        """Whether a review of `run` came before `event`."""
        if not run.places:
            return False
        day = ordinal(event.day)
        return run.days[0] < day or (run.days[0] == day and order(self.reviews[run.places[0]]) < order(event))

    def runs(self) -> Iterator[tuple[str, Run]]:
        """Every card with a review that stands."""
        return ((card, self.run(card)) for card in self.places)


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
