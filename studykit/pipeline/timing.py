"""The timing of an order: each rank does its ops one after another, each as early as its input allows.

Every rank is a generator that works until an input is missing, so its place and its clock are local
variables, and a sweep over the ranks resumes each in turn. Sweeps go down the ranks and up again, as
forwards and backwards do. Results travel in queues: a queue holds when the outputs of one stage reach the
next, in the order they were made. Memory is therefore what is in flight, and a second run, with the same
code and a log for each rank, gives the timeline only to those who ask for it.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import NamedTuple

from studykit.pipeline.schedules.schedule import FUSED, WEIGHT, Order, Place, Schedule, Shape

Ticks = float
"""A moment or a length of time: an integer in exact runs (which mypy counts as a float), else a float."""
Stop = tuple[int, tuple[int, ...]]


class Costs(NamedTuple):
    """What one op of each kind takes on each rank (a chunk's share already taken), and a hop."""

    forward: tuple[Ticks, ...]
    backward: tuple[Ticks, ...]
    backward_input: tuple[Ticks, ...]
    backward_weight: tuple[Ticks, ...]
    p2p: Ticks
    zero: Ticks


class Desk:
    """One rank's work place, its lists indexed by op code."""

    __slots__ = (
        *("costs", "first", "fuses", "input", "lag", "last", "order"),
        *("output", "second_input", "second_lag", "second_output"),
    )

    def __init__(self, order: Order, costs: list[Ticks], zero: Ticks, fuses: bool) -> None:
        size = len(costs)
        nothing: deque[Ticks] = deque(maxlen=0)
        self.order = order
        self.costs = costs
        self.fuses = fuses
        self.input: list[deque[Ticks]] = [nothing] * size
        self.output: list[deque[Ticks]] = [nothing] * size
        self.lag = [zero] * size
        self.second_input: list[deque[Ticks] | None] = [None] * size
        self.second_output: list[deque[Ticks]] = [nothing] * size
        self.second_lag = [zero] * size
        self.first = zero
        self.last = zero


def desks(schedule: Schedule, shape: Shape, costs: Costs) -> list[Desk]:
    """The ranks with their orders, joined by queues along the paths of the micro-batches."""
    V = shape.V
    made = []
    for rank in range(shape.P):
        table = [cost for cost in _kind_costs(costs, rank) for _ in range(V)]
        made.append(Desk(schedule.order(rank, shape), table, costs.zero, schedule.fuses))
    paths = schedule.layout(shape)
    for path in paths:
        _join(made, stops(path, V, schedule.trains), deque(repeat(costs.zero, shape.M // len(paths))), costs)
    for desk in made:
        _finish(desk, V, costs.zero, shape.M)
    return made


def stops(path: list[Place], V: int, trains: bool) -> list[Stop]:
    """Where a micro-batch of this path is worked on, and by which op codes: forward, then backward if it trains."""
    down: list[Stop] = [(rank, (chunk,)) for rank, chunk in path]
    back: list[Stop] = [(rank, (V + chunk, 2 * V + chunk)) for rank, chunk in reversed(path)]
    return down + back if trains else down


def _kind_costs(costs: Costs, rank: int) -> tuple[Ticks, ...]:
    forward, backward = costs.forward[rank], costs.backward[rank]
    return forward, backward, costs.backward_input[rank], costs.backward_weight[rank], forward + backward


def _join(made: list[Desk], stops: list[Stop], source: deque[Ticks], costs: Costs) -> None:
    """Lay the queues from stop to stop; within a rank nothing is sent, so there is no lag."""
    queue = source
    for here, (rank, codes) in enumerate(stops):
        following = stops[here + 1][0] if here + 1 < len(stops) else None
        output: deque[Ticks] = deque(maxlen=0) if following is None else deque()
        for code in codes:
            desk = made[rank]
            desk.input[code] = queue
            desk.output[code] = output
            desk.lag[code] = costs.zero if following in (None, rank) else costs.p2p
        queue = output


def _finish(desk: Desk, V: int, zero: Ticks, M: int) -> None:
    """W waits for nothing its rank has not done already; a fused op has the inputs of both its halves."""
    for chunk in range(V):
        desk.input[WEIGHT * V + chunk] = deque(repeat(zero, M))
        if V == 2:
            code, backward = FUSED * V + chunk, V + 1 - chunk
            desk.input[code], desk.output[code], desk.lag[code] = desk.input[chunk], desk.output[chunk], desk.lag[chunk]
            desk.second_input[code] = desk.input[backward]
            desk.second_output[code] = desk.output[backward]
            desk.second_lag[code] = desk.lag[backward]


def _work(desk: Desk, now: Ticks, log: list[Ticks] | None) -> Iterator[None]:
    """Do a rank's order; yield whenever an input is missing. `log` receives the start of every op."""
    inputs, costs, outputs, lags = desk.input, desk.costs, desk.output, desk.lag
    queue = inputs[desk.order[0]]
    while not queue:
        yield
    desk.first = queue[0]
    for code in desk.order:
        queue = inputs[code]
        while not queue:
            yield
        arrival = queue.popleft()
        if arrival > now:
            now = arrival
        if log is not None:
            log.append(now)
        now += costs[code]
        outputs[code].append(now + lags[code])
    desk.last = now


def _work_fused(desk: Desk, now: Ticks, log: list[Ticks] | None) -> Iterator[None]:
    """The same for orders with fused ops."""
    inputs, costs, outputs, lags = desk.input, desk.costs, desk.output, desk.lag
    seconds = desk.second_input
    started = False
    for code in desk.order:
        queue = inputs[code]
        while not queue:
            yield
        second = seconds[code]
        if second is not None:
            while not second:
                yield
            now = max(now, second.popleft())
        now = max(now, queue.popleft())
        if not started:
            desk.first, started = now, True
        if log is not None:
            log.append(now)
        now += costs[code]
        outputs[code].append(now + lags[code])
        if second is not None:
            desk.second_output[code].append(now + desk.second_lag[code])
    desk.last = now


def run(made: list[Desk], zero: Ticks, logs: list[list[Ticks]] | None = None) -> None:
    """Time all ranks; afterwards each desk knows when its first op starts and its last op ends.

    With `logs`, one empty list a rank, each receives the start of every op in the rank's order.
    """
    kept: Sequence[list[Ticks] | None] = logs or [None] * len(made)
    ranks = [(_work_fused if desk.fuses else _work)(desk, zero, log) for desk, log in zip(made, kept, strict=True)]
    sweeps = 2 + sum(len(desk.order) for desk in made)
    done = object()
    while ranks:
        ranks = [rank for rank in ranks if next(rank, done) is not done]
        ranks.reverse()
        sweeps -= 1
        if sweeps < 0:
            raise RuntimeError("the orders of the ranks wait for each other; this is a defect of the schedule's order")
