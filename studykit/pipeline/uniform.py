"""The bubble of schedules on even stages without communication: exact formulas, each with its condition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from studykit.pipeline.quantities import Number, amount, choice, exact, whole

__all__ = ["CONVENTIONS", "UNIFORM_SCHEDULES", "Shape", "bubble_ratio", "step_parts"]

CONVENTIONS = ("total", "ideal", "span")
"""idle / step time; idle / work; idle between a rank's own first start and last end / that span."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A schedule's numbers: times are what a rank spends on one micro-batch."""

    stages: int
    microbatches: int
    chunks: int
    forward: Fraction
    backward_input: Fraction
    backward_weight: Fraction

    @property
    def backward(self) -> Fraction:
        return self.backward_input + self.backward_weight

    @property
    def both(self) -> Fraction:
        return self.forward + self.backward

    @property
    def even(self) -> bool:
        """F = I = W."""
        return self.forward == self.backward_input == self.backward_weight


@dataclass(frozen=True, slots=True)
class Form:
    """A schedule's bubble time as a function of its numbers."""

    bubble: Callable[[Shape], Fraction]
    """Idle time of a rank within the step."""
    runs: Callable[[Shape], str] = lambda _: ""
    """What is wrong with a shape, empty where the formula holds."""
    span: Callable[[Shape], Fraction] | None = None
    """Idle time inside the longest rank's own span, None where it is the same as `bubble`."""
    span_runs: Callable[[Shape], str] = lambda _: ""
    """What is wrong with a shape under the span convention, beside `runs`."""
    training: bool = True


def _plain(shape: Shape) -> Fraction:
    return (shape.stages - 1) * shape.both


def _interleaved(shape: Shape) -> Fraction:
    p, m, v = shape.stages, shape.microbatches, shape.chunks
    return shape.both / v * (max(m, p) * v + min(m, p) - 1) - m * shape.both


