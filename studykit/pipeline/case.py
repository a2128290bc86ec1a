"""One question to the model: a schedule, its size and its times, all checked."""

from math import isfinite
from numbers import Integral
from typing import NamedTuple

from studykit.pipeline.names import find
from studykit.pipeline.refusal import InfeasibleSchedule
from studykit.pipeline.schedules.schedule import Schedule, Shape
from studykit.pipeline.times import Clock, Time, Times, even, one_a_rank, one_time


class Case(NamedTuple):
    """What `simulate` and `closed_form` answer for. Times are for a whole rank and one micro-batch, by rank."""

    schedule: Schedule
    shape: Shape
    forward: tuple[Time, ...]
    backward_input: tuple[Time, ...]
    backward_weight: tuple[Time, ...]
    p2p: Time

    @property
    def parts(self) -> int:
        """Into how many ops a rank's work on one micro-batch is cut, of each kind."""
        return 1 if self.schedule.chunks.whole else self.shape.V

    def clock(self) -> Clock:
        return Clock((*self.forward, *self.backward_input, *self.backward_weight, self.p2p), self.parts)

    @property
    def even(self) -> bool:
        """Whether all ranks take the same times."""
        return even(self.forward) and even(self.backward_input) and even(self.backward_weight)

    def work_by_rank(self, clock: Clock) -> tuple[Time, ...]:
        """How long each rank works: every micro-batch once, forward and (if it trains) backward."""
        M, own = self.shape.M, clock.own
        if self.even and self.shape.P > 1:
            return self.alone().work_by_rank(clock) * self.shape.P
        if not self.schedule.trains:
            return tuple(M * own(forward) for forward in self.forward)
        rows = zip(self.forward, self.backward_input, self.backward_weight, strict=True)
        return tuple(M * (own(forward) + own(one) + own(other)) for forward, one, other in rows)

    def ends(self) -> bool:
        """Whether floats, if the run uses them, are surely enough for its length."""
        by_rank = (self.forward, self.backward_input, self.backward_weight)
        slowest = (*(times[0] if even(times) else max(times) for times in by_rank), self.p2p, self.p2p)
        if not all(isinstance(time, (int, float)) for time in slowest):
            return True  # with a Fraction among the times every length is exact
        P, M, V = self.shape
        try:
            return isfinite(float(P * M * V) * sum(map(float, slowest)))
        except OverflowError:
            return False

    def alone(self) -> "Case":
        """The first rank by itself."""
        first = (self.forward[:1], self.backward_input[:1], self.backward_weight[:1])
        return Case(self.schedule, self.shape._replace(P=1), *first, self.p2p)


def read_case(
    schedule: str,
    stages: int,
    microbatches: int,
    chunks: int,
    forward: Times,
    backward_input: Times,
    backward_weight: Times,
    p2p: Time,
) -> Case:
    """Check everything; raises `UnknownSchedule` or `InfeasibleSchedule` with the condition that fails."""
    found = find(schedule)
    name = found.name
    shape = _shape(found, stages, microbatches, chunks)
    case = Case(
        found,
        shape,
        one_a_rank(name, "forward", forward, shape.P),
        one_a_rank(name, "backward_input", backward_input, shape.P),
        one_a_rank(name, "backward_weight", backward_weight, shape.P),
        one_time(name, "p2p", p2p),
    )
    if not any(case.forward) and not (found.trains and any((*case.backward_input, *case.backward_weight))):
        raise InfeasibleSchedule(name, "some work must take time", "only zeros")
    if not case.ends():
        raise InfeasibleSchedule(name, "the step must last no longer than a float can tell", "longer times")
    return case


def _shape(schedule: Schedule, stages: int, microbatches: int, chunks: int) -> Shape:
    stages = _count(schedule, "stages", stages)
    microbatches = _count(schedule, "microbatches", microbatches)
    chunks = _count(schedule, "chunks", chunks)
    rule = schedule.chunks
    V = rule.default if chunks == 1 else chunks
    if not rule.allowed(V):
        raise InfeasibleSchedule(schedule.name, rule.rule, f"V = {chunks}")
    shape = Shape(stages, microbatches, V)
    if not schedule.feasible(shape):
        raise InfeasibleSchedule(schedule.name, schedule.condition, f"P = {stages}, M = {microbatches}, V = {V}")
    return shape


def _count(schedule: Schedule, what: str, value: int) -> int:
    if not isinstance(value, Integral) or isinstance(value, bool) or value < 1:
        raise InfeasibleSchedule(schedule.name, f"{what} must be a whole number of at least 1", repr(value))
    return int(value)
