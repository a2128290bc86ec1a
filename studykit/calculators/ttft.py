"""Time to first token of a prompt that is cut into chunks and sent down the pipeline."""

from fractions import Fraction
from typing import Any

from studykit.calculators import sizes
from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip, both
from studykit.calculators.figures import Number
from studykit.calculators.variation import Variations, remembered


def _arguments(inputs: Inputs) -> dict[str, Any]:
    common = {"p2p": _exact(inputs["p2p"]), "sampling": _exact(inputs["sampling"])}
    if inputs["chunk_time"] is not None:
        return {**common, "stage_time": _exact(inputs["chunk_time"])}
    if inputs["prompt"] is None:
        raise ValueError("chunk_time is missing; expected it, or prompt with fixed, linear or quadratic costs")
    cost = {name: _exact(inputs[name]) for name in ("fixed", "linear", "quadratic")}
    return {**common, **cost, "prompt": inputs["prompt"], "balanced": inputs["balanced"] == "yes"}


def _exact(value: Number) -> Number:
    """A whole number as one, with which timing goes ten times as fast as with fractions."""
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else exact


@remembered
def _first_token(inputs: Inputs) -> dict[str, Number]:
    from studykit.pipeline.chunked_prefill import prefill

    found = prefill(inputs["stages"], inputs["chunks"], **_arguments(inputs))
    return {"ttft": found.ttft, "bubble": found.bubble, "work": found.work}


def _formula(inputs: Inputs) -> str:
    if inputs["chunk_time"] is None:
        return both("end of the last chunk on the last stage", "最后一块离开最后一级的时刻")
    return "(C+P-1)·τ+(P-1)·c" + ("+q" if inputs["sampling"] else "")


def _by_chunk(factor: Any) -> Any:
    def value(inputs: Inputs) -> Number | None:
        if inputs["chunk_time"] is None:
            return None
        return Fraction(factor(inputs["stages"], inputs["chunks"])) * Fraction(inputs["chunk_time"])

    return value


def _attends(inputs: Inputs) -> bool:
    return bool(inputs["quadratic"] and inputs["linear"])


def _one_chunk_formula(inputs: Inputs) -> str:
    work = "k+l·n+j·n^2" if inputs["chunk_time"] is None else "P·τ"
    return f"{work}+(P-1)·c+q"


INPUTS = (
    sizes.stages(None),
    Input("chunks", "C", "chunks of the prompt", "提示词的分块数", low=1, high=65536, default=1),
    Input("chunk_time", "τ", "time of a chunk on a stage, if all take the same",
          "一块在一级上的时间（各块相同时）", unit="ms",
          kind="float", low=0, high=10**9, optional=True),
    Input("prompt", "n", "tokens of the prompt (with costs by token)",
          "提示词 token 数（按 token 估算耗时时用）", unit="tokens", low=1,
          high=10**8, optional=True),
    Input("fixed", "k", "cost of a chunk in the whole model, whatever its size",
          "每块在整个模型上的固定耗时", unit="ms",
          kind="float", low=0, high=10**9, default=0),
    Input("linear", "l", "cost of a token in the whole model",
          "每个 token 在整个模型上的耗时", unit="ms", kind="float", low=0,
          high=10**9, default=0),
    Input("quadratic", "j", "cost of a pair of tokens in the whole model (attention)",
          "每对 token 在整个模型上的耗时（注意力）",
          unit="ms", kind="float", low=0, high=10**9, default=0),
    Input("balanced", "balanced", "cut the prompt so that every chunk costs the same",
          "按每块耗时相同来切分", kind="choice",
          choices=sizes.YES_NO, default="no"),
    Input("p2p", "c", "one-way send time between stages",
          "级间单向传输时间", unit="ms", kind="float", low=0, high=10**9,
          default=0),
    Input("sampling", "q", "time to sample the token",
          "采样时间", unit="ms", kind="float", low=0, high=10**9, default=0),
)  # fmt: skip
OUTPUTS = (
    Output("ttft", "TTFT", "time to first token", "首 token 时间", unit="ms", formula=_formula),
    Output("bubble", "bubble", "idle share of the ranks until then",
           "到此为止各 rank 的空闲比例", convention="total", percent=True, formula="1-work/(P·(ttft-q))"),
    Output("work", "w", "busy time of all ranks together", "所有 rank 的计算时间之和", unit="ms",
           formula=lambda inputs: "C·k+l·n+j·n^2" if inputs["chunk_time"] is None else "C·P·τ"),
)  # fmt: skip
_VARY = Variations(_first_token, INPUTS, OUTPUTS)


TTFT = Calculator(
    name="ttft",
    title="Time to first token with chunked prefill",
    zh="分块 prefill 的首 token 时间",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_first_token,
    slips=(
        Slip("ttft", "C·P·τ", "chunk after chunk with no overlap: the next chunk starts as soon as a stage is free",
             "各块依次走完全程、没有重叠；其实前一级空出来下一块就可以开始", _by_chunk(lambda P, C: C * P)),
        Slip("ttft", "C·τ", "the fill was left out: the last chunk still has to pass the other stages",
             "漏了填充：最后一块还要走完其余各级",
             _by_chunk(lambda _P, C: C)),
        Slip("ttft", "P·τ", "one chunk only", "只算了一块", _by_chunk(lambda P, _C: P)),
        Slip("ttft", "(C+P)·τ", "C+P slots instead of C+P-1", "用了 C+P 而不是 C+P-1", _by_chunk(lambda P, C: C + P)),
        _VARY.changed("ttft", "the sends between stages were left out", "漏了级间传输", p2p=0),
        Slip("ttft", "ttft-q", "the sampling was left out", "漏了采样时间",
             lambda inputs: _first_token({**inputs, "sampling": 0})["ttft"] if inputs["sampling"] else None),
        Slip("ttft", lambda _inputs: both("the same end without attention", "不计注意力时的结束时刻"),
             "attention was left out: later chunks attend to all earlier ones and cost more",
             "漏了注意力：后面的块要对前面所有 token 做注意力，耗时更长",
             lambda inputs: _first_token({**inputs, "quadratic": 0})["ttft"] if _attends(inputs) else None),
        Slip("ttft", _one_chunk_formula, "the whole prompt as one chunk", "把整个提示词当成一块",
             lambda inputs: _first_token({**inputs, "chunks": 1})["ttft"]),
        Slip("bubble", "(P-1)/C", "that is the ideal convention, idle / work", "这是 ideal 口径：空闲 / 有效时间",
             lambda inputs: Fraction(inputs["stages"] - 1, inputs["chunks"])),
    ),
    about="A chunk starts on a stage when the chunk before has left it and its own result has arrived. A chunk of x "
    "tokens "
    "after L earlier ones costs k + l·x + j·(2·L·x + x²) in the whole model.",
    about_zh="上一块离开且本块的数据到达后，才能在该级开始。在已有 L 个 token 之后的 x 个 token 耗时 k + l·x + "
    "j·(2·L·x + x²)。",
    source="Agrawal et al. 2023 (Sarathi); derived by max-plus timing",
    example="ttft --stages 4 --chunks 8 --chunk-time 3 --p2p 1",
)  # fmt: skip
