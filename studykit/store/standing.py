"""Of all events those that stand, each once, gathered by the card that holds them.

A review is known by its place in the list of all of them: a million numbers are gathered, sorted and handed over in a
fraction of the time that looking at a million reviews again and again would take.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from operator import attrgetter, itemgetter, lt
from typing import NamedTuple, TypeAlias

import msgspec

from studykit.store.events import Alias, Bury, Event, Flag, Forget, Import, Pause, Review, Suspend, Undo, encode, order
from studykit.store.lineage import Lineage, undone

Other: TypeAlias = Suspend | Bury | Flag | Import

_id, _time, _day, _card, _rating = map(attrgetter, ("id", "at", "day", "card", "rating"))
in_order = attrgetter("day", "clock_back", "at", "id")
"""A review's key to the order of `events.order`, at the speed of C."""


class Run(NamedTuple):
    """Reviews of one card in the order of `events.order`: their places among all, days as ordinals, and ratings."""

    places: Sequence[int] = ()
    days: Sequence[int] = ()
    ratings: Sequence[int] = ()


class _Ordinals(dict[str, int]):
    """ISO day to ordinal; a history of many years has few days."""

    def __missing__(self, day: str) -> int:
        self[day] = ordinal = date.fromisoformat(day).toordinal()
        return ordinal


ordinal = _Ordinals().__getitem__
"""The proleptic ordinal of an ISO day."""


class Standing(msgspec.Struct):
    """All reviews in the order of time, and of those that stand the places, by the card that holds them.

    `taken_back` are the places of the others. `rest` is all that is no review; `others` that of it which bears on a
    card's schedule, by its holder. `names` as in `Folded`.
    """

    reviews: list[Review] = msgspec.field(default_factory=list)
    days: list[int] = msgspec.field(default_factory=list)
    ratings: list[int] = msgspec.field(default_factory=list)
    places: dict[str, list[int]] = msgspec.field(default_factory=dict)
    taken_back: list[int] = msgspec.field(default_factory=list)
    rest: list[Event] = msgspec.field(default_factory=list)
    others: dict[str, list[Other]] = msgspec.field(default_factory=dict)
    names: dict[str, str] = msgspec.field(default_factory=dict)

    def run(self, card: str) -> Run:
        """The reviews of a card. The days settle most of their order, and most come in it."""
        places = self.places.get(card, [])
        if len(places) < 2:
            return Run(places, [self.days[place] for place in places], [self.ratings[place] for place in places])
        at_places = itemgetter(*places)
        days = at_places(self.days)
        if not all(map(lt, days, days[1:])) and self._strays(places):
            places = sorted(places, key=lambda place: in_order(self.reviews[place]))
            at_places = itemgetter(*places)
            days = at_places(self.days)
        return Run(places, days, at_places(self.ratings))

    def _strays(self, places: list[int]) -> bool:
        reviews, days = self.reviews, self.days
        doubtful = ((one, two) for one, two in pairwise(places) if days[one] >= days[two])
        return any(in_order(reviews[one]) > in_order(reviews[two]) for one, two in doubtful)

    def runs(self) -> Iterator[tuple[str, Run]]:
        """Every card with a review that stands."""
        return ((card, self.run(card)) for card in self.places)


def sort_out(events: Iterable[Event]) -> Standing:
    """Resolve duplicates, undos and aliases, whatever the order of `events`."""
    found = Standing()
    found.reviews, found.rest = _parted(_once(events))
    found.days = list(map(ordinal, map(_day, found.reviews)))
    found.ratings = list(map(_rating, found.reviews))
    undos: list[Undo] = []
    aliases: list[Alias] = []
    for event in found.rest:
        if isinstance(event, Undo):
            undos.append(event)
        elif isinstance(event, Alias):
            aliases.append(event)
        elif not isinstance(event, Review | Forget | Pause):  # what is listed is no part of a card's schedule
            found.others.setdefault(event.card, []).append(event)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, card in enumerate(map(_card, found.reviews)):
        places[card].append(place)
    found.places = dict(places)
    dead = undone(undos)
    if dead:
        _take_out(found, dead)
    _hand_over(found, Lineage(alias for alias in aliases if alias.id not in dead))
    return found


def _parted(events: list[Event]) -> tuple[list[Review], list[Event]]:
    """Reviews and what is none, each in order."""
    reviews = [event for event in events if type(event) is Review]
    return reviews, [event for event in events if type(event) is not Review] if len(reviews) < len(events) else []


def _once(events: Iterable[Event]) -> list[Event]:
    """Each event once, in the order of time, so that the reviews of a card come nearly in order.

    Should two with one id differ (a damaged copy), the choice does not depend on their order.
    """
    listed = sorted(events, key=_time)  # cheap: the files of two devices are each in order
    if len(set(map(_id, listed))) == len(listed):
        return listed
    once: dict[str, Event] = {}
    for event in listed:
        known = once.setdefault(event.id, event)
        if known != event:
            once[event.id] = min(known, event, key=encode)
    return sorted(once.values(), key=_time)


def _take_out(found: Standing, dead: set[str]) -> None:
    """Remove undone events; a card without any other is as if it had never been met."""
    found.taken_back = [place for place, name in enumerate(map(_id, found.reviews)) if name in dead]
    gone = set(found.taken_back)
    for card in {found.reviews[place].card for place in gone}:
        if places := [place for place in found.places.pop(card) if place not in gone]:
            found.places[card] = places
    for card, others in list(found.others.items()):
        if others := [event for event in others if event.id not in dead]:
            found.others[card] = others
        else:
            del found.others[card]


def _hand_over(found: Standing, lineage: Lineage) -> None:
    """Give the events of every id that an alias names to the card that holds them."""
    found.names = lineage.names
    places = [place for card in lineage.names for place in found.places.pop(card, ())]
    others = [event for card in lineage.names for event in found.others.pop(card, ())]
    for place in sorted(places):
        review = found.reviews[place]
        found.places.setdefault(lineage.holder(review.card, order(review)), []).append(place)
    for other in others:
        found.others.setdefault(lineage.holder(other.card, order(other)), []).append(other)
