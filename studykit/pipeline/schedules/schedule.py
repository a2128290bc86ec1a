"""What a schedule is: where its stages live, and the order in which each rank works.

A rank's order is a list of small integers. With V chunks on the rank, `kind * V + chunk` says
what to do next, and the micro-batch follows from counting: every stage takes its micro-batches first
in, first out. An order is thus built by list arithmetic and costs nothing beside timing it.
"""

from collections.abc import Callable
from itertools import chain
from typing import NamedTuple

FORWARD, BACKWARD, INPUT, WEIGHT, FUSED = range(5)
KINDS = ("F", "B", "I", "W", "FB")
"""F forward; B whole backward; I input gradient; W weight gradient; FB a forward fused with a backward.

A fused op on chunk `a` runs the forward of `a` and the whole backward of the rank's other chunk.
"""

Order = list[int]


class Shape(NamedTuple):
    """The size of a run: `P` ranks, `M` micro-batches, `V` chunks on each rank."""

    P: int
    M: int
    V: int


class Chunks(NamedTuple):
    """Which numbers of chunks a schedule takes, and how much of a rank's work one op is."""

    rule: str
    allowed: Callable[[int], bool]
    default: int
    whole: bool = False
    """A chunk costs the whole time of a rank, not 1/V: each chunk is one direction of a two-way pipeline."""


ONE = Chunks("it keeps one chunk on a rank (V = 1)", lambda v: v == 1, 1)
ANY = Chunks("it needs at least one chunk on a rank (V >= 1)", lambda v: v >= 1, 1)
TWO = Chunks("it folds the model in a V of two chunks on a rank (V = 2)", lambda v: v == 2, 2)
TWO_WAY = Chunks("it keeps two stages on a rank, one for each direction (V = 2)", lambda v: v == 2, 2, whole=True)

Place = tuple[int, int]
Layout = Callable[[Shape], list[list[Place]]]
"""Gives the paths that micro-batches take: each a list of (rank, chunk), first stage first."""


def looped(shape: Shape) -> list[list[Place]]:
    """Chunk v of rank r is stage vP + r: the path wraps from the last rank to the first."""
    return [[(r, v) for v in range(shape.V) for r in range(shape.P)]]


def folded(shape: Shape) -> list[list[Place]]:
    """The path runs down the ranks with chunk 0, up with chunk 1, and so on: no hop at a turn."""
    P = shape.P
    return [[(r if v % 2 == 0 else P - 1 - r, v) for v in range(shape.V) for r in range(P)]]


def two_way(shape: Shape) -> list[list[Place]]:
    """Two pipelines: one down the ranks on chunk 0, one up on chunk 1, half of the micro-batches each."""
    return [[(r, 0) for r in range(shape.P)], [(r, 1) for r in reversed(range(shape.P))]]


def _no_condition(_: Shape) -> bool:
    return True


def _one_version(shape: Shape) -> tuple[int, ...]:
    return (1,) * shape.P


class Schedule(NamedTuple):
    """One published way to order the work. The registry `SCHEDULES` holds one of these a name."""

    name: str
    summary: str
    introduced: str
    references: tuple[str, ...]
    order: Callable[[int, Shape], Order]
    """The order of one rank: `order(rank, shape)`."""
    explanation: str
    """What moves where, and why the bubble is what it is."""
    aliases: tuple[str, ...] = ()
    chunks: Chunks = ONE
    layout: Layout = looped
    condition: str = "any P >= 1 and M >= 1"
    feasible: Callable[[Shape], bool] = _no_condition
    splits: bool = False
    """The backward runs as I and W, apart from each other."""
    fuses: bool = False
    """Some forwards run fused with backwards, as one op."""
    trains: bool = True
    """There is a backward at all."""
    reversed_backward: bool = False
    """The backward takes micro-batches last in, first out."""
    weight_versions: Callable[[Shape], tuple[int, ...]] = _one_version


def weave(*sequences: Order) -> Order:
    """One of each in turn, from sequences of one length.

    >>> weave([1, 2], [7, 8])
    [1, 7, 2, 8]
    """
    return list(chain.from_iterable(zip(*sequences, strict=True)))
