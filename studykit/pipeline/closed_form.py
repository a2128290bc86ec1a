"""The figures of a step without timing it, where a formula is exact.

`formulas/step.py` lists every step time with its condition, `formulas/peak.py` every peak of activations.
"""

from functools import cached_property

from studykit.pipeline.case import Case, read_case
from studykit.pipeline.formulas import FORMULAS, PEAKS, Formula
from studykit.pipeline.formulas.numbers import numbers
from studykit.pipeline.plan import bubble
from studykit.pipeline.times import Time, Times, even, share


class ClosedForm:
    """What formulas say of a step. It has the figures of a `Plan`; those no formula gives exactly are None.

    `formula` is the step time's formula as text, `condition` what must hold for it to be exact. When the
    condition holds the object is true and `failing` is None; otherwise it is false, `failing` is the condition, and
    `makespan`, `span`, `idle` and every `bubble()` are None. `work`, `weight_versions` and, where the schedule has a
    formula for it, `peak_activations` do not depend on the condition.
    """

    formula: str | None
    condition: str
    failing: str | None
    makespan: Time | None
    span: Time | None
    idle: Time | None

    def __init__(self, case: Case) -> None:
        self._case = case
        self.schedule = case.schedule.name
        self.stages, self.microbatches, self.chunks = case.shape
        self._clock = case.clock()
        self.makespan = self.span = self.idle = None
        found = FORMULAS.get(self.schedule)
        if found is None:
            self.formula, self.condition = None, "no closed form is known; simulate"
            self.failing = self.condition
        else:
            self._apply(found)

    def _apply(self, formula: Formula) -> None:
        self.formula, self.condition = formula.text, formula.condition
        known = numbers(self._case, self._clock)
        if not formula.holds(known):
            self.failing = formula.condition
            return
        self.failing = None
        self.makespan = formula.makespan(known)
        self.span = self.makespan if formula.span is None else formula.span(known)
        self.idle = self.makespan - self.work

    def __bool__(self) -> bool:
        return self.failing is None

    def __repr__(self) -> str:
        size = f"{self.schedule} P={self.stages} M={self.microbatches} V={self.chunks}"
        return f"<ClosedForm {size} makespan={self.makespan}>" if self else f"<ClosedForm {size} needs {self.failing}>"

    @cached_property
    def work_by_rank(self) -> tuple[Time, ...]:
        """How long each rank works."""
        return self._case.work_by_rank(self._clock)

    @cached_property
    def work(self) -> Time:
        """The mean time a rank works."""
        work = self.work_by_rank
        return work[0] if even(work) else share(sum(work), self.stages)

    def bubble(self, convention: str = "total") -> Time | None:
        """The bubble ratio in the convention `total`, `ideal` or `span`, as `Plan.bubble` defines them."""
        if self.makespan is None or self.span is None:
            return None
        return bubble(convention, self.makespan, self.work, self.span)

    @cached_property
    def peak_activations(self) -> tuple[Time, ...] | None:
        """The most micro-batches each rank holds, as `Plan.peak_activations` counts them."""
        peak = PEAKS.get(self.schedule)
        return None if peak is None else tuple(peak.of(self._case.shape, rank) for rank in range(self.stages))

    @property
    def weight_versions(self) -> tuple[int, ...]:
        """How many versions (or copies) of its weights each rank keeps."""
        return self._case.schedule.weight_versions(self._case.shape)


def closed_form(
    schedule: str,
    *,
    stages: int,
    microbatches: int,
    chunks: int = 1,
    forward: Times = 1.0,
    backward_input: Times = 1.0,
    backward_weight: Times = 1.0,
    p2p: Time = 0.0,
) -> ClosedForm:
    """The figures that `simulate` would give, from formulas alone; arguments and errors are the same.

    >>> closed_form("1f1b", stages=8, microbatches=16).bubble("total")
    0.30434782608695654
    >>> form = closed_form("dualpipe", stages=8, microbatches=16, backward_input=1.5)
    >>> form.makespan, form.failing
    (None, 'even stages, c = 0 and F = I >= W')
    """
    return ClosedForm(read_case(schedule, stages, microbatches, chunks, forward, backward_input, backward_weight, p2p))
