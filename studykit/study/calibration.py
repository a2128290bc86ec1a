"""Whether predicted recall comes true: predictions in bins beside what was recalled, and true retention by deck."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import compress
from typing import Any, NamedTuple

import msgspec

from studykit.spacing.presets import Presets
from studykit.spacing.scheduler import Scheduler
from studykit.spacing.scoring import log_loss
from studykit.store.database import Store, open_store
from studykit.store.fold import Past
from studykit.store.pasts import pasts
from studykit.study.stats import Share, share
from studykit.study.vault import Vault

_BINS = 20
_FINE = 4_000  # cells of days per stability; within one, recall differs by less than 0.001


class Bin(NamedTuple):
    """Reviews whose recall was predicted between `low` and `high`: the mean prediction, and what was recalled with its
    95 % interval (Wilson)."""

    low: float
    high: float
    reviews: int
    predicted: float
    recalled: float
    least: float
    most: float


class DeckMonth(NamedTuple):
    """True retention of a deck in a month (`2026-11`), with its 95 % interval (Wilson)."""

    deck: str
    month: str
    recalled: int
    reviews: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Predictions of the scheduler in force, over all scored reviews of the log.

    log_loss  of these predictions, and `average` that of the plain average recall; lower is better
    gap       mean distance between predicted and recalled share over the bins, weighted by reviews
    seen      parameters were fitted, perhaps on these very reviews: `studykit optimize` judges on unseen ones
    months    true retention by deck and month, in the order of `decks`, then of time
    by        the scheduler in force; only fsrs predicts, for the others FSRS's default curve is laid on their intervals
    """

    reviews: int
    recalled: float
    predicted: float
    log_loss: float
    average: float
    gap: float
    bins: list[Bin]
    decks: list[Share]
    months: list[DeckMonth]
    seen: bool
    by: str = "fsrs"

    def as_json(self) -> dict[str, Any]:
        """The names that other programs build on."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        plain["bins"] = [each._asdict() for each in self.bins]
        plain["decks"] = [each._asdict() for each in self.decks]
        plain["months"] = [each._asdict() for each in self.months]
        return plain


class _Cell(NamedTuple):
    reviews: int
    recalled: int
    predicted: float


def calibration(vault: Vault) -> Calibration | None:
    """How well recall is predicted in `vault`; None without a scored review."""
    store = open_store(vault.store_file)
    try:
        scheduler = vault.scheduler()
        cells = _cells(store, scheduler)
        decks, months = _by_deck(store)
    finally:
        store.close()
    count = sum(cell.reviews for cell in cells)
    if not count:
        return None
    recalled = sum(cell.recalled for cell in cells) / count
    loss = sum(_loss(cell, cell.predicted) for cell in cells) / count
    bins = _bins(cells)
    chosen = vault.settings.schedule
    return Calibration(
        reviews=count,
        recalled=recalled,
        predicted=sum(cell.predicted * cell.reviews for cell in cells) / count,
        log_loss=loss,
        average=sum(_loss(cell, recalled) for cell in cells) / count,
        gap=sum(abs(each.predicted - each.recalled) * each.reviews for each in bins) / count,
        bins=bins,
        decks=decks,
        months=months,
        seen=chosen.scheduler == "fsrs" and bool(chosen.parameters or chosen.presets),
        by=chosen.scheduler,
    )


def _loss(cell: _Cell, predicted: float) -> float:
    hits, misses = cell.recalled, cell.reviews - cell.recalled
    return hits * log_loss(predicted, True) + misses * log_loss(predicted, False)


class _Cells:
    """Scored reviews by days per stability, on which alone recall depends.

    1 / (1 + t / S) lies between 0 and 1, so that cells of equal width are narrow where recall is high and most reviews
    are; their mean of t / S stands for all of them.
    """

    def __init__(self) -> None:
        cells = _FINE + 1  # the last for what was reviewed as good as at once
        self._reviews, self._recalled, self._ratios = [0] * cells, [0] * cells, [0.0] * cells

    def add(self, past: Past) -> None:
        reviews, recalled, ratios = self._reviews, self._recalled, self._ratios
        for days, stability, rating in zip(past.elapsed(), past.stabilities, past.ratings, strict=True):
            if days > 0 and stability > 0:
                ratio = days / stability
                cell = int(_FINE / (1.0 + ratio))
                reviews[cell] += 1
                recalled[cell] += rating > 1
                ratios[cell] += ratio

    def judged(self, scheduler: Scheduler) -> Iterator[_Cell]:
        for count, recalled, ratios in zip(self._reviews, self._recalled, self._ratios, strict=True):
            if count:
                yield _Cell(count, recalled, scheduler.recall_after(1.0, ratios / count))


def _cells(store: Store, scheduler: Scheduler) -> list[_Cell]:
    parted = isinstance(scheduler, Presets)
    decks = dict(store.connection.execute("SELECT id, deck FROM cards").fetchall()) if parted else {}
    by_deck: defaultdict[str, _Cells] = defaultdict(_Cells)
    for card, past in pasts(store):
        by_deck[decks.get(card, "")].add(past)
    return [cell for deck, cells in by_deck.items() for cell in cells.judged(scheduler.for_deck(deck))]


def _bins(cells: list[_Cell]) -> list[Bin]:
    sums = [[0, 0, 0.0] for _bin in range(_BINS)]
    for cell in cells:
        one = sums[min(int(cell.predicted * _BINS), _BINS - 1)]
        one[0] += cell.reviews
        one[1] += cell.recalled
        one[2] += cell.predicted * cell.reviews
    found = []
    for place, (count, recalled, predicted) in enumerate(sums):
        if count:
            said = share("", int(recalled), int(count))
            middle = predicted / count
            ends = place / _BINS, (place + 1) / _BINS
            found.append(Bin(*ends, int(count), middle, recalled / count, said.low, said.high))
    return found


def _by_deck(store: Store) -> tuple[list[Share], list[DeckMonth]]:
    """True retention of each deck, the one with most reviews first, and of each in every month."""
    decks = dict(store.connection.execute("SELECT id, deck FROM cards").fetchall())
    counts: dict[str, dict[str, list[int]]] = {}
    for deck, days in _graded(store, decks).items():
        for (day, rating), count in sorted(days.items()):
            both = counts.setdefault(deck, {}).setdefault(date.fromordinal(day).isoformat()[:7], [0, 0])
            both[0] += count * (rating > 1)
            both[1] += count
    found = [share(deck, *map(sum, zip(*months.values(), strict=True))) for deck, months in counts.items()]
    found.sort(key=lambda each: (-each.whole, each.name))
    return found, [_deck_month(deck.name, month, *both) for deck in found for month, both in counts[deck.name].items()]


def _graded(store: Store, decks: Mapping[str, str]) -> dict[str, Counter[tuple[int, int]]]:
    """By deck, how many scored reviews each day (an ordinal) had of each grade."""
    found: defaultdict[str, Counter[tuple[int, int]]] = defaultdict(Counter)
    for card, past in pasts(store):
        found[decks.get(card, "")].update(compress(zip(past.days, past.ratings, strict=True), past.scored()))
    return found


def _deck_month(deck: str, month: str, recalled: int, scored: int) -> DeckMonth:
    said = share("", recalled, scored)
    return DeckMonth(deck, month, recalled, scored, recalled / scored, said.low, said.high)
