"""Claims of a note that a calculator can ask about: which calculator, which output, for which inputs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from fractions import Fraction
from typing import Any

from studykit.calculators.answer import judge
from studykit.calculators.declare import Calculator
from studykit.calculators.figures import Number, shown
from studykit.calculators.inputs import parse_inputs
from studykit.calculators.registry import BUILT_IN, get
from studykit.claims.finding import Finding, Report, Severity, Statement
from studykit.claims.judging.bubble import IDEAL, Size, ratio
from studykit.claims.reading.page import Page
from studykit.claims.told.results import told
from studykit.errors import StudyError
from studykit.study.quizzes.quiz_defaults import without_idle
from studykit.study.quizzes.right_claims import right_claims
from studykit.vault.note import Note
from studykit.vault.structure import Fence
from studykit.vault.tail import generated_tails


class Standing(IntEnum):
    """How a claim's number stands, the best first; a note's question is made from its best claim."""

    RIGHT = 0
    OTHERWISE = 1
    """Right by another convention, or imprecise."""
    WRONG = 2


@dataclass(frozen=True, slots=True)
class Recognised:
    """A claim. `line` counts from 1 in the file; `inputs` are those that matter, by declared name and as read.

    `message` is the note checker's, where it found the number wrong.
    """

    line: int
    calculator: str
    output: str
    inputs: Mapping[str, Any]
    standing: Standing
    stated: str
    value: Number
    message: str = ""

    @property
    def shape(self) -> tuple[object, ...]:
        """What makes a question another one: numbers do not, nor does the convention."""
        declared = get(self.calculator)
        choices = [(each.name, self.inputs.get(each.name)) for each in declared.inputs if each.kind == "choice"]
        parts = [(name, family(name, value)) for name, value in choices if name != "convention"]
        return self.calculator, self.output, *parts

    def figure(self) -> str:
        """The right figure, as a person reads it."""
        output = get(self.calculator).output(self.output)
        return shown(self.value, output.unit, percent=output.percent)


_NUMBER = re.compile(r"\d[\d.,]*")
_SAME_BUBBLE = ("1f1b", "gpipe", "forward")
_SPOKEN = {"gpipe": re.compile("GPipe"), "1f1b": re.compile("1F1B|PipeDream"),
           "forward": re.compile("推理|[Ii]nference|[Dd]ecod")}  # fmt: skip
_NAMES = {"PP": "stages", "P": "stages", "TP": "tensor_parallel", "DP": "data_parallel", "CP": "context_parallel",
          "bytes": "kv_bytes"}  # fmt: skip
_SCALES = {
    "GB": (*(1024**power / 1e9 for power in (1, 2, 3, 4)), 1e-6, 1e-3, 1e3),
    "KiB": (1024.0, 1024.0**2, 1e3 / 1024, 1e6 / 1024),
    "ms": (1000.0, 0.001),
}
"""What the checker's figure may be multiplied by to be in an output's unit."""
ASKED = {*BUILT_IN, "transfer"}
"""Names under which the checker speaks of what a calculator gives."""
_BUBBLE_OUTPUTS = ("ratio", "efficiency", "time", "makespan")


def family(name: str, value: object) -> object:
    """One name for the choices that make the same question: schedules of one chunk have one bubble."""
    return "plain" if name == "schedule" and value in _SAME_BUBBLE else value


def recognised(note: Note, report: Report) -> list[Recognised]:
    """The claims of a note that a calculator can ask about, the best of each shape, in the note's order."""
    tails = generated_tails(note.outline)
    best: dict[tuple[object, ...], Recognised] = {}
    for each in sorted(_all(note, report), key=lambda found: (found.standing, found.line)):
        at = each.line - note.body_line
        if at >= 0 and not any(tail.start <= at < tail.end for tail in tails):
            best.setdefault(each.shape, each)
    return sorted(best.values(), key=lambda found: found.line)


