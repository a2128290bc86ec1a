"""Looped BFS: V slices on each rank, breadth first: all M micro-batches on one slice before the next.

It is GPipe on a looped pipeline: M forwards of chunk 0, then M of chunk 1, …, then the backwards
from chunk V-1 to chunk 0, last micro-batch first.
As with interleaving the pipe fills in steps of F/V, so for M >= P the bubble is (P-1)·(F+B)/V.
Each slice's weights are wanted only once in a forward pass, which suits fully sharded data parallelism,
and transfers hide behind the other micro-batches: c is paid 2·(P-1) times once M >= 2P.
The price is memory: every activation of the step is alive when the first backward starts, M in all.
"""

from studykit.pipeline.schedules.schedule import ANY, Order, Schedule, Shape


def _order(_: int, shape: Shape) -> Order:
    forwards = [chunk for chunk in range(shape.V) for _ in range(shape.M)]
    backwards = [shape.V + chunk for chunk in reversed(range(shape.V)) for _ in range(shape.M)]
    return forwards + backwards


SCHEDULE = Schedule(
    name="looped-bfs",
    summary="GPipe on a looped pipeline with V model slices on each rank",
    introduced="Lamy-Poirier, Breadth-First Pipeline Parallelism, 2023",
    references=("https://arxiv.org/abs/2211.05953",),
    aliases=("bfs", "breadth-first"),
    order=_order,
    explanation=__doc__ or "",
    chunks=ANY,
    reversed_backward=True,
)
