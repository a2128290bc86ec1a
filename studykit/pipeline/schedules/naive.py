"""Naive: the model is cut over the ranks, and one micro-batch walks through all of them and back.

A micro-batch goes forward over ranks 0..P-1, then backward over P-1..0; the next starts after that.
One rank works while P - 1 wait, so a step takes M·P·(F+B) + 2·M·(P-1)·c for even stages.
The bubble is (P-1)/P of the time, whatever M is: nothing overlaps, more micro-batches do not help.
Memory is the one good thing: a rank holds the activations of a single micro-batch.
It is what a model split over devices does with no schedule at all, and the line to compare others with.
"""

from studykit.pipeline.schedules.schedule import Order, Schedule, Shape


def _order(_: int, shape: Shape) -> Order:
    return [0, 1] * shape.M


SCHEDULE = Schedule(
    name="naive",
    summary="one micro-batch at a time through all ranks and back",
    introduced="the baseline of Huang et al., GPipe, 2019 (figure 2b)",
    references=("https://arxiv.org/abs/1811.06965",),
    aliases=("naive-model-parallel", "sequential"),
    order=_order,
    explanation=__doc__ or "",
)
