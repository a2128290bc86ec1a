"""Schedules made by repeating a building block, squeezing out its gaps, and filling warm-up and drain.

A block says in which slot of unit length each rank does the four ops of one micro-batch that others wait
for; the next micro-batch does the same six slots later (four ops and two W's fill six slots). The repeat
is correct in mid-run but leaves holes where it begins and ends. There ops move to earlier holes, as long as no
rank's memory rises above the repeat's own peak (Qi et al., 2024, section 4.4 and appendix; the reference is
their zero-bubble-pipeline-parallelism).
"""

from bisect import insort
from collections.abc import Iterator
from functools import cache

from studykit.pipeline.schedules.schedule import Order

PERIOD = 6
DOWN, UP, BACK_DOWN, BACK_UP, W = range(5)
"""F of chunk 0, F of chunk 1, I of chunk 1, I of chunk 0; then W."""
_CODES = (0, 1, 5, 4, 7, 6)
"""Op codes for V = 2 of the four ops, then W of chunk 1 and of chunk 0."""

Block = tuple[tuple[int, ...], ...]
Row = list[list[int]]
"""A rank's slots: one list for each kind of op, by micro-batch."""


def repeated(block: Block, microbatches: int, rank: int) -> Order:
    """The order of a rank. The middle of a long run repeats, so only a short one is worked out."""
    enough = 2 * len(block) + 5
    if microbatches <= enough:
        return arranged(block, microbatches)[rank]
    short = arranged(block, enough)[rank]
    at = _repeat(short)
    return short[:at] + short[at : at + PERIOD] * (microbatches - enough) + short[at:]


def _repeat(order: Order) -> int:
    """Where the longest stretch begins that is the same a period later: the steady middle of the run."""
    longest, at = 0, 0
    length = 0
    for here in range(len(order) - PERIOD):
        length = length + 1 if order[here] == order[here + PERIOD] else 0
        if length > longest:
            longest, at = length, here - length + 1
    return at


@cache
def arranged(block: Block, microbatches: int) -> list[Order]:
    """The orders of all ranks, worked out slot by slot."""
    rows = [[[start + PERIOD * k for k in range(microbatches)] for start in starts] for starts in block]
    rows = [[*row, weights(row)] for row in rows]
    rows = _filled(rows)
    rows = [row[: BACK_UP + 1] for row in _squeezed(rows)]
    rows = _filled(rows)
    rows = _squeezed([[*row, weights(row)] for row in rows])
    return [_order(row[: BACK_UP + 1]) for row in rows]


def weights(row: Row) -> list[int]:
    """Slots for the W's: each in the first idle slot after a backward whose W is still to be done."""
    busy = {slot: kind for kind in range(4) for slot in row[kind]}
    slots, owed, last = [], 0, max(busy)
    for slot in range(last + 1):
        kind = busy.get(slot)
        if kind is None:
            if owed:
                slots.append(slot)
                owed -= 1
        elif kind >= BACK_DOWN:
            owed += 1
    return slots + list(range(last + 1, last + 1 + owed))


def _order(row: Row) -> Order:
    """The row's ops by slot, its W's put in: chunk 1's before chunk 0's where both are owed."""
    busy = {slot: kind for kind in range(4) for slot in row[kind]}
    owed = [0, 0]
    order = []
    for slot in range(max(busy) + 1):
        kind = busy.get(slot)
        if kind is not None:
            order.append(_CODES[kind])
            if kind >= BACK_DOWN:
                owed[kind - BACK_DOWN] += 1
        elif any(owed):
            which = 0 if owed[0] else 1
            owed[which] -= 1
            order.append(_CODES[W + which])
    return order + [_CODES[W]] * owed[0] + [_CODES[W + 1]] * owed[1]


