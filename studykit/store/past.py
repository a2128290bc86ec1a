"""What the fold makes of one card: its state, and the reviews that stand behind it."""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, repeat
from operator import gt, sub
from typing import NamedTuple, TypeAlias

import msgspec

from studykit.spacing.state import Recall
from studykit.store.events import Review
from studykit.store.packed import real, whole
from studykit.store.standing import Run

# One standing review as statistics want it: the review, the card that holds it now, the days since the card was seen
# before (None: never), and the stability it had then, in days (0.0: new).
ReviewRow: TypeAlias = tuple[Review, str, int | None, float]
NEVER = -1  # days, where a plain number has to stand for None


class Past(NamedTuple):
    """The reviews of a card that stand, in order, by their places among all; as rows only if somebody asks."""

    places: "array[int]"
    days: "array[int]"  # ordinals
    ratings: bytes
    before: int | None  # ordinal of the day the card was seen before the first of them
    stabilities: "array[float]"  # before each review

    @staticmethod
    def of(run: Run, before: int | None, stabilities: Sequence[float]) -> "Past":
        """A card's reviews with the stability before each, small at once: a million loose numbers are slow to visit."""
        return Past(whole(run.places), whole(run.days), bytes(run.ratings), before, real(stabilities))

    def moved(self, to: Callable[[int], int]) -> "Past":
        """The same where each review stands at another place."""
        return self._replace(places=whole(map(to, self.places)))

    def elapsed(self) -> Iterator[int]:
        """Days since the card was seen before, for each review; `NEVER` for its very first."""
        first = NEVER if self.before is None else max(self.days[0] - self.before, 0)
        return chain((first,), map(sub, self.days[1:], self.days))

    def scored(self) -> Iterator[bool]:
        """Whether each review came at least a day after the card was seen before: such an answer tells of memory."""
        first = self.before is not None and self.days[0] > self.before
        return chain((first,), map(gt, self.days[1:], self.days))

    def rows(self, card: str, reviews: Sequence[Review] | Mapping[int, Review]) -> Iterator[ReviewRow]:
        """The reviews, of all `reviews`, as statistics want them; `card` holds them."""
        elapsed = (None if days == NEVER else days for days in self.elapsed())
        return zip(map(reviews.__getitem__, self.places), repeat(card), elapsed, self.stabilities)


class CardHistory(msgspec.Struct, frozen=True, gc=False):
    """The state of one card. `recall` None: new. Days are local study days.

    days        distinct days with a review
    introduced  day of the first review, `reviewed` of the latest; None before it
    imported    reviews made elsewhere, as its import says; `recall.reps` holds them already
    """

    recall: Recall | None = None
    suspended: bool = False
    buried_until: date | None = None
    flagged: bool = False
    days: int = 0
    introduced: date | None = None
    reviewed: date | None = None
    imported: int = 0

    @property
    def reps(self) -> int:
        """Gradings, those made elsewhere included."""
        return self.recall.reps if self.recall else 0

    @property
    def lapses(self) -> int:
        """Times it was forgotten on a later day than its previous review."""
        return self.recall.lapses if self.recall else 0
