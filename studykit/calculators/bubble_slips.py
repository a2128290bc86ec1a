"""Wrong ways to a bubble that have a name: another convention, P for P-1, time for ratio, a forgotten V."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from studykit.calculators.bubble_formulas import ratio_formula, step_symbol
from studykit.calculators.declare import Input, Inputs, Output, Slip
from studykit.calculators.figures import Number
from studykit.calculators.formula import in_words, scaled
from studykit.calculators.pipeline_run import plan
from studykit.calculators.variation import Function, Variations

Figure = Callable[[int, int], Number]
PLAIN: dict[str, Any] = {"schedule": "1f1b", "chunks": 1}
"""The run that a forgotten V amounts to."""


def _in_convention(name: str, *, always: bool = False) -> Callable[[Inputs], Number | None]:
    """The ratio of the same run in another convention."""
    return lambda inputs: None if inputs["convention"] == name and not always else plan(inputs).bubble(name)


def _convention_formula(name: str) -> Callable[[Inputs], str]:
    return lambda inputs: ratio_formula({**inputs, "convention": name})


def _trained(formula: str) -> Callable[[Inputs], str]:
    """F alone where there is no backward."""
    return lambda inputs: formula.replace("(F+B)", step_symbol(inputs))


def _looped(inputs: Inputs) -> bool:
    return bool(inputs["chunks"] > 1)


def _inference(inputs: Inputs) -> bool:
    return bool(inputs["schedule"] == "forward")


def _of_plain(vary: Variations, by: str, explain: str, zh: str, only: Callable[[Inputs], bool]) -> Slip:
    """The ratio of plain 1F1B over V, 2 or 3."""
    plain = vary.changed("ratio", explain, zh, **PLAIN)

    def figure(inputs: Inputs) -> Number | None:
        ratio = plain.value(inputs) if only(inputs) else None
        return None if ratio is None else Fraction(ratio) / (inputs["chunks"] if by == "/V" else int(by[1:]))

    def formula(inputs: Inputs) -> str:
        text = plain.formula_for(inputs)
        return f"({text}){by}" if in_words(text) else scaled(text, by)

    return Slip("ratio", formula, explain, zh, figure)


def _by_size(figure: Figure) -> Callable[[Inputs], Number | None]:
    return lambda inputs: figure(inputs["stages"], inputs["microbatches"])


def _work(inputs: Inputs) -> Number:
    cost: Number = inputs["forward"] + (0 if _inference(inputs) else inputs["backward"])
    return cost


def _forward_only(count: Figure) -> Callable[[Inputs], Number | None]:
    def value(inputs: Inputs) -> Number | None:
        if _inference(inputs):
            return None
        return count(inputs["stages"], inputs["microbatches"]) * Fraction(inputs["forward"])

    return value


def _whole(count: Figure) -> Callable[[Inputs], Number | None]:
    return lambda inputs: count(inputs["stages"], inputs["microbatches"]) * Fraction(_work(inputs))


def slips_of_bubble(function: Function, inputs: Sequence[Input], outputs: Sequence[Output]) -> tuple[Slip, ...]:
    """Every slip of the bubble calculator."""
    vary = Variations(function, inputs, outputs)
    return (*_of_ratio(vary), *_of_time(vary), *_of_makespan(vary), *_OTHERS)


def _of_ratio(vary: Variations) -> tuple[Slip, ...]:
    return (
        Slip("ratio", _convention_formula("ideal"),
             "that is the ideal convention, idle / work, (P-1)/M for even stages",
             "这是 ideal 口径：空闲 / 有效时间，均匀切分时为 (P-1)/M", _in_convention("ideal")),
        Slip("ratio",
             _convention_formula("total"),
             "that is the total convention, idle / whole step, (P-1)/(M+P-1) for even stages",
             "这是 total 口径：空闲 / 总时间，均匀切分时为 (P-1)/(M+P-1)", _in_convention("total")),
        Slip("ratio", _convention_formula("span"), "that is the span convention, 1 - work / longest span of a rank",
             "这是 span 口径：1 - 有效时间 / 各 rank 中最长的跨度", _in_convention("span")),
        vary.changed("ratio", "V was forgotten: every rank holds V chunks, and the bubble time is divided by V",
                     "漏了 V：每个 rank 有 V 个虚拟级，气泡时间要除以 V", only=_looped, **PLAIN),
        _of_plain(vary, "/V", "V divides the bubble time, not the ratio, for the whole step gets shorter too",
                  "V 除的是气泡时间而不是气泡率，因为总时间也变短了", _looped),
        _of_plain(vary, "/2", "inference has less bubble time than training, but the same ratio",
                  "推理减少的是气泡时间，气泡率与训练相同", _inference),
        _of_plain(vary, "/3", "inference has less bubble time than training, but the same ratio",
                  "推理减少的是气泡时间，气泡率与训练相同", _inference),
        _of_plain(vary, "/3", "zero bubble divides the bubble time by three, not the ratio",
                  "零气泡调度把气泡时间减为三分之一，而不是气泡率",
                  lambda inputs: inputs["schedule"] in ("zb-h1", "interleaved-zb")),
        Slip("ratio", "P/(M+P-1)", "P in the numerator: a rank waits for P-1 others, not for P",
             "分子用了 P：要等的是其余 P-1 级", _by_size(lambda P, M: Fraction(P, M + P - 1))),
        Slip("ratio", "(P-1)/(M+P)", "the step has M+P-1 slots, not M+P", "一步有 M+P-1 个时隙，不是 M+P",
             _by_size(lambda P, M: Fraction(P - 1, M + P))),
        Slip("ratio", "P/(M+P)", "the bubble is P-1 of M+P-1 slots, not P of M+P",
             "气泡是 M+P-1 中的 P-1，不是 M+P 中的 P",
             _by_size(lambda P, M: Fraction(P, M + P))),
        Slip("ratio", "P/M", "neither the whole step nor P-1 waiting slots were used", "既没有用总时间，也没有用 P-1",
             _by_size(lambda P, M: Fraction(P, M))),
        Slip("ratio", "M/(M+P-1)", "that is the share of work; the bubble is the rest",
             "这是有效时间的比例，气泡是剩下的部分",
             _by_size(lambda P, M: Fraction(M, M + P - 1))),
        Slip("ratio", "(M-1)/(M+P-1)", "stages and micro-batches were exchanged", "级数和 micro-batch 数弄反了",
             _by_size(lambda P, M: Fraction(M - 1, M + P - 1))),
        Slip("ratio", "2·(P-1)/(M+2·(P-1))",
             "fill and drain were counted as two bubbles; together a rank waits P-1 slots",
             "把填充和排空各算了一次；每个 rank 总共只等 P-1 个时隙",
             _by_size(lambda P, M: Fraction(2 * (P - 1), M + 2 * (P - 1)))),
        vary.instead("ratio", "time", "that is the bubble time, not its ratio", "这是气泡时间，不是气泡率"),
    )  # fmt: skip


def _of_time(vary: Variations) -> tuple[Slip, ...]:
    return (
        Slip("time", "(P-1)·F", "forward only: a training step waits for the backward too", "只算了前向，训练还有反向",
             _forward_only(lambda P, _M: P - 1)),
        Slip("time", _trained("P·(F+B)"), "P instead of P-1", "用了 P 而不是 P-1", _whole(lambda P, _M: P)),
        vary.scaled("time", "·P", lambda inputs: inputs["stages"], "that is the idle time of all ranks together",
                    "这是所有 rank 空闲时间之和"),
        vary.scaled("time", "·2", 2, "fill and drain were counted twice", "填充和排空重复计算了"),
        vary.changed("time", "V was forgotten: interleaving divides the bubble time by V",
                     "漏了 V：交错调度使气泡时间除以 V", only=_looped, **PLAIN),
        Slip("time", _convention_formula("total"), "that is the bubble ratio, not its time",
             "这是气泡率，不是气泡时间", _in_convention("total", always=True), unit=""),
        vary.instead("time", "makespan", "that is the whole step, not its idle part", "这是总时间，不是空闲时间"),
    )  # fmt: skip


def _of_makespan(vary: Variations) -> tuple[Slip, ...]:
    return (
        Slip("makespan", _trained("M·(F+B)"), "the fill and drain were left out", "漏了填充和排空",
             _whole(lambda _P, M: M)),
        Slip("makespan", _trained("(M+P)·(F+B)"), "M+P slots instead of M+P-1", "用了 M+P 而不是 M+P-1",
             _whole(lambda P, M: M + P)),
        Slip("makespan", "(M+P-1)·F", "forward only: the backward belongs to the step", "只算了前向，漏了反向",
             _forward_only(lambda P, M: M + P - 1)),
        Slip("makespan", _trained("M·P·(F+B)"), "that is one stage after another, with no overlap",
             "这是各级依次执行、没有重叠的时间",
             _whole(lambda P, M: M * P)),
        vary.changed("makespan", "V was forgotten", "漏了 V", only=_looped, **PLAIN),
    )  # fmt: skip


_OTHERS = (
    Slip("peak_activations", "M",
         "all M micro-batches: that is GPipe; 1F1B starts a backward after min(M, P-r) forwards",
         "算成了全部 M 个 micro-batch（GPipe）；1F1B 在 min(M, P-r) 个前向之后就开始反向", _by_size(lambda _P, M: M)),
    Slip("peak_activations", "P", "P instead of min(M, P)", "用了 P 而不是 min(M, P)", _by_size(lambda P, _M: P)),
    Slip("peak_activations", "P-1", "P-1 instead of min(M, P): the rank's own micro-batch counts too",
         "用了 P-1：自己正在算的 micro-batch 也要保存", _by_size(lambda P, _M: P - 1)),
    Slip("efficiency", _convention_formula("total"), "that is the bubble; the efficiency is the rest",
         "这是气泡率，效率是剩下的部分",
         _in_convention("total", always=True)),
)  # fmt: skip
