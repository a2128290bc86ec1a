"""From the events of all devices to the state of each card: the one function that the whole schedule rests on.

The result depends on the set of events only. Order is theirs (`events.order`), an event that comes twice counts once,
undos and aliases reach backwards. Labels are an input like the events: after a note's label changed, fold its cards
again.
"""

import gc
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain, repeat
from operator import gt, sub
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import msgspec

from studykit.spacing.scheduler import Scheduler
from studykit.spacing.state import Recall
from studykit.store.events import Bury, Event, Flag, Import, Review, Suspend, order
from studykit.store.packed import real, whole
from studykit.store.standing import Other, Run, Standing, sort_out

# One standing review as statistics want it: the review, the card that holds it now, the days since the card was seen
# before (None: never), and the stability it had then, in days (0.0: new).
ReviewRow: TypeAlias = tuple[Review, str, int | None, float]
NEVER = -1  # days, where a plain number has to stand for None


class Past(NamedTuple):
    """The reviews of a card that stand, in order, by their places among all; as rows only if somebody asks."""

    places: "array[int]"
    days: "array[int]"  # ordinals
    ratings: bytes
    before: int | None  # ordinal of the day the card was seen before the first of them
    stabilities: "array[float]"  # before each review

    @staticmethod
    def of(run: Run, before: int | None, stabilities: Sequence[float]) -> "Past":
        """A card's reviews with the stability before each, small at once: a million loose numbers are slow to visit."""
        return Past(whole(run.places), whole(run.days), bytes(run.ratings), before, real(stabilities))

    def moved(self, to: Callable[[int], int]) -> "Past":
        """The same where each review stands at another place."""
        return self._replace(places=whole(map(to, self.places)))

    def elapsed(self) -> Iterator[int]:
        """Days since the card was seen before, for each review; `NEVER` for its very first."""
        first = NEVER if self.before is None else max(self.days[0] - self.before, 0)
        return chain((first,), map(sub, self.days[1:], self.days))

    def scored(self) -> Iterator[bool]:
        """Whether each review came at least a day after the card was seen before: such an answer tells of memory."""
        first = self.before is not None and self.days[0] > self.before
        return chain((first,), map(gt, self.days[1:], self.days))

    def rows(self, card: str, reviews: Sequence[Review]) -> Iterator[ReviewRow]:
        """The reviews, of all `reviews`, as statistics want them; `card` holds them."""
        elapsed = (None if days == NEVER else days for days in self.elapsed())
        return zip(map(reviews.__getitem__, self.places), repeat(card), elapsed, self.stabilities)


class CardHistory(msgspec.Struct, frozen=True, gc=False):
    """The state of one card. `recall` None: new. Days are local study days.

    days        distinct days with a review
    introduced  day of the first review, `reviewed` of the latest; None before it
    imported    reviews made elsewhere, as its import says; `recall.reps` holds them already
    """

    recall: Recall | None = None
    suspended: bool = False
    buried_until: date | None = None
    flagged: bool = False
    days: int = 0
    introduced: date | None = None
    reviewed: date | None = None
    imported: int = 0

    @property
    def reps(self) -> int:
        """Gradings, those made elsewhere included."""
        return self.recall.reps if self.recall else 0

    @property
    def lapses(self) -> int:
        """Times it was forgotten on a later day than its previous review."""
        return self.recall.lapses if self.recall else 0


class Folded(msgspec.Struct):
    """Every card with a standing event, and its reviews.

    `names`: for each id that an alias names, the id that holds new events of it. `listed`: every review, in the order
    of time; the `pasts` speak of places in it, and so does `taken_back`. `others`: every event that is no review.
    """

    cards: dict[str, CardHistory] = msgspec.field(default_factory=dict)
    pasts: dict[str, Past] = msgspec.field(default_factory=dict)
    names: dict[str, str] = msgspec.field(default_factory=dict)
    listed: list[Review] = msgspec.field(default_factory=list)
    taken_back: list[int] = msgspec.field(default_factory=list)
    others: list[Event] = msgspec.field(default_factory=list)

    @property
    def reviews(self) -> Iterator[ReviewRow]:
        """All standing reviews, by card, then in order."""
        return chain.from_iterable(past.rows(card, self.listed) for card, past in self.pasts.items())


def fold(
    events: Iterable[Event],
    scheduler: Scheduler,
    labels: Mapping[str, str],
    own: Mapping[str, Scheduler] = MappingProxyType({}),
) -> Folded:
    """The state of all cards after `events`, in whatever order they come. A card without a label counts as medium.

    `own`: cards whose deck has a scheduler of its own.
    """
    with collector_paused():
        standing = sort_out(events)
        folded = Folded(
            names=standing.names, listed=standing.reviews, taken_back=standing.taken_back, others=standing.rest
        )
        for card in sorted(standing.places.keys() | standing.others.keys()):
            _fold_card(folded, standing, card, own.get(card, scheduler), labels.get(card, "medium"))
        return folded


@contextmanager
def collector_paused() -> Iterator[None]:
    """No garbage collection meanwhile: a fold makes no cycles, and looking for them costs a fifth of it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _fold_card(folded: Folded, standing: Standing, card: str, scheduler: Scheduler, label: str) -> None:
    """Put the history and the past of a card into `folded`."""
    run = standing.run(card)
    others = sorted(standing.others.get(card, ()), key=order) if standing.others else ()
    recall: Recall | None = None
    imported = days = 0
    introduced = reviewed = None
    if others:
        recall, imported = beginning(standing.reviews[run.places[0]] if run.places else None, others, scheduler)
    if run.places:
        before = recall.last.toordinal() if recall else None
        fuzz = standing.reviews[run.places[-1]].fuzz
        recall, stabilities = scheduler.replay(recall, run.days, run.ratings, fuzz=fuzz, label=label)
        folded.pasts[card] = Past.of(run, before, stabilities)
        days, introduced, reviewed = len(set(run.days)), date.fromordinal(run.days[0]), date.fromordinal(run.days[-1])
    suspended, buried, flagged = _switches(others)
    folded.cards[card] = CardHistory(recall, suspended, buried, flagged, days, introduced, reviewed, imported)


def beginning(first: Review | None, others: Sequence[Other], scheduler: Scheduler) -> tuple[Recall | None, int]:
    """The recall before the `first` review, and the reviews made elsewhere: an import counts where nothing came before.

    `others` are in order.
    """
    said = next((each for each in others if isinstance(each, Import)), None)
    if said is None or (first and order(first) < order(said)):
        return None, 0
    last = date.fromisoformat(said.last)
    return scheduler.imported(last=last, interval=said.interval, reps=said.reps, label=said.label), said.reps


def _switches(others: Iterable[Other]) -> tuple[bool, date | None, bool]:
    """Suspended, buried until, flagged: the latest word on each."""
    suspended, flagged = False, False
    buried: date | None = None
    for event in others:
        if isinstance(event, Suspend):
            suspended = event.on
        elif isinstance(event, Bury):
            buried = date.fromisoformat(event.until) if event.until else None
        elif isinstance(event, Flag):
            flagged = event.on
    return suspended, buried, flagged
