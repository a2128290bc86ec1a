"""What the fold made of the reviews, in the store: a row for each card, and the sums of each day.

A review that no card holds, because it was taken back or is not folded yet, stands in `loose` with the card id of its
log line.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress
from operator import add, le, sub
from types import MappingProxyType

from studykit.store.blocks import packed, put_blocks
from studykit.store.columns import Columns
from studykit.store.database import Store
from studykit.store.events import Review
from studykit.store.fold import Folded
from studykit.store.packed import real, whole
from studykit.store.past import Past

_UNSCORED = 4  # added to the grade
_NOTHING = (0, 0, 0, 0, 0)
_NONE: Mapping[str, Sequence[int]] = MappingProxyType({})

_COLUMNS = "card, places, days, ratings, before, stabilities"
ONE_OF = "card IN (SELECT value FROM json_each(?))"
"""The condition on a card that it is one of a bound JSON list."""


def put_pasts(store: Store, pasts: Iterable[tuple[str, Past]]) -> None:
    """Rows of cards that have none."""
    store.connection.executemany(
        "INSERT INTO pasts(card, last, reviews, before, places, days, ratings, stabilities) VALUES (?,?,?,?,?,?,?,?)",
        (
            (card, days[-1], len(days), before, places, days, ratings, stabilities)
            for card, (places, days, ratings, before, stabilities) in pasts
        ),
    )


def put_loose(store: Store, reviews: Mapping[int, Review]) -> None:
    """Reviews, by place, that no card holds."""
    rows = ((place, review.card) for place, review in reviews.items())
    store.connection.executemany("INSERT INTO loose(place, card) VALUES (?, ?)", rows)


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
    store.connection.execute("DELETE FROM blocks")
    put_blocks(store, packed(folded.listed))
    replace_pasts(store, Columns.of(folded.listed), folded.pasts.items(), folded.taken_back)


def replace_pasts(
    store: Store, columns: Columns, pasts: Iterable[tuple[str, Past]], taken_back: Mapping[int, Review]
) -> None:
    """What was made of every review, in the place of all that the store held."""
    for table in ("pasts", "loose", "days"):
        store.connection.execute(f"DELETE FROM {table}")
    sums = DaySums(columns)
    put_pasts(store, sums.counting(pasts))
    put_loose(store, taken_back)
    add_sums(store, sums.without(taken_back))


def take_out(store: Store, cards: set[str]) -> tuple[dict[str, Past], dict[int, str]]:
    """What some cards held, and what was loose of them; neither is in the store any more."""
    named = (json.dumps(sorted(cards)),)
    held, free = dict(pasts(store, ONE_OF, named)), loose(store, ONE_OF, named)
    for table in ("pasts", "loose"):
        store.connection.execute(f"DELETE FROM {table} WHERE {ONE_OF}", named)
    return held, free


def day_sums(columns: Columns, pasts: Iterable[Past], loose: Mapping[int, Review]) -> dict[str, list[int]]:
    """The sums (see `DaySums`) of some reviews; `pasts` and `loose` speak of places among them."""
    sums = DaySums(columns)
    for _each in sums.counting(("", past) for past in pasts):
        pass
    return sums.without(loose)


class DaySums:
    """Of each local day: reviews, milliseconds, forgotten, scored (see `Past.scored`), and of these the recalled ones.

    The fewer days the reviews go back and forth between, the faster.
    """

    def __init__(self, columns: Columns) -> None:
        self._spans = columns.spans
        self._graded = bytearray(columns.ratings)  # 1 to 4: scored; 5 to 8: not; 0: does not count

    def counting(self, pasts: Iterable[tuple[str, Past]]) -> Iterator[tuple[str, Past]]:
        """Take in what cards hold, and pass it on."""
        graded = self._graded
        for each in pasts:
            places, days, _ratings, before, _stabilities = each[1]
            if before is None or days[0] <= before:
                graded[places[0]] += _UNSCORED
            for place in compress(places[1:], map(le, days[1:], days)):
                graded[place] += _UNSCORED
            yield each

    def without(self, loose: Mapping[int, Review]) -> dict[str, list[int]]:
        """The sums, by day, of all but the reviews at some places, which are handed over with them."""
        found: dict[str, list[int]] = {}
        for place in loose:
            self._graded[place] = 0
        start = 0
        for day, number, ms in self._spans:
            part = self._graded[start : start + number]
            start += number
            none, again, *recalled = map(part.count, range(_UNSCORED + 1))
            sums = (number - none, ms, again + part.count(1 + _UNSCORED), again + sum(recalled), sum(recalled))
            found[day] = list(map(add, found.get(day, _NOTHING), sums))
        for review in loose.values():
            found[review.day][1] -= review.ms
        return found


def add_sums(store: Store, sums: Mapping[str, Sequence[int]], less: Mapping[str, Sequence[int]] = _NONE) -> None:
    """Put them, less some others, on top of those in the store; a day without a review is none."""
    found = {day: tuple(map(sub, sums.get(day, _NOTHING), less.get(day, _NOTHING))) for day in {*sums, *less}}
    names = ("reviews", "ms", "again", "scored", "recalled")
    more = ", ".join(f"{name} = {name} + excluded.{name}" for name in names)
    store.connection.executemany(
        f"INSERT INTO days(day, {', '.join(names)}) VALUES (?,?,?,?,?,?) ON CONFLICT(day) DO UPDATE SET {more}",
        [(day, *own) for day, own in sorted(found.items()) if any(own)],
    )
    store.connection.execute("DELETE FROM days WHERE reviews = 0")
