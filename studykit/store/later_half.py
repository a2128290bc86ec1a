"""The later months of a long log, read by a second process while this one reads the earlier ones.

What the other process makes of its reviews is numbered from 0 there; `Later.joined` puts it behind what is here.
"""

import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate, islice, repeat
from operator import add
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from studykit.locale import _
from studykit.processes import pool, processors
from studykit.progress import Progress
from studykit.store.blocks import Block, packed_in_order, reviews_of
from studykit.store.columns import Columns
from studykit.store.events import Review, decoder, encode
from studykit.store.log import Log
from studykit.store.log_merge import merged
from studykit.store.log_read import Read
from studykit.store.packed import pairs, whole
from studykit.store.standing import Standing, in_order

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

_WORTH_IT = 1 << 25  # bytes: to read less takes no longer than to start a process and to take over what it made
_UNPACKED = 8  # bytes of a closed month for each of its file, nearly
_PORTION = 256  # rows handed over at once
_EARLIER = 0.55  # of the whole: the other process has to be started, and what it made to be taken over

Keep: TypeAlias = Callable[[Iterable[Block]], object]
"""What becomes of the rows of some reviews."""


class Half(msgspec.Struct):
    """Some months as another process read them: what `Read` and `Standing` hold of them, in few large pieces.

    `numbers` says how many of the `keys` belong to each of the `cards`. `rest` are log lines: an event that
    itself went between processes would be encoded with the fields that equal their defaults.
    """

    read: Read
    columns: Columns
    cards: list[str]
    numbers: "array[int]"
    keys: "array[int]"
    rest: list[bytes]
    doubtful: set[str]
    seams: list[int]
    first: Review | None


def take(
    log: Log, months: Sequence[Sequence[str]], read: Read, keep: Keep, progress: Progress | None = None
) -> Standing:
    """The events of some months' files; their rows are handed to `keep`."""
    standing = Standing()
    for number, paths in enumerate(months, 1):
        for part in merged(log.events_in(paths, read)):
            first = len(standing.columns.days)
            keep(packed_in_order(standing.take(part), first))
        if progress:
            progress(number, len(months), _("reading the review log"))
    return standing


def halves(log: Log, months: Sequence[list[str]]) -> tuple[Sequence[list[str]], Sequence[list[str]]]:
    """The earlier and the later months, with as much work in each; all are earlier where that is little, or only one
    processor is there to do it."""
    sizes = list(accumulate(sum(_size(os.path.join(log.root, path)) for path in paths) for paths in months))
    if not sizes or sizes[-1] < _WORTH_IT or processors() < 2:
        return months, []
    middle = max(sum(size <= sizes[-1] * _EARLIER for size in sizes), 1)
    return months[:middle], months[middle:]


def _size(path: str) -> int:
    try:
        return os.path.getsize(path) * (_UNPACKED if path.endswith(".gz") else 1)
    except OSError:
        return 0


class Later:
    """The later months, being read."""

    def __init__(self, executor: "Executor", log: Log, months: Sequence[list[str]]) -> None:
        self._executor = executor
        self._half: Future[Half] = executor.submit(_read, log.root, log.device, months)

    def joined(self, standing: Standing, read: Read, keep: Keep) -> None:
        """Add to `standing` and to `read`, which have the earlier months, what was found; the rows go to `keep`.

        Raises BrokenProcessPool if the other process was ended, OSError if it cannot be heard.
        """
        half = self._half.result()
        first, greatest = len(standing.columns.days), standing.greatest
        _add_standing(standing, half)
        _add_read(read, half.read)
        while rows := self._executor.submit(_rows, _PORTION).result():
            keep([(first + row[0], *row[1:]) for row in rows])
            for row in rows:
                if row[2] <= greatest:
                    standing.doubtful.update(each.id for each in reviews_of(row) if each.id <= greatest)


def _add_standing(standing: Standing, half: Half) -> None:
    first, last, greatest = len(standing.columns.days), standing.last, standing.greatest
    if last and half.first and in_order(last) > in_order(half.first):
        standing.seams.append(first)
    standing.seams += [first + seam for seam in half.seams]
    standing.columns.extend(half.columns)
    keys, start = pairs(map(add, half.keys, repeat(first << 32))), 0
    for card, number in zip(half.cards, half.numbers, strict=True):
        standing.keys[card].extend(keys[start : start + number])
        start += number
    rest = list(map(decoder.decode, half.rest))
    standing.rest += rest
    standing.doubtful |= half.doubtful | {event.id for event in rest if event.id <= greatest}


def _add_read(read: Read, more: Read) -> None:
    read.offsets |= more.offsets
    read.oddities += more.oddities
    read.unknown += more.unknown
    read.lost += more.lost


@contextmanager
def reading(log: Log, months: Sequence[list[str]]) -> Iterator[Later]:
    """Have some months read by another process during the block."""
    with pool(1) as executor:
        yield Later(executor, log, months)


_waiting: Iterator[Block] = iter(())  # in the other process: the rows that were not handed over yet


def _read(root: str, device: str, months: Sequence[list[str]]) -> Half:
    """In the other process."""
    global _waiting
    read, rows = Read(), list[Block]()
    standing = take(Log(root, device), months, read, rows.extend)
    _waiting = iter(rows)
    keys = pairs()
    for own in standing.keys.values():
        keys.extend(own)
    return Half(
        read=read,
        columns=standing.columns,
        cards=list(standing.keys),
        numbers=whole(map(len, standing.keys.values())),
        keys=keys,
        rest=list(map(encode, standing.rest)),
        doubtful=standing.doubtful,
        seams=standing.seams,
        first=reviews_of(rows[0])[0] if rows else None,
    )


def _rows(number: int) -> list[Block]:
    return list(islice(_waiting, number))
