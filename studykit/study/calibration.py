"""Whether predicted recall comes true: predictions in bins beside what was recalled, and true retention by deck."""

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


@dataclass(frozen=True, slots=True)
class Calibration:
    """Predictions of the scheduler in force, over all scored reviews of the log.

    log_loss  of these predictions, and `average` that of the plain average recall; lower is better
    gap       mean distance between predicted and recalled share over the bins, weighted by reviews
    seen      parameters were fitted, perhaps on these very reviews: `studykit optimize` judges on unseen ones
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
    seen: bool
    by: str = "fsrs"

    def as_json(self) -> dict[str, Any]:
        """The names that other programs build on."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        plain["bins"] = [each._asdict() for each in self.bins]
        plain["decks"] = [each._asdict() for each in self.decks]
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
        decks = _by_deck(store)
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


def _by_deck(store: Store) -> list[Share]:
    """True retention of each deck, the one with most reviews first. By card, in the order of its index."""
    decks = dict(store.connection.execute("SELECT id, deck FROM cards").fetchall())
    rows = store.connection.execute(
        "SELECT card, sum(elapsed > 0), sum(elapsed > 0 AND rating > 1) FROM reviews"
        " WHERE card IS NOT NULL GROUP BY card"
    )
    counts: dict[str, list[int]] = {}
    for card, scored, recalled in rows:
        one = counts.setdefault(decks.get(card, ""), [0, 0])
        one[0] += recalled or 0
        one[1] += scored or 0
    found = [share(deck, recalled, scored) for deck, (recalled, scored) in counts.items() if scored]
    return sorted(found, key=lambda each: (-each.whole, each.name))
