"""A quiz block drafted from a claim: the same question with other numbers, in the note's language."""

import json
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from studykit.calculators.bubble import DIVISORS
from studykit.calculators.declare import Calculator, Input, Output
from studykit.calculators.draws import holds
from studykit.calculators.figures import COUNTED, Number, plain, rounded
from studykit.calculators.inputs import parse_inputs
from studykit.calculators.quiz import Quiz, draw, parse_quiz
from studykit.calculators.registry import get
from studykit.claims.told.words import subject
from studykit.errors import StudyError
from studykit.study.quizzes.quiz_defaults import told_defaults
from studykit.study.quizzes.recognised import Recognised

DRAWS = 8
_CJK = re.compile("[\u3400-\u9fff]")
_MEETING = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z\d{])|(?<=[A-Za-z\d}])(?=[\u4e00-\u9fff])")
_DEGREES = ("stages", "tensor_parallel", "data_parallel", "context_parallel", "ranks")
_DOUBLED = (
    "batch",
    "sequence",
    "prompt",
    "data",
    "global_batch",
    "groups",
    "group_size",
    "tokens",
    "memory",
    "bandwidth",
)
_FACTORS = (Fraction(1, 2), 1, 2, 4), (Fraction(1, 4), Fraction(1, 2), 1)
"""What a size is multiplied by; the second where the first leads to an impossible share, as more than all FLOPs."""
_LISTS = {"chunks": (2, 4), "bits": (3, 4, 8, 16),
          "target": (Fraction(1, 20), Fraction(1, 10), Fraction(1, 5))}  # fmt: skip
_ONE = ("", "ms", "s", "x", "time units")
"""Units of what is one thing: `What is the …?` would not do for activations."""

_SCHEDULES = {
    "1f1b": ("1F1B 流水线", "A 1F1B pipeline"),
    "gpipe": ("GPipe 流水线", "A GPipe pipeline"),
    "forward": ("只有前向的流水线", "A forward-only pipeline"),
    "interleaved": ("交错 1F1B 流水线", "An interleaved 1F1B pipeline"),
}
_PRESETS = {"model": ("模型", "model"), "gpu": ("GPU", "GPU"), "format": ("存储格式", "format"),
            "precision": ("训练精度", "precision"), "schedule": ("调度", "schedule")}  # fmt: skip
_ASKED = {
    ("bubble", "efficiency"): ("有效时间占总时间的比例是多少？", "What share of the whole step is spent working?"),
    ("layout", "gpus"): ("一共需要多少张 GPU？", "How many GPUs does it take?"),
    ("layout", "nodes"): ("一共需要多少个节点？", "How many nodes does it take?"),
    ("min-microbatches", "microbatches"): ("最少需要多少个 micro-batch？", "How many micro-batches are enough?"),
    ("interleaving", "less_bubble"): ("气泡时间缩小为原来的几分之一？", "How many times less bubble time is there?"),
    ("balance", "efficiency"): ("各级平均耗时占最慢一级的百分之多少？",
                                "What share of the slowest stage is the mean stage?"),
    ("balance", "makespan"): ("全部 micro-batch 的前向一共多少个时间单位？",
                              "How many time units does the forward pass of all micro-batches take?"),
}  # fmt: skip


def is_chinese(text: str) -> bool:
    """Whether a note is in Chinese: a twentieth of what is no blank.

    >>> is_chinese("# 气泡率\\n\\nP=8, M=16"), is_chinese("The bubble (气泡) of a pipeline is idle time of its stages.")
    (True, False)
    """
    letters = len("".join(text.split()))
    return len(_CJK.findall(text)) * 20 >= max(1, letters)


def draft(claim: Recognised, *, chinese: bool) -> str:
    """The block, fences included and without a newline at its end; '' if no numbers can be drawn for it.

    What it asks for the claim's own inputs is the claim's own figure, and its draws are sane.
    """
    for factors in _FACTORS:
        inner = _inner(claim, factors, chinese=chinese)
        if inner and draws(inner) and _asks_the_claim(inner, claim):
            return f"```quiz\n{inner}\n```"
    return ""


