"""Worked steps: a formula, the same with the numbers put in, and the result.

>>> put_in("(P-1)/(M+P-1)", {"P": 8, "M": 16})
'(8-1)/(16+8-1)'
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from studykit.calculators.figures import Number, plain, shown, unit_word
from studykit.calculators.formula import number_text, replaced
from studykit.calculators.inputs import allowed_values, parse_inputs
from studykit.locale import _

if TYPE_CHECKING:
    from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip


def put_in(formula: str, symbols: Mapping[str, Any]) -> str:
    """`formula` with every symbol replaced by its number; names of functions, unknown words and phrases stay."""

    def number(word: str) -> str | None:
        value = symbols.get(word)
        return None if value is None or isinstance(value, str | tuple) else number_text(value)

    return replaced(formula, number)


def symbols_of(calculator: "Calculator", inputs: "Inputs") -> dict[str, Any]:
    """The numbers by symbol, for `put_in`; a list of one stands for its number.

    Of a list x there are Σx and x_max besides.
    """
    found = {each.symbol: inputs.get(each.name) for each in calculator.inputs}
    for symbol, value in list(found.items()):
        if isinstance(value, tuple) and value:
            found |= {f"Σ{symbol}": sum(value), f"{symbol}_max": max(value)}
    return {
        symbol: value[0] if isinstance(value, tuple) and len(value) == 1 else value for symbol, value in found.items()
    }


def worked(formula: str, symbols: Mapping[str, Any], value: Number, unit: str = "", *, percent: bool = False) -> str:
    """One line: the formula, the numbers in it, the fraction where it is one, and the figure.

    >>> worked("(P-1)/(M+P-1)", {"P": 8, "M": 16}, Fraction(7, 23), percent=True)
    '(P-1)/(M+P-1) = (8-1)/(16+8-1) = 7/23 = 30.43 %'
    """
    parts = [formula, put_in(formula, symbols)] if formula else []
    if formula and percent and isinstance(value, Fraction) and 1 < value.denominator < 10**6:
        parts.append(str(value))
    parts.append(shown(value, unit, percent=percent))
    return " = ".join(dict.fromkeys(part for part in parts if part))


def known_symbols(calculator: "Calculator", inputs: "Inputs", values: Mapping[str, Number]) -> dict[str, Any]:
    """Inputs by symbol and outputs by name: a formula may build on another output."""
    numbers = {symbol: value for symbol, value in symbols_of(calculator, inputs).items() if not isinstance(value, str)}
    given = {symbol: value for symbol, value in numbers.items() if value is not None}
    return {**{name: float(value) for name, value in values.items()}, **given}


def output_line(calculator: "Calculator", inputs: "Inputs", output: "Output", values: Mapping[str, Number]) -> str:
    """The worked line of one output, with its meaning in front."""
    symbols, value = known_symbols(calculator, inputs, values), values[output.name]
    line = worked(output.formula_for(inputs), symbols, value, output.unit, percent=output.percent)
    return _("{name}: {value}").format(name=output.describe(), value=line)


def default_steps(calculator: "Calculator", inputs: "Inputs", values: Mapping[str, Number]) -> list[str]:
    """What is given, then each output's formula with the numbers put in."""
    given = [output for output in calculator.outputs if output.name in values]
    lines = [output_line(calculator, inputs, output, values) for output in given]
    return [given_line(calculator, inputs), *lines]


def given_line(calculator: "Calculator", inputs: "Inputs") -> str:
    """`Given: P = 8, M = 16`."""
    pairs = [
        f"{each.symbol} = {plain(inputs[each.name])} {unit_word(each.unit)}".rstrip()
        for each in calculator.inputs
        if inputs.get(each.name) is not None
    ]
    return _("Given: {values}").format(values=", ".join(pairs))


def reference(calculator: "Calculator") -> str:
    """The page about one calculator: what it asks for and gives, its formulas, the slips it knows, its source.

    Formulas that depend on the inputs are shown as they are for the calculator's own example.
    """
    from studykit.calculators.declare import both

    given = example_inputs(calculator)
    lines = [f"{calculator.name}: {calculator.describe()}"]
    if about := both(calculator.about, calculator.about_zh):
        lines += ["", about]
    lines += ["", _("Inputs")]
    lines += [f"  {each.name} ({each.symbol}): {each.describe()}{_bounds(each)}" for each in calculator.inputs]
    lines += ["", _("Outputs")]
    lines += [_output_entry(output, given) for output in calculator.outputs]
    lines += ["", _("Slips it names")] if calculator.slips else []
    lines += [_slip_entry(slip, given) for slip in calculator.slips]
    lines += ["", _("Source: {source}").format(source=calculator.source)] if calculator.source else []
    lines += ["", _("Example"), f"  studykit calc {calculator.example}"] if calculator.example else []
    return "\n".join(lines)


def example_inputs(calculator: "Calculator") -> "Inputs":
    """The complete inputs of the calculator's own example; nothing where it has none."""
    words = calculator.example.split()[1:]
    given = {name.lstrip("-").replace("-", "_"): value for name, value in zip(words[::2], words[1::2], strict=False)}
    return parse_inputs(calculator, given) if given else {}


def _output_entry(output: "Output", given: "Inputs") -> str:
    formula = output.formula_for(given) if given or isinstance(output.formula, str) else ""
    unit = f" [{unit_word(output.unit)}]" if output.unit else " [%]" if output.percent else ""
    return f"  {output.name} ({output.symbol}): {output.describe()}{unit}" + (f" = {formula}" if formula else "")


def _slip_entry(slip: "Slip", given: "Inputs") -> str:
    formula = slip.formula_for(given) if given or isinstance(slip.formula, str) else ""
    return f"  {slip.output}" + (f" = {formula}" if formula else "") + f": {slip.describe()}"


def _bounds(each: "Input") -> str:
    text = "; " + allowed_values(each) + (f" {unit_word(each.unit)}" if each.unit else "")
    if each.default is not None and not callable(each.default):
        text += _("; default {default}").format(default=plain(each.default))
    return text
