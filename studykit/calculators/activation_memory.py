"""Activation memory of training: of one layer, of a micro-batch on a rank, and of all it holds in flight."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from studykit.calculators import sizes
from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip
from studykit.calculators.figures import Number
from studykit.calculators.presets import GIGA, MODEL
from studykit.calculators.variation import changed, other_output, remembered, times

SCHEDULES = ("naive", "gpipe", "looped-bfs", "1f1b", "interleaved", "zb-h1", "zb-h2", "zb-v", "dualpipev")


def _layer(inputs: Inputs, **other: Any) -> Fraction:
    from studykit.pipeline.activations import layer_activations

    given: dict[str, Any] = {
        "sequence": inputs["sequence"],
        "batch": inputs["batch"],
        "hidden": inputs["hidden"],
        "heads": inputs["heads"],
        "tensor_parallel": inputs["tensor_parallel"],
        "sequence_parallel": inputs["sequence_parallel"] == "yes",
        "recompute": inputs["recompute"],
    }
    return Fraction(layer_activations(**{**given, **other}))


@remembered
def _activations(inputs: Inputs) -> dict[str, Number]:
    from studykit.pipeline.activations import in_flight
    from studykit.pipeline.placement import layers_by_stage

    layer = _layer(inputs) / GIGA
    counts = layers_by_stage(inputs["layers"], inputs["stages"])
    held = in_flight(inputs["schedule"], inputs["stages"], inputs["microbatches"], inputs["chunks"])
    by_rank = [count * Fraction(flying) * layer for count, flying in zip(counts, held, strict=True)]
    fullest = by_rank.index(max(by_rank))
    return {
        "total": by_rank[fullest],
        "per_layer": layer,
        "per_microbatch": counts[fullest] * layer,
        "in_flight": held[fullest],
    }


def layer_formula(inputs: Inputs) -> str:
    """Bytes of a layer in symbols, by recompute and sequence parallelism (Korthikanti et al., table 2)."""
    if inputs["recompute"] == "full":
        return "2·s·b·h/10^9"
    core = "" if inputs["recompute"] == "selective" else "5·a·s/h"
    if inputs["tensor_parallel"] == 1:
        return f"s·b·h·(34{'+' + core if core else ''})/10^9"
    if inputs["sequence_parallel"] == "yes":
        return f"s·b·h/t·(34{'+' + core if core else ''})/10^9"
    return f"s·b·h·(10+24/t{'+' + core + '/t' if core else ''})/10^9"


def _layer_with(**changes: str | int) -> Callable[[Inputs], str]:
    """The formula of a layer as it would be with other inputs."""
    return lambda inputs: layer_formula({**inputs, **changes})


def _share(inputs: Inputs) -> Fraction:
    """All layers instead of the fullest stage's."""
    return Fraction(inputs["layers"], -(-inputs["layers"] // inputs["stages"]))


def _as_gpipe(inputs: Inputs) -> Number | None:
    found = _activations(inputs)
    if inputs["schedule"] in ("gpipe", "looped-bfs") or found["in_flight"] == inputs["microbatches"]:
        return None
    everything: Number = found["per_microbatch"] * inputs["microbatches"]
    return everything


def _half_core(inputs: Inputs) -> Number | None:
    """5as/h without its s: the attention's square was dropped."""
    return None if inputs["recompute"] != "none" else _layer(inputs, recompute="selective") / GIGA


def _total_with(layer: Callable[[Inputs], Number | None]) -> Callable[[Inputs], Number | None]:
    def value(inputs: Inputs) -> Number | None:
        other = layer(inputs)
        found = _activations(inputs)
        return None if other is None else found["total"] * other / found["per_layer"]

    return value


ACTIVATION_MEMORY = Calculator(
    name="activation-memory",
    title="Activation memory in training",
    zh="训练的激活显存",
    inputs=(
        MODEL,
        sizes.sequence(),
        sizes.batch("sequences of a micro-batch", "每个 micro-batch 的序列数"),
        sizes.hidden(),
        sizes.heads(),
        sizes.layers(),
        sizes.stages(),
        sizes.microbatches(1),
        Input("chunks", "V", "model chunks on a rank", "每个 rank 的虚拟级数", low=1, high=64, default=1),
        Input("schedule", "schedule", "pipeline schedule",
              "流水线调度", kind="choice", choices=SCHEDULES, default="1f1b"),
        sizes.tensor_parallel(),
        Input("sequence_parallel", "SP", "sequence parallelism",
              "序列并行", kind="choice", choices=sizes.YES_NO, default="no"),
        Input("recompute", "recompute", "activation recomputation", "激活重计算", kind="choice",
              choices=("none", "selective", "full"), default="none"),
    ),
    outputs=(
        Output("total", "A", "activations of the fullest rank at its peak", "最满的 rank 的激活峰值", unit="GB",
               formula="per_microbatch·in_flight"),
        Output("per_layer", "A_L", "activations of one layer and micro-batch on a GPU",
               "每层每个 micro-batch 在一张卡上的激活",
               unit="GB", formula=layer_formula),
        Output("per_microbatch", "A_m", "activations of one micro-batch on that rank",
               "一个 micro-batch 在该 rank 上的激活",
               unit="GB", formula="ceil(L/P)·per_layer"),
        Output("in_flight", "m", "micro-batches that rank holds at once", "该 rank 同时保存的 micro-batch 数",
               unit="micro-batches"),
    ),
    function=_activations,
    slips=(
        Slip("total", "M·per_microbatch",
             "all M micro-batches were counted; the schedule holds fewer, 1F1B min(M, P-r)",
             "按全部 M 个 micro-batch 计算了；该调度保存的更少，1F1B 为 min(M, P-r)", _as_gpipe),
        Slip("total", "", "one micro-batch only: several are in flight", "只算了一个 micro-batch，流水线里同时有多个",
             other_output(_activations, "per_microbatch")),
        Slip("total", "", "all layers were counted; a rank holds L/P of them", "算了全部层；每个 rank 只有 L/P 层",
             times(_activations, "total", _share)),
        Slip("total", "", "the attention term 5as/h was left out", "漏了注意力项 5as/h", _total_with(_half_core)),
        Slip("total", "", "tensor parallelism was forgotten",
             "漏了张量并行", changed(_activations, "total", tensor_parallel=1)),
        Slip("total", "", "sequence parallelism was left out: 10sbh stays undivided", "漏了序列并行：10sbh 没有被切分",
             changed(_activations, "total", sequence_parallel="no")),
        Slip("total", "", "recomputation was left out", "漏了重计算", changed(_activations, "total", recompute="none")),
        Slip("per_layer", _layer_with(recompute="selective"), "the attention term 5as/h was left out",
             "漏了注意力项 5as/h", _half_core),
        Slip("per_layer", _layer_with(tensor_parallel=1), "tensor parallelism was forgotten", "漏了张量并行",
             changed(_activations, "per_layer", tensor_parallel=1)),
        Slip("per_layer",
             _layer_with(sequence_parallel="yes"), "without sequence parallelism 10sbh is not divided by t",
             "没有序列并行时 10sbh 不除以 t", changed(_activations, "per_layer", sequence_parallel="yes")),
        Slip("per_layer", _layer_with(sequence_parallel="no"), "with sequence parallelism everything is divided by t",
             "有序列并行时全部除以 t", changed(_activations, "per_layer", sequence_parallel="no")),
        Slip("per_layer", _layer_with(recompute="full"), "that is the layer's input alone, as with full recomputation",
             "这只是该层的输入（完全重计算的情形）", changed(_activations, "per_layer", recompute="full")),
        Slip("in_flight", "M", "all M micro-batches: that is GPipe", "算成了全部 M 个 micro-batch（GPipe）",
             lambda inputs: inputs["microbatches"]),
        Slip("in_flight", "P", "P instead of min(M, P-r)",
             "用了 P 而不是 min(M, P-r)", lambda inputs: inputs["stages"]),
    ),
    about="Bytes a layer leaves for its backward, times the layers of the rank, times the micro-batches in flight "
    "there.",
    about_zh="每层为反向保存的字节数，乘该 rank 的层数，再乘同时在途的 micro-batch 数。",
    source="Korthikanti et al. 2022, Reducing Activation Recomputation in Large Transformer Models, table 2",
    example="activation-memory --model gpt-3-175b --sequence 2048 --stages 8 --microbatches 64 --tensor-parallel 8",
)  # fmt: skip
