"""Whether predicted recall comes true: predictions in bins beside what was recalled, and true retention by deck."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import compress, islice
from typing import Any, NamedTuple

import msgspec

from studykit.spacing.scheduler import Scheduler
from studykit.spacing.scoring import log_loss
from studykit.store.database import Store, open_store
from studykit.store.past import Past
from studykit.store.pasts import pasts
from studykit.study.figures.stats import Share, share
from studykit.study.vault import Vault

_BINS = 20
_FINE = 4_000.0  # cells of days per stability; within one, recall differs by less than 0.001
_AGAIN = 1


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
        by_deck = _by_deck(store)
    finally:
        store.close()
    cells = _cells(by_deck, scheduler)
    decks, months = _retention(by_deck)
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


class _Scored:
    """The scored reviews of some cards, side by side: the cell, the day (an ordinal) and the grade of each.

    Recall depends on days per stability t / S alone. 1 / (1 + t / S) lies between 0 and 1, so that cells of equal width
    are narrow where recall is high and most reviews are; the middle of each stands for all in it.
    """

    def __init__(self) -> None:
        self.cells: list[float] = []
        self.days = array("i")
        self.ratings = bytearray()

    def add(self, past: Past) -> None:
        """Count the scored reviews of a card."""
        chosen = bytes(past.scored())
        first = int(past.before is None)  # the very first review has no stability before it
        paired = zip(islice(past.elapsed(), first, None), past.stabilities[first:], strict=True)
        cells = [_FINE // (1.0 + days / stability) for days, stability in paired]
        self.cells += compress(cells, chosen[first:])
        self.days.extend(compress(past.days, chosen))
        self.ratings += bytes(compress(past.ratings, chosen))

    def months(self) -> dict[str, list[int]]:
        """Of each month those recalled, and all."""
        found: dict[str, list[int]] = {}
        for (month, rating), count in sorted(Counter(zip(map(_month, self.days), self.ratings, strict=True)).items()):
            both = found.setdefault(month, [0, 0])
            both[0] += count * (rating > _AGAIN)
            both[1] += count
        return found


def _by_deck(store: Store) -> dict[str, _Scored]:
    decks = dict(store.connection.execute("SELECT id, deck FROM cards").fetchall())
    found: defaultdict[str, _Scored] = defaultdict(_Scored)
    for card, past in pasts(store):
        found[decks.get(card, "")].add(past)
    return found


def _cells(by_deck: Mapping[str, _Scored], scheduler: Scheduler) -> list[_Cell]:
    """What each cell holds, and the recall that is predicted there; decks with parameters of their own go by them."""
    alike: defaultdict[Scheduler, list[_Scored]] = defaultdict(list)
    for deck, scored in by_deck.items():
        alike[scheduler.for_deck(deck)].append(scored)
    found = []
    for own, group in alike.items():
        counts, recalled = Counter[float](), Counter[float]()
        for scored in group:
            counts.update(scored.cells)
            recalled.update(compress(scored.cells, map(_AGAIN.__lt__, scored.ratings)))
        found += [
            _Cell(count, recalled[cell], own.recall_after(1.0, _FINE / (cell + 0.5) - 1.0))
            for cell, count in counts.items()
        ]
    return found


def _retention(by_deck: Mapping[str, _Scored]) -> tuple[list[Share], list[DeckMonth]]:
    """True retention of each deck, the one with most reviews first, and of each in every month."""
    counts = {deck: months for deck, scored in by_deck.items() if (months := scored.months())}
    found = [share(deck, *map(sum, zip(*months.values(), strict=True))) for deck, months in counts.items()]
    found.sort(key=lambda each: (-each.whole, each.name))
    return found, [_deck_month(deck.name, month, *both) for deck in found for month, both in counts[deck.name].items()]


class _Months(dict[int, str]):
    """Ordinal to its month (`2026-11`)."""

    def __missing__(self, day: int) -> str:
        self[day] = month = date.fromordinal(day).isoformat()[:7]
        return month


_month = _Months().__getitem__


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


def _deck_month(deck: str, month: str, recalled: int, scored: int) -> DeckMonth:
    said = share("", recalled, scored)
    return DeckMonth(deck, month, recalled, scored, recalled / scored, said.low, said.high)
