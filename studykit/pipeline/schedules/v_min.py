"""V-Min: the V of two chunks with the shortest stay, for a third of 1F1B's memory.

Both chunks move one slot a rank, down and up, forward and backward, as fast as data can travel.
So a micro-batch stays on the ranks for 4P slots in a period of six, and each rank holds its share:
about (P+4)/3 micro-batches, the least that a V of two chunks allows.
Nothing is left to hide behind: the repeat is tight only for F = I = W, and any other proportion lets a
stage wait for its neighbours once a period. The gaps at the start and end are filled by moving ops;
the bubble is about two thirds of 1F1B's for F = I = W.
"""

from studykit.pipeline.schedules.building_block import Block, repeated
from studykit.pipeline.schedules.schedule import TWO, Order, Schedule, Shape, folded


def block(P: int) -> Block:
    """The slots in which each rank does F0, F1, I1, I0 of the first micro-batch."""
    gap = 2 if P % 3 == 0 else 0  # a P divisible by 3 would put two ops into one slot of the period
    return tuple((r, 2 * P - r - 1, 2 * P + gap + r, 4 * P + gap - r - 1) for r in range(P))


def _order(rank: int, shape: Shape) -> Order:
    return repeated(block(shape.P), shape.M, rank)


SCHEDULE = Schedule(
    name="v-min",
    summary="a V of two chunks with the least activations, a third of 1F1B's",
    introduced="Qi et al., Pipeline Parallelism with Controllable Memory, NeurIPS 2024",
    references=("https://arxiv.org/abs/2405.15362", "https://github.com/sail-sg/zero-bubble-pipeline-parallelism"),
    order=_order,
    explanation=__doc__ or "",
    chunks=TWO,
    layout=folded,
    splits=True,
)
