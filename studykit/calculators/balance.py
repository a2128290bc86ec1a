"""Cutting uneven layers into stages, and what the largest stage costs."""

from collections.abc import Sequence
from fractions import Fraction

from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip, both
from studykit.calculators.figures import Number
from studykit.calculators.formula import number_text
from studykit.calculators.sizes import microbatches, stages
from studykit.calculators.variation import Variations, remembered


@remembered
def _best(inputs: Inputs) -> dict[str, Number]:
    from studykit.pipeline.balance import partition

    found = partition(inputs["costs"], inputs["stages"], embedding=inputs["embedding"], head=inputs["head"])
    total = sum(Fraction(cost) for cost in found.stage_costs)
    return {
        "largest": found.largest,
        "efficiency": Fraction(found.efficiency),
        "mean": Fraction(found.mean),
        "makespan": total + (inputs["microbatches"] - 1) * Fraction(found.largest),
    }


def equal_counts(costs: Sequence[Number], parts: int) -> list[Fraction]:
    """Stage costs when every stage gets as many layers as the next, the first ones one more."""
    least, more = divmod(len(costs), parts)
    sums, at = [], 0
    for stage in range(parts):
        end = at + least + (stage < more)
        sums.append(sum((Fraction(cost) for cost in costs[at:end]), Fraction(0)))
        at = end
    return sums


def _by_counts(inputs: Inputs) -> list[Fraction]:
    sums = equal_counts(inputs["costs"], inputs["stages"])
    sums[0] += Fraction(inputs["embedding"])
    sums[-1] += Fraction(inputs["head"])
    return sums


def _edges_forgotten(inputs: Inputs) -> Number | None:
    if not inputs["embedding"] and not inputs["head"]:
        return None
    return _best({**inputs, "embedding": 0, "head": 0})["largest"]


def _mean_of_counts(inputs: Inputs) -> Fraction:
    sums = _by_counts(inputs)
    return sum(sums, Fraction(0)) / len(sums) / max(sums)


def _equal_formula(inputs: Inputs) -> str:
    return f"max({', '.join(number_text(cost) for cost in _by_counts(inputs))})"


def _edges_formula(_inputs: Inputs) -> str:
    return both("largest stage of the split without them", "不计它们时的最大一级")


INPUTS = (
    Input("costs", "costs", "cost of each layer, in order", "各层的耗时，按顺序", kind="list", low=0, high=10**12),
    stages(None),
    Input("embedding", "e", "cost of the embedding, on the first stage", "第一级上 embedding 的耗时", kind="float",
          low=0, high=10**12, default=0),
    Input("head", "o", "cost of the head, on the last stage", "最后一级上输出头的耗时", kind="float", low=0,
          high=10**12, default=0),
    microbatches(1),
)  # fmt: skip
OUTPUTS = (
    Output("largest", "t_max", "largest stage of the best contiguous split",
           "最优连续切分下最慢一级的耗时", unit="time units",
           formula=lambda _inputs: both("largest stage of the best split", "最优切分中的最大一级")),
    Output("efficiency", "eff", "mean stage over largest stage", "平均耗时与最慢一级之比", percent=True,
           formula="mean/largest"),
    Output("mean", "t_mean", "mean stage", "各级的平均耗时", unit="time units", formula="(Σcosts+e+o)/P"),
    Output("makespan", "T", "forward pass of M micro-batches: sum + (M-1) largest",
           "M 个 micro-batch 的前向时间：各级之和 + (M-1) × 最慢一级", unit="time units",
           formula="Σcosts+e+o+(M-1)·largest"),
)  # fmt: skip
_VARY = Variations(_best, INPUTS, OUTPUTS)


BALANCE = Calculator(
    name="balance",
    title="Balance of pipeline stages",
    zh="流水线各级的负载均衡",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_best,
    slips=(
        _VARY.instead("largest", "mean", "that is the mean; layers cannot be cut to reach it",
                      "这是平均值，层不能再切开，达不到"),
        Slip("largest", _equal_formula, "an equal number of layers on each stage is not the best split",
             "各级层数相同并不是最优切分",
             lambda inputs: max(_by_counts(inputs))),
        Slip("largest", _edges_formula, "the embedding or the head was left out", "漏了 embedding 或输出头",
             _edges_forgotten),
        Slip("efficiency", lambda inputs: f"mean/{number_text(max(_by_counts(inputs)))}",
             "that is of a split with equal layer counts, not of the best one",
             "这是按层数平分的结果，不是最优切分", _mean_of_counts),
        Slip("makespan", "M·largest", "the first micro-batch still has to pass all stages",
             "第一个 micro-batch 还要走完所有级",
             lambda inputs: inputs["microbatches"] * _best(inputs)["largest"]),
        Slip("makespan", "(M+P-1)·mean", "the pace is set by the largest stage, not by the mean",
             "节拍由最慢的一级决定，而不是平均值",
             lambda inputs: (inputs["microbatches"] + inputs["stages"] - 1) * _best(inputs)["mean"]),
        Slip("makespan", "(M+P-1)·largest", "the fill takes each stage's own time, not the largest one",
             "填充阶段用的是各级自己的耗时，不都是最大值",
             lambda inputs: (inputs["microbatches"] + inputs["stages"] - 1) * _best(inputs)["largest"]),
    ),
    about="The contiguous split of uneven layers that makes the largest stage as small as it can be.",
    about_zh="把不均匀的层连续切成若干级，使最慢的一级尽可能快。",
    source="Harlap et al. 2018 (PipeDream, 3.1); the fill and pace of an uneven forward pipeline",
    example="balance --costs 1,2,3,4,5,6 --stages 3",
)  # fmt: skip
