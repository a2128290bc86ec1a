"""Decoding through a pipeline: time per output token, throughput, and the groups that fill the pipe."""

import re
from collections.abc import Callable
from fractions import Fraction

from studykit.calculators import sizes
from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip
from studykit.calculators.figures import Number
from studykit.calculators.variation import Variations, remembered


@remembered
def _decode(inputs: Inputs) -> dict[str, Number]:
    from studykit.pipeline.inference import decode

    times = inputs["stage_time"]
    found = decode(
        inputs["stages"],
        inputs["groups"],
        inputs["tokens"],
        times[0] if len(times) == 1 else times,
        p2p=inputs["p2p"],
        sampling_return=inputs["sampling_return"],
        group_size=inputs["group_size"],
    )
    return {
        "tpot": found.tpot,
        "throughput": Fraction(found.throughput) * 1000,
        "fill_groups": found.fill_groups,
        "bubble": found.bubble,
        "total": found.total,
        "latency": found.loop_time,
    }


def _slowest(inputs: Inputs) -> Fraction:
    return Fraction(max(inputs["stage_time"]))


def _symbols_hold(inputs: Inputs) -> bool:
    return len(inputs["stage_time"]) == 1


def _pace(formula: str) -> Callable[[Inputs], str]:
    """A formula with the stage time, or with the slowest one where they differ."""
    return lambda inputs: formula if _symbols_hold(inputs) else re.sub("(?<!Σ)τ", "τ_max", formula)


def _tpot_formula(inputs: Inputs) -> str:
    return "max(G·τ, P·τ+(P-1)·c+r)" if _symbols_hold(inputs) else "max(G·τ_max, Στ+(P-1)·c+r)"


def _pass(inputs: Inputs) -> str:
    return "P·τ" if _symbols_hold(inputs) else "Στ"


def _total_formula(inputs: Inputs) -> str:
    once = f"{_pass(inputs)}+(P-1)·c"
    return _pace(f"max({once}+(T·G-1)·τ, T·({once})+(T-1)·r+(G-1)·τ)")(inputs)


def _one_pass_bubble(inputs: Inputs) -> Number:
    return Fraction(inputs["stages"] - 1, inputs["groups"] + inputs["stages"] - 1)


INPUTS = (
    sizes.stages(None),
    Input("groups", "G", "request groups in flight", "同时在途的请求组数", low=1, high=65536),
    Input("stage_time", "τ", "time of a group's token on a stage; a list gives one for each",
          "一组请求的一个 token 在一级上的耗时；给列表则逐级对应",
          unit="ms", kind="list", low=0, high=10**9),
    Input("group_size", "g", "requests in a group", "每组的请求数", low=1, high=10**6, default=1),
    Input("tokens", "T", "tokens each request decodes",
          "每个请求解码的 token 数", unit="tokens", low=1, high=10**8, default=1),
    Input("p2p", "c", "one-way send time between stages",
          "级间单向传输时间", unit="ms", kind="float", low=0, high=10**9,
          default=0),
    Input("sampling_return", "r", "sampling and the way back to the first stage",
          "采样并返回第一级的时间", unit="ms",
          kind="float", low=0, high=10**9, default=0),
)  # fmt: skip
OUTPUTS = (
    Output("tpot", "TPOT", "time per output token in the steady state", "稳态下每个输出 token 的时间", unit="ms",
           formula=_tpot_formula),
    Output("throughput", "X", "tokens a second of all requests in the steady state",
           "稳态下所有请求每秒 token 数", unit="tok/s",
           formula="1000·G·g/tpot"),
    Output("fill_groups", "G_0", "least groups that keep the slowest stage busy",
           "使最慢一级不空闲的最少组数", unit="groups",
           formula=_pace("ceil(latency/τ)")),
    Output("bubble", "bubble", "idle share of the ranks in the steady state",
           "稳态下各 rank 的空闲比例", convention="total",
           percent=True, formula=lambda inputs: "1-G·τ/tpot" if _symbols_hold(inputs) else "1-G·Στ/(P·tpot)"),
    Output("total", "T_all", "from the first start to the last token",
           "从开始到最后一个 token 的总时间", unit="ms", formula=_total_formula),
    Output("latency", "t_1", "one token of one group through all stages and back",
           "一组的一个 token 走完所有级并返回的时间",
           unit="ms", formula=lambda inputs: f"{_pass(inputs)}+(P-1)·c+r"),
)  # fmt: skip
_VARY = Variations(_decode, INPUTS, OUTPUTS)


