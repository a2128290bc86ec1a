"""Chimera: two pipelines in opposite directions, merged so that one's work falls into the other's gaps.

Rank r holds stage r of the way down and stage P-1-r of the way up; each takes half of the micro-batches
by 1F1B. With P even the slots of the two never collide, so the pipe is filled from both ends:
P/2 - 1 forwards and backwards of filling remain on each side instead of P-1.
For M = P the ratio is (P-2)/(2M+P-2) where F = B, and (P-2)/(3M/2+P-2) where B = 2F.
More micro-batches are units of P, one after another. The weights exist twice;
a rank holds between P/2+1 and P activations, more evenly than 1F1B.
"""

from studykit.pipeline.schedules.schedule import TWO_WAY, Order, Schedule, Shape, two_way


def _order(rank: int, shape: Shape) -> Order:
    """Both directions' 1F1B in slots of equal forwards and backwards, sorted by slot."""
    P = shape.P
    slots = []
    for direction, stage in ((0, rank), (1, P - 1 - rank)):
        for k in range(shape.M // 2):
            start = 2 * P * (k // (P // 2)) + 2 * (k % (P // 2))
            slots.append((start + stage, direction))
            slots.append((start + 2 * P - 1 - stage, 2 + direction))
    slots.sort()
    return [op for _, op in slots]


SCHEDULE = Schedule(
    name="chimera",
    summary="two 1F1B pipelines in opposite directions, merged without a clash",
    introduced="Li and Hoefler, Chimera, SC 2021",
    references=("https://arxiv.org/abs/2107.06925", "https://github.com/Shigangli/Chimera"),
    order=_order,
    explanation=__doc__ or "",
    chunks=TWO_WAY,
    layout=two_way,
    condition="P must be even, and M even, so that each direction has half",
    feasible=lambda shape: shape.P % 2 == 0 and shape.M % 2 == 0,
    weight_versions=lambda shape: (2,) * shape.P,
)
