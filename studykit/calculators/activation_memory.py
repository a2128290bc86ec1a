"""Activation memory of training: of one layer, of a micro-batch on a rank, and of all it holds in flight."""

from collections.abc import Callable
from fractions import Fraction

from studykit.calculators import sizes
from studykit.calculators.activation_parts import (
    CHUNKS,
    RECOMPUTE,
    SCHEDULE,
    SEQUENCE_PARALLEL,
    in_flight,
    in_flight_formula,
    layer_formula,
    layer_gigabytes,
)
from studykit.calculators.declare import Calculator, Inputs, Output, Slip
from studykit.calculators.figures import Number
from studykit.calculators.formula import replaced
from studykit.calculators.pipeline_run import RANK, chosen_rank
from studykit.calculators.presets import MODEL
from studykit.calculators.variation import Variations, remembered


@remembered
def _activations(inputs: Inputs) -> dict[str, Number]:
    counts, held, rank = _by_rank(inputs)
    layer = layer_gigabytes(inputs)
    return {
        "total": counts[rank] * Fraction(held[rank]) * layer,
        "per_layer": layer,
        "per_microbatch": counts[rank] * layer,
        "in_flight": held[rank],
    }


def _by_rank(inputs: Inputs) -> tuple[tuple[int, ...], tuple[Number, ...], int]:
    """The layers and the micro-batches in flight of every rank, and which rank is looked at."""
    from studykit.pipeline.placement import layers_by_stage

    counts, held = layers_by_stage(inputs["layers"], inputs["stages"]), in_flight(inputs)
    return counts, held, chosen_rank(inputs, tuple(n * Fraction(m) for n, m in zip(counts, held, strict=True)))


def _microbatch_formula(inputs: Inputs) -> str:
    return f"{sizes.layers_formula(inputs, _by_rank(inputs)[2])}·per_layer"


def _in_flight_formula(inputs: Inputs) -> str:
    rank = _by_rank(inputs)[2]
    return in_flight_formula(inputs, rank)


def _share(inputs: Inputs) -> Fraction:
    """All layers instead of the rank's own."""
    counts, _held, rank = _by_rank(inputs)
    return Fraction(inputs["layers"], counts[rank])


def _as_gpipe(inputs: Inputs) -> Number | None:
    found = _activations(inputs)
    if inputs["schedule"] in ("gpipe", "looped-bfs") or found["in_flight"] == inputs["microbatches"]:
        return None
    everything: Number = found["per_microbatch"] * inputs["microbatches"]
    return everything


def _without_core(inputs: Inputs) -> bool:
    return bool(inputs["recompute"] == "none")


def _layers_times(formula: str) -> Callable[[Inputs], str]:
    """The total with another text for the rank's layers."""

    def text(inputs: Inputs) -> str:
        words = {"per_layer": layer_formula(inputs)}
        return replaced(f"{formula}·per_layer·in_flight", words.get)

    return text


INPUTS = (
    MODEL,
    sizes.sequence(),
    sizes.batch("sequences of a micro-batch", "每个 micro-batch 的序列数"),
    sizes.hidden(),
    sizes.heads(),
    sizes.layers(),
    sizes.stages(),
    sizes.microbatches(1),
    CHUNKS,
    SCHEDULE,
    sizes.tensor_parallel(),
    SEQUENCE_PARALLEL,
    RECOMPUTE,
    RANK,
)
OUTPUTS = (
    Output("total", "A", "activations of the rank at its peak", "该 rank 的激活峰值", unit="GB",
           formula="per_microbatch·in_flight"),
    Output("per_layer", "A_L", "activations of one layer and micro-batch on a GPU",
           "每层、每个 micro-batch 在单卡上的激活", unit="GB", formula=layer_formula),
    Output("per_microbatch", "A_m", "activations of one micro-batch on that rank",
           "一个 micro-batch 在该 rank 上的激活", unit="GB", formula=_microbatch_formula),
    Output("in_flight", "m", "micro-batches that rank holds at once", "该 rank 同时保存的 micro-batch 数",
           unit="micro-batches", formula=_in_flight_formula),
)  # fmt: skip
_VARY = Variations(_activations, INPUTS, OUTPUTS)


ACTIVATION_MEMORY = Calculator(
    name="activation-memory",
    title="Activation memory in training",
    zh="训练的激活显存",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_activations,
    slips=(
        Slip("total", "M·per_microbatch",
             "all M micro-batches were counted; the schedule holds fewer, 1F1B min(M, P-r)",
             "按全部 M 个 micro-batch 计算了；该调度保存的更少，1F1B 为 min(M, P-r)", _as_gpipe),
        _VARY.instead("total", "per_microbatch", "one micro-batch only: several are in flight",
                      "只算了一个 micro-batch，流水线里同时有多个"),
        Slip("total", _layers_times("L"), "all layers were counted; a rank holds L/P of them",
             "算了全部层；每个 rank 只有 L/P 层",
             lambda inputs: _activations(inputs)["total"] * _share(inputs) if inputs["stages"] > 1 else None),
        _VARY.changed("total", "the attention term 5as/h was left out", "漏了注意力项 5as/h",
                      recompute="selective", only=_without_core),
        _VARY.changed("total", "tensor parallelism was forgotten", "漏了张量并行", tensor_parallel=1),
        _VARY.changed("total", "sequence parallelism was left out: 10sbh stays undivided",
                      "漏了序列并行：10sbh 没有被切分", sequence_parallel="no"),
        _VARY.changed("total", "recomputation was left out", "漏了重计算", recompute="none"),
        _VARY.changed("per_layer", "the attention term 5as/h was left out", "漏了注意力项 5as/h",
                      recompute="selective", only=_without_core),
        _VARY.changed("per_layer", "tensor parallelism was forgotten", "漏了张量并行", tensor_parallel=1),
        _VARY.changed("per_layer", "without sequence parallelism 10sbh is not divided by t",
                      "没有序列并行时 10sbh 不除以 t", sequence_parallel="yes"),
        _VARY.changed("per_layer", "with sequence parallelism everything is divided by t",
                      "有序列并行时全部除以 t", sequence_parallel="no"),
        _VARY.changed("per_layer", "that is the layer's input alone, as with full recomputation",
                      "这只是该层的输入（完全重计算的情形）", recompute="full"),
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
