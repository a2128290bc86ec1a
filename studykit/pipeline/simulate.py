"""Time one step of a pipeline schedule."""

from studykit.pipeline.case import Case, read_case
from studykit.pipeline.plan import Plan, Run
from studykit.pipeline.times import Clock, Time, Times
from studykit.pipeline.timing import Costs, Ticks, desks, run
from studykit.pipeline.trace import Logged

LOGGED = 10_000
"""Ops up to which every start is kept at once: such a step is mostly drawn next. A larger one is timed again then."""


def simulate(
    schedule: str,
    *,
    stages: int,
    microbatches: int,
    chunks: int = 1,
    forward: Times = 1.0,
    backward_input: Times = 1.0,
    backward_weight: Times = 1.0,
    p2p: Time = 0.0,
) -> Plan:
    """Run `microbatches` through `stages` ranks in the order of `schedule`, each op as early as it can start.

    `schedule` is a name or alias in `SCHEDULES`. `chunks` (V) is the number of model slices on a rank; schedules
    that fix it (two for `zb-v`, `dualpipe`, …) may leave it at 1. `forward`, `backward_input` and `backward_weight`
    are what a rank spends on one micro-batch, in any unit of time: one number, or a sequence of one a rank. A
    schedule that does not split the backward runs input and weight gradient as one op. `p2p` is the one-way
    time of a transfer between two ranks; it costs its sender nothing. If any time is a Fraction, all results are.

    >>> plan = simulate("1f1b", stages=4, microbatches=8, forward=1, backward_input=1, backward_weight=1)
    >>> plan.makespan, plan.peak_activations
    (33.0, (4, 3, 2, 1))
    >>> print(f"{plan.bubble('total'):.3f} of the time, {plan.bubble('ideal'):.3f} of the work")
    0.273 of the time, 0.375 of the work

    Raises `InfeasibleSchedule` with the condition that fails, and `UnknownSchedule`.
    """
    case = read_case(schedule, stages, microbatches, chunks, forward, backward_input, backward_weight, p2p)
    clock = case.clock()
    costs = _costs(case, clock)
    made = desks(case.schedule, case.shape, costs)
    logs: list[list[Ticks]] = [[] for _ in made] if sum(len(desk.order) for desk in made) <= LOGGED else []
    run(made, costs.zero, logs or None)
    firsts, lasts = [desk.first for desk in made], [desk.last for desk in made]
    tracks = [Logged(desk.order, log, desk.costs) for desk, log in zip(made, logs, strict=False)]
    return Plan(Run(case.schedule, case.shape, costs, clock, firsts, lasts, tracks), case.work_by_rank(clock))


def _costs(case: Case, clock: Clock) -> Costs:
    parts = case.parts
    forward = tuple(clock.ticks(time, parts) for time in case.forward)
    inputs = tuple(clock.ticks(time, parts) for time in case.backward_input)
    weights = tuple(clock.ticks(time, parts) for time in case.backward_weight)
    backward = tuple(one + other for one, other in zip(inputs, weights, strict=True))
    return Costs(forward, backward, inputs, weights, clock.ticks(case.p2p), clock.ticks(0))
