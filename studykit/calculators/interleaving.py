"""What interleaving gains: less bubble, and the speed-up that is left of it."""

from fractions import Fraction

from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip
from studykit.calculators.figures import Number
from studykit.calculators.pipeline_run import plan
from studykit.calculators.variation import Variations, remembered

_UNIT_TIMES = {"forward": 1, "backward": 2, "weight": 1, "p2p": 0}


@remembered
def _gain(inputs: Inputs) -> dict[str, Number]:
    before = plan({**inputs, **_UNIT_TIMES, "schedule": "1f1b", "chunks": 1})
    after = plan({**inputs, **_UNIT_TIMES, "schedule": "interleaved"})
    return {
        "ratio_before": before.bubble("total"),
        "ratio_after": after.bubble("total"),
        "speedup": before.makespan / after.makespan,
        "less_bubble": before.idle / after.idle if after.idle else Fraction(1),
    }


def _full(inputs: Inputs) -> bool:
    return bool(inputs["microbatches"] >= inputs["stages"])


def _ratios_quotient(inputs: Inputs) -> Number | None:
    found = _gain(inputs)
    return found["ratio_before"] / found["ratio_after"] if found["ratio_after"] else None


def _one_plus_difference(inputs: Inputs) -> Number:
    found = _gain(inputs)
    return 1 + found["ratio_before"] - found["ratio_after"]


def _over_chunks(inputs: Inputs) -> Number | None:
    return _gain(inputs)["ratio_before"] / inputs["chunks"] if inputs["chunks"] > 1 else None


INPUTS = (
    Input("stages", "P", "pipeline stages", "流水线级数", low=1, high=1024),
    Input("microbatches", "M", "micro-batches in a step", "每步的 micro-batch 数", low=1, high=65536),
    Input("chunks", "V", "model chunks on a rank", "每个 rank 的虚拟级数", low=1, high=64),
)  # fmt: skip
OUTPUTS = (
    Output("speedup", "S", "speed-up of the step", "一步的加速比", unit="x",
           formula=lambda inputs: "(M+P-1)/(M+(P-1)/V)" if _full(inputs) else "(M+P-1)·V/(P·V+M-1)"),
    Output("ratio_before", "before", "bubble ratio with one chunk a rank", "不交错时的气泡率", convention="total",
           percent=True, formula="(P-1)/(M+P-1)"),
    Output("ratio_after", "after", "bubble ratio with V chunks a rank", "交错后的气泡率", convention="total",
           percent=True, formula=lambda inputs: "(P-1)/(V·M+P-1)" if _full(inputs) else "1-M·V/(P·V+M-1)"),
    Output("less_bubble", "k", "how many times less bubble time", "气泡时间缩小的倍数", unit="x",
           formula=lambda inputs: "V" if _full(inputs) else "(P-1)/((P·V+M-1)/V-M)"),
)  # fmt: skip
_VARY = Variations(_gain, INPUTS, OUTPUTS)


INTERLEAVING = Calculator(
    name="interleaving",
    title="Speed-up from interleaving",
    zh="交错调度的加速",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_gain,
    slips=(
        Slip("speedup", "ratio_before/ratio_after",
             "that is how much the bubble ratio shrinks, not how much faster the step is",
             "这是气泡率缩小的倍数，不是一步的加速比", _ratios_quotient),
        Slip("speedup", "V", "V divides the bubble time only; the work stays", "V 只除气泡时间，有效计算不变",
             lambda inputs: inputs["chunks"]),
        Slip("speedup", "1+ratio_before-ratio_after", "the difference of two ratios of different steps is no speed-up",
             "两个不同总时间的比例之差不是加速比", _one_plus_difference),
        Slip("ratio_after", "(P-1)/(M+P-1)/V",
             "V divides the bubble time, not the ratio, for the whole step gets shorter too",
             "V 除的是气泡时间而不是气泡率，因为总时间也变短了", _over_chunks),
        _VARY.instead("ratio_after", "ratio_before", "V was forgotten", "漏了 V"),
        Slip("ratio_after", "(P-1)/(V·M)", "that is the ideal convention, idle / work",
             "这是 ideal 口径：空闲 / 有效时间",
             lambda inputs: Fraction(inputs["stages"] - 1, inputs["chunks"] * inputs["microbatches"])),
        Slip("ratio_before", "(P-1)/M", "that is the ideal convention, idle / work", "这是 ideal 口径：空闲 / 有效时间",
             lambda inputs: Fraction(inputs["stages"] - 1, inputs["microbatches"])),
        Slip("less_bubble", "ratio_before/ratio_after",
             "the ratio shrinks less than the time, for the whole step gets shorter too",
             "气泡率缩小得比气泡时间少，因为总时间也变短了", _ratios_quotient),
        _VARY.instead("less_bubble", "speedup", "that is the speed-up of the step", "这是一步的加速比"),
    ),
    about="Interleaved 1F1B against 1F1B with the same work: the bubble time is divided by V, the step gains less.",
    about_zh="工作量相同的交错 1F1B 与 1F1B 之比：气泡时间除以 V，而总时间的收益小得多。",
    source="Narayanan et al. 2021 (SC'21, 2.2.2)",
    example="interleaving --stages 4 --microbatches 8 --chunks 4",
)  # fmt: skip
