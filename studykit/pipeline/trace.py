"""The ops of a run, one by one: the second timing of a plan, with a log."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from studykit.pipeline.schedules.schedule import FORWARD, FUSED, INPUT, WEIGHT, Order, Schedule, Shape
from studykit.pipeline.timing import Costs, Ticks, desks, run, stops

Stream = tuple[int, int]
"""A rank and one of its streams: chunk for its forwards, V + chunk for its backwards."""


class Logged(NamedTuple):
    """What one rank did: its op codes, with the start of each, and what each costs by code."""

    order: Order
    starts: list[Ticks]
    costs: list[Ticks]

    @property
    def end(self) -> Ticks:
        """When its last op ends."""
        return self.starts[-1] + self.costs[self.order[-1]]


def replay(schedule: Schedule, shape: Shape, costs: Costs) -> list[Logged]:
    """Time the ranks once more and keep every start."""
    made = desks(schedule, shape, costs)
    logs: list[list[Ticks]] = [[] for _ in made]
    run(made, costs.zero, logs)
    return [Logged(desk.order, log, desk.costs) for desk, log in zip(made, logs, strict=True)]


class Label(NamedTuple):
    """What an op works on; a fused op also on a second micro-batch, whose backward it is."""

    kind: int
    chunk: int
    microbatch: int
    back_microbatch: int | None = None


def labels(order: Order, schedule: Schedule, shape: Shape) -> Iterator[Label]:
    """Micro-batches by counting: each stream of a rank is first in, first out."""
    V = shape.V
    forwards, backwards = [0] * V, [0] * V
    stored: list[deque[int]] = [deque() for _ in range(V)]
    for code in order:
        kind, chunk = divmod(code, V)
        if kind == FORWARD:
            yield Label(kind, chunk, number(schedule, shape, chunk, forwards[chunk]))
            forwards[chunk] += 1
        elif kind == WEIGHT:
            yield Label(kind, chunk, stored[chunk].popleft())
        elif kind == FUSED:
            back = 1 - chunk
            second = number(schedule, shape, back, backwards[back], True)
            yield Label(kind, chunk, number(schedule, shape, chunk, forwards[chunk]), second)
            forwards[chunk] += 1
            backwards[back] += 1
        else:
            microbatch = number(schedule, shape, chunk, backwards[chunk], True)
            yield Label(kind, chunk, microbatch)
            backwards[chunk] += 1
            if kind == INPUT:
                stored[chunk].append(microbatch)


def number(schedule: Schedule, shape: Shape, chunk: int, ordinal: int, backward: bool = False) -> int:
    """The micro-batch that comes `ordinal`-th through a stream."""
    if schedule.chunks.whole:
        return chunk * (shape.M // 2) + ordinal
    return shape.M - 1 - ordinal if backward and schedule.reversed_backward else ordinal


def sources(schedule: Schedule, shape: Shape) -> dict[Stream, Stream]:
    """From each stream to the one whose results it takes in; a first forward has none."""
    before: dict[Stream, Stream] = {}
    for path in schedule.layout(shape):
        line = [(rank, codes[0]) for rank, codes in stops(path, shape.V, schedule.trains)]
        before.update(zip(line[1:], line, strict=False))
    return before
