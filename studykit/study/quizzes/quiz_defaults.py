"""What a question must say though the claim leaves it at its default: two bytes an element, 300 GB/s, an all-reduce.

A default that stands for nothing (no latency, one replica, no recomputation) is not told, nor one that the asked figure
does not depend on.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from studykit.calculators.declare import Calculator, Input
from studykit.calculators.inputs import parse_inputs
from studykit.errors import StudyError

_NOTHING = (0, 1, "no", "none", None)
_TIMES = ("forward", "backward")
"""One unit of time is a figure, where one replica is none."""
_UNTOLD = ("convention", "weight", "training", "rank")
"""The question names the convention; a step is of training."""
_OTHERS = 3


def told_defaults(calculator: Calculator, output: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs that are not given and change the output, by declared name and in the declared order."""
    complete = parse_inputs(calculator, inputs)
    right = calculator.compute(complete).values.get(output)
    filled = {name for each in calculator.inputs if each.name in inputs for name in _filled(each, inputs)}
    return {
        each.name: complete[each.name]
        for each in calculator.inputs
        if each.name not in {*inputs, *filled, *_UNTOLD}
        and (each.name in _TIMES or complete[each.name] not in _NOTHING)
        and _matters(calculator, output, inputs, each, complete[each.name], right)
    }


def without_idle(calculator: Calculator, output: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs but for the numbers that the output does not depend on and that may be left out."""
    kept = dict(inputs)
    right = _value(calculator, output, kept)
    for each in calculator.inputs:
        rest = {name: value for name, value in kept.items() if name != each.name}
        if each.name not in kept or each.kind not in ("int", "float") or _value(calculator, output, rest) != right:
            continue
        if not _matters(calculator, output, kept, each, kept[each.name], right):
            kept = rest
    return kept


def _matters(
    calculator: Calculator, output: str, inputs: Mapping[str, Any], each: Input, value: Any, right: Any
) -> bool:
    others = ({**inputs, each.name: other} for other in _other(each, value))
    return any(_value(calculator, output, other) not in (None, right) for other in others)


def _filled(each: Input, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a preset, such as a named model, says about other inputs."""
    return each.fills(str(inputs[each.name])) if each.fills else {}


def _other(each: Input, value: Any) -> Iterator[Any]:
    if each.kind == "choice":
        yield from [choice for choice in each.allowed() if choice != value][:_OTHERS]
    elif each.kind in ("int", "float"):
        yield from (value * 2, Fraction(value) / 2)


def _value(calculator: Calculator, output: str, inputs: Mapping[str, Any]) -> Any:
    try:
        return calculator.compute(parse_inputs(calculator, inputs)).values.get(output)
    except StudyError:
        return None
