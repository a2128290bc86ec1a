"""A calculation as text to take along: its figures, or the quiz block that asks for them."""

from studykit.calculators.figures import plain
from studykit.locale import _
from studykit.tui.calculation import Calculation


def figures_text(calculation: Calculation) -> str:
    """The `calc` line of the inputs, and a line for each figure with its formula."""
    lines = [
        f"{name}: {value}" + (f" = {formula}" if formula else "") for name, value, formula in calculation.figures()
    ]
    return "\n".join([calculation.line(), *lines]) + "\n"


def quiz_text(calculation: Calculation) -> str:
    """A ```quiz block that asks for the first output, its numbers as they stand and ready to be varied."""
    calculator = calculation.calculator
    asked = calculator.outputs[0]
    given = {name: value for name, value in calculation.inputs.items() if value is not None}
    shown = ", ".join(f"{name} = {{{name}}}" for name in given)
    question = _("{calculator} with {inputs}: {output}?").format(
        calculator=calculator.describe(), inputs=shown, output=asked.describe()
    )
    numbers = ", ".join(f"{name}: {_yaml(value)}" for name, value in given.items())
    lines = [
        f"ask: {_quoted(question)}",
        f"calculator: {calculator.name}",
        f"given: {{{numbers}}}",
        f"answer: {asked.name}",
    ]
    return "```quiz\n" + "\n".join(lines) + "\n```\n"


def _yaml(value: object) -> str:
    if isinstance(value, tuple | list):
        return "[" + ", ".join(plain(each) for each in value) + "]"
    text = plain(value)
    return text if not isinstance(value, str) else _quoted(text)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
