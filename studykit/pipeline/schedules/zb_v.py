"""ZB-V: fold the model in a V, so that zero bubble needs no more memory than 1F1B.

Rank r holds stage r and stage 2P-1-r: a micro-batch runs down the ranks and up again to rank 0,
where the loss is; the first I is there after 2P chunk forwards and comes back by the same V.
Warm-up, then F, I, W of the two chunks in turn, then I's first and W's last, as in ZB-H2.
For F = I = W every rank is busy from its first op to its last once M >= 2P-1: the span is 3M,
and the step 3M + (P-1)/2, since a stage's shift is half a rank's F. Below that the V itself is the limit: 2M+2P-1.
Each rank holds P micro-batches, the same on all: what ZB-H2 needed 2P-1 for.
"""

from studykit.pipeline.schedules.schedule import TWO, Order, Schedule, Shape, folded

F0, F1, I0, I1, W0, W1 = 0, 1, 4, 5, 6, 7


def _order(rank: int, shape: Shape) -> Order:
    P, M = shape.P, shape.M
    enough = max(M, 2 * P - 1)
    before = [F0] * (2 * (P - rank) - 1) + [F1, F0] * rank + [F1, I1, W1] * (P - rank)
    full = enough - (2 * P - 1 - rank)
    steady = [F0, I0, W0, F1, I1, W1] * full + [I0, W0, F1, I1, W1] * (enough - P - full)
    after = [I0, I1] * rank + [I0, W0] * (P - rank) + [W1] * rank + [W0] * rank
    order = before + steady + after
    return order if enough == M else _first(order, M)


def _first(order: Order, limit: int) -> Order:
    """The ops of the first `limit` micro-batches: a short run is a long one with the rest left out."""
    seen = [0] * 8
    kept = []
    for op in order:
        if seen[op] < limit:
            kept.append(op)
        seen[op] += 1
    return kept


SCHEDULE = Schedule(
    name="zb-v",
    summary="split backward on a model folded in a V: zero bubble within 1F1B's memory",
    introduced="Qi et al., Zero Bubble Pipeline Parallelism, ICLR 2024 (6)",
    references=("https://arxiv.org/abs/2401.10241",),
    aliases=("v-zb", "zero-bubble-v", "zbv-zero-bubble"),
    order=_order,
    explanation=__doc__ or "",
    chunks=TWO,
    layout=folded,
    splits=True,
)
