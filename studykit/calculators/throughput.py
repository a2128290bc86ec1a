"""Step time and throughput of pipelined training or inference."""

from fractions import Fraction

from studykit.calculators import sizes
from studykit.calculators.bubble_formulas import makespan_formula, work_formula
from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip, both
from studykit.calculators.figures import Number
from studykit.calculators.formula import in_words
from studykit.calculators.pipeline_run import SIZE, plan
from studykit.calculators.variation import Variations, remembered

TIMES = (
    Input("forward", "F", "forward time of a rank for one micro-batch",
          "一个 micro-batch 在一个 rank 上的前向时间", unit="ms",
          kind="float", low=0, high=10**9, default=10),
    Input("backward", "B", "whole backward time of a rank for one micro-batch",
          "一个 micro-batch 在一个 rank 上的反向时间",
          unit="ms", kind="float", low=0, high=10**9, default=lambda inputs: 2 * inputs["forward"]),
    Input("weight", "W", "the part of B that is the weight gradient",
          "反向时间中权重梯度的部分", unit="ms", kind="float", low=0,
          high=10**9, default=lambda inputs: Fraction(inputs["backward"]) / 2),
    Input("p2p", "c", "one-way send time between stages",
          "级间单向传输时间", unit="ms", kind="float", low=0, high=10**9,
          default=0),
    Input("pause", "u", "time of a step outside the pipeline (optimizer, data-parallel reduction)",
          "每步里流水线之外的时间（优化器、数据并行归约）", unit="ms", kind="float", low=0, high=10**9, default=0),
)  # fmt: skip


@remembered
def _rates(inputs: Inputs) -> dict[str, Number]:
    from studykit.pipeline.flops import throughput

    made = plan(inputs)
    step = made.makespan + Fraction(inputs["pause"])
    replicas = inputs["data_parallel"]
    found = throughput(
        Fraction(step) / 1000,
        batch=inputs["microbatches"] * inputs["batch"] * replicas,
        sequence=inputs["sequence"],
        gpus=inputs["stages"] * inputs["tensor_parallel"] * replicas,
    )
    return {
        "step_time": step,
        "samples": found.samples,
        "tokens": found.tokens,
        "tokens_per_gpu": found.tokens_per_gpu,
        "efficiency": Fraction(made.work) / Fraction(step),
    }


def _time_formula(inputs: Inputs) -> str:
    inner = makespan_formula(inputs)
    if in_words(inner):
        return inner + (both(", and u", "，再加 u") if inputs["pause"] else "")
    return f"{inner}+u" if inputs["pause"] else inner


def _work(inputs: Inputs) -> Number:
    return Fraction(plan(inputs).work)


def _without_bubble(inputs: Inputs) -> Number:
    """Tokens a second if every rank worked all the time."""
    found = _rates(inputs)
    busy: Number = Fraction(found["tokens"]) * Fraction(found["step_time"]) / Fraction(_work(inputs))
    return busy


def _forward_only(inputs: Inputs) -> Number | None:
    if inputs["schedule"] == "forward":
        return None
    slots = int(inputs["microbatches"] + inputs["stages"] - 1)
    return slots * Fraction(inputs["forward"])


INPUTS = (
    *SIZE,
    *TIMES,
    sizes.batch("sequences of a micro-batch", "每个 micro-batch 的序列数"),
    sizes.sequence(1),
    sizes.data_parallel(),
    sizes.tensor_parallel(),
)  # fmt: skip
OUTPUTS = (
    Output("step_time", "T", "time of a step", "一步的时间", unit="ms", formula=_time_formula),
    Output("samples", "X", "sequences a second, over all replicas",
           "每秒序列数（所有副本合计）", unit="sequences/s",
           formula="M·b·N·1000/step_time"),
    Output("tokens", "K", "tokens a second, over all replicas", "每秒 token 数（所有副本合计）", unit="tok/s",
           formula="M·b·s·N·1000/step_time"),
    Output("tokens_per_gpu", "k", "tokens a second and GPU", "每张卡每秒 token 数", unit="tok/s",
           formula="M·b·s·1000/(P·t)/step_time"),
    Output("efficiency", "eff", "share of the step a rank works", "每个 rank 的有效时间比例", percent=True,
           formula=lambda inputs: f"{work_formula(inputs)}/step_time"),
)  # fmt: skip
_VARY = Variations(_rates, INPUTS, OUTPUTS)


THROUGHPUT = Calculator(
    name="throughput",
    title="Step time and throughput",
    zh="每步时间与吞吐",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_rates,
    slips=(
        Slip("step_time", work_formula, "the fill and drain were left out",
             "漏了填充和排空", _work),
        Slip("step_time", "(M+P-1)·F", "forward only: the backward belongs to the step",
             "只算了前向，漏了反向", _forward_only),
        _VARY.changed("step_time", "V was forgotten", "漏了 V", chunks=1, schedule="1f1b",
                      only=lambda inputs: inputs["chunks"] > 1),
        _VARY.changed("step_time", "the time outside the pipeline was left out", "漏了流水线之外的时间", pause=0),
        Slip("tokens", lambda inputs: f"M·b·s·N·1000/({work_formula(inputs)})",
             "the bubble was left out: a step is longer than its work",
             "漏了气泡：一步的时间比有效计算长", _without_bubble),
        _VARY.changed("tokens", "one replica only", "只算了一个副本", data_parallel=1),
        _VARY.changed("tokens", "those are sequences, not tokens", "这是序列数，不是 token 数", sequence=1),
        Slip("tokens", "b·s·N·1000/step_time", "one micro-batch only", "只算了一个 micro-batch",
             lambda inputs: _rates(inputs)["tokens"] / inputs["microbatches"]),
        _VARY.scaled("tokens", "·P", lambda inputs: inputs["stages"],
                     "multiplied by the stages: they share the work of one batch, they do not multiply it",
                     "乘了级数：各级分担同一批数据，不会成倍增加"),
        _VARY.changed("samples", "one replica only", "只算了一个副本", data_parallel=1),
        _VARY.instead("tokens_per_gpu", "tokens", "that is over all GPUs", "这是所有卡的合计"),
        Slip("efficiency", "1-efficiency", "that is the bubble; the efficiency is the rest",
             "这是气泡率，效率是剩下的部分",
             lambda inputs: 1 - _rates(inputs)["efficiency"]),
    ),
    about="The step is simulated in the order of the schedule; rates follow from its time.",
    about_zh="按调度顺序模拟一步，再由其时间得到吞吐。",
    source="Narayanan et al. 2021 (SC'21, 2.2)",
    example="throughput --schedule 1f1b --stages 8 --microbatches 32 --forward 12 --batch 2 --sequence 2048",
    plan=plan,
)  # fmt: skip
