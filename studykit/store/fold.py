"""From the events of all devices to the state of each card: the one function that the whole schedule rests on.

The result depends on the set of events only. Order is theirs (`events.order`), an event that comes twice counts once,
undos and aliases reach backwards. Labels are an input like the events: after a note's label changed, fold its cards
again.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain, repeat
from operator import sub
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import msgspec

from studykit.spacing.scheduler import Scheduler
from studykit.spacing.state import Recall
from studykit.store.events import Bury, Event, Flag, Import, Review, Suspend, order
from studykit.store.standing import Other, Run, sort_out

# One standing review as statistics want it: the review, the card that holds it now, the days since the card was seen
# before (None: never), and the stability it had then, in days (0.0: new).
ReviewRow: TypeAlias = tuple[Review, str, int | None, float]
NEVER = -1  # days, where a plain number has to stand for None


class Past(NamedTuple):
    """The reviews that one call of `advance` added, in order; a million rows are made only if somebody asks."""

    reviews: Sequence[Review]
    days: Sequence[int]  # ordinals
    before: int | None  # ordinal of the day the card was seen before the first of them
    stabilities: Sequence[float]  # before each review

    def elapsed(self) -> Iterator[int]:
        """Days since the card was seen before, for each review; `NEVER` for its very first."""
        first = NEVER if self.before is None else max(self.days[0] - self.before, 0)
        return chain((first,), map(sub, self.days[1:], self.days))

    def rows(self, card: str) -> Iterator[ReviewRow]:
        """The reviews as statistics want them; `card` holds them."""
        elapsed = (None if days == NEVER else days for days in self.elapsed())
        return zip(self.reviews, repeat(card), elapsed, self.stabilities)


class CardHistory(msgspec.Struct, frozen=True, gc=False):
    """The state of one card. `recall` None: new. Days are local study days.

    days        distinct days with a review
    introduced  day of the first review, `reviewed` of the latest; None before it
    imported    reviews made elsewhere, as its import says; `recall.reps` holds them already
    latest      place of the latest event in it (`events.order`): only later ones can be added without a replay
    """

    recall: Recall | None = None
    suspended: bool = False
    buried_until: date | None = None
    flagged: bool = False
    days: int = 0
    introduced: date | None = None
    reviewed: date | None = None
    imported: int = 0
    latest: str = ""

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

    `names`: for each id that an alias names, the id that holds new events of it.
    """

    cards: dict[str, CardHistory] = msgspec.field(default_factory=dict)
    pasts: dict[str, Past] = msgspec.field(default_factory=dict)
    names: dict[str, str] = msgspec.field(default_factory=dict)

    @property
    def reviews(self) -> Iterator[ReviewRow]:
        """All standing reviews, by card, then in order."""
        return chain.from_iterable(past.rows(card) for card, past in self.pasts.items())


def fold(
    events: Iterable[Event],
    scheduler: Scheduler,
    labels: Mapping[str, str],
    own: Mapping[str, Scheduler] = MappingProxyType({}),
) -> Folded:
    """The state of all cards after `events`, in whatever order they come. A card without a label counts as medium.

    `own`: cards whose deck has a scheduler of its own.
    """
    with _collector_paused():
        standing = sort_out(events)
        folded = Folded(names=standing.names)
        for card in sorted(standing.runs.keys() | standing.others.keys()):
            run, others = standing.runs.get(card) or Run(), standing.others.get(card, ())
            by = own.get(card, scheduler)
            advance(folded, card, CardHistory(), run, others, by, labels.get(card, "medium"))
        return folded


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No garbage collection meanwhile: a fold makes no cycles, and looking for them costs a fifth of it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def advance(
    folded: Folded,
    card: str,
    history: CardHistory,
    run: Run,
    others: Sequence[Other],
    scheduler: Scheduler,
    label: str,
) -> None:
    """Add standing events of a card to its `history`, all of them later than `history.latest`; put both in `folded`."""
    run.bring_in_order()
    others = sorted(others, key=order) if others else ()
    recall, imported = beginning(history, run.reviews, others, scheduler) if others else (history.recall, 0)
    days, introduced, reviewed, latest = history.days, history.introduced, history.reviewed, history.latest
    if run.reviews:
        before = recall.last.toordinal() if recall else None
        recall, stabilities = scheduler.replay(recall, run.days, run.ratings, fuzz=run.reviews[-1].fuzz, label=label)
        folded.pasts[card] = Past(run.reviews, run.days, before, stabilities)
        first = date.fromordinal(run.days[0])
        days += len(set(run.days)) - (first == reviewed)
        introduced, reviewed = introduced or first, date.fromordinal(run.days[-1])
        latest = max(latest, order(run.reviews[-1]))
    suspended, buried, flagged = _switches(history, others)
    latest = max(latest, order(others[-1])) if others else latest
    folded.cards[card] = CardHistory(
        recall, suspended, buried, flagged, days, introduced, reviewed, history.imported or imported, latest
    )


def beginning(
    history: CardHistory, reviews: Sequence[Review], others: Sequence[Other], scheduler: Scheduler
) -> tuple[Recall | None, int]:
    """The recall before `reviews`, and the reviews made elsewhere: an import counts where nothing came before it."""
    first = next((each for each in others if isinstance(each, Import)), None)
    if first is None or history.recall or (reviews and order(reviews[0]) < order(first)):
        return history.recall, 0
    last = date.fromisoformat(first.last)
    return scheduler.imported(last=last, interval=first.interval, reps=first.reps, label=first.label), first.reps


def _switches(history: CardHistory, others: Iterable[Other]) -> tuple[bool, date | None, bool]:
    """Suspended, buried until, flagged: the latest word on each."""
    suspended, buried, flagged = history.suspended, history.buried_until, history.flagged
    for event in others:
        if isinstance(event, Suspend):
            suspended = event.on
        elif isinstance(event, Bury):
            buried = date.fromisoformat(event.until) if event.until else None
        elif isinstance(event, Flag):
            flagged = event.on
    return suspended, buried, flagged
