"""Results told with their inputs in the words of a calculator: `8 张卡 all-reduce 1 GB，带宽 300 GB/s，耗时 5.83 ms`.

Whatever a calculator declares is known here: each number of the sentence is an input, a result, or part of a working.
What the sentence leaves out is taken from the list or the lines right above. A result that the calculator gives is a
right one. One that it does not give is no mistake by itself, since a sentence may say more than is read here; it counts
where another note has the same inputs and the right figure, and then only if no number of it was left over.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from studykit.calculators.answer import judge
from studykit.calculators.declare import Calculator, Output
from studykit.calculators.figures import Number
from studykit.calculators.inputs import parse_inputs
from studykit.calculators.reading import AnswerError, read_answer
from studykit.calculators.registry import get
from studykit.claims.finding import Statement
from studykit.claims.judging.agreement import Agreement, agree, tolerance
from studykit.claims.reading.hedges import MEASURED, approximate
from studykit.claims.reading.page import Page
from studykit.claims.reading.search import words_in
from studykit.claims.reading.tokens import LONGEST, SENTENCE_END, plainly
from studykit.claims.told.reading import Amount, Reading, small, words
from studykit.claims.told.words import MUST
from studykit.claims.wording import place
from studykit.errors import StudyError
from studykit.vault.later import later

TOPICS = {
    "bubble": ("激活峰值", "micro-batch", "microbatch", "makespan"),
    "min-microbatches": ("至少", "最少", "at least", "needs"),
    "max-stages": ("最多", "至多", "at most"),
    "min-chunks": ("至少", "最少", "at least"),
    "throughput": ("吞吐", "hroughput", "步", "step"),
    "interleaving": ("加速", "speed", "faster", "交错", "nterleav"),
    "balance": ("最慢", "slowest", "瓶颈", "均衡", "各层", "costs"),
    "activation-memory": ("激活", "ctivation"),
    "kv-cache": ("KV", "缓存", "cache"),
    "quantised-size": ("量化", "uanti", "INT", "FP1", "FP3", "FP4", "FP8", "bit", "比特", "权重", "weights"),
    "training-memory": ("ZeRO", "优化器", "模型状态", "model state", "训练", "梯度"),
    "inference-memory": ("权重", "weights", "推理", "serving", "KV"),
    "batch-fit": ("batch", "并发", "放下"),
    "decode": ("TPOT", "decode", "解码", "输出 token", "output token", "在途"),
    "ttft": ("TTFT", "首", "first token"),
    "parallel-communication": ("通信", "发送", "传输", "communicat", "traffic", "boundary", "hop", "sent"),
    "all-reduce": ("educe", "ather", "roadcast", "集合通信", "操作耗时"),
    "layout": ("TP", "PP", "DP", "并行度", "parallel"),
    "flops": ("FLOP", "MFU", "HFU", "计算量"),
    "parameters": ("参数", "param"),
}
"""Words without which a line is not about a calculator; where two give a figure, the first is meant."""
_WORDS = tuple(dict.fromkeys(word for topics in TOPICS.values() for word in topics))
_HAS_DIGIT = later(r"\d")
_OTHERWISE = later(
    rf"目标|要求|如果|假设.{{0,4}}而|{MEASURED}|优化后|→|->|⇒|vs|减少|降低|节省|提升|不到|以上|以下|超过|[<>≤≥≪≫]"
    r"|压缩|含|包括|预留|树形|分层|NVLS|SHARP|ierarch|ncluding|overhead"
    r"|\b(?:less|more|under|above|up to|reduces|reduced|saves?|from)\b"
)
_BOUND = later(r"不超过|低于|[<≤]=?|below|under|at most|最多|至多")
_PROSE = ("", "text", "plain", "txt", "markdown", "md")
_BACK = 8
_LEAST = 2
"""Inputs of a claim: with one, any two numbers of a sentence may go together."""
_BINARY = (1024 / 1000, 1024**2 / 1e6, 1024**3 / 1e9, 1024**4 / 1e12)


class Told(NamedTuple):
    """A result with all that it comes from. `right`: the calculator gives it, `near`: by another reading of GB, or
    roughly; `whole`: no number of the sentence was left over. `value` is exact and in the output's unit, `stated` and
    the worth of its last digit, `step`, too; `line` is the page's."""

    line: int
    calculator: str
    output: str
    inputs: Mapping[str, Any]
    text: str
    stated: float
    step: float
    value: Number
    right: bool
    near: bool
    whole: bool


def told(page: Page) -> Iterator[Told]:
    """The results of the note whose calculator answers for their inputs."""
    sources = {line: page.lines[line] for line in _candidates(page) if len(page.lines[line]) <= LONGEST}
    here = words_in("\n".join(sources.values()), _WORDS)
    for line, source in sources.items() if here else ():
        found = {word for word in here if word in source}
        if not found or not _is_prose(page, line):
            continue
        names = [name for name, topics in TOPICS.items() if not found.isdisjoint(topics)]
        yield from _best(list(_on_line(page, line, names)))


def _candidates(page: Page) -> list[int]:
    """Lines with three numbers, and those of a list whose number follows a mark, below another with a number."""
    dense = set(page.dense)
    below = (line for line in page.numbered if line and line not in dense and _HAS_DIGIT.search(page.lines[line - 1]))
    return sorted(dense.union(below))


def _is_prose(page: Page, line: int) -> bool:
    fence = page.fence(line)
    return fence is None or fence.info.strip().lower() in _PROSE


