"""ZB-H1: split the backward, and let the half nobody waits for fill the bubble.

A backward makes two things: I, the gradient of its input, which the rank before is waiting for,
and W, the gradient of its own weights, which only the optimizer wants. 1F1B makes both before it sends.
Here I is sent at once, and rank r runs its W's r micro-batches behind, so its last r of them fall into
the time in which it would have waited. The first backward climbs the pipe in I, not B, a rank:
the step is M·(F+B) + (P-1)·max(F, I, F+I-W), at F = I = W a third of 1F1B's bubble time.
Memory stays that of 1F1B: rank r holds P-r activations and the W part of up to r more.
"""

from studykit.pipeline.schedules.rounds import split_backward
from studykit.pipeline.schedules.schedule import Order, Schedule, Shape


def _order(rank: int, shape: Shape) -> Order:
    return split_backward(shape, min(shape.M, shape.P - 1 - rank), delay=rank)


SCHEDULE = Schedule(
    name="zb-h1",
    summary="1F1B with the backward split; W fills the drain, within 1F1B's memory",
    introduced="Qi et al., Zero Bubble Pipeline Parallelism, ICLR 2024 (2.1)",
    references=("https://arxiv.org/abs/2401.10241",),
    aliases=("zb1p", "zero-bubble", "zero-bubble-h1"),
    order=_order,
    explanation=__doc__ or "",
    splits=True,
)
