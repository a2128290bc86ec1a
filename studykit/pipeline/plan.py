"""The result of a simulation: its figures at once, its timeline only for those who ask."""

from collections.abc import Callable, Iterator
from functools import cache, cached_property
from itertools import accumulate
from typing import NamedTuple

from studykit.pipeline.critical import critical_spots
from studykit.pipeline.schedules.schedule import KINDS, Order, Schedule, Shape
from studykit.pipeline.times import Clock, Time, even, share
from studykit.pipeline.timing import Costs, Ticks
from studykit.pipeline.trace import Label, Logged, labels, replay

CONVENTIONS = ("total", "ideal", "span")


class Op(NamedTuple):
    """One piece of work on one rank, from `start` to `end` in the caller's unit of time.

    `kind` is F forward, B whole backward, I input gradient, W weight gradient, or FB: the forward of
    `microbatch` on `chunk`, fused with the backward of `backward_microbatch` on `backward_chunk`.
    """

    rank: int
    kind: str
    microbatch: int
    chunk: int
    start: Time
    end: Time
    backward_microbatch: int | None = None
    backward_chunk: int | None = None


class Run(NamedTuple):
    """Everything a plan was made from, so that it can be timed once more with a log; `tracks` where it has one."""

    schedule: Schedule
    shape: Shape
    costs: Costs
    clock: Clock
    starts: list[Ticks]
    ends: list[Ticks]
    tracks: list[Logged]


class Plan:
    """One step of a pipeline, timed. All times are in the caller's unit, and Fractions if those given were exact.

    `makespan` is when the last rank ends, `work` the mean time a rank works, `idle` the mean time it does
    not (`makespan - work`), and `span` the longest time from a rank's first start to its last end.
    `p2p` is the time of a hop.
    For one rank each there are `work_by_rank` and `idle_by_rank`.
    """

    def __init__(self, run: Run, work_by_rank: tuple[Time, ...]) -> None:
        self._run = run
        self.schedule = run.schedule.name
        self.stages, self.microbatches, self.chunks = run.shape
        time = run.clock.time
        self.p2p = time(run.costs.p2p)
        self.work_by_rank = work_by_rank
        self.work = work_by_rank[0] if even(work_by_rank) else share(sum(work_by_rank), self.stages)
        self.makespan = time(max(run.ends))
        self.span = time(max(end - start for start, end in zip(run.starts, run.ends, strict=True)))
        self.idle = self.makespan - self.work

    def __repr__(self) -> str:
        return f"<Plan {self.schedule} P={self.stages} M={self.microbatches} V={self.chunks} makespan={self.makespan}>"

    @property
    def idle_by_rank(self) -> tuple[Time, ...]:
        """How long each rank waits in the whole step."""
        return tuple(self.makespan - work for work in self.work_by_rank)

    def bubble(self, convention: str = "total") -> Time:
        """The bubble ratio, from 0 to below 1 (`ideal` may exceed 1).

        `total` is idle / makespan (GPipe, DeepSpeed), `ideal` idle / work (Megatron-LM, SC'21, 2.2.1),
        `span` 1 - work / span (Zero Bubble, 5.3). total = ideal / (1 + ideal).
        """
        return bubble(convention, self.makespan, self.work, self.span)

    @cached_property
    def peak_activations(self) -> tuple[Time, ...]:
        """The most micro-batches each rank holds between the start of a forward and the end of its I or B.

        In micro-batches of a whole rank: a chunk counts 1/V.
        """
        return self.peak_memory(1, 0)

    def peak_memory(self, activation: Time, weight_part: Time) -> tuple[Time, ...]:
        """The most memory each rank needs for activations, in the unit of the two sizes.

        `activation` (M_B) is what a forward of one micro-batch on a whole rank leaves until its I or B ends;
        `weight_part` (M_W) is the part of it that W still needs, kept from there until W ends.
        """
        schedule, shape = self._run.schedule, self._run.shape
        if not schedule.trains:
            return (activation,) * shape.P
        parts = 1 if schedule.chunks.whole else shape.V
        peaks = (_peak(schedule.order(rank, shape), shape.V, activation, weight_part) for rank in range(shape.P))
        return tuple(peak if parts == 1 else share(peak, parts) for peak in peaks)

    @property
    def weight_versions(self) -> tuple[int, ...]:
        """How many versions (or copies) of its weights each rank keeps."""
        return self._run.schedule.weight_versions(self._run.shape)

    @cached_property
    def tracks(self) -> list[Logged]:
        """What each rank did, in the clock's ticks: enough for a picture, at a tenth of the cost of `timeline`.

        An op's code is `kind * chunks + chunk`, its kind an index of KINDS.
        """
        return self._run.tracks or replay(self._run.schedule, self._run.shape, self._run.costs)

    def track_labels(self, rank: int) -> Iterator[Label]:
        """What each op of `tracks[rank]` works on."""
        return labels(self.tracks[rank].order, self._run.schedule, self._run.shape)

    @cached_property
    def _time(self) -> Callable[[Time], Time]:
        """Ticks as times. Ops begin where others end, so most are asked for more than once."""
        return cache(self._run.clock.time)

    @cached_property
    def timeline(self) -> tuple[Op, ...]:
        """Every op, sorted by start, then rank. Made when first asked for."""
        # Sorted by the clock's ticks: comparing the times themselves, which may be Fractions, takes far longer.
        spots = [
            (start, rank, start + logged.costs[code], at)
            for rank, logged in enumerate(self.tracks)
            for at, (start, code) in enumerate(zip(logged.starts, logged.order, strict=True))
        ]
        spots.sort()
        return tuple(self._rows[rank][at] for _, rank, _, at in spots)

    @cached_property
    def _rows(self) -> list[list[Op]]:
        """The ops of each rank, in its order."""
        return [self._ops(rank) for rank in range(self.stages)]

    def _ops(self, rank: int) -> list[Op]:
        logged, time = self.tracks[rank], self._time
        made = []
        for label, start, code in zip(self.track_labels(rank), logged.starts, logged.order, strict=True):
            kind, chunk, microbatch, other = label
            back = None if other is None else 1 - chunk
            end = time(start + logged.costs[code])
            made.append(Op(rank, KINDS[kind], microbatch, chunk, time(start), end, other, back))
        return made

    def critical_path(self) -> tuple[Op, ...]:
        """The ops with no slack, sorted by start: a delay of any of them delays the end of the step."""
        run = self._run
        spots = critical_spots(self.tracks, run.schedule, run.shape, run.costs)
        critical = (self._rows[rank][at] for rank, at in spots)
        return tuple(sorted(critical, key=lambda op: (op.start, op.rank, op.end)))


def bubble(convention: str, makespan: Time, work: Time, span: Time) -> Time:
    """The bubble ratio in one of three conventions; see `Plan.bubble`."""
    if convention == "total":
        return (makespan - work) / makespan
    if convention == "ideal":
        return (makespan - work) / work
    if convention == "span":
        return 1 - work / span
    raise ValueError(f"no bubble convention is called {convention!r}; known are {', '.join(CONVENTIONS)}")


def _peak(order: Order, V: int, activation: Time, weight_part: Time) -> Time:
    """The highest level as ops start and end: a forward adds at its start, everything else leaves at its end."""
    change = [activation, -activation, weight_part - activation, -weight_part, 0 * activation]
    after = accumulate([change[code // V] for code in order])
    if V != 2:
        return max(after)
    during = [activation if code >= 4 * V else 0 for code in order]
    return max(one + other for one, other in zip(after, during, strict=True))
