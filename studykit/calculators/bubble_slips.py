"""Wrong ways to a bubble that have a name: another convention, P for P-1, time for ratio, a forgotten V."""

from collections.abc import Callable
from fractions import Fraction

from studykit.calculators.declare import Inputs, Slip
from studykit.calculators.figures import Number

Figure = Callable[[int, int], Number]
PLAIN: dict[str, object] = {"schedule": "1f1b", "chunks": 1}
"""The run that a forgotten V amounts to."""


def _in_convention(name: str) -> Callable[[Inputs], Number | None]:
    """The ratio of the same run in another convention."""

    def value(inputs: Inputs) -> Number | None:
        from studykit.calculators.bubble import plan

        return None if inputs["convention"] == name else plan(inputs).bubble(name)

    return value


def _convention_formula(name: str) -> Callable[[Inputs], str]:
    def formula(inputs: Inputs) -> str:
        from studykit.calculators.bubble import ratio_formula

        return ratio_formula({**inputs, "convention": name})

    return formula


def _for_even(formula: str) -> Callable[[Inputs], str]:
    """A formula that holds for even stages without sends; F alone in inference; empty elsewhere."""

    def text(inputs: Inputs) -> str:
        from studykit.calculators.bubble import EVEN, step_symbol

        holds = inputs["schedule"] in EVEN and not inputs["p2p"]
        return formula.replace("(F+B)", step_symbol(inputs)) if holds else ""

    return text


def _trained(formula: str) -> Callable[[Inputs], str]:
    """F alone where there is no backward."""
    return lambda inputs: formula.replace("(F+B)", "F") if inputs["schedule"] == "forward" else formula


def _plain_ratio(end: str = "") -> Callable[[Inputs], str]:
    """The ratio's formula with one chunk a rank, in the convention that is asked for."""

    def text(inputs: Inputs) -> str:
        from studykit.calculators.bubble import ratio_formula

        formula = ratio_formula({**inputs, **PLAIN})
        return f"({formula}){end}" if end and inputs["convention"] == "span" else formula + end

    return text


def _by_size(figure: Figure) -> Callable[[Inputs], Number | None]:
    return lambda inputs: figure(inputs["stages"], inputs["microbatches"])


def _of(output: str, **changed: object) -> Callable[[Inputs], Number | None]:
    """An output of the same run with other inputs."""

    def value(inputs: Inputs) -> Number | None:
        from studykit.calculators.bubble import BUBBLE

        try:
            return BUBBLE.function({**inputs, **changed})[output]
        except ValueError:
            return None

    return value


def _without_chunks(output: str) -> Callable[[Inputs], Number | None]:
    """The figure of a looped schedule as if every rank held one chunk."""
    return lambda inputs: _of(output, **PLAIN)(inputs) if inputs["chunks"] > 1 else None


def _share_of_plain_ratio(inputs: Inputs, part: int) -> Number | None:
    plain = _of("ratio", **PLAIN)(inputs)
    return None if plain is None else plain / part


def _ratio_over_chunks(inputs: Inputs) -> Number | None:
    return _share_of_plain_ratio(inputs, inputs["chunks"]) if inputs["chunks"] > 1 else None


def _of_inference(part: int) -> Callable[[Inputs], Number | None]:
    return lambda inputs: _share_of_plain_ratio(inputs, part) if inputs["schedule"] == "forward" else None


def _third_of_ratio(inputs: Inputs) -> Number | None:
    return _share_of_plain_ratio(inputs, 3) if inputs["schedule"] in ("zb-h1", "interleaved-zb") else None


def _times(output: str, factor: Callable[[Inputs], Number]) -> Callable[[Inputs], Number | None]:
    def value(inputs: Inputs) -> Number | None:
        figure = _of(output)(inputs)
        return None if figure is None else figure * factor(inputs)

    return value


def _work(inputs: Inputs) -> Number:
    backward = 0 if inputs["schedule"] == "forward" else inputs["backward"]
    cost: Number = inputs["forward"] + backward
    return cost


def _forward_only(count: Figure) -> Callable[[Inputs], Number | None]:
    def value(inputs: Inputs) -> Number | None:
        if inputs["schedule"] == "forward":
            return None
        return count(inputs["stages"], inputs["microbatches"]) * Fraction(inputs["forward"])

    return value


def _whole(count: Figure) -> Callable[[Inputs], Number | None]:
    return lambda inputs: count(inputs["stages"], inputs["microbatches"]) * Fraction(_work(inputs))


