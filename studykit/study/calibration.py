"""Whether predicted recall comes true: predictions in bins beside what was recalled, and true retention by deck."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from studykit.spacing.presets import Presets
from studykit.spacing.scheduler import Scheduler
from studykit.spacing.scoring import log_loss
from studykit.store.database import Store, open_store
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


# Recall depends on days per stability alone. 1 / (1 + t / S) lies between 0 and 1, so that cells of equal width are
# narrow where recall is high and most reviews are; their mean of t / S stands for all of them.
_CELLS = f"""
SELECT CAST({_FINE}.0 / (1.0 + elapsed / reviews.stability) AS INTEGER), count(*), sum(rating > 1),
       avg(elapsed / reviews.stability)
FROM reviews {{joined}} WHERE card IS NOT NULL AND elapsed > 0 AND reviews.stability > 0 {{only}} GROUP BY 1
"""


def _cells(store: Store, scheduler: Scheduler) -> list[_Cell]:
    if not isinstance(scheduler, Presets):
        rows = store.connection.execute(_CELLS.format(joined="", only=""))
        return [_Cell(count, recalled, scheduler.recall_after(1.0, ratio)) for _cell, count, recalled, ratio in rows]
    found: list[_Cell] = []
    joined, only = "LEFT JOIN cards ON cards.id = reviews.card", "AND coalesce(cards.deck, '') = ?"
    decks = [row[0] for row in store.connection.execute("SELECT DISTINCT deck FROM cards")]
    for deck in {*decks, ""}:
        own = scheduler.for_deck(deck)
        rows = store.connection.execute(_CELLS.format(joined=joined, only=only), (deck,))
        found += [_Cell(count, recalled, own.recall_after(1.0, ratio)) for _cell, count, recalled, ratio in rows]
    return found


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


# Of each month the cards that were recalled and those that were not, a name for each review: to count names by deck
# takes a third of what a million steps from a review to its card would. One pass over the rows as they lie.
_CARDS = """
SELECT substr(day, 1, 7), rating > 1, json_group_array(card) FROM reviews NOT INDEXED
WHERE card IS NOT NULL AND elapsed > 0 GROUP BY 1, 2 ORDER BY 1
"""


def _by_deck(store: Store) -> tuple[list[Share], list[DeckMonth]]:
    """True retention of each deck, the one with most reviews first, and of each in every month."""
    decks = dict(store.connection.execute("SELECT id, deck FROM cards").fetchall())
    counts: dict[str, dict[str, list[int]]] = {}
    for month, recalled, cards in store.connection.execute(_CARDS):
        for deck, count in Counter(map(decks.get, msgspec.json.decode(cards))).items():
            both = counts.setdefault(deck or "", {}).setdefault(month, [0, 0])
            both[0] += count * recalled
            both[1] += count
    found = [share(deck, *map(sum, zip(*months.values(), strict=True))) for deck, months in counts.items()]
    found.sort(key=lambda each: (-each.whole, each.name))
    return found, [_deck_month(deck.name, month, *both) for deck in found for month, both in counts[deck.name].items()]


def _deck_month(deck: str, month: str, recalled: int, scored: int) -> DeckMonth:
    said = share("", recalled, scored)
    return DeckMonth(deck, month, recalled, scored, recalled / scored, said.low, said.high)
