"""One collective operation over a ring: what each rank sends, and how long it takes."""

from fractions import Fraction
from typing import TYPE_CHECKING

from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip
from studykit.calculators.figures import Number
from studykit.calculators.presets import GIGA, GPU, giga
from studykit.calculators.variation import Variations, changed, remembered

if TYPE_CHECKING:
    from studykit.pipeline.collectives import Collective

OPERATIONS = ("all-reduce", "all-gather", "reduce-scatter", "all-to-all", "broadcast", "p2p")


def _run(inputs: Inputs) -> "Collective":
    from studykit.pipeline.collectives import collective

    return collective(
        inputs["operation"],
        Fraction(inputs["data"]) * GIGA,
        inputs["ranks"],
        Fraction(inputs["bandwidth"]) * GIGA,
        Fraction(inputs["latency"]) / 10**6,
    )


@remembered
def _collective(inputs: Inputs) -> dict[str, Number]:
    found = _run(inputs)
    return {
        "time": Fraction(found.time or 0) * 1000,
        "sent": giga(found.sent),
        "steps": found.steps,
        "bus_factor": Fraction(found.bus_factor),
    }


def _share(inputs: Inputs) -> str:
    return {"all-reduce": "2·(N-1)/N", "broadcast": "1", "p2p": "1"}.get(inputs["operation"], "(N-1)/N")


def _steps_formula(inputs: Inputs) -> str:
    return {"all-reduce": "2·(N-1)", "p2p": "1"}.get(inputs["operation"], "(N-1)")


def _time_formula(inputs: Inputs) -> str:
    moved = f"{_share(inputs)}·D/w·1000"
    return f"{moved}+{_steps_formula(inputs)}·y/1000" if inputs["latency"] else moved


def _moved(factor: Fraction, inputs: Inputs) -> Fraction:
    """Milliseconds for `factor` times the data."""
    return factor * Fraction(inputs["data"]) / Fraction(inputs["bandwidth"]) * 1000


def _only(inputs: Inputs, factor: Fraction) -> Number | None:
    return _moved(factor, inputs) if inputs["operation"] == "all-reduce" else None


INPUTS = (
    Input("data", "D", "bytes of the whole tensor", "整个张量的字节数", unit="GB", kind="float", low=0, high=10**9),
    Input("ranks", "N", "ranks of the ring", "环上的 rank 数", low=1, high=65536),
    GPU,
    Input("bandwidth", "w", "bandwidth of a rank in one direction",
          "每个 rank 的单向带宽", unit="GB/s", kind="float",
          low=Fraction(1, 10**6), high=10**6, default=300),
    Input("latency", "y", "time a message costs by itself",
          "每条消息的固定延迟", unit="us", kind="float", low=0, high=10**9,
          default=0),
    Input("operation", "operation", "the collective",
          "集合通信操作", kind="choice", choices=OPERATIONS, default="all-reduce"),
)  # fmt: skip
OUTPUTS = (
    Output("time", "t", "time of the operation", "操作耗时", unit="ms", formula=_time_formula),
    Output("sent", "S", "bytes each rank sends",
           "每个 rank 发送的字节数", unit="GB", formula=lambda inputs: f"{_share(inputs)}·D"),
    Output("steps", "k", "messages one after another", "依次发送的消息数", unit="steps", formula=_steps_formula),
    Output("bus_factor", "f", "bytes sent over the data", "发送量与数据量之比", unit="x", formula=_share),
)  # fmt: skip
_VARY = Variations(_collective, INPUTS, OUTPUTS)


ALL_REDUCE = Calculator(
    name="all-reduce",
    title="A collective operation over a ring",
    zh="环形集合通信",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_collective,
    slips=(
        Slip("time", "(N-1)/N·D/w·1000", "an all-reduce goes round twice: reduce-scatter, then all-gather",
             "all-reduce 要绕环两次：先 reduce-scatter，再 all-gather",
             lambda inputs: _only(inputs, Fraction(inputs["ranks"] - 1, inputs["ranks"]))),
        Slip("time", "2·D/w·1000", "2 instead of 2(N-1)/N",
             "用了 2 而不是 2(N-1)/N", lambda inputs: _only(inputs, Fraction(2))),
        Slip("time", "D/w·1000", "the data once over the link", "只按数据量传一次计算",
             lambda inputs: _only(inputs, Fraction(1)) or None),
        Slip("time", "(N-1)·D/w·1000", "every rank to every other: a ring sends pieces of 1/N",
             "按每个 rank 发给其他所有 rank 计算；环上每次只发 1/N",
             lambda inputs: _moved(Fraction(inputs["ranks"] - 1), inputs)),
        Slip("time", lambda inputs: _time_formula(inputs).replace("/w", "/(2·w)"),
             "both directions of the link were counted: a ring sends one way", "按双向带宽计算了；环只用单向",
             changed(_collective, "time", bandwidth=lambda inputs: 2 * Fraction(inputs["bandwidth"]))),
        _VARY.changed("time", "the latency of the steps was left out", "漏了每步的延迟", latency=0),
        _VARY.scaled("time", "·8", 8, "bits for bytes: eight times too long", "把 bit 当成了 byte，时间变成了 8 倍"),
        Slip("sent", "(N-1)/N·D", "an all-reduce goes round twice", "all-reduce 要绕环两次",
             lambda inputs: Fraction(inputs["ranks"] - 1, inputs["ranks"]) * Fraction(inputs["data"])),
        Slip("sent", "2·D", "2 instead of 2(N-1)/N",
             "用了 2 而不是 2(N-1)/N", lambda inputs: 2 * Fraction(inputs["data"])),
        Slip("sent", "D", "the data once", "只算了一次数据量", lambda inputs: Fraction(inputs["data"])),
        Slip("sent", "2·(N-1)·D", "every step sends a piece of 1/N, not all of the data", "每步只发 1/N，不是全部数据",
             lambda inputs: 2 * (inputs["ranks"] - 1) * Fraction(inputs["data"])),
        Slip("steps", "N-1", "an all-reduce goes round twice",
             "all-reduce 要绕环两次", lambda inputs: inputs["ranks"] - 1),
        Slip("steps", "2·N", "2N instead of 2(N-1)", "用了 2N 而不是 2(N-1)", lambda inputs: 2 * inputs["ranks"]),
    ),
    about="A ring all-reduce sends 2(N-1)/N of the data in 2(N-1) steps; all-gather, reduce-scatter and all-to-all "
    "half of it.",
    about_zh="环形 all-reduce 每个 rank 发送 2(N-1)/N 的数据，共 2(N-1) 步；all-gather、reduce-scatter、all-to-all "
    "各为一半。",
    source="Patarasuk and Yuan 2009; Thakur, Rabenseifner and Gropp 2005",
    example="all-reduce --data 1GB --ranks 8 --bandwidth 300GB/s",
)  # fmt: skip
