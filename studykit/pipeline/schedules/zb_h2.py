"""ZB-H2: ZB-H1 with twice the warm-up, which fills the rest of the bubble at twice the memory.

Rank r runs 2·(P-1-r) forwards before its first pair, so it has work until the first I comes back,
and keeps its W's 2r micro-batches behind, so it has work when the I's run out.
All ranks then work without a gap from their first op to their last, each shifted by F from the one before:
the span is M·(F+B) + (P-1)·max(0, I-F, F+I-2W) for M >= 2P-1: no bubble at all for F = I = W.
The shift remains in the whole step. It is no loss where the next step may start rank by rank,
which needs the optimizer's global check to be done after the fact. Memory: up to 2P-1 micro-batches.
"""

from studykit.pipeline.schedules.rounds import split_backward
from studykit.pipeline.schedules.schedule import Order, Schedule, Shape


def _order(rank: int, shape: Shape) -> Order:
    return split_backward(shape, min(shape.M, 2 * (shape.P - 1 - rank)), delay=2 * rank)


SCHEDULE = Schedule(
    name="zb-h2",
    summary="split backward with a double warm-up: no gaps inside a rank's span",
    introduced="Qi et al., Zero Bubble Pipeline Parallelism, ICLR 2024 (2.2)",
    references=("https://arxiv.org/abs/2401.10241",),
    aliases=("zb2p", "zero-bubble-h2"),
    order=_order,
    explanation=__doc__ or "",
    splits=True,
)
