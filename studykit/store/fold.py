"""From the events of all devices to the state of each card: the one function that the whole schedule rests on.

The result depends on the set of events only. Order is theirs (`events.order`), an event that comes twice counts once,
undos and aliases reach backwards. Labels are an input like the events: after a note's label changed, fold its cards
again.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import chain
from types import MappingProxyType

import msgspec

from studykit.spacing.scheduler import Scheduler
from studykit.spacing.state import Recall
from studykit.store.events import Bury, Event, Flag, Import, Review, Suspend, order
from studykit.store.fold_beside import Made, fold_run, folding, for_another
from studykit.store.past import CardHistory, Past, ReviewRow
from studykit.store.standing import Other, Standing, sort_out


class Folded(msgspec.Struct):
    """Every card with a standing event, and its reviews.

    `names`: for each id that an alias names, the id that holds new events of it. `listed`: every review, in the order
    of time; the `pasts` speak of places in it, and `taken_back` has some by place. `others`: what is no review.
    """

    cards: dict[str, CardHistory] = msgspec.field(default_factory=dict)
    pasts: dict[str, Past] = msgspec.field(default_factory=dict)
    names: dict[str, str] = msgspec.field(default_factory=dict)
    listed: list[Review] = msgspec.field(default_factory=list)
    taken_back: dict[int, Review] = msgspec.field(default_factory=dict)
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
            names=standing.names,
            listed=standing.reviews if isinstance(standing.reviews, list) else [],
            taken_back=standing.taken_back,
            others=standing.rest,
        )
        for card, history, past in fold_cards(standing, scheduler, labels, own):
            folded.cards[card] = history
            if past:
                folded.pasts[card] = past
        return folded


def fold_cards(
    standing: Standing, scheduler: Scheduler, labels: Mapping[str, str], own: Mapping[str, Scheduler]
) -> Iterator[tuple[str, CardHistory, Past | None]]:
    """What `fold` makes of each card, in the order of their ids; of one without a review nothing is past."""

    def made(card: str) -> Made:
        return _fold_card(standing, card, own.get(card, scheduler), labels.get(card, "medium"))

    cards = sorted(standing.cards())
    elsewhere = for_another(standing, cards, own)
    waited_for = set(elsewhere)
    with folding(standing, elsewhere, scheduler, labels, made) as coming:
        for card in cards:
            yield card, *(next(coming) if card in waited_for else made(card))


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


def _fold_card(standing: Standing, card: str, scheduler: Scheduler, label: str) -> Made:
    run = standing.run(card)
    others = sorted(standing.others.get(card, ()), key=order) if standing.others else ()
    recall, imported = beginning(others, scheduler, partial(standing.begins_before, run)) if others else (None, 0)
    history, past = CardHistory(recall), None
    if run.places:
        history, past = fold_run(run, recall, scheduler, standing.columns.fuzz[run.places[-1]], label)
    if others:
        suspended, buried, flagged = _switches(others)
        history = msgspec.structs.replace(
            history, suspended=suspended, buried_until=buried, flagged=flagged, imported=imported
        )
    return history, past


def beginning(
    others: Sequence[Other], scheduler: Scheduler, reviewed_before: Callable[[Import], bool]
) -> tuple[Recall | None, int]:
    """The recall before the first review, and the reviews made elsewhere: an import counts where no review came before.

    `others` are in order.
    """
    said = next((each for each in others if isinstance(each, Import)), None)
    if said is None or reviewed_before(said):
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
