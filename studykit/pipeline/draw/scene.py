"""A plan as things to draw: bars, their labels, the gaps between them, and the way the critical path takes."""

from collections.abc import Iterable
from typing import NamedTuple

from studykit.pipeline.plan import Op, Plan

KIND_LETTER = {"F": "F", "B": "B", "I": "I", "W": "W", "FB": "X"}


class Bar(NamedTuple):
    """One op in floats, ready to draw."""

    rank: int
    start: float
    end: float
    kind: str
    microbatch: int
    chunk: int
    critical: bool
    label: str


class Scene(NamedTuple):
    """One plan. `rows` holds each rank's bars in order of time; `chain` is one critical path, first op first."""

    plan: Plan
    rows: list[list[Bar]]
    makespan: float
    chain: list[Bar]


def label(op: Op, folds: bool) -> str:
    """Kind and micro-batch; lower case on chunks after the first. A fused op names both its micro-batches.

    >>> label(Op(0, "F", 12, 1, 0.0, 1.0), folds=True)
    'f12'
    """
    if op.kind == "FB":
        return f"X{op.microbatch}&{op.backward_microbatch}"
    letter = KIND_LETTER[op.kind]
    return f"{letter.lower() if folds and op.chunk else letter}{op.microbatch}"


def scene(plan: Plan, with_path: bool = True) -> Scene:
    """Everything to be drawn of one plan; finding the critical path may be left out."""
    critical = set(plan.critical_path()) if with_path else set()
    folds = plan.chunks > 1
    rows: list[list[Bar]] = [[] for _ in range(plan.stages)]
    bars: dict[Op, Bar] = {}
    for op in plan.timeline:
        marked = op in critical
        bar = Bar(op.rank, float(op.start), float(op.end), op.kind, op.microbatch, op.chunk, marked, label(op, folds))
        rows[op.rank].append(bar)
        if marked:
            bars[op] = bar
    return Scene(plan, rows, float(plan.makespan), [bars[op] for op in _chain(critical, plan)])


def _chain(critical: Iterable[Op], plan: Plan) -> list[Op]:
    """One way through the critical ops from the end back to the start, changing ranks where it can."""
    ops = sorted((op for op in critical if op.end > op.start), key=lambda op: (op.end, op.rank))
    chain: list[Op] = []
    ending: dict[object, list[Op]] = {}
    for op in ops:
        ending.setdefault(op.end, []).append(op)
    before = ops[-1:]
    while before:
        op = before[0]
        chain.append(op)
        before = [one for one in ending.get(op.start - plan.p2p, ()) if one.rank != op.rank and _feeds(one, op)]
        before = before or [one for one in ending.get(op.start, ()) if one.rank == op.rank]
    return chain[::-1]


def _feeds(maker: Op, taker: Op) -> bool:
    """Whether the one works on a micro-batch that the other needs, as far as their labels tell."""
    made = {maker.microbatch, maker.backward_microbatch} - {None}
    taken = {taker.microbatch, taker.backward_microbatch} - {None}
    return bool(made & taken) and maker.kind != "W" and taker.kind != "W"
