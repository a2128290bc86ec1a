"""The exact bubble of even stages without communication: by formula where one holds, else by simulation."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from studykit.pipeline.closed_form import closed_form
from studykit.pipeline.names import find
from studykit.pipeline.plan import CONVENTIONS
from studykit.pipeline.quantities import Number, amount, choice, exact, whole
from studykit.pipeline.refusal import InfeasibleSchedule
from studykit.pipeline.schedules import SCHEDULES
from studykit.pipeline.schedules.schedule import Schedule, Shape
from studykit.pipeline.simulate import simulate

__all__ = ["CONVENTIONS", "UNIFORM_SCHEDULES", "EvenStages", "bubble_ratio", "even_stages"]

UNIFORM_SCHEDULES = tuple(name for name in SCHEDULES if name not in ("pipedream", "pipedream-2bw"))
"""Schedules whose step has a bubble ratio; the asynchronous ones run on into the next step."""

LARGEST_RUN = 4_000_000
"""Ops that are simulated to answer one question, about half a second."""


class EvenStages(NamedTuple):
    """A schedule on even stages; times are what a rank spends on one micro-batch."""

    schedule: Schedule
    shape: Shape
    forward: Fraction
    backward_input: Fraction
    backward_weight: Fraction

    def sized(self, **counts: int) -> EvenStages:
        """The same with another `P`, `M` or `V`."""
        return self._replace(shape=self.shape._replace(**counts))

    def runs(self) -> bool:
        """Whether the schedule can run in this size."""
        return self.schedule.feasible(self.shape)

    def has_formula(self) -> bool:
        """Whether its step time has a closed form."""
        return bool(closed_form(self.schedule.name, **self._arguments()))

    def bubble(self, convention: str) -> Fraction:
        """The exact ratio; ValueError if it takes too large a simulation."""
        P, M, V = self.shape
        form = closed_form(self.schedule.name, **self._arguments())
        ratio = form.bubble(convention)
        if ratio is None:
            if 3 * P * M * V > LARGEST_RUN:
                raise ValueError(
                    f"{self.schedule.name} with {P} stages, {M} microbatches and {V} chunks has no formula and is more "
                    f"than is simulated here; expected {form.condition}"
                )
            ratio = simulate(self.schedule.name, **self._arguments()).bubble(convention)
        return Fraction(ratio)

    def _arguments(self) -> dict[str, Any]:
        P, M, V = self.shape
        times = {name: getattr(self, name) for name in ("forward", "backward_input", "backward_weight")}
        return {"stages": P, "microbatches": M, "chunks": V, **times}


def even_stages(
    schedule: str,
    stages: int,
    microbatches: int,
    chunks: int = 1,
    forward: Number = 1,
    backward_input: Number = 1,
    backward_weight: Number = 1,
) -> EvenStages:
    """Checked numbers of a schedule; the forward must take time. Whether the schedule can run in them is not asked.

    Raises:
        ValueError: a number out of range, an unknown schedule, or chunks the schedule cannot have.
    """
    found = find(schedule)
    choice("schedule", found.name, UNIFORM_SCHEDULES)
    count, rule = whole("chunks", chunks), found.chunks
    V = rule.default if count == 1 else count
    if not rule.allowed(V):
        raise InfeasibleSchedule(found.name, rule.rule, f"V = {chunks}")
    shape = Shape(whole("stages", stages), whole("microbatches", microbatches), V)
    return EvenStages(
        found,
        shape,
        exact(amount("forward", forward, above=True)),
        exact(amount("backward_input", backward_input)),
        exact(amount("backward_weight", backward_weight)),
    )


def bubble_ratio(
    schedule: str,
    *,
    stages: int,
    microbatches: int,
    chunks: int = 1,
    forward: Number = 1,
    backward_input: Number = 1,
    backward_weight: Number = 1,
    convention: str = "total",
) -> Fraction:
    """The exact bubble ratio of even stages without communication.

    >>> bubble_ratio("1f1b", stages=8, microbatches=16)
    Fraction(7, 23)
    >>> bubble_ratio("1f1b", stages=8, microbatches=16, convention="ideal")
    Fraction(7, 16)
    """
    step = even_stages(schedule, stages, microbatches, chunks, forward, backward_input, backward_weight)
    return step.bubble(choice("convention", convention, CONVENTIONS))
