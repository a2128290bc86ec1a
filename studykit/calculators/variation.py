"""Slips that are the same calculation with something changed: a factor forgotten, another stage of ZeRO."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from studykit.calculators.declare import Input, Inputs, Output, Slip
from studykit.calculators.figures import Number
from studykit.calculators.formula import in_words, is_sum, number_text, replaced, scaled, with_values

Function = Callable[[Inputs], Mapping[str, Number]]
Factor = Number | Callable[[Inputs], Number | None]
Text = str | Callable[[Inputs], str]


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
        others = _resolved(changes, inputs)
        if all(inputs.get(name) == other for name, other in others.items()):
            return None
        return function({**inputs, **others})[output]

    return value


def _resolved(changes: Mapping[str, Any], inputs: Inputs) -> dict[str, Any]:
    return {name: change(inputs) if callable(change) else change for name, change in changes.items()}


class Variations:
    """Makes the slips of one calculator, each with the formula that gives its figure.

    `only` restricts a slip to the inputs for which it makes sense.
    """

    def __init__(self, function: Function, inputs: Sequence[Input], outputs: Sequence[Output]) -> None:
        self._function = function
        self._symbols = {each.name: each.symbol for each in inputs if each.kind in ("int", "float")}
        self._outputs = {each.name: each for each in outputs}

    def changed(
        self,
        output: str,
        explain: str,
        zh: str,
        *,
        only: Callable[[Inputs], bool] | None = None,
        **changes: Any,
    ) -> Slip:
        """The output with other inputs."""
        figure = changed(self._function, output, **changes)

        def formula(inputs: Inputs) -> str:
            others = _resolved(changes, inputs)
            known = {name: other for name, other in others.items() if name in self._symbols and other is not None}
            values = {self._symbols[name]: other for name, other in known.items()}
            return with_values(self._expanded(output, {**inputs, **others}, inputs), values)

        return Slip(output, formula, explain, zh, _only(only, figure))

    def instead(
        self, output: str, other: str, explain: str, zh: str, *, only: Callable[[Inputs], bool] | None = None
    ) -> Slip:
        """Another output of the same calculation, taken for the one that was asked."""
        unit = self._outputs[other].unit
        return Slip(
            output,
            self._outputs[other].formula,
            explain,
            zh,
            _only(only, lambda inputs: self._function(inputs).get(other)),
            unit=None if unit == self._outputs[output].unit else unit,
        )

    def scaled(
        self,
        output: str,
        by: Text,
        factor: Factor,
        explain: str,
        zh: str,
        *,
        only: Callable[[Inputs], bool] | None = None,
    ) -> Slip:
        """The output times `factor`, written as `by` (`·8`, `/2`); nothing where the factor is 0, 1 or None."""

        def figure(inputs: Inputs) -> Number | None:
            times = factor(inputs) if callable(factor) else factor
            return None if times in (0, 1, None) else self._function(inputs)[output] * times

        def formula(inputs: Inputs) -> str:
            right = self._outputs[output].formula_for(inputs)
            return scaled(output if in_words(right) else right, by(inputs) if callable(by) else by)

        return Slip(output, formula, explain, zh, _only(only, figure))

    def _expanded(self, output: str, inputs: Inputs, asked: Inputs) -> str:
        """The output's formula for `inputs`; the outputs in it that differ from what was asked are put in."""
        formula = self._outputs[output].formula_for(inputs)

        def text(word: str) -> str | None:
            if word not in self._outputs or word == output:
                return None
            if self._function(inputs)[word] == self._function(asked).get(word):
                return None
            inner = self._expanded(word, inputs, asked)
            if in_words(inner):
                return number_text(self._function(inputs)[word])
            return f"({inner})" if is_sum(inner) or f"/{word}" in formula else inner

        return replaced(formula, text)


def _only(
    condition: Callable[[Inputs], bool] | None, figure: Callable[[Inputs], Number | None]
) -> Callable[[Inputs], Number | None]:
    if condition is None:
        return figure
    return lambda inputs: figure(inputs) if condition(inputs) else None
