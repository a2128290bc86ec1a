"""The figures of plans side by side, as text ready for a table."""

from collections.abc import Sequence

from studykit.pipeline.draw.words import ENGLISH, Words
from studykit.pipeline.plan import Plan
from studykit.pipeline.times import Time


def figures(plans: Sequence[Plan], words: Words = ENGLISH) -> list[tuple[str, ...]]:
    """Rows of a name and one figure a plan; the first row names the schedules.

    >>> from studykit.pipeline import simulate
    >>> figures([simulate("gpipe", stages=4, microbatches=8)])[4]
    ('bubble, idle / step (total)', '27.27%')
    """
    return [
        (words.schedule, *(plan.schedule for plan in plans)),
        (words.makespan, *(number(plan.makespan) for plan in plans)),
        (words.work, *(number(plan.work) for plan in plans)),
        (words.idle, *(number(plan.idle) for plan in plans)),
        (words.total, *(percent(plan.bubble("total")) for plan in plans)),
        (words.ideal, *(percent(plan.bubble("ideal")) for plan in plans)),
        (words.span, *(percent(plan.bubble("span")) for plan in plans)),
        (words.activations, *(spread(plan.peak_activations) for plan in plans)),
        (words.versions, *(spread(plan.weight_versions) for plan in plans)),
    ]


def number(value: Time) -> str:
    """Six digits at most, with no tail of zeros."""
    return f"{float(value):.6g}"


def percent(value: Time) -> str:
    """A ratio as the tables print it, two decimals."""
    return f"{100 * float(value):.2f}%"


def spread(values: Sequence[Time]) -> str:
    """One figure if all ranks have the same, else the least and the greatest."""
    low, high = number(min(values)), number(max(values))
    return low if low == high else f"{low} .. {high}"
