"""From the events of all devices to the state of each card: the one function that the whole schedule rests on.

The result depends on the set of events only. Order is theirs (`events.order`), an event that comes twice counts once,
undos and aliases reach backwards. Labels are an input like the events: after a note's label changed, fold its cards
again.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain
from types import MappingProxyType

import msgspec

from studykit.spacing.scheduler import Scheduler
from studykit.spacing.state import Recall
from studykit.store.events import Bury, Event, Flag, Import, Review, Suspend, order
from studykit.store.past import CardHistory, Past, ReviewRow
from studykit.store.standing import Other, Standing, sort_out


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