RATIO = (
    Slip("ratio", _convention_formula("ideal"), "that is the ideal convention, idle / work, (P-1)/M for even stages",
         "这是 ideal 口径：空闲 / 有效时间，均匀切分时为 (P-1)/M", _in_convention("ideal")),
    Slip("ratio",
         _convention_formula("total"), "that is the total convention, idle / whole step, (P-1)/(M+P-1) for even stages",
         "这是 total 口径：空闲 / 总时间，均匀切分时为 (P-1)/(M+P-1)", _in_convention("total")),
    Slip("ratio", _convention_formula("span"), "that is the span convention, 1 - work / longest span of a rank",
         "这是 span 口径：1 - 有效时间 / 最长 rank 跨度", _in_convention("span")),
    Slip("ratio", _plain_ratio(), "V was forgotten: every rank holds V chunks, and the bubble time is divided by V",
         "漏了 V：每个 rank 有 V 个虚拟级，气泡时间要除以 V", _without_chunks("ratio")),
    Slip("ratio", _plain_ratio("/V"), "V divides the bubble time, not the ratio, for the whole step gets shorter too",
         "V 除的是气泡时间而不是气泡率，因为总时间也变短了", _ratio_over_chunks),
    Slip("ratio", _plain_ratio("/2"), "inference has less bubble time than training, but the same ratio",
         "推理减少的是气泡时间，气泡率与训练相同", _of_inference(2)),
    Slip("ratio", _plain_ratio("/3"), "inference has less bubble time than training, but the same ratio",
         "推理减少的是气泡时间，气泡率与训练相同", _of_inference(3)),
    Slip("ratio", _plain_ratio("/3"), "zero bubble divides the bubble time by three, not the ratio",
         "零气泡调度把气泡时间减为三分之一，而不是气泡率", _third_of_ratio),
    Slip("ratio", "P/(M+P-1)", "P in the numerator: a rank waits for P-1 others, not for P",
         "分子用了 P：要等的是其余 P-1 级", _by_size(lambda P, M: Fraction(P, M + P - 1))),
    Slip("ratio", "(P-1)/(M+P)", "the step has M+P-1 slots, not M+P", "一步有 M+P-1 个时隙，不是 M+P",
         _by_size(lambda P, M: Fraction(P - 1, M + P))),
    Slip("ratio", "P/(M+P)", "the bubble is P-1 of M+P-1 slots, not P of M+P", "气泡是 M+P-1 中的 P-1，不是 M+P 中的 P",
         _by_size(lambda P, M: Fraction(P, M + P))),
    Slip("ratio", "P/M", "neither the whole step nor P-1 waiting slots were used", "既没有用总时间，也没有用 P-1",
         _by_size(lambda P, M: Fraction(P, M))),
    Slip("ratio", "M/(M+P-1)", "that is the share of work; the bubble is the rest",
         "这是有效时间的比例，气泡是剩下的部分",
         _by_size(lambda P, M: Fraction(M, M + P - 1))),
    Slip("ratio", "(M-1)/(M+P-1)", "stages and micro-batches were exchanged", "级数和 micro-batch 数弄反了",
         _by_size(lambda P, M: Fraction(M - 1, M + P - 1))),
    Slip("ratio", "2·(P-1)/(M+2·(P-1))", "fill and drain were counted as two bubbles; together a rank waits P-1 slots",
         "把填充和排空各算了一次；每个 rank 总共只等 P-1 个时隙",
         _by_size(lambda P, M: Fraction(2 * (P - 1), M + 2 * (P - 1)))),
    Slip("ratio", _for_even("(P-1)·(F+B)"), "that is the bubble time, not its ratio", "这是气泡时间，不是气泡率",
         _of("time"),
         unit="time units"),
)  # fmt: skip
TIME = (
    Slip("time", "(P-1)·F", "forward only: a training step waits for the backward too", "只算了前向，训练还有反向",
         _forward_only(lambda P, _M: P - 1)),
    Slip("time", _trained("P·(F+B)"), "P instead of P-1", "用了 P 而不是 P-1", _whole(lambda P, _M: P)),
    Slip("time", _for_even("P·(P-1)·(F+B)"), "that is the idle time of all ranks together",
         "这是所有 rank 空闲时间之和",
         _times("time", lambda inputs: inputs["stages"])),
    Slip("time", _for_even("2·(P-1)·(F+B)"), "fill and drain were counted twice", "填充和排空重复计算了",
         _times("time", lambda _inputs: 2)),
    Slip("time", "", "V was forgotten: interleaving divides the bubble time by V",
         "漏了 V：交错调度使气泡时间除以 V",
         _without_chunks("time")),
    Slip("time", _convention_formula("total"), "that is the bubble ratio, not its time",
         "这是气泡率，不是气泡时间", _of("ratio", convention="total"), unit=""),
    Slip("time", _for_even("(M+P-1)·(F+B)"), "that is the whole step, not its idle part",
         "这是总时间，不是空闲时间", _of("makespan")),
)  # fmt: skip
MAKESPAN = (
    Slip("makespan", _trained("M·(F+B)"), "the fill and drain were left out", "漏了填充和排空",
         _whole(lambda _P, M: M)),
    Slip("makespan", _trained("(M+P)·(F+B)"), "M+P slots instead of M+P-1", "用了 M+P 而不是 M+P-1",
         _whole(lambda P, M: M + P)),
    Slip("makespan", "(M+P-1)·F", "forward only: the backward belongs to the step", "只算了前向，漏了反向",
         _forward_only(lambda P, M: M + P - 1)),
    Slip("makespan", _trained("M·P·(F+B)"), "that is one stage after another, with no overlap",
         "这是各级依次执行、没有重叠的时间",
         _whole(lambda P, M: M * P)),
    Slip("makespan", "", "V was forgotten", "漏了 V", _without_chunks("makespan")),
)  # fmt: skip
OTHERS = (
    Slip("peak_activations", "M",
         "all M micro-batches: that is GPipe; 1F1B starts a backward after min(M, P-r) forwards",
         "算成了全部 M 个 micro-batch（GPipe）；1F1B 在 min(M, P-r) 个前向之后就开始反向", _by_size(lambda _P, M: M)),
    Slip("peak_activations", "P", "P instead of min(M, P)", "用了 P 而不是 min(M, P)", _by_size(lambda P, _M: P)),
    Slip("peak_activations", "P-1", "P-1 instead of min(M, P): the rank's own micro-batch counts too",
         "用了 P-1：自己正在算的 micro-batch 也要保存", _by_size(lambda P, _M: P - 1)),
    Slip("efficiency", _convention_formula("total"), "that is the bubble; the efficiency is the rest",
         "这是气泡率，效率是剩下的部分",
         _of("ratio", convention="total")),
)  # fmt: skip
SLIPS = (*RATIO, *TIME, *MAKESPAN, *OTHERS)
