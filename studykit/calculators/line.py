"""A line of a `calc` block: `bubble schedule=1f1b stages=8 microbatches=16 => 30.4%`.

The part before `=>` is a calculator and its inputs; the part behind it, if there is one, is what the note states,
for one output (the first) or for named ones: `=> ratio 30.4%, makespan 69`.
"""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studykit.calculators.answer import Judgement
from studykit.calculators.checking import judge_output, together
from studykit.calculators.declare import Calculator
from studykit.calculators.inputs import parse_inputs, read_input
from studykit.calculators.registry import get
from studykit.errors import StudyError
from studykit.locale import _
from studykit.vault.later import later

_ARROW = later(r"=>|⇒|＝>")
_STATED = later(r"(?P<name>[a-z][a-z_]*)\s*[=:]?\s+(?P<value>\S.*)|(?P<other>[a-z][a-z_]*)\s*[=:]\s*(?P<text>\S.*)")


@dataclass(frozen=True, slots=True)
class CalcLine:
    """One calculation. `given` is as written, `inputs` complete; `stated` is the text behind `=>`, or None.

    `claims` are the stated values by output: `(("ratio", "30.4%"),)`. `line` counts from 1 within the block.
    """

    calculator: str
    inputs: dict[str, Any]
    stated: str | None = None
    given: Mapping[str, str] | None = None
    claims: tuple[tuple[str, str], ...] = ()
    line: int = 1


def parse_line(text: str, line: int = 1) -> CalcLine:
    """Read one line. Raises StudyError that names what cannot be read.

    >>> parse_line("bubble schedule=1f1b stages=8 microbatches=16 => 30.4%").claims
    (('ratio', '30.4%'),)
    """
    command, arrow, stated = _split(text)
    words = _words(command)
    if not words:
        raise StudyError(_("A calc line begins with the name of a calculator."))
    calculator = get(words[0])
    given = dict(_pair(calculator, word) for word in words[1:])
    if len(given) < len(words) - 1:
        raise StudyError(_("An input of {calculator} is given twice.").format(calculator=calculator.name))
    claims = _claims(calculator, stated) if arrow else ()
    return CalcLine(calculator.name, parse_inputs(calculator, given), stated if arrow else None, given, claims, line)


def parse_lines(text: str) -> tuple[list[CalcLine], list[tuple[int, StudyError]]]:
    """Every line of a block, and the errors by line; blank lines and `#` remarks are passed over."""
    lines, errors = [], []
    for number, row in enumerate(text.splitlines(), 1):
        if not row.strip() or row.lstrip().startswith("#"):
            continue
        try:
            lines.append(parse_line(row, number))
        except StudyError as error:
            errors.append((number, error))
    return lines, errors


def verify(line: CalcLine) -> Judgement | None:
    """Whether what the line states is right; None if it states nothing."""
    if not line.claims:
        return None
    calculator = get(line.calculator)
    return together([judge_output(calculator, line.inputs, name, value) for name, value in line.claims])


def written(calculator: Calculator, inputs: Mapping[str, Any]) -> str:
    """The calc line of these inputs, without those that are at their defaults or as a preset fills them.

    >>> written(get("bubble"), parse_line("bubble schedule=gpipe P=4 M=8 V=1").inputs)
    'bubble schedule=gpipe stages=4 microbatches=8'
    """
    from studykit.calculators.figures import plain

    kept = {each.name: inputs[each.name] for each in calculator.inputs if inputs.get(each.name) is not None}
    required = {name: value for name, value in kept.items() if not _at_default(calculator, inputs, name)}
    return " ".join([calculator.name, *(f"{name}={shlex.quote(plain(value))}" for name, value in required.items())])


def _at_default(calculator: Calculator, inputs: Mapping[str, Any], name: str) -> bool:
    filled = _filled(calculator, inputs)
    if name in filled:
        return bool(read_input(calculator, calculator.input(name), filled[name]) == inputs[name])
    default = calculator.input(name).default
    try:
        value = default(inputs) if callable(default) else default
    except (KeyError, TypeError, ArithmeticError):
        return False
    return value is not None and bool(value == inputs[name])


def _filled(calculator: Calculator, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What the presets among the inputs say about the others."""
    filled: dict[str, Any] = {}
    for each in calculator.inputs:
        if each.fills and inputs.get(each.name) is not None:
            preset = each.fills(inputs[each.name])
            filled.update((name, value) for name, value in preset.items() if name in calculator.input_names)
    return filled


def _split(text: str) -> tuple[str, bool, str]:
    found = _ARROW.search(text)
    if not found:
        return text.strip(), False, ""
    stated = text[found.end() :].strip()
    if not stated:
        raise StudyError(_("Nothing is stated after =>."))
    return text[: found.start()].strip(), True, stated


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command, comments=True)
    except ValueError as error:
        raise StudyError(_("The line cannot be read: {why}.").format(why=error)) from error


def _pair(calculator: Calculator, word: str) -> tuple[str, str]:
    key, equals, value = word.replace("＝", "=").partition("=")
    if not equals or not key or not value:
        raise StudyError(
            _("{calculator}: “{word}” is no input; write name=value.").format(calculator=calculator.name, word=word)
        )
    return key, value


def _claims(calculator: Calculator, stated: str) -> tuple[tuple[str, str], ...]:
    """The stated values by output; a bare value is about the first output."""
    claims = []
    for part in re.split(r"\s*[;；]\s*|,\s+|，", stated):
        found = _STATED.fullmatch(part.strip())
        name = (found["name"] or found["other"]) if found else None
        if found and name in calculator.output_names:
            claims.append((str(name), (found["value"] or found["text"]).strip()))
        else:
            claims.append((calculator.outputs[0].name, part.strip()))
    return tuple(claims)
