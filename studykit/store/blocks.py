"""The log's reviews in the store, as their lines say, in the order in which they came: many in one row.

A rebuild puts them in the order of time. A review is known by its `place`: the number of its row, and how far it stands
behind the first there. What the fold makes of it is told apart, by card (see `pasts`): that changes, this does not.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import starmap
from operator import attrgetter, itemgetter
from typing import Any, TypeAlias

import msgspec

from studykit.store.database import Store
from studykit.store.events import Review

SIZE = 128  # reviews in a row; one is found in the time that reading so many takes
_MANY = 200  # ids that are looked for one by one

Block: TypeAlias = tuple[int, int, str, str, str, str, bytes]
"""A row: place of its first review, their number, least and greatest id, latest day and moment, and the reviews."""

_id, _day, _time = map(attrgetter, ("id", "day", "at"))
_encode = msgspec.msgpack.Encoder().encode
_decode: Callable[[bytes], list[list[Any]]] = msgspec.msgpack.Decoder(list[list[Any]]).decode


def _packed(reviews: Iterable[Review]) -> bytes:
    return _encode(list(map(msgspec.structs.astuple, reviews)))


def _unpacked(body: bytes) -> list[Review]:
    return list(starmap(Review, _decode(body)))


def reviews_of(row: Block) -> list[Review]:
    """The reviews of a row."""
    return _unpacked(row[-1])


def put_reviews(store: Store, reviews: Sequence[Review]) -> int:
    """Add reviews that are not there yet; the place of the first of them, the others follow it."""
    row = store.connection.execute("SELECT first + reviews FROM blocks ORDER BY first DESC LIMIT 1").fetchone()
    first = row[0] if row else 0
    put_blocks(store, packed(reviews, first))
    return int(first)


def put_blocks(store: Store, rows: Iterable[Block]) -> None:
    """Add rows that are packed already."""
    store.connection.executemany("INSERT INTO blocks VALUES (?,?,?,?,?,?,?)", rows)


def packed(reviews: Sequence[Review], first: int = 0) -> Iterator[Block]:
    """The rows for reviews of which the first stands at the place `first`."""
    for start in range(0, len(reviews), SIZE):
        own = reviews[start : start + SIZE]
        ids = list(map(_id, own))
        latest = max(map(_day, own)), max(map(_time, own))
        yield first + start, len(own), min(ids), max(ids), *latest, _packed(own)


def packed_in_order(reviews: Sequence[Review], first: int) -> Iterator[Block]:
    """The same for reviews in order (see `standing.in_order`), whose last one tells much of what there is to know."""
    for start in range(0, len(reviews), SIZE):
        own = reviews[start : start + SIZE]
        last = own[-1]
        ids = list(map(_id, own))
        one_day = own[0].day == last.day and not last.clock_back
        yield (
            first + start,
            len(own),
            min(ids),
            max(ids),
            last.day,
            last.at if one_day else max(map(_time, own)),
            _packed(own),
        )


def blocks(store: Store, tail: str = "", arguments: Sequence[object] = ()) -> Iterator[tuple[int, list[Review]]]:
    """Rows with the place of their first review, chosen and ordered by SQL written in this package."""
    for first, body in store.connection.execute(f"SELECT first, body FROM blocks {tail}", arguments):
        yield first, _unpacked(body)


def reviews_at(store: Store, places: Iterable[int]) -> dict[int, Review]:
    """The reviews at some places."""
    stored = Stored(store)
    return {place: stored[place] for place in sorted(places)}


class Stored:
    """The reviews of a store, each looked up by its place; those beside it are at hand then."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._first = 0
        self._held: list[Review] = []

    def __getitem__(self, place: int) -> Review:
        if not self._first <= place < self._first + len(self._held):
            query = "WHERE first <= ? ORDER BY first DESC LIMIT 1"
            self._first, self._held = next(blocks(self._store, query, (place,)))
        return self._held[place - self._first]

    def named(self, ids: Collection[str]) -> dict[int, Review]:
        """Those that have one of some ids, by place; an id that is there twice has two."""
        wanted = sorted(ids)
        found: dict[int, Review] = {}
        rows = self._store.connection.execute("SELECT first, earliest, latest FROM blocks").fetchall()
        for row, earliest, latest in rows:
            if bisect_left(wanted, earliest) == bisect_right(wanted, latest):
                continue
            for first, reviews in blocks(self._store, "WHERE first = ?", (row,)):
                found.update((place, review) for place, review in enumerate(reviews, first) if review.id in ids)
        return found


def all_reviews(store: Store) -> Iterator[Review]:
    """Every review of the log, whether it stands or not, by place."""
    for _first, reviews in blocks(store, "ORDER BY first"):
        yield from reviews


def newest(
    store: Store,
    column: str,
    key: Callable[[Review], tuple[str, str]],
    only: str = "1",
    arguments: Sequence[object] = (),
) -> Iterator[tuple[int, Review]]:
    """Reviews and their places by `key`, the greatest first, read only as far as somebody asks.

    `column`: that of the rows which holds the greatest first part of the key. `only`: which rows, in SQL.
    """
    waiting: list[tuple[tuple[str, str], int, Review]] = []
    query = f"SELECT {column}, first, body FROM blocks WHERE {only} ORDER BY {column} DESC"
    for greatest, first, body in store.connection.execute(query, arguments):
        while waiting and waiting[-1][0][0] > greatest:
            yield waiting.pop()[1:]
        waiting += [(key(review), place, review) for place, review in enumerate(_unpacked(body), first)]
        waiting.sort(key=itemgetter(0))
    while waiting:
        yield waiting.pop()[1:]


def place_of(store: Store, name: str) -> int | None:
    """Where the review with this id is; None: nowhere."""
    # Ids are made in the order of time, and so are the rows: few of them may hold a recent one.
    query = "WHERE latest >= ? AND earliest <= ? AND instr(body, ?)"
    for first, reviews in blocks(store, query, (name, name, name.encode())):
        for place, review in enumerate(reviews, first):
            if review.id == name:
                return place
    return None


def not_there(store: Store, reviews: Iterable[Review]) -> list[Review]:
    """Those whose id the store does not know, each once."""
    fresh = {review.id: review for review in reversed(list(reviews))}
    if len(fresh) > _MANY:
        for known in all_reviews(store):
            fresh.pop(known.id, None)
    else:
        fresh = {name: review for name, review in fresh.items() if place_of(store, name) is None}
    return list(reversed(fresh.values()))
