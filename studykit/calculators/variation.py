"""Slips that are the same calculation with something changed: a factor forgotten, another stage of ZeRO."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from studykit.calculators.declare import Inputs
from studykit.calculators.figures import Number

Function = Callable[[Inputs], Mapping[str, Number]]


def remembered(function: Callable[[Inputs], dict[str, Number]]) -> Callable[[Inputs], dict[str, Number]]:
    """`function` with its last 256 results kept: the slips of a question ask for the same few runs again and again."""
    kept: dict[frozenset[Any], dict[str, Number]] = {}

    @wraps(function)
    def recalled(inputs: Inputs) -> dict[str, Number]:
        key = frozenset(inputs.items())
        if key not in kept:
            if len(kept) >= 256:
                kept.clear()
            kept[key] = function(inputs)
        return kept[key]

    return recalled


def changed(function: Function, output: str, **changes: Any) -> Callable[[Inputs], Number | None]:
    """The output with other inputs; a change may be a function of the inputs. None if nothing would change."""

    def value(inputs: Inputs) -> Number | None:
        others = {name: change(inputs) if callable(change) else change for name, change in changes.items()}
        if all(inputs.get(name) == other for name, other in others.items()):
            return None
        return function({**inputs, **others})[output]

    return value


def other_output(function: Function, output: str) -> Callable[[Inputs], Number | None]:
    """Another output of the same calculation, taken for the one that was asked."""
    return lambda inputs: function(inputs)[output]


def times(function: Function, output: str, factor: Callable[[Inputs], Number]) -> Callable[[Inputs], Number | None]:
    """The output times a factor; None where the factor is 1 or 0."""

    def value(inputs: Inputs) -> Number | None:
        by = factor(inputs)
        return None if by in (0, 1) else function(inputs)[output] * by

    return value
