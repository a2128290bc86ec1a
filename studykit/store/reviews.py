"""Reviews one by one: what the log says of each, and what the fold made of it."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import compress, islice
from operator import attrgetter
from typing import NamedTuple

from studykit.store.blocks import blocks, newest
from studykit.store.columns import ordinal
from studykit.store.database import Store
from studykit.store.events import Review
from studykit.store.past import NEVER, Past
from studykit.store.pasts import loose, pasts


class Reviewed(NamedTuple):
    """A review, the card that holds it (None: taken back), the days since that card was seen before (None: never),
    and its stability then, in days (0.0: new)."""

    review: Review
    card: str | None
    elapsed: int | None
    stability: float | None


def reviews(store: Store, since: str = "") -> Iterator[Reviewed]:
    """Those of the local day `since` and later, by place: nearly in the order of time."""
    made = _made(store, ordinal(since) if since else 0)
    nothing = (None, None, None)
    for first, block in blocks(store, "WHERE day >= ? ORDER BY first", (since,)):
        for place, review in enumerate(block, first):
            if review.day >= since:
                yield Reviewed(review, *made.get(place, nothing))


def outcomes(store: Store, since: str) -> Iterator[tuple[str, int, bool]]:
    """Of those that stand, from the local day `since` on: the moment, the grade, and whether it is scored (see
    `Past.scored`)."""
    scored: set[int] = set()
    for _card, past in pasts(store, "last >= ?", (ordinal(since),)):
        start = bisect_left(past.days, ordinal(since))
        scored.update(compress(past.places[start:], islice(past.scored(), start, None)))
    free = loose(store)
    for first, block in blocks(store, "WHERE day >= ?", (since,)):
        for place, review in enumerate(block, first):
            if review.day >= since and place not in free:
                yield review.at, review.rating, place in scored


def latest(store: Store, most: int) -> list[Reviewed]:
    """The latest ones that stand, the last first."""
    free = loose(store)
    standing = (each for each in newest(store, "day", attrgetter("day", "at")) if each[0] not in free)
    found = list(islice(standing, most))
    made = _made(store, ordinal(found[-1][1].day)) if found else {}
    return [Reviewed(review, *made[place]) for place, review in found]


def _made(store: Store, since: int) -> dict[int, tuple[str, int | None, float]]:
    """By place, what the fold made of the reviews from the ordinal `since` on."""
    found: dict[int, tuple[str, int | None, float]] = {}
    for card, past in pasts(store, "last >= ?", (since,)):
        found.update(_latest(card, past, since))
    return found


def _latest(card: str, past: Past, since: int) -> Iterator[tuple[int, tuple[str, int | None, float]]]:
    start = bisect_left(past.days, since)
    elapsed = islice(past.elapsed(), start, None)
    for place, days, stability in zip(past.places[start:], elapsed, past.stabilities[start:], strict=True):
        yield place, (card, None if days == NEVER else days, stability)