def _all(note: Note, report: Report) -> Iterator[Recognised]:
    wrong = {(each.line, each.stated): each.message for each in report.findings if each.severity is Severity.WRONG}
    for statement in report.statements:
        yield from _of_statement(note, statement, wrong.get((statement.line, statement.stated), ""))
    stated = {(each.line, each.stated) for each in report.statements}
    blocks = {line + note.body_line for fence in note.outline.fences if _is_block(fence, "calc", "quiz")
              for line in range(fence.line, fence.end)}  # fmt: skip
    for finding in report.findings:
        known = finding.line in blocks or (finding.line, finding.stated) in stated
        if finding.calculator in ASKED and not known:
            yield from of_finding(finding)
    yield from _of_calc_blocks(note)
    found = [each for finding in right_claims(note) if finding.line not in blocks and finding.calculator in ASKED
             for each in _if_right(finding)]  # fmt: skip
    yield from found
    seen = {_place(each) for each in found} | {_place(each) for each in report.statements}
    yield from (each for each in _of_told(note) if _place(each) not in seen)


def _if_right(finding: Finding) -> Iterator[Recognised]:
    """The claim, where the number that the note states is what the calculator gives, or near it."""
    for each in of_finding(finding):
        output = get(each.calculator).output(each.output)
        judged = judge(each.stated, each.value, unit=output.unit, percent=output.percent)
        if judged.right or judged.imprecise:
            standing = Standing.RIGHT if judged.right else Standing.OTHERWISE
            yield replace(each, standing=standing)


def _of_statement(note: Note, statement: Statement, wrong: str) -> Iterator[Recognised]:
    """A bubble or an efficiency. The question takes the convention that the number follows."""
    given = dict(statement.inputs)
    if not {"P", "M"} <= set(given) or statement.quantity not in ("bubble", "efficiency"):
        return
    size = Size(given["P"], given["M"], given.get("V", 1))
    output = "ratio" if statement.quantity == "bubble" else "efficiency"
    ideal = abs(ratio(size, IDEAL) - statement.value) <= statement.step / 2 * (1 + 1e-9)
    by_ideal = output == "ratio" and ideal and not statement.right
    inputs = size.inputs(IDEAL) if by_ideal else size.inputs()
    if size.chunks == 1:
        inputs["schedule"] = _schedule(note, statement)
    if output == "efficiency":
        del inputs["convention"]
    standing = Standing.RIGHT if statement.right else Standing.WRONG if wrong else Standing.OTHERWISE
    yield from _claim(statement.line, "bubble", output, inputs, standing, statement.stated, wrong)


def _schedule(note: Note, statement: Statement) -> str:
    """The schedule that the claim's line, the headings above it or the title name; all have the same bubble."""
    above = [each for each in note.sections if each.line <= statement.line][-1:]
    titles = [title for each in above for title in (each.heading.title, *reversed(each.path))]
    for text in (statement.text, *titles, note.title):
        found = {match.start(): name for name, spoken in _SPOKEN.items() if (match := spoken.search(text))}
        if found:
            return found[min(found)]
    return "1f1b"


def of_finding(finding: Finding) -> Iterator[Recognised]:
    """What a finding is about, where its figure is an output of its calculator for its inputs."""
    if finding.value is None or not finding.inputs:
        return
    standing = Standing.WRONG if finding.severity is Severity.WRONG else Standing.OTHERWISE
    for name, inputs in _readings(finding):
        output = _output_of(get(name), inputs, finding.value)
        if output:
            kept = inputs if output != "efficiency" else {k: v for k, v in inputs.items() if k != "convention"}
            yield from _claim(finding.line, name, output, kept, standing, finding.stated, finding.message)
            return


def _readings(finding: Finding) -> Iterator[tuple[str, dict[str, Any]]]:
    """The calculators and inputs by which a finding may be meant, each in the calculator's own names."""
    inputs = {_NAMES.get(name, name): value for name, value in finding.inputs.items()}
    name = finding.calculator
    if name == "inference-memory" and set(inputs) == {"parameters", "weight_bytes"}:
        yield "quantised-size", {"parameters": inputs["parameters"], "bits": 8 * inputs["weight_bytes"]}
    elif name == "kv-cache":
        yield name, _cache(inputs)
    elif name == "training-memory":
        yield from ((name, {**inputs, **precision}) for precision in ({}, {"precision": "bf16"}, {"precision": "fp16"}))
    elif name == "transfer" and {"bytes", "bandwidth"} <= set(finding.inputs):
        sent, speed = (Fraction(repr(float(finding.inputs[each]))) / 10**9 for each in ("bytes", "bandwidth"))
        yield "all-reduce", {"operation": "p2p", "data": sent, "ranks": 2, "bandwidth": speed}
    else:
        yield name, inputs
    if name == "bubble" and inputs.get("schedule") == "1f1b":  # a time in slots: what a slot is, its value tells
        rest = {key: value for key, value in inputs.items() if key != "convention"}
        yield name, {**rest, "schedule": "forward", "forward": 1}
        yield name, {**rest, "forward": 1, "backward": 1}
        yield name, {**rest, "forward": 1, "backward": 2}


