"""The one interface of all schedulers, and the choice of one by name."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from studykit.errors import SettingsError
from studykit.locale import _
from studykit.spacing.state import Rating, Recall

NAMES = ("fsrs", "ladder", "sm2")


class Scheduler(Protocol):
    """Says when a card returns. Pure: the same arguments give the same answer.

    `label` is the note's own easy, medium or hard. A `day` before `recall.last` counts as `recall.last`.
    After Again the card is due on that same day, and stays so until it is recalled.
    """

    def for_deck(self, deck: str) -> "Scheduler":
        """The scheduler of a card in `deck` (see `presets`); this one, unless decks have their own."""
        return self

    @abstractmethod
    def review(self, recall: Recall | None, rating: int, day: date, *, fuzz: int = 0, label: str = "medium") -> Recall:
        """The card after a grade of 1 to 4 on `day`; `fuzz` days are added to the interval, cut to its fuzz range."""

    def preview(self, recall: Recall | None, day: date, *, label: str = "medium") -> tuple[int, int, int, int]:
        """Days until the card returns for Again, Hard, Good and Easy, without fuzz; 0 is later on the same day."""
        start = day if recall is None else max(day, recall.last)
        again, hard, good, easy = ((self.review(recall, r, day, label=label).due - start).days for r in Rating)
        return again, hard, good, easy

    @abstractmethod
    def imported(self, *, last: date, interval: int, reps: int, label: str) -> Recall:
        """A card that was studied elsewhere: last seen on `last`, due `interval` days (>= 1) after it."""

    @abstractmethod
    def recall_after(self, stability: float, elapsed: float) -> float:
        """Probability, 0 to 1, of recall `elapsed` days after a review that left `stability` (see `Recall`)."""

    def retrievability(self, recall: Recall, day: date) -> float:
        """Probability, 0 to 1, that the card is recalled on `day`."""
        return self.recall_after(recall.stability, (day - recall.last).days)

    def replay(
        self,
        recall: Recall | None,
        days: Sequence[int],
        ratings: Sequence[int],
        *,
        fuzz: int = 0,
        label: str = "medium",
    ) -> tuple[Recall, list[float]]:
        """All reviews of one card at once: at least one, in order, `days` as proleptic ordinals.

        `fuzz` belongs to the last of them. Also returns the stability before each review, 0.0 for a new card.
        """
        before: list[float] = []
        last = len(days) - 1
        for index, (day, rating) in enumerate(zip(days, ratings, strict=True)):
            before.append(recall.stability if recall else 0.0)
            shift = fuzz if index == last else 0
            recall = self.review(recall, rating, date.fromordinal(day), fuzz=shift, label=label)
        if recall is None:
            raise ValueError("a replay needs at least one review")
        return recall, before


def scheduler(
    name: str,
    *,
    retention: float = 0.90,
    maximum_interval: int = 36_500,
    parameters: Sequence[float] | None = None,
    version: str = "auto",
    ladder: Mapping[str, Sequence[int]] | None = None,
) -> Scheduler:
    """The scheduler `fsrs` (default of the program), `ladder` (fixed steps by label) or `sm2` (for comparison).

    `retention` is the recall aimed at when a card returns (0 < retention < 1; only FSRS can aim). `parameters` are
    those of the FSRS `version` (`parameters.COUNTS`; "auto" goes by their count); `ladder` maps each label to its
    steps in days. Raises SettingsError for anything out of range.
    """
    if not 0.0 < retention < 1.0:
        raise SettingsError(
            _("Desired retention is {retention}; it must lie between 0 and 1.").format(retention=retention),
            _("0.90 is usual."),
        )
    if maximum_interval < 1:
        raise SettingsError(
            _("The maximum interval is {maximum_interval} days; it must be 1 or more.").format(
                maximum_interval=maximum_interval
            )
        )
    if name == "fsrs":
        from studykit.spacing.fsrs import Fsrs
        from studykit.spacing.parameters import checked

        numbers = checked(parameters, version)
        return Fsrs(retention=retention, maximum_interval=maximum_interval, parameters=numbers)
    if name == "ladder":
        from studykit.spacing.ladder import Ladder

        return Ladder(ladder, maximum_interval=maximum_interval)
    if name == "sm2":
        from studykit.spacing.sm2 import Sm2

        return Sm2(maximum_interval=maximum_interval)
    raise SettingsError(
        _("There is no scheduler {name!r}.").format(name=name),
        _("Choose one of {values}.").format(values=", ".join(NAMES)),
    )