def _squeezed(rows: list[Row]) -> list[Row]:
    """Every op as early as its inputs and its rank's order allow, one slot each."""
    ends = [[[0] * len(slots) for slots in row] for row in rows]
    free = [0] * len(rows)
    for _, rank, kind, k in _by_slot(rows):
        ready = free[rank]
        if kind != W:
            ready = max(ready, _after(ends, rank, kind, k))
        free[rank] = ends[rank][kind][k] = ready + 1
    return [[[end - 1 for end in slots] for slots in row] for row in ends]


def _by_slot(rows: list[Row]) -> list[tuple[int, int, int, int]]:
    return sorted(
        (slot, rank, kind, k)
        for rank, row in enumerate(rows)
        for kind, slots in enumerate(row)
        for k, slot in enumerate(slots)
    )


def _after(rows: list[Row], rank: int, kind: int, k: int) -> int:
    """The latest entry in `rows` among the ops that this one needs: the neighbour's, its chain's, its predecessor."""
    needed = [rows[rank][kind][k - 1]] if k else [-1]
    neighbour = rank - 1 if kind in (DOWN, BACK_DOWN) else rank + 1
    if 0 <= neighbour < len(rows):
        needed.append(rows[neighbour][kind][k])
    if kind > DOWN:
        needed.append(rows[rank][kind - 1][k])
    return max(needed)


class _Memory:
    """What one rank holds slot by slot, in chunks, from F to W; W's not placed run in idle slots."""

    def __init__(self, row: Row) -> None:
        self.placed = len(row) > W
        self.kinds: dict[int, int] = {slot: kind for kind, slots in enumerate(row) for slot in slots}
        self.last = max(self.kinds)
        self.states = list(self._walk(0, (0, 0), self.kinds))
        self.peak = max(held for held, _ in self.states)

    def _walk(self, start: int, state: tuple[int, int], kinds: dict[int, int]) -> Iterator[tuple[int, int]]:
        held, owed = state
        for slot in range(start, self.last + 1):
            kind = kinds.get(slot)
            if kind is None:
                if owed and not self.placed:
                    held, owed = held - 1, owed - 1
            elif kind < BACK_DOWN:
                held += 1
            elif kind == W:
                held -= 1
            else:
                owed += 1
            yield held, owed

    def move(self, old: int, new: int, limit: int) -> bool:
        """Move the op in slot `old` to the earlier idle slot `new`, unless more than `limit` would be held."""
        kind = self.kinds.pop(old)
        self.kinds[new] = kind
        before = self.states[new - 1] if new else (0, 0)
        changed = []
        for slot, state in enumerate(self._walk(new, before, self.kinds), new):
            if state[0] > limit:
                del self.kinds[new]
                self.kinds[old] = kind
                return False
            if slot >= old and state == self.states[slot]:
                break
            changed.append(state)
        self.states[new : new + len(changed)] = changed
        return True


def _filled(rows: list[Row]) -> list[Row]:
    """Move ops into earlier holes: with W's placed in warm-up and drain, without in the drain alone."""
    memories = [_Memory(row) for row in rows]
    limit = max(memory.peak for memory in memories)
    done: list[list[int]] = [[] for _ in rows]
    warming, draining, final = memories[0].placed, False, len(rows[0][DOWN]) - 1
    started = False
    for slot, rank, kind, k in _by_slot(rows):
        if kind == BACK_UP and rank == 0:
            started, warming = True, False
        if warming or draining:
            ready = done[rank][k] if kind == W else _after(rows, rank, kind, k)
            if kind == W and k:
                ready = max(ready, rows[rank][W][k - 1])
            rows[rank][kind][k] = _earliest(memories[rank], ready + 1, slot, limit)
        elif started and kind == DOWN and k == final:
            draining = True
        if kind in (BACK_DOWN, BACK_UP):
            insort(done[rank], rows[rank][kind][k])
    return rows


def _earliest(memory: _Memory, ready: int, slot: int, limit: int) -> int:
    for hole in range(ready, slot):
        if hole not in memory.kinds and memory.move(slot, hole, limit):
            return hole
    return slot
