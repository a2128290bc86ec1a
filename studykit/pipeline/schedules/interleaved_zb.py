"""Interleaved zero bubble: ZB-H1 on V model slices a rank, both savings at the same time.

Chunks lie and take turns as in interleaved 1F1B; the backward is split as in ZB-H1.
A rank warms up with (V-1)·g + (P-1-r) chunk forwards: one hop each way is enough, for I alone is
waited for; its W's follow r chunk-steps behind the I's.
The pipe fills in steps of F/V and drains in I's, so ZB-H1's bubble is divided by V (M >= P):
(P-1)·max(F, I, F+I-W)/V. Memory is a little less than interleaved 1F1B's, messages V times 1F1B's.
"""

from studykit.pipeline.schedules.rounds import CONDITION, divisible, group, split_backward
from studykit.pipeline.schedules.schedule import ANY, Order, Schedule, Shape


def _order(rank: int, shape: Shape) -> Order:
    warmup = (shape.V - 1) * group(shape) + shape.P - 1 - rank
    return split_backward(shape, min(warmup, shape.M * shape.V), delay=rank)


SCHEDULE = Schedule(
    name="interleaved-zb",
    summary="interleaved 1F1B with the backward split",
    introduced="PyTorch, ScheduleInterleavedZeroBubble, after Qi et al., 2024",
    references=("https://arxiv.org/abs/2401.10241", "https://pytorch.org/docs/stable/distributed.pipelining.html"),
    aliases=("interleaved-zero-bubble", "interleaved-zb1p", "zb-interleaved"),
    order=_order,
    explanation=__doc__ or "",
    chunks=ANY,
    condition=CONDITION,
    feasible=divisible,
    splits=True,
)
