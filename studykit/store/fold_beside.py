"""A card's reviews folded; and those of half of the cards by a second process, where there are very many."""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from studykit.processes import pool, processors
from studykit.spacing.scheduler import Scheduler
from studykit.spacing.state import Recall
from studykit.store.columns import taken_apart
from studykit.store.packed import pairs, real, whole
from studykit.store.past import CardHistory, Past
from studykit.store.standing import Run, Standing

if TYPE_CHECKING:
    from concurrent.futures import Future

_WORTH_IT = 200_000  # reviews; fewer are folded before a process has been started and has answered

Made: TypeAlias = tuple[CardHistory, Past | None]
_Parcel: TypeAlias = "tuple[bytes, array[int], array[int], bytes, array[float]]"

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[CardHistory]).decode


def fold_run(run: Run, recall: Recall | None, scheduler: Scheduler, fuzz: int, label: str) -> tuple[CardHistory, Past]:
    """What the reviews of a card make of what was known before them; at least one. `fuzz` is that of the last."""
    before = recall.last.toordinal() if recall else None
    recall, stabilities = scheduler.replay(recall, run.days, run.ratings, fuzz=fuzz, label=label)
    introduced, reviewed = date.fromordinal(run.days[0]), date.fromordinal(run.days[-1])
    history = CardHistory(recall, days=len(set(run.days)), introduced=introduced, reviewed=reviewed)
    return history, Past.of(run, before, stabilities)


def for_another(standing: Standing, cards: Sequence[str], own: Mapping[str, Scheduler]) -> list[str]:
    """Those of `cards` that another process may fold: of the later half, the ones of which nothing but reviews is
    known, and these in order. None where there are few reviews, or no processor for it."""
    if len(standing.columns.days) < _WORTH_IT or standing.seams or processors() < 2:
        return []
    return [card for card in cards[len(cards) // 2 :] if card not in standing.others and card not in own]


@contextmanager
def folding(
    standing: Standing,
    cards: Sequence[str],
    scheduler: Scheduler,
    labels: Mapping[str, str],
    by_oneself: Callable[[str], Made],
) -> Iterator[Iterator[Made]]:
    """Have these cards folded meanwhile; what was made of each, in order. `by_oneself` folds one where that fails."""
    if not cards:
        yield iter(())
        return
    keys, fuzz = pairs(), whole(())
    for card in cards:
        own = standing.keys[card]
        keys.extend(own)
        fuzz.append(standing.columns.fuzz[own[-1] >> 32])
    numbers = whole(len(standing.keys[card]) for card in cards)
    told = [labels.get(card, "medium") for card in cards]
    with pool(1) as executor:
        yield _received(executor.submit(_fold, scheduler, numbers, keys, fuzz, told), numbers, cards, by_oneself)


def _fold(
    scheduler: Scheduler, numbers: "array[int]", keys: "array[int]", fuzz: "array[int]", labels: Sequence[str]
) -> _Parcel:
    """In the other process: the histories, and the columns of all the pasts."""
    histories: list[CardHistory] = []
    places, days, ratings, stabilities = whole(()), whole(()), bytearray(), real(())
    start = 0
    for number, shift, label in zip(numbers, fuzz, labels, strict=True):
        history, past = fold_run(Run(*taken_apart(keys[start : start + number])), None, scheduler, shift, label)
        start += number
        histories.append(history)
        places += past.places
        days += past.days
        ratings += past.ratings
        stabilities += past.stabilities
    return _encode(histories), places, days, bytes(ratings), stabilities


def _received(
    future: "Future[_Parcel]", numbers: "array[int]", cards: Sequence[str], by_oneself: Callable[[str], Made]
) -> Iterator[Made]:
    from concurrent.futures.process import BrokenProcessPool

    try:
        histories, places, days, ratings, stabilities = future.result()
    except (BrokenProcessPool, OSError):  # the process was ended, or none could be started
        yield from map(by_oneself, cards)
        return
    start = 0
    for history, number in zip(_decode(histories), numbers, strict=True):
        own = slice(start, start + number)
        start += number
        yield history, Past(places[own], days[own], ratings[own], None, stabilities[own])
