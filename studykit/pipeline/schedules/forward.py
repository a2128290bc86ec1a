"""Forward only: inference or evaluation, the first half of GPipe and nothing more.

Micro-batch m enters rank 0 as soon as micro-batch m-1 has left it, and moves one rank a step.
Rank r starts when the first micro-batch has crossed r ranks: that fill is the whole bubble.
A step takes (M+P-1)·F + (P-1)·c; with uneven stages, the sum of them once and the slowest M-1 times more.
The ratio (P-1)/(M+P-1) is that of training; only the idle *time* is smaller, for there is no backward.
No activation waits for a gradient: a rank holds one micro-batch while it works on it.
"""

from studykit.pipeline.schedules.schedule import Order, Schedule, Shape


def _order(_: int, shape: Shape) -> Order:
    return [0] * shape.M


SCHEDULE = Schedule(
    name="forward",
    summary="micro-batches flow through the stages once, with no backward",
    introduced="Huang et al., GPipe, 2019",
    references=("https://arxiv.org/abs/1811.06965",),
    aliases=("inference", "forward-only", "gpipe-forward"),
    order=_order,
    explanation=__doc__ or "",
    trains=False,
)
