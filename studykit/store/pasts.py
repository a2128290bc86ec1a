"""What the fold made of the reviews, in the store: a row for each card, and the sums of each day.

A review that no card holds, because it was taken back or is not folded yet, stands in `loose` with the card id of its
log line.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter

from studykit.store.blocks import put_reviews
from studykit.store.database import Store
from studykit.store.events import Review
from studykit.store.fold import Folded, Past
from studykit.store.packed import packed_real, packed_whole, real, whole
from studykit.store.standing import ordinal

_day, _ms = attrgetter("day"), attrgetter("ms")

_COLUMNS = "card, places, days, ratings, before, stabilities"
ONE_OF = "card IN (SELECT value FROM json_each(?))"
"""The condition on a card that it is one of a bound JSON list."""


def put_pasts(store: Store, pasts: Mapping[str, Past]) -> None:
    """Rows of cards that have none."""
    store.connection.executemany(
        "INSERT INTO pasts(card, last, reviews, before, places, days, ratings, stabilities) VALUES (?,?,?,?,?,?,?,?)",
        (
            (card, days[-1], len(days), before, packed_whole(places), packed_whole(days), bytes(ratings),
             packed_real(stabilities))
            for card, (places, days, ratings, before, stabilities) in pasts.items()
        ),
    )  # fmt: skip


def put_loose(store: Store, places: Mapping[int, str]) -> None:
    """Reviews that no card holds, with the card id of their log line."""
    store.connection.executemany("INSERT INTO loose(place, card) VALUES (?, ?)", places.items())


def pasts(store: Store, where: str = "1", arguments: Sequence[object] = ()) -> Iterator[tuple[str, Past]]:
    """Cards and what they hold, chosen by SQL written in this package."""
    for row in store.connection.execute(f"SELECT {_COLUMNS} FROM pasts WHERE {where}", arguments):
        card, places, days, ratings, before, stabilities = row
        yield card, Past(whole(places), whole(days), ratings, before, real(stabilities))


def loose(store: Store, where: str = "1", arguments: Sequence[object] = ()) -> dict[int, str]:
    """Places that no card holds, and the card id of each one's log line."""
    return dict(store.connection.execute(f"SELECT place, card FROM loose WHERE {where}", arguments).fetchall())


def replace_reviews(store: Store, folded: Folded) -> None:
    """Every review that was folded, in the place of all that the store held."""
    for table in ("blocks", "pasts", "loose", "days"):
        store.connection.execute(f"DELETE FROM {table}")
    listed = folded.listed
    put_reviews(store, listed)
    put_pasts(store, folded.pasts)
    put_loose(store, {place: listed[place].card for place in folded.taken_back})
    sums = Sums()
    for past in folded.pasts.values():
        sums.add(past)
    sums.add_ms(listed)
    sums.add_ms([listed[place] for place in folded.taken_back], -1)
    sums.write(store)


def take_out(store: Store, cards: set[str]) -> tuple[dict[str, Past], dict[int, str]]:
    """What some cards held, and what was loose of them; neither is in the store any more."""
    named = (json.dumps(sorted(cards)),)
    held, free = dict(pasts(store, ONE_OF, named)), loose(store, ONE_OF, named)
    for table in ("pasts", "loose"):
        store.connection.execute(f"DELETE FROM {table} WHERE {ONE_OF}", named)
    return held, free


class Sums:
    """Of each day (an ordinal): reviews, milliseconds, forgotten, scored, and of these the recalled ones.

    Scored: see `Past.scored`.
    """

    def __init__(self) -> None:
        self._counts: Counter[tuple[int, int, bool]] = Counter()
        self._ms: defaultdict[int, int] = defaultdict(int)

    def add(self, past: Past) -> None:
        """Count the reviews of a card; their milliseconds come apart."""
        self._counts.update(zip(past.days, past.ratings, past.scored(), strict=True))

    def take(self, past: Past) -> None:
        """Count them no more."""
        self._counts.subtract(zip(past.days, past.ratings, past.scored(), strict=True))

    def add_ms(self, reviews: Iterable[Review], sign: int = 1) -> None:
        """Their milliseconds, or less of them with a `sign` of -1."""
        for day, group in groupby(reviews, _day):
            self._ms[ordinal(day)] += sign * sum(map(_ms, group))

    def write(self, store: Store) -> None:
        """Add them to those of the store; a day without a review is none."""
        found = {day: [0, ms, 0, 0, 0] for day, ms in self._ms.items() if ms}
        for (day, rating, scored), count in self._counts.items():
            if count:
                sums = found.setdefault(day, [0] * 5)
                sums[0] += count
                sums[2] += count * (rating == 1)
                sums[3] += count * scored
                sums[4] += count * (scored and rating > 1)
        if not found:
            return
        names = ("reviews", "ms", "again", "scored", "recalled")
        more = ", ".join(f"{name} = {name} + excluded.{name}" for name in names)
        store.connection.executemany(
            f"INSERT INTO days(day, {', '.join(names)}) VALUES (?,?,?,?,?,?) ON CONFLICT(day) DO UPDATE SET {more}",
            [(date.fromordinal(day).isoformat(), *sums) for day, sums in sorted(found.items())],
        )
        store.connection.execute("DELETE FROM days WHERE reviews = 0")
