"""The common order of DualPipe and DualPipeV: eight phases of forwards and backwards from two sides.

The turn of the pipe is the middle for DualPipe and the last rank for DualPipeV. A rank's order depends on
how many hops lie between it and the turn, and on how many ranks its side has.
"""

from studykit.pipeline.schedules.schedule import Order

F0, F1, B0, B1, I0, I1, W0, W1, FB0, FB1 = range(10)


def eight_phases(depth: int, half: int, steady: int, swap: bool) -> Order:
    """The order of a rank `depth` hops from the turn, with `half` ranks on its side of it.

    `steady` is how often the fused middle phase runs; `swap` exchanges the chunks, for ranks beyond the middle.
    """
    near = half - depth
    order = [F0] * (2 * depth) + [F0, F1] * near + [I1, W1, F1] * depth
    middle = [FB0, FB1] * steady
    if depth == 0 and steady:
        middle[:1] = [F0, B1]  # at the turn the first two are not fused: the backward could not start in time
    order += middle + [B1, FB1] * depth + _drain(near, depth)
    return [op ^ 1 for op in order] if swap else order


def _drain(near: int, depth: int) -> Order:
    """Phases 6 to 8: backwards of both chunks, the second half of them split, then the W's that remain."""
    order: Order = []
    waiting: Order = []
    for step in range(near):
        first = step > near // 2 or (step == near // 2 and near % 2 == 0)
        second = step >= near // 2
        order += [I1 if first else B1, I0 if second else B0]
        waiting += [W1] * first + [W0] * second
    for _ in range(depth):
        order += [waiting.pop(0), I0]
        waiting.append(W0)
    return order + waiting
