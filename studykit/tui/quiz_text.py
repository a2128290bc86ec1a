"""A calculation as text to take along: its figures, or the quiz block that asks for them."""

from collections.abc import Mapping
from typing import Any

from studykit.calculators.figures import plain
from studykit.locale import _, language
from studykit.study.quizzes.quiz_draft import draft
from studykit.study.quizzes.recognised import Recognised, Standing
from studykit.tui.calculation import Calculation


def figures_text(calculation: Calculation) -> str:
    """The `calc` line of the inputs, and a line for each figure with its formula."""
    lines = [
        f"{name}: {value}" + (f" = {formula}" if formula else "") for name, value, formula in calculation.figures()
    ]
    return "\n".join([calculation.line(), *lines]) + "\n"


def quiz_text(calculation: Calculation) -> str:
    """A ```quiz block that asks for the first output: what was set is told, and its numbers vary around it."""
    calculator = calculation.calculator
    asked = calculator.outputs[0]
    given = _told(calculation)
    figure = calculation.result.values.get(asked.name) if calculation.result else None
    block = ""
    if figure is not None:
        claim = Recognised(1, calculator.name, asked.name, given, Standing.RIGHT, "", figure)
        block = draft(claim, chinese=language().startswith("zh"))
    return (block or _as_it_stands(calculation, given)) + "\n"


def _told(calculation: Calculation) -> dict[str, Any]:
    """The inputs that a question has to name: neither at their default nor filled in by a preset."""
    calculator = calculation.calculator
    convention = calculator.outputs[0].convention
    return {
        each.name: calculation.inputs[each.name]
        for each in calculator.inputs
        if calculation.inputs.get(each.name) is not None
        and (
            each.name == convention
            or (each.name in calculation.given and calculation.inputs[each.name] != each.default)
        )
    }


def _as_it_stands(calculation: Calculation, given: Mapping[str, Any]) -> str:
    """The block for inputs of which none can be varied."""
    calculator = calculation.calculator
    shown = ", ".join(f"{name} = {{{name}}}" for name in given)
    question = _("{calculator} with {inputs}: {output}?").format(
        calculator=calculator.describe(), inputs=shown, output=calculator.outputs[0].describe()
    )
    numbers = ", ".join(f"{name}: {_yaml(value)}" for name, value in given.items())
    lines = [
        f"ask: {_quoted(question)}",
        f"calculator: {calculator.name}",
        f"given: {{{numbers}}}",
        f"answer: {calculator.outputs[0].name}",
    ]
    return "```quiz\n" + "\n".join(lines) + "\n```"


def _yaml(value: object) -> str:
    if isinstance(value, tuple | list):
        return "[" + ", ".join(plain(each) for each in value) + "]"
    text = plain(value)
    return text if not isinstance(value, str) else _quoted(text)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