def _interleaved_runs(shape: Shape) -> str:
    rounds = max(1, shape.microbatches // shape.stages)
    return "" if shape.microbatches % rounds == 0 else f"microbatches that divide into {rounds} equal rounds"


def _zb_h1(shape: Shape) -> Fraction:
    p, m, f, i, w = shape.stages, shape.microbatches, shape.forward, shape.backward_input, shape.backward_weight
    if m < p:
        return (m + p - 1) * (f + i) + w - m * shape.both
    return (p - 1) * (f + max(Fraction(0), i - w))


def _zb_times(shape: Shape) -> str:
    """With forwards shorter than both halves of the backward, the order leaves gaps the formulas do not see."""
    least = min(shape.backward_input, shape.backward_weight)
    return "" if shape.forward >= least else "F of at least the smaller of I and W"


def _zb_span_runs(shape: Shape) -> str:
    """With W > I the first rank ends before others do, and every span is shorter than the step."""
    return "" if shape.backward_input >= shape.backward_weight else "I of at least W for the span"


def _zb_h1_runs(shape: Shape) -> str:
    if shape.microbatches < shape.stages and shape.backward_input < shape.backward_weight:
        return f"at least {shape.stages} microbatches, or I of at least W"
    return _zb_times(shape)


def _interleaved_zb_runs(shape: Shape) -> str:
    if shape.microbatches < shape.stages:
        return f"at least {shape.stages} microbatches"
    return _interleaved_runs(shape) or _zb_times(shape)


def _interleaved_zb(shape: Shape) -> Fraction:
    late = max(Fraction(0), shape.backward_input - shape.backward_weight)
    return (shape.stages - 1) * (shape.forward + late) / shape.chunks


def _zb_h2_runs(shape: Shape) -> str:
    if shape.microbatches < 2 * shape.stages:
        return f"at least {2 * shape.stages} microbatches, twice the stages"
    if shape.forward + shape.backward_input < 2 * shape.backward_weight:
        return "F + I of at least 2 W"
    return _zb_times(shape)


def _zb_h2_span(shape: Shape) -> Fraction:
    gap = shape.forward + shape.backward_input - 2 * shape.backward_weight
    return (shape.stages - 1) * max(Fraction(0), gap)


def _zb_v(shape: Shape) -> Fraction:
    p, m = shape.stages, shape.microbatches
    return shape.forward * (max(Fraction(2 * m + 2 * p - 1), 3 * m + Fraction(p - 1, 2)) - 3 * m)


def _zb_v_span(shape: Shape) -> Fraction:
    return Fraction(0) if shape.microbatches >= 2 * shape.stages - 1 else _zb_v(shape)


def _zb_v_span_runs(shape: Shape) -> str:
    least = 2 * shape.stages - 1
    return "" if shape.microbatches >= least else f"at least {least} microbatches for the span of zb-v"


def _even_only(shape: Shape) -> str:
    return "" if shape.even else "F = I = W"


def _dualpipe_runs(shape: Shape) -> str:
    if not shape.even:
        return "F = I = W"
    if shape.stages % 2 or shape.microbatches % 2 or shape.microbatches < 2 * shape.stages:
        return "even stages, and even microbatches of at least twice the stages"
    return ""


def _one_chunk(runs: Callable[[Shape], str]) -> Callable[[Shape], str]:
    return lambda shape: runs(shape) or ("chunks of 1" if shape.chunks != 1 else "")


def _anything(_: Shape) -> str:
    return ""


_FORMS = {
    "naive": Form(lambda shape: (shape.stages - 1) * shape.microbatches * shape.both, _one_chunk(_anything)),
    "forward": Form(
        lambda shape: (shape.stages - 1) * shape.forward,
        _one_chunk(_anything),
        span=lambda _: Fraction(0),
        training=False,
    ),
    "gpipe": Form(_plain, _one_chunk(_anything)),
    "1f1b": Form(_plain, _one_chunk(_anything)),
    "interleaved": Form(_interleaved, _interleaved_runs),
    "looped-bfs": Form(_interleaved),
    "zb-h1": Form(_zb_h1, _one_chunk(_zb_h1_runs), span_runs=_zb_span_runs),
    "interleaved-zb": Form(_interleaved_zb, _interleaved_zb_runs, span_runs=_zb_span_runs),
    "zb-h2": Form(_zb_h2_span, _one_chunk(_zb_h2_runs), span=_zb_h2_span),
    "zb-v": Form(_zb_v, _even_only, span=_zb_v_span, span_runs=_zb_v_span_runs),
    "dualpipe": Form(lambda shape: (Fraction(shape.stages, 2) - 1) * 2 * shape.forward, _dualpipe_runs),
}

UNIFORM_SCHEDULES = tuple(_FORMS)
"""Schedules whose bubble has a closed form here."""

_ONLY_SPAN = ("zb-h2",)


def shape_of(
    stages: int,
    microbatches: int,
    chunks: int = 1,
    forward: Number = 1,
    backward_input: Number = 1,
    backward_weight: Number = 1,
) -> Shape:
    """Checked numbers of a schedule; the forward or the backward must take time."""
    times = (
        exact(amount("forward", forward, above=True)),
        exact(amount("backward_input", backward_input)),
        exact(amount("backward_weight", backward_weight)),
    )
    return Shape(whole("stages", stages), whole("microbatches", microbatches), whole("chunks", chunks), *times)


def refusal(schedule: str, shape: Shape, convention: str = "total") -> str:
    """Why the formula of `schedule` does not hold for `shape`; empty where it does."""
    form = _FORMS[schedule]
    return form.runs(shape) or (form.span_runs(shape) if convention == "span" else "")


def step_parts(
    schedule: str, shape: Shape, convention: str = "total", *, unasked: bool = False
) -> tuple[Fraction, Fraction]:
    """(idle, work) of a rank in one step; for the span convention the idle time inside its own span.

    `unasked` gives the formula's value even where its condition does not hold, for a search to steer by.

    Raises:
        ValueError: the schedule has no such formula, or its condition does not hold.
    """
    name = choice("schedule", schedule, UNIFORM_SCHEDULES)
    kind = choice("convention", convention, CONVENTIONS)
    form, wrong = _FORMS[name], refusal(name, shape, kind)
    if wrong and not unasked:
        raise ValueError(f"{name} with {shape.stages} stages and {shape.microbatches} microbatches; expected {wrong}")
    if name in _ONLY_SPAN and kind != "span":
        raise ValueError(f"convention is {kind!r}; expected 'span', the only one {name} has a closed form for")
    work = shape.microbatches * (shape.both if form.training else shape.forward)
    return (form.span if kind == "span" and form.span else form.bubble)(shape), work


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
    shape = shape_of(stages, microbatches, chunks, forward, backward_input, backward_weight)
    idle, work = step_parts(schedule, shape, convention)
    return idle / work if choice("convention", convention, CONVENTIONS) == "ideal" else idle / (idle + work)
