"""Of all events those that stand, each once, gathered by the card that holds them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from operator import attrgetter, gt, lt
from typing import TypeAlias

import msgspec

from studykit.store.events import Alias, Bury, Event, Flag, Forget, Import, Pause, Review, Suspend, Undo, encode, order
from studykit.store.lineage import Lineage, undone

Other: TypeAlias = Suspend | Bury | Flag | Import

_time = attrgetter("at")
_place = attrgetter("day", "clock_back", "at", "id")  # `events.order` at the speed of C


class Run:
    """Reviews of one card with their days as ordinals and their ratings, side by side."""

    __slots__ = ("days", "ratings", "reviews")

    def __init__(self, reviews: Iterable[Review] = ()) -> None:
        self.reviews = list(reviews)
        self.days = [_ordinal(review.day) for review in self.reviews]
        self.ratings: list[int] = [review.rating for review in self.reviews]

    def bring_in_order(self) -> None:
        """Sort as `events.order` does. The days settle most of it, and most runs are in order already."""
        days = self.days
        if all(map(lt, days, days[1:])):
            return
        if any(map(gt, days, days[1:])):
            self._arrange(sorted(range(len(days)), key=days.__getitem__))
        ties = [index for index, (one, two) in enumerate(pairwise(self.days)) if one == two]
        if any(_place(self.reviews[index]) > _place(self.reviews[index + 1]) for index in ties):
            self._arrange(sorted(range(len(days)), key=[_place(review) for review in self.reviews].__getitem__))

    def _arrange(self, places: Iterable[int]) -> None:
        places = list(places)
        self.reviews = [self.reviews[place] for place in places]
        self.days = [self.days[place] for place in places]
        self.ratings = [self.ratings[place] for place in places]


class _Ordinals(dict[str, int]):
    """ISO day to ordinal; a history of many years has few days."""

    def __missing__(self, day: str) -> int:
        self[day] = ordinal = date.fromisoformat(day).toordinal()
        return ordinal


_ordinal = _Ordinals().__getitem__


class Standing(msgspec.Struct):
    """Reviews, and the other events of cards, by the card that holds them; `names` as in `Folded`."""

    runs: dict[str, Run] = msgspec.field(default_factory=dict)
    others: dict[str, list[Other]] = msgspec.field(default_factory=dict)
    names: dict[str, str] = msgspec.field(default_factory=dict)


def sort_out(events: Iterable[Event]) -> Standing:
    """Resolve duplicates, undos and aliases, whatever the order of `events`."""
    listed = _once(events)
    found = Standing()
    undos: list[Undo] = []
    aliases: list[Alias] = []
    runs: defaultdict[str, Run] = defaultdict(Run)
    day, ordinal = "", 0
    for event in listed:
        if type(event) is Review:
            # Lists side by side are filled here, in the order of memory: a million events are slow to visit twice.
            if event.day != day:
                day = event.day
                ordinal = _ordinal(day)
            run = runs[event.card]
            run.reviews.append(event)
            run.days.append(ordinal)
            run.ratings.append(event.rating)
        elif isinstance(event, Undo):
            undos.append(event)
        elif isinstance(event, Alias):
            aliases.append(event)
        elif not isinstance(event, Review | Forget | Pause):  # what is listed is no part of a card's schedule
            found.others.setdefault(event.card, []).append(event)
    found.runs = dict(runs)
    dead = undone(undos)
    if dead:
        _take_out(found, [event for event in listed if event.id in dead])
    _hand_over(found, Lineage(alias for alias in aliases if alias.id not in dead))
    return found


def _once(events: Iterable[Event]) -> list[Event]:
    """Each event once, in the order of time, so that the reviews of a card come nearly in order.

    Should two with one id differ (a damaged copy), the choice does not depend on their order.
    """
    listed = sorted(events, key=_time)  # cheap: the files of two devices are each in order
    if len({event.id for event in listed}) == len(listed):
        return listed
    once: dict[str, Event] = {}
    for event in listed:
        known = once.setdefault(event.id, event)
        if known != event:
            once[event.id] = min(known, event, key=encode)
    return sorted(once.values(), key=_time)


def _take_out(found: Standing, dead: Iterable[Event]) -> None:
    """Remove undone events; a card without any other is as if it had never been met."""
    ids = {event.id for event in dead}
    for card in {event.card for event in dead if not isinstance(event, Undo | Alias | Pause)}:
        run, others = found.runs.pop(card, None), found.others.pop(card, [])
        if reviews := [event for event in run.reviews if event.id not in ids] if run else []:
            found.runs[card] = Run(reviews)
        if others := [event for event in others if event.id not in ids]:
            found.others[card] = others


def _hand_over(found: Standing, lineage: Lineage) -> None:
    """Give the events of every id that an alias names to the card that holds them."""
    found.names = lineage.names
    reviews = [event for card in lineage.names if card in found.runs for event in found.runs.pop(card).reviews]
    others = [event for card in lineage.names for event in found.others.pop(card, [])]
    by_holder: defaultdict[str, list[Review]] = defaultdict(list)
    for review in reviews:
        by_holder[lineage.holder(review.card, order(review))].append(review)
    found.runs |= {card: Run(events) for card, events in by_holder.items()}
    for other in others:
        found.others.setdefault(lineage.holder(other.card, order(other)), []).append(other)