def _inner(claim: Recognised, factors: Sequence[Number], *, chinese: bool) -> str:
    """The text of the block, where something is drawn."""
    calculator = get(claim.calculator)
    given = {name: values(calculator.input(name), value, factors) for name, value in claim.inputs.items()}
    if not _drawn(calculator, given):
        given |= _any(calculator, claim.inputs, factors)
    drawn = _drawn(calculator, given)
    if not drawn:
        return ""
    told = told_defaults(calculator, claim.output, claim.inputs)
    given |= {name: plain(value) for name, value in told.items()}
    setting = {**claim.inputs, **told}
    ask = question_text(calculator, calculator.output(claim.output), setting, drawn, chinese=chinese)
    rows = [
        f"ask: {ask if _is_plain(ask) else json.dumps(ask, ensure_ascii=False)}",
        f"calculator: {calculator.name}",
        f"given: {{{', '.join(f'{name}: {text}' for name, text in given.items())}}}",
        *_where(claim.inputs, drawn),
        f"answer: {claim.output}",
    ]
    return "\n".join(rows)


def _drawn(calculator: Calculator, given: Mapping[str, str]) -> set[str]:
    """The inputs of which there are several to draw from."""
    several = {name for name, text in given.items() if text.startswith("[") or ".." in text}
    return several - {each.name for each in calculator.inputs if each.kind == "list"}


def _any(calculator: Calculator, inputs: Mapping[str, Any], factors: Sequence[Number]) -> dict[str, str]:
    """For a claim whose inputs are all of a kind that is kept: the first number among them, doubled and halved."""
    for each in calculator.inputs:
        value = inputs.get(each.name)
        if each.kind in ("int", "float") and value:
            found = sorted(one for one in {Fraction(value) * by for by in factors} if _allowed(each, one))
            if len(found) > 1:
                return {each.name: f"[{', '.join(plain(one) for one in found)}]"}
    return {}


def _asks_the_claim(text: str, claim: Recognised) -> bool:
    """Whether the claim's inputs are among the draws, and give its figure."""
    quiz = parse_quiz(text)
    calculator = get(quiz.calculator)
    own = {name: claim.inputs.get(name, values[0]) for name, values in quiz.given.items()}
    complete = parse_inputs(calculator, own)
    return (
        all(own[name] in values for name, values in quiz.given.items())
        and all(holds(calculator, condition, complete) for condition in quiz.where)
        and calculator.compute(complete).values.get(claim.output) == claim.value
    )


def draws(text: str) -> bool:
    """Whether the text of a block can be read and drawn, and no share that it asks for is beyond all of it."""
    try:
        quiz = parse_quiz(text)
        return all(_is_sane(quiz, draw(quiz, "draft", repetition)) for repetition in range(DRAWS))
    except StudyError:
        return False


def _is_sane(quiz: Quiz, inputs: Mapping[str, Any]) -> bool:
    calculator = get(quiz.calculator)
    values = calculator.compute(inputs).values
    shares = [values[name] for name in quiz.answers if calculator.output(name).percent]
    ideal = inputs.get("convention") == "ideal"  # idle over work may be more than one
    return ideal or all(0 <= share <= 1 for share in shares)


def values(each: Input, value: Any, factors: Sequence[Number] = _FACTORS[0]) -> str:
    """What to draw an input from, around the claim's value, as it stands in `given`.

    >>> stages, microbatches = get("bubble").input("stages"), get("bubble").input("microbatches")
    >>> values(stages, 4), values(stages, 64), values(microbatches, 16), values(microbatches, 256)
    ('[2, 4, 8, 16]', '[16, 32, 64, 128]', '4..64 step 4', '16..256 step 16')
    """
    if each.kind == "list":
        return f"[{', '.join(plain(part) for part in value)}]"
    if each.kind not in ("int", "float") or not value:
        return plain(value)
    if each.name == "microbatches":
        return _counts(int(value))
    found = _near(each, value, factors)
    return f"[{', '.join(plain(one) for one in found)}]" if len(found) > 1 else plain(value)


def _counts(value: int) -> str:
    """A range of micro-batches that holds the value."""
    high = max(64, 1 << (value - 1).bit_length())
    step = high // 16
    return f"{step}..{high} step {step}" if value % step == 0 else f"{min(value, step)}..{high}"