def statement(page: Page, each: Told) -> Statement:
    """The result as it is compared with those of other notes; by another reading of its unit it is right, too."""
    source = page.lines[each.line]
    inputs = tuple(sorted((name, _plain(value)) for name, value in each.inputs.items()))
    return Statement(
        each.output, inputs, each.stated, each.step, page.file, page.file_line(each.line),
        place(source, each.text), source.strip(), each.text, each.near, each.calculator,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    """An input as JSON has it: exact fractions as numbers."""
    if isinstance(value, tuple):
        return tuple(_plain(each) for each in value)
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(value)
    return value


def _on_line(page: Page, line: int, names: list[str]) -> Iterator[Told]:
    plain = page.plain(line) if page.fence(line) is None else plainly(page.lines[line])
    sentences = [small(part.strip()) for part in SENTENCE_END.split(plain) if part.strip()]
    with_number = [sentence for sentence in sentences if _HAS_DIGIT.search(sentence)]
    for name in names:
        known = words(name)
        for sentence in filter(known.mentioned, with_number):
            reading = known.told(sentence)
            if reading.results and reading.clear:
                rest: list[Callable[[], Reading]] = [
                    partial(known.read, each) for each in sentences if each is not sentence
                ]
                rest += _above(page, line, name)
                yield from _results(line, name, sentence, reading, rest)


def _results(
    line: int, name: str, sentence: str, reading: Reading, more: Sequence[Callable[[], Reading]]
) -> Iterator[Told]:
    calculator = get(name)
    straight = not _OTHERWISE.search(_BOUND.sub("", sentence) if "target" in calculator.input_names else sentence)
    for output, amount in reading.results:
        about = approximate(sentence, amount.at, amount.end)
        best: Told | None = None
        for inputs, whole in _inputs(name, reading, more):
            if len(inputs) < _LEAST or not MUST.get((name, output), inputs.keys()) & inputs.keys():
                continue
            found = _judged(calculator, calculator.output(output), inputs, amount, about=about)
            if found is None:
                continue
            value, right, near = found
            stated, step = _figure(calculator.output(output), amount)
            whole = whole and straight
            if best is None or right:
                best = Told(line, name, output, inputs, amount.text, stated, step, value, right, near, whole)
            if right:
                break
        if best:
            yield best


def _inputs(
    name: str, reading: Reading, more: Sequence[Callable[[], Reading]]
) -> Iterator[tuple[dict[str, Any], bool]]:
    """The inputs of the sentence, then with those of its line and of the lines above in its block."""
    if reading.inputs:
        yield _with_attention(name, reading.inputs), reading.whole
    found, whole = dict(reading.inputs), reading.whole
    for read in more:
        other = read()
        if not other.clear:
            return
        if other.inputs:
            found, whole = {**other.inputs, **found}, whole and other.whole
    if found != reading.inputs:
        yield _with_attention(name, found), whole


def _above(page: Page, line: int, name: str) -> Iterator[Callable[[], Reading]]:
    """What reads the lines above in the same run of lines, the nearest first."""
    for number in range(line - 1, max(page.section_start(line), line - _BACK) - 1, -1):
        source = page.lines[number]
        if not source.strip() or len(source) > LONGEST:
            return
        yield partial(words(name).read, plainly(source))


def _with_attention(name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Without KV heads it is multi-head attention."""
    if name in ("kv-cache", "inference-memory", "batch-fit") and not {"kv_heads", "model", "attention"} & set(inputs):
        return {"attention": "mha", **inputs}
    return dict(inputs)


def _judged(
    calculator: Calculator, output: Output, inputs: Mapping[str, Any], amount: Amount, *, about: bool
) -> tuple[Number, bool, bool] | None:
    """The exact figure, whether the amount is its rounding, and whether it is near or is it by powers of 1024."""
    try:
        value = calculator.compute(parse_inputs(calculator, inputs)).values.get(output.name)
    except StudyError:
        return None
    if value is None:
        return None
    judged = judge(amount.text, value, unit=output.unit, percent=output.percent)
    stated, step = _figure(output, amount)
    scales = _BINARY if output.unit in ("GB", "MB", "KiB", "B") else ()
    exact, both = float(value), [by for scale in scales for by in (scale, 1 / scale)]
    binary = any(abs(stated * by - exact) <= step * by / 2 + 1e-9 * abs(exact) for by in both)
    roughly = agree(exact, stated, step, tolerance("=", about)) is not Agreement.WRONG
    near = judged.right or judged.imprecise or binary or roughly
    return value, judged.right and not judged.imprecise, near


def _figure(output: Output, amount: Amount) -> tuple[float, float]:
    """The stated number and the worth of its last digit, in the output's unit."""
    from studykit.calculators.units import factor_to

    try:
        reading = read_answer(amount.text)
    except AnswerError:  # a list of numbers
        return 0.0, 0.0
    factor = float(factor_to(reading, output.unit) or 1)
    return float(reading.value) * factor, float(reading.step or 0) * factor


def _best(found: list[Told]) -> Iterator[Told]:
    """Of one number on a line the right reading, else one that is near; a wrong one only where it is the only one,
    and no other number of the line is the figure."""
    numbers = {each.text: [other for other in found if other.text == each.text] for each in found}
    fine = {(each.calculator, each.output) for each in found if each.near}
    for same in numbers.values():
        best = min(same, key=lambda each: (not each.right, not each.near, not each.whole))
        if best.near or (len(same) == 1 and (best.calculator, best.output) not in fine):
            yield best