DECODE = Calculator(
    name="decode",
    title="Decoding through a pipeline",
    zh="流水线 decode",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_decode,
    slips=(
        Slip("tpot", _pace("P·τ"),
             "a pass through the stages; with more groups than that takes, a request waits for the others",
             "这是走完所有级的时间；组数更多时请求要等其他组", lambda inputs: inputs["stages"] * _slowest(inputs)),
        Slip("tpot", _pace("G·τ"), "the groups do not fill the pipe: a token still has to pass all stages and return",
             "组数不足以填满流水线：一个 token 仍要走完所有级再返回",
             lambda inputs: inputs["groups"] * _slowest(inputs)),
        Slip("tpot", _pace("τ"), "one stage only", "只算了一级", lambda inputs: _slowest(inputs)),
        _VARY.changed("tpot", "the sends and the way back were left out", "漏了传输和返回的时间",
                      p2p=0, sampling_return=0),
        Slip("tpot",
             _pace("(G+P-1)·τ"), "that is the time of one step that fills and drains; a steady loop does neither",
             "这是填充再排空一次的时间；稳态循环两者都没有",
             lambda inputs: (inputs["groups"] + inputs["stages"] - 1) * _slowest(inputs)),
        Slip("throughput", "1000/tpot", "that is one request's rate", "这是单个请求的速率",
             lambda inputs: _decode(inputs)["throughput"] / (inputs["groups"] * inputs["group_size"])),
        _VARY.changed("throughput", "requests in a group were forgotten", "漏了每组的请求数", group_size=1),
        Slip("throughput", "1000·g/tpot", "one group only",
             "只算了一组", lambda inputs: _decode(inputs)["throughput"] / inputs["groups"]),
        Slip("bubble", "(P-1)/(G+P-1)",
             "that is of a step that fills and drains; a steady decode loop with G >= P has no bubble",
             "这是填充再排空一次的气泡率；稳态解码循环在 G >= P 时没有气泡", _one_pass_bubble),
        Slip("bubble", "(P-1)/G", "that is the ideal convention of a step that fills and drains",
             "这是填充再排空一次的 ideal 口径",
             lambda inputs: Fraction(inputs["stages"] - 1, inputs["groups"])),
        Slip("fill_groups", "P", "P groups fill the pipe only if sends and sampling take no time",
             "只有传输和采样不花时间时 P 组才够",
             lambda inputs: inputs["stages"]),
        Slip("total",
             _pace("(T·G+P-1)·τ"), "with fewer groups than stages a group waits for its own token: (T·P+G-1)·τ",
             "组数少于级数时要等自己的上一个 token：(T·P+G-1)·τ",
             lambda inputs: (inputs["tokens"] * inputs["groups"] + inputs["stages"] - 1) * _slowest(inputs)),
        Slip("total", _pace("T·(G+P-1)·τ"), "the pipe drains after every token only if nothing overlaps",
             "只有完全不重叠时每个 token 后才会排空",
             lambda inputs: inputs["tokens"] * (inputs["groups"] + inputs["stages"] - 1) * _slowest(inputs)),
    ),
    about="Groups of requests chase one another round the stages. TPOT is the longer of what the groups take on the "
    "slowest "
    "stage and one token's way through all stages and back.",
    about_zh="各请求组在流水线中首尾相接。TPOT 取两者的较大值：所有组在最慢一级上的时间，以及一个 token "
    "走完所有级并返回的时间。",
    source="Pope et al. 2022, Efficiently Scaling Transformer Inference, 3.1; derived by max-plus timing",
    example="decode --stages 4 --groups 4 --stage-time 5 --group-size 8 --tokens 100",
)  # fmt: skip
