"""Many ranks in few rows: neighbours are put together, and each cell shows what most of them do."""

from itertools import pairwise
from typing import NamedTuple

from studykit.pipeline.draw.scene import Scene


class Cell(NamedTuple):
    """What a group of ranks does in a slice of time: the kind with the largest share, and the share that works."""

    kind: str
    busy: float


def groups(ranks: int, rows: int) -> list[range]:
    """At most `rows` groups of neighbouring ranks, as even as can be.

    >>> groups(10, 4)
    [range(0, 3), range(3, 6), range(6, 8), range(8, 10)]
    """
    rows = min(rows, ranks)
    size, rest = divmod(ranks, rows)
    starts = [at * size + min(at, rest) for at in range(rows + 1)]
    return [range(one, other) for one, other in pairwise(starts)]


def coverage(drawn: Scene, members: range, columns: int, horizon: float) -> list[Cell]:
    """One cell a column up to the plan's end; the kind is empty where more than half of the group's time is bubble."""
    step = horizon / columns
    columns = min(columns, int(drawn.makespan / step + 0.5))
    shares: list[dict[str, float]] = [{} for _ in range(columns)]
    for rank in members:
        for bar in drawn.rows[rank]:
            first, last = int(bar.start / step), min(columns - 1, int(bar.end / step))
            for column in range(first, last + 1):
                inside = min(bar.end, (column + 1) * step) - max(bar.start, column * step)
                if inside > 0:
                    shares[column][bar.kind] = shares[column].get(bar.kind, 0.0) + inside
    whole = step * len(members)
    return [_cell(share, whole) for share in shares]


def _cell(share: dict[str, float], whole: float) -> Cell:
    busy = min(1.0, sum(share.values()) / whole)
    return Cell(max(share, key=lambda kind: share[kind]) if busy >= 0.5 else "", busy)


def group_name(members: range) -> str:
    """`7`, or `4-7`."""
    return str(members[0]) if len(members) == 1 else f"{members[0]}-{members[-1]}"
