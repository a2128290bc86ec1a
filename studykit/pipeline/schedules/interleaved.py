"""Interleaved 1F1B: each rank holds V slices of the model, so the pipe fills in V times smaller steps.

Chunk v of rank r is stage v·P + r: a micro-batch circles the ranks V times, each visit costing 1/V.
Groups of g micro-batches (g = P when P divides M) take turns on the chunks, depth first.
A rank warms up with (V-1)·g + 2·(P-1-r) chunk forwards, then does one forward, one backward in turn.
The last rank starts after P-1 steps of F/V: the bubble shrinks to (P-1)·(F+B)/V.
The price is V times the messages, and memory: rank 0 holds P·(1+(P-1)/(P·V)) micro-batches.
"""

from studykit.pipeline.schedules.rounds import CONDITION, divisible, group, whole_backward
from studykit.pipeline.schedules.schedule import ANY, Order, Schedule, Shape


def _order(rank: int, shape: Shape) -> Order:
    warmup = (shape.V - 1) * group(shape) + 2 * (shape.P - 1 - rank)
    return whole_backward(shape, min(warmup, shape.M * shape.V))


SCHEDULE = Schedule(
    name="interleaved",
    summary="1F1B with V model slices on each rank",
    introduced="Narayanan et al., Megatron-LM, SC 2021 (2.2.2)",
    references=("https://arxiv.org/abs/2104.04473",),
    aliases=("interleaved-1f1b", "1f1b-interleaved", "1f1b-i", "vpp", "virtual-pipeline", "looped-dfs", "depth-first"),
    order=_order,
    explanation=__doc__ or "",
    chunks=ANY,
    condition=CONDITION,
    feasible=divisible,
)
