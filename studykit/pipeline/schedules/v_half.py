"""V-Half: a V of two chunks whose micro-batches live half as long, so half of 1F1B's memory is enough.

What a rank holds is set by how long a micro-batch stays, from its first forward to its last W, per period.
The first chunk goes down the ranks two slots a rank, the second comes up one slot a rank, and the
backwards repeat that, so the long stay of one chunk on a rank meets the short stay of the other.
The building block repeats every six chunk slots; gaps at its start and end are then filled by moving ops.
Memory is about (P+2)/2 micro-batches, and the bubble of the repeat about half of 1F1B's for F = I = W;
in mid-run there is none as long as W + 2I >= 2F and W + 2F >= 2I.
"""

from studykit.pipeline.schedules.building_block import Block, repeated
from studykit.pipeline.schedules.schedule import TWO, Order, Schedule, Shape, folded


def block(P: int) -> Block:
    """The slots in which each rank does F0, F1, I1, I0 of the first micro-batch."""
    gap = 3 if P % 2 == 0 else 0  # an even P would put two ops into one slot of the period
    return tuple((2 * r, 3 * P - r - 2, 3 * P + gap + 2 * r - 1, 6 * P + gap - r - 2) for r in range(P))


def _order(rank: int, shape: Shape) -> Order:
    return repeated(block(shape.P), shape.M, rank)


SCHEDULE = Schedule(
    name="v-half",
    summary="a V of two chunks with half of 1F1B's activations",
    introduced="Qi et al., Pipeline Parallelism with Controllable Memory, NeurIPS 2024",
    references=("https://arxiv.org/abs/2405.15362", "https://github.com/sail-sg/zero-bubble-pipeline-parallelism"),
    order=_order,
    explanation=__doc__ or "",
    chunks=TWO,
    layout=folded,
    splits=True,
)
