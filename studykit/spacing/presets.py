"""Parameters of their own for some decks: one scheduler that asks another by the deck of a card."""

from collections.abc import Mapping
from datetime import date

from studykit.spacing.scheduler import Scheduler
from studykit.spacing.state import Recall


class Presets(Scheduler):
    """`usual` for every card but those in a deck of `own`, or in a folder of such a deck; the longest name wins."""

    def __init__(self, usual: Scheduler, own: Mapping[str, Scheduler]) -> None:
        self.usual = usual
        self.own = dict(own)

    def for_deck(self, deck: str) -> Scheduler:
        name = preset_of(deck, self.own)
        return self.usual if name is None else self.own[name]

    def review(self, recall: Recall | None, rating: int, day: date, *, fuzz: int = 0, label: str = "medium") -> Recall:
        return self.usual.review(recall, rating, day, fuzz=fuzz, label=label)

    def imported(self, *, last: date, interval: int, reps: int, label: str) -> Recall:
        return self.usual.imported(last=last, interval=interval, reps=reps, label=label)

    def recall_after(self, stability: float, elapsed: float) -> float:
        return self.usual.recall_after(stability, elapsed)


def preset_of(deck: str, names: Mapping[str, object]) -> str | None:
    """The longest of `names` that is `deck` or a folder above it; None if there is none.

    >>> preset_of("a/b/c", {"a": 1, "a/b": 2, "a/bc": 3}), preset_of("ab", {"a": 1})
    ('a/b', None)
    """
    parts = deck.split("/")
    above = ("/".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((name for name in above if name in names), None)
