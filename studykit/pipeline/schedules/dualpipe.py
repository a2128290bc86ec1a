"""DualPipe: two pipelines in opposite directions over the same ranks, a forward fused with a backward.

Rank r holds stage r of the way down and stage P-1-r of the way up, so the weights exist twice;
half of the M micro-batches enter at each end.
In the middle phase a forward of one direction runs fused with a backward of the other: their
communication hides behind each other's arithmetic (a fused op is charged F + B here).
Only the way to the middle must be filled, and W's pad the drain: the bubble is (P/2-1)·(F&B+B-3W).
That is exact for F = I >= W; elsewhere the simulation is the figure. Activations: about P+1.
"""

from studykit.pipeline.schedules.dual import eight_phases
from studykit.pipeline.schedules.schedule import TWO_WAY, Order, Schedule, Shape, two_way


def _order(rank: int, shape: Shape) -> Order:
    P, M = shape.P, shape.M
    outer = min(rank, P - 1 - rank)
    depth = P // 2 - outer - 1
    return eight_phases(depth, P // 2, M // 2 - P + outer + 1, swap=rank >= P // 2)


SCHEDULE = Schedule(
    name="dualpipe",
    summary="two pipelines in opposite directions, forwards fused with backwards",
    introduced="DeepSeek-AI, DeepSeek-V3 Technical Report, 2024 (3.2.1)",
    references=("https://arxiv.org/abs/2412.19437", "https://github.com/deepseek-ai/DualPipe"),
    order=_order,
    explanation=__doc__ or "",
    chunks=TWO_WAY,
    layout=two_way,
    condition="P must be even, and M even and at least 2P",
    feasible=lambda shape: shape.P % 2 == 0 and shape.M % 2 == 0 and shape.M >= 2 * shape.P,
    splits=True,
    fuses=True,
    weight_versions=lambda shape: (2,) * shape.P,
)