def _near(each: Input, value: Any, factors: Sequence[Number]) -> list[Any]:
    if each.name in _DEGREES and value > 1:
        base = 1 << (int(value).bit_length() - 1)
        low = max(2, base // 4)
        found = {value, *(low << power for power in range(4 if each.name != "tensor_parallel" else 3))}
    elif each.name in _DOUBLED or (each.name == "forward" and each.unit):  # without a unit it is the unit of time
        found = {Fraction(value) * factor for factor in factors}
    elif each.name in _LISTS and (each.name != "chunks" or value > 1):
        found = {value, *_LISTS[each.name]}
    else:
        return [value]
    return sorted(one for one in found if _allowed(each, one))


def _allowed(each: Input, value: Any) -> bool:
    whole = each.kind != "int" or value == int(value)
    return whole and (each.low is None or value >= each.low) and (each.high is None or value <= each.high)


def _where(inputs: Mapping[str, Any], drawn: set[str]) -> list[str]:
    """Interleaving runs its micro-batches in groups of P."""
    looped = {"stages", "microbatches"} <= drawn and inputs.get("chunks", 1) > 1
    fits = looped and inputs["microbatches"] % inputs["stages"] == 0
    return ["where: microbatches % stages == 0"] if fits else []


def question_text(
    calculator: Calculator, output: Output, inputs: Mapping[str, Any], drawn: set[str], *, chinese: bool
) -> str:
    """The question, with a place such as `{stages}` for each number that is drawn."""
    parts = {name: f"{{{name}}}" if name in drawn else _constant(value) for name, value in inputs.items()}
    setting = _setting(calculator, parts, inputs, chinese)
    text = f"{setting}{'' if chinese else ' '}{_quantity(calculator, output, inputs, chinese)}"
    return _MEETING.sub(" ", text) if chinese else text


def _setting(calculator: Calculator, parts: Mapping[str, str], inputs: Mapping[str, Any], chinese: bool) -> str:
    told = {"convention"}
    opening: list[str] = []
    if {"schedule", "stages", "microbatches"} <= set(parts):
        told |= {"schedule", "stages", "microbatches", "chunks"}
        opening = [_pipeline(parts, str(inputs["schedule"]), chinese)]
    rest = [
        _named(each, parts[each.name], chinese)
        for each in calculator.inputs
        if each.name in parts and each.name not in told
    ]
    comma, semicolon, stop, known = ("、", "；", "。", "已知") if chinese else (", ", "; ", ".", "Given ")
    more = [("" if opening else known) + comma.join(rest)] if rest else []
    return semicolon.join([*opening, *more]) + stop


def _pipeline(parts: Mapping[str, str], schedule: str, chinese: bool) -> str:
    zh, en = _SCHEDULES.get(schedule, (f"{schedule} 流水线", f"A pipeline run by {schedule}"))
    stages, microbatches, chunks = parts["stages"], parts["microbatches"], parts.get("chunks")
    if chinese:
        more = f"，每个 rank {chunks} 个虚拟级" if chunks else ""
        return f"{zh}有 {stages} 级、{microbatches} 个 micro-batch{more}"
    more = f", with {chunks} model chunks on each rank" if chunks else ""
    return f"{en} has {stages} stages and {microbatches} micro-batches{more}"


def _named(each: Input, text: str, chinese: bool) -> str:
    unit = "" if each.unit in ("", "B", "tokens", "parameters") else f" {each.unit}"
    zh, en = _PRESETS.get(each.name, (subject(each.zh), subject(each.meaning)))
    return f"{zh}为 {text}{unit}" if chinese else f"{en} = {text}{unit}"


def _constant(value: Any) -> str:
    """A number as people say it: `70B` for a model's parameters."""
    if isinstance(value, int | Fraction) and value >= 10**9:
        return f"{rounded(Fraction(value) / 10**9)}B"
    return plain(value)


def _quantity(calculator: Calculator, output: Output, inputs: Mapping[str, Any], chinese: bool) -> str:
    fixed = _ASKED.get((calculator.name, output.name))
    named = _convention(str(inputs.get(output.convention, output.convention)), chinese) if output.convention else ""
    if fixed:
        return fixed[0 if chinese else 1]
    if chinese:
        return f"{output.zh.removeprefix('所选口径下的')}{named}是多少{_unit_zh(output.unit)}？"
    meaning = output.meaning.removesuffix(" in the chosen convention")
    unit = f", in {output.unit}" if output.unit and (output.unit not in COUNTED or output.unit == "time units") else ""
    one = output.percent or output.unit in _ONE or meaning.startswith(("size", "cache"))
    return f"What is the {meaning}{named}{unit}?" if one else f"Work out the {meaning}{named}{unit}."


def _convention(name: str, chinese: bool) -> str:
    if name not in DIVISORS:
        return ""
    en, zh = DIVISORS[name]
    return f"（{name} 口径：{zh}）" if chinese else f" ({en}, the {name} convention)"


def _unit_zh(unit: str) -> str:
    if unit == "time units":
        return COUNTED[unit]
    return "" if not unit or unit in COUNTED else f" {unit}"


def _is_plain(text: str) -> bool:
    """Whether YAML reads the text as it is, unquoted."""
    return text[:1].isalnum() and ": " not in text and " #" not in text and not text.endswith(":")