def _cache(inputs: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in inputs.items() if key != "hidden"}
    if "kv_heads" in found:
        return {"attention": "gqa", **{key: value for key, value in found.items() if key != "heads"}}
    if "hidden" in inputs and found.get("heads"):
        found.setdefault("head_dim", Fraction(inputs["hidden"]) / Fraction(found["heads"]))
    return {"attention": "mha", **found}


def _output_of(calculator: Calculator, inputs: Mapping[str, Any], value: float) -> str:
    """The output that has this value, in its own unit or in one of powers of 1024; '' if none has."""
    try:
        values = calculator.compute(parse_inputs(calculator, inputs)).values
    except StudyError:
        return ""
    for output in calculator.outputs:
        if calculator.name == "bubble" and output.name not in _BUBBLE_OUTPUTS:
            continue
        scales = (0.01,) if output.percent else _SCALES.get(output.unit, ())
        exact = float(values[output.name]) if output.name in values else 0.0
        if exact and any(abs(value * scale - exact) <= 1e-6 * abs(exact) for scale in (1.0, *scales)):
            return output.name
    return ""


def _place(each: Recognised | Statement) -> tuple[int, str]:
    """A number of a line, told but once whatever reads it."""
    return each.line, "".join(_NUMBER.findall(each.stated)[-1:])


def _of_told(note: Note) -> Iterator[Recognised]:
    """Results told in a sentence that the calculator gives: exactly, or near where no number was left over."""
    for each in told(Page(note)):
        sure = each.right and len(re.findall(r"\d", each.text)) > 1
        if each.near and (each.whole or sure):
            standing = Standing.RIGHT if each.right else Standing.OTHERWISE
            line = each.line + note.body_line
            inputs = without_idle(get(each.calculator), each.output, each.inputs)
            yield from _claim(line, each.calculator, each.output, inputs, standing, each.text)


def _of_calc_blocks(note: Note) -> Iterator[Recognised]:
    """The results that `calc` blocks state."""
    from studykit.calculators.line import parse_lines, verify

    for fence in note.outline.fences:
        if not _is_block(fence, "calc"):
            continue
        for line in parse_lines(fence.content)[0]:
            calculator = get(line.calculator)
            inputs = {each.name: line.inputs[each.name] for each in calculator.inputs
                      if {each.name, each.symbol, each.name.replace("_", "-")} & set(line.given or {})}  # fmt: skip
            try:
                judged = verify(line)
            except StudyError:
                continue
            standing = Standing.RIGHT if judged and judged.right else Standing.WRONG
            for output, stated in line.claims:
                yield from _claim(
                    fence.line + line.line + note.body_line, calculator.name, output, inputs, standing, stated
                )


def _is_block(fence: Fence, *names: str) -> bool:
    return fence.info.strip().lower().partition(" ")[0] in names


def _claim(
    line: int, name: str, output: str, inputs: Mapping[str, Any], standing: Standing, stated: str, message: str = ""
) -> Iterator[Recognised]:
    """The claim with its inputs read and its right figure, where the calculator answers for them."""
    calculator = get(name)
    try:
        complete = parse_inputs(calculator, inputs)
        value = calculator.compute(complete).values.get(output)
    except StudyError:
        return
    if value is None:
        return
    kept = {each.name: complete[each.name] for each in calculator.inputs if each.name in inputs}
    convention = calculator.output(output).convention
    if convention in complete:
        kept.setdefault(convention, complete[convention])
    yield Recognised(line, name, output, kept, standing, stated, value, message)
