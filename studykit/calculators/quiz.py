"""The `quiz` block of a note: a question whose numbers are drawn anew at each repetition.

```quiz
ask: A pipeline has {stages} stages and {microbatches} micro-batches. What share of the step is bubble?
calculator: bubble
given: {schedule: 1f1b, stages: [2, 4, 8], microbatches: 4..64 step 4}
where: microbatches >= stages          # with `and`, `or`; or a list of conditions
answer: ratio                          # an output of the calculator, or a list of them
tolerance: 1%                          # relative; without it: rounded to the digits typed
why: Fill and drain cost P-1 slots whatever M is.
```
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from studykit.calculators.answer import AnswerError, Judgement, read_answer
from studykit.calculators.checking import judge_outputs, together
from studykit.calculators.declare import Calculator, Input, Output
from studykit.calculators.draws import Steps, draw_inputs, holds
from studykit.calculators.figures import plain, shown, unit_word
from studykit.calculators.inputs import parse_inputs, read_input
from studykit.calculators.quiz_block import Block, QuizError, read_block
from studykit.calculators.registry import get
from studykit.errors import StudyError
from studykit.locale import _

__all__ = [
    "Quiz",
    "QuizError",
    "answer_text",
    "draw",
    "expects",
    "judge_quiz",
    "parse_quiz",
    "question",
    "worked_steps",
]

LONGEST_RANGE = 1_000_000
_RANGE = re.compile(r"\s*(\S+?)\s*\.\.\s*(\S+?)(?:\s+step\s+([x*×]?)\s*(\S+))?\s*")
_PLACE = re.compile(r"(?P<tex>\\[A-Za-z]+|[_^}])?\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Quiz:
    """A parsed block. `given` holds for each input the values to draw from; `calculator` is a name."""

    ask: str
    calculator: str
    given: Mapping[str, Sequence[Any]]
    where: tuple[str, ...]
    answers: tuple[str, ...]
    tolerance: Fraction | None
    why: str


def parse_quiz(text: str) -> Quiz:
    """The quiz that a block says. Raises QuizError, which names the line within the block (1 is its first)."""
    block = read_block(text)
    calculator = _calculator(block)
    given = _given(block, calculator)
    quiz = Quiz(
        ask=block.text("ask"),
        calculator=calculator.name,
        given=given,
        where=tuple(each.strip() for each in block.texts("where")),
        answers=_answers(block, calculator),
        tolerance=_tolerance(block),
        why=block.text("why", ""),
    )
    _check_complete(block, calculator, quiz)
    _check_places(block, calculator, quiz)
    _check_drawn(block, quiz)
    return quiz


def draw(quiz: Quiz, card_id: str, repetition: int) -> dict[str, Any]:
    """The inputs of one repetition, complete and accepted by the calculator; the same on every machine."""
    return draw_inputs(get(quiz.calculator), quiz.given, quiz.where, card_id, repetition)


def question(quiz: Quiz, inputs: Mapping[str, Any]) -> str:
    """The question with the drawn numbers put in."""

    def put(found: re.Match[str]) -> str:
        name = _declared(quiz, found["name"])
        return found[0] if name is None or found["tex"] else plain(inputs[name])

    return _PLACE.sub(put, quiz.ask)


def expects(quiz: Quiz, inputs: Mapping[str, Any]) -> str:
    """What is to be typed: each output with its unit and convention, as in `ratio (%, total)`."""
    calculator = get(quiz.calculator)
    return "; ".join(_expected(calculator.output(name), inputs) for name in quiz.answers)


def answer_text(quiz: Quiz, inputs: Mapping[str, Any]) -> str:
    """The right figures, a line each."""
    calculator = get(quiz.calculator)
    values = calculator.compute(inputs).values
    outputs = [calculator.output(name) for name in quiz.answers]
    for each in outputs:
        if each.name not in values:
            message = _("{calculator} gives no {output} for these inputs.")
            raise StudyError(message.format(calculator=calculator.name, output=each.name))
    return "\n".join(
        _("{name}: {value}").format(
            name=each.describe(), value=f"**{shown(values[each.name], each.unit, percent=each.percent)}**"
        )
        for each in outputs
    )


def worked_steps(quiz: Quiz, inputs: Mapping[str, Any]) -> list[str]:
    """The way to the figures, a line each."""
    return get(quiz.calculator).steps(inputs)


def judge_quiz(
    quiz: Quiz, inputs: Mapping[str, Any], text: str, *, hinted: bool = False, seconds: float | None = None
) -> Judgement:
    """Judge what was typed for all the outputs asked for."""
    calculator = get(quiz.calculator)
    found = judge_outputs(
        calculator, inputs, quiz.answers, text, tolerance=quiz.tolerance, hinted=hinted, seconds=seconds
    )
    return together(found)


def _calculator(block: Block) -> Calculator:
    with block.at("calculator"):
        return get(block.text("calculator"))


def _given(block: Block, calculator: Calculator) -> dict[str, Sequence[Any]]:
    given: dict[str, Sequence[Any]] = {}
    for key, found in block.mapping("given").items():
        with block.at_line(found.line):
            each = _input(calculator, key)
            if each.name in given:
                raise StudyError(_("The input “{name}” is given twice.").format(name=each.name))
            given[each.name] = _values(calculator, each, found.value)
    return given


def _input(calculator: Calculator, key: str) -> Input:
    for each in calculator.inputs:
        if key in (each.name, each.symbol) or key.replace("-", "_") == each.name:
            return each
    close = get_close_matches(key, calculator.input_names, n=1, cutoff=0.5)
    hint = _("Did you mean {names}?").format(names=close[0]) if close else ""
    raise StudyError(_("{calculator} has no input “{name}”.").format(calculator=calculator.name, name=key), hint)


def _values(calculator: Calculator, each: Input, value: Any) -> Sequence[Any]:
    """What to draw one input from: a constant, a list, a range."""
    if isinstance(value, list):
        if each.kind == "list" and not any(isinstance(part, list) or "," in part for part in value):
            return (read_input(calculator, each, value),)
        if not value:
            raise StudyError(_("{name} has an empty list of values.").format(name=each.name))
        return tuple(read_input(calculator, each, part) for part in value)
    found = _RANGE.fullmatch(value) if each.kind in ("int", "float") else None
    if not found:
        return (read_input(calculator, each, value),)
    low, high = read_input(calculator, each, found[1]), read_input(calculator, each, found[2])
    return _range(each, Fraction(low), Fraction(high), found[3], found[4])


def _range(each: Input, low: Fraction, high: Fraction, by_factor: str, step_text: str | None) -> Steps:
    if step_text is None and each.kind == "float" and (low.denominator, high.denominator) != (1, 1):
        raise StudyError(_("The range of {name} needs a step, such as 0.5..2 step 0.5.").format(name=each.name))
    try:
        step = Fraction(read_answer(step_text).value) if step_text else Fraction(1)
    except AnswerError as error:
        raise StudyError(_("The step of {name} is no number.").format(name=each.name)) from error
    if high < low or (by_factor and (step <= 1 or low <= 0)) or step <= 0:
        message = _("The range {low}..{high} of {name} is empty or its step leads nowhere.")
        raise StudyError(message.format(low=plain(low), high=plain(high), name=each.name))
    steps = Steps(low, step, _count(low, high, step, bool(by_factor)), bool(by_factor))
    if len(steps) > LONGEST_RANGE:
        raise StudyError(
            _("The range of {name} has more than {most} values.").format(name=each.name, most=LONGEST_RANGE)
        )
    if each.kind == "int" and (low.denominator != 1 or step.denominator != 1):
        raise StudyError(_("The range of {name} gives numbers that are not whole.").format(name=each.name))
    return steps


def _count(low: Fraction, high: Fraction, step: Fraction, by_factor: bool) -> int:
    if not by_factor:
        return (high - low) // step + 1
    count = 0
    while low * step**count <= high:
        count += 1
    return count


def _answers(block: Block, calculator: Calculator) -> tuple[str, ...]:
    names = block.texts("answer") or [calculator.outputs[0].name]
    with block.at("answer"):
        return tuple(calculator.output(name.strip()).name for name in names)


def _tolerance(block: Block) -> Fraction | None:
    text = block.text("tolerance", "")
    if not text:
        return None
    with block.at("tolerance"):
        reading = read_answer(text)
        if reading.unit or not 0 <= reading.value < 1:
            raise StudyError(_("The tolerance is {text}; expected a share such as 0.01 or 1%.").format(text=text))
        return Fraction(reading.value)


def _check_complete(block: Block, calculator: Calculator, quiz: Quiz) -> None:
    """A first combination must be complete and every condition must be one."""
    first = {name: values[0] for name, values in quiz.given.items()}
    with block.at("given"):
        complete = parse_inputs(calculator, first)
    with block.at("where"):
        for condition in quiz.where:
            holds(calculator, condition, complete)


def _check_places(block: Block, calculator: Calculator, quiz: Quiz) -> None:
    for found in _PLACE.finditer(quiz.ask):
        if not found["tex"] and _declared(quiz, found["name"]) is None:
            with block.at("ask"):
                raise StudyError(
                    _("The question puts in {{{name}}}, which is no input of {calculator}.").format(
                        name=found["name"], calculator=calculator.name
                    ),
                    _("There are: {names}.").format(names=", ".join(calculator.input_names)),
                )


def _check_drawn(block: Block, quiz: Quiz) -> None:
    with block.at("where" if quiz.where else "given"):
        inputs = draw(quiz, "", 0)
    with block.at("answer"):
        answer_text(quiz, inputs)


def _declared(quiz: Quiz, name: str) -> str | None:
    for each in get(quiz.calculator).inputs:
        if name in (each.name, each.symbol):
            return each.name
    return None


def _expected(output: Output, inputs: Mapping[str, Any]) -> str:
    parts = [unit_word(output.unit) or ("%" if output.percent else "")]
    if output.convention:
        parts.append(str(inputs.get(output.convention, output.convention)))
    inside = ", ".join(part for part in parts if part)
    return f"{output.describe()} ({inside})" if inside else output.describe()
