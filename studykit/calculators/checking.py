"""Judging what was typed for an output of a calculator, or for several outputs asked at once."""

from collections.abc import Sequence
from dataclasses import replace

from studykit.calculators.answer import Judgement, judge
from studykit.calculators.declare import Calculator, Inputs, Slip
from studykit.calculators.figures import Number
from studykit.calculators.steps import known_symbols
from studykit.errors import StudyError
from studykit.locale import _
from studykit.vault.later import later

_BETWEEN = later(r"\s*(?:[;；\n、，]|,(?=\s))\s*|\s+and\s+|\s*和\s*")


def judge_output(
    calculator: Calculator,
    inputs: Inputs,
    output: str,
    text: str,
    *,
    tolerance: Number | None = None,
    hinted: bool = False,
    seconds: float | None = None,
) -> Judgement:
    """Judge `text` as the value of one output for complete inputs.

    >>> from studykit.calculators.declare import get, parse_inputs
    >>> bubble = get("bubble")
    >>> given = parse_inputs(bubble, {"schedule": "1f1b", "stages": 8, "microbatches": 16})
    >>> judge_output(bubble, given, "ratio", "43.75%").used
    '(P-1)/M = (8-1)/16 = 7/16 = 43.75 %'
    """
    wanted = calculator.output(output)
    values = calculator.compute(inputs).values
    if output not in values:
        raise StudyError(
            _("{calculator} gives no {output} for these inputs.").format(calculator=calculator.name, output=output)
        )
    slips = (slip for slip in calculator.slips if slip.output == output)
    found = judge(
        text,
        values[output],
        unit=wanted.unit,
        tolerance=tolerance,
        slips=((slip, _figure(slip, inputs)) for slip in slips),
        percent=wanted.percent,
        formula=wanted.formula_for(inputs),
        symbols=known_symbols(calculator, inputs, values),
        formula_of=lambda slip: slip.formula_for(inputs),
        hinted=hinted,
        seconds=seconds,
    )
    return replace(found, output=output, named=wanted.describe())


def judge_outputs(
    calculator: Calculator,
    inputs: Inputs,
    outputs: Sequence[str],
    text: str,
    *,
    tolerance: Number | None = None,
    hinted: bool = False,
    seconds: float | None = None,
) -> tuple[Judgement, ...]:
    """One judgement for each output; several answers are typed apart by `;`, a comma and a space, or a line each."""
    parts = [text] if len(outputs) == 1 else [part for part in _BETWEEN.split(text.strip()) if part.strip()]
    if len(parts) != len(outputs):
        message = _("{count} numbers are asked for ({names}); {found} found. Type them apart by “;”.").format(
            count=len(outputs),
            names="; ".join(calculator.output(each).describe() for each in outputs),
            found=len(parts),
        )
        return (Judgement(False, False, None, None, message, None),)
    return tuple(
        judge_output(calculator, inputs, output, part, tolerance=tolerance, hinted=hinted, seconds=seconds)
        for output, part in zip(outputs, parts, strict=True)
    )


def together(judgements: Sequence[Judgement]) -> Judgement:
    """Several judgements as one: right if all are, the lowest grade, a line each."""
    if len(judgements) == 1:
        return judgements[0]
    grades = [each.suggested for each in judgements]
    first = next((each for each in judgements if not each.right), judgements[0])
    return Judgement(
        right=all(each.right for each in judgements),
        imprecise=any(each.imprecise for each in judgements),
        value=first.value,
        slip=first.slip,
        message="\n".join(f"{each.named or each.output}: {each.message}" for each in judgements),
        suggested=None if None in grades else min(grade for grade in grades if grade is not None),
        used=first.used,
        correct=first.correct,
        output=first.output,
    )


def _figure(slip: Slip, inputs: Inputs) -> Number | None:
    """What the slip gives; None where its own formula fails for these inputs."""
    try:
        return slip.value(inputs)
    except Exception:  # a slip of another package may fail in any way; then it is not what was meant
        return None
