"""DualPipeV: DualPipe cut in half at its middle: one copy of the weights, folded in a V.

The two directions of DualPipe mirror each other, so half of the ranks can do the work of both:
rank r holds stage r and stage 2P-1-r, and every micro-batch enters and leaves at rank 0.
The eight phases are DualPipe's, the turn of the V taking the place of the middle:
a forward of one chunk runs fused with a backward of the other.
The bubble is that of DualPipe on 2P ranks at half the time an op, (P-1)·(F&B+B-3W)/2, exact for F = I >= W.
A rank holds P + 1/2 micro-batches of activations. It needs M >= 2P.
"""

from studykit.pipeline.schedules.dual import eight_phases
from studykit.pipeline.schedules.schedule import TWO, Order, Schedule, Shape, folded


def _order(rank: int, shape: Shape) -> Order:
    P, M = shape.P, shape.M
    return eight_phases(P - 1 - rank, P, M - 2 * P + rank + 1, swap=False)


SCHEDULE = Schedule(
    name="dualpipev",
    summary="DualPipe on a model folded in a V, with one copy of the weights",
    introduced="Qi et al., the cut-in-half of DualPipe, 2025; DeepSeek-AI, DualPipeV, 2025",
    references=("https://github.com/deepseek-ai/DualPipe", "https://hackmd.io/@ufotalent/r1lVXsa9Jg"),
    aliases=("cut-in-half",),
    order=_order,
    explanation=__doc__ or "",
    chunks=TWO,
    layout=folded,
    condition="M must be at least 2P",
    feasible=lambda shape: shape.M >= 2 * shape.P,
    splits=True,
    fuses=True,
)
