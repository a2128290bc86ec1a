"""Training memory of one GPU: weights, gradients and optimizer with ZeRO, and the activations in flight."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

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
from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip
from studykit.calculators.figures import Number
from studykit.calculators.inference_memory import counted_matrices, even_share
from studykit.calculators.pipeline_run import RANK, chosen_rank
from studykit.calculators.presets import MODEL, architecture, giga
from studykit.calculators.variation import Variations, remembered

if TYPE_CHECKING:
    from studykit.pipeline.architecture import Architecture
    from studykit.pipeline.footprint_training import ModelStates

_WIDTHS = {"mixed": (2, 2, 12), "bf16": (2, 4, 12), "fp16": (2, 2, 16), "fp32": (4, 4, 8)}
PRECISIONS = tuple(_WIDTHS)


@remembered
def _memory(inputs: Inputs) -> dict[str, Number]:
    held = parameters_by_rank(inputs)
    states = _totals(held, inputs)
    kept = _activations(inputs) if inputs["sequence"] else tuple(Fraction(0) for _rank in held)
    rank = chosen_rank(inputs, tuple(map(sum, zip(states, kept, strict=True))))
    on_it = _states(held[rank], inputs)
    found: dict[str, Number] = {
        "total": states[rank],
        "weights": giga(on_it.weights),
        "gradients": giga(on_it.gradients),
        "optimizer": giga(on_it.optimizer),
        "per_parameter": Fraction(on_it.total) / held[rank],
        "held": held[rank],
    }
    if inputs["sequence"]:
        more: Any = {"activations": kept[rank], "in_flight": in_flight(inputs)[rank], "gpu": states[rank] + kept[rank]}
        found |= more
    return found


def _totals(held: tuple[Fraction, ...], inputs: Inputs) -> list[Number]:
    """GB of the states on each rank; most ranks hold as many parameters as their neighbours."""
    total = {count: giga(_states(count, inputs).total) for count in dict.fromkeys(held)}
    return [total[count] for count in held]


def _states(held: Fraction, inputs: Inputs) -> "ModelStates":
    from studykit.pipeline.footprint_training import model_states

    return model_states(held, data_parallel=inputs["data_parallel"], zero=inputs["zero"], precision=inputs["precision"])


def parameters_by_rank(inputs: Inputs) -> tuple[Fraction, ...]:
    """Parameters on a GPU of each stage: counted for a named model, spread evenly for a bare number."""
    if _counted(inputs):
        model = architecture(inputs)
        assert model is not None
        return _counted_by_rank(model, inputs["stages"], inputs["tensor_parallel"])
    if inputs["parameters"] is None:
        raise ValueError("neither a model nor parameters is given; expected one of them")
    share: Fraction = Fraction(inputs["parameters"]) / (inputs["stages"] * inputs["tensor_parallel"])
    return (share,) * int(inputs["stages"])


@lru_cache(maxsize=256)
def _counted_by_rank(model: "Architecture", stages: int, tensor_parallel: int) -> tuple[Fraction, ...]:
    from studykit.pipeline.placement import parameters_by_stage

    return tuple(Fraction(each) for each in parameters_by_stage(model, stages, tensor_parallel))


def _counted(inputs: Inputs) -> bool:
    model = architecture(inputs)
    return model is not None and inputs["parameters"] in (None, model.parameters)


def _activations(inputs: Inputs) -> tuple[Fraction, ...]:
    """GB of activations that each rank holds at its peak."""
    from studykit.pipeline.placement import layers_by_stage

    for name in ("layers", "hidden", "heads"):
        if inputs[name] is None:
            raise ValueError(f"{name} is missing; activations need it beside the sequence, or name a model")
    layer, counts = layer_gigabytes(inputs), layers_by_stage(inputs["layers"], inputs["stages"])
    return tuple(count * Fraction(held) * layer for count, held in zip(counts, in_flight(inputs), strict=True))


def bytes_formula(inputs: Inputs) -> str:
    """Bytes a parameter by ZeRO stage: 16 = 2 + 2 + 12 in mixed precision."""
    weights, gradients, optimizer = _WIDTHS[inputs["precision"]]
    return {
        0: f"{weights + gradients + optimizer}",
        1: f"({weights + gradients}+{optimizer}/N)",
        2: f"({weights}+{gradients + optimizer}/N)",
        3: f"{weights + gradients + optimizer}/N",
    }[int(inputs["zero"])]


def _rank(inputs: Inputs) -> int:
    kept = _activations(inputs)
    states = _totals(parameters_by_rank(inputs), inputs)
    return chosen_rank(inputs, tuple(map(sum, zip(states, kept, strict=True))))


def _held_formula(inputs: Inputs) -> str:
    return counted_matrices() if _counted(inputs) else even_share(inputs)


def _total_formula(inputs: Inputs) -> str:
    return f"held·{bytes_formula(inputs)}/10^9"


def _part_formula(part: int, from_stage: int) -> Callable[[Inputs], str]:
    """One of weights, gradients and optimizer, divided by N from a ZeRO stage on."""

    def formula(inputs: Inputs) -> str:
        divided = "/N" if inputs["zero"] >= from_stage else ""
        return f"held·{_WIDTHS[inputs['precision']][part]}{divided}/10^9"

    return formula


def _activation_formula(inputs: Inputs) -> str:
    if not inputs["sequence"]:
        return ""
    return f"{layer_formula(inputs).removesuffix('/10^9')}·{sizes.layers_formula(inputs, _rank(inputs))}·in_flight/10^9"


def _in_flight_formula(inputs: Inputs) -> str:
    return in_flight_formula(inputs, _rank(inputs)) if inputs["sequence"] else ""


def _stage(stage: int) -> Slip:
    return _VARY.changed("total", f"that is ZeRO stage {stage}", f"这是 ZeRO 第 {stage} 阶段", zero=stage)


def _of_parameters(factor: int, explain: str, zh: str, only: Callable[[Inputs], bool] = lambda _inputs: True) -> Slip:
    """So many bytes for each parameter on the GPU."""
    return Slip("total", f"held·{factor}/10^9", explain, zh,
                lambda inputs: giga(_memory(inputs)["held"] * factor) if only(inputs) else None)  # fmt: skip


def _as_gpipe(inputs: Inputs) -> Number | None:
    found = _memory(inputs)
    once = Fraction(found["activations"]) / Fraction(found["in_flight"])
    return once * int(inputs["microbatches"])


def _as_gpipe_formula(inputs: Inputs) -> str:
    return _activation_formula(inputs).replace("in_flight", "M")


INPUTS = (
    MODEL,
    sizes.parameters(),
    Input("zero", "Z", "ZeRO stage", "ZeRO 阶段", low=0, high=3, default=0),
    sizes.data_parallel(),
    sizes.stages(),
    sizes.tensor_parallel(),
    Input("precision", "precision", "mixed (16 bytes a parameter), bf16 (18), fp16 (20) or fp32 (16)",
          "mixed（每参数 16 字节）、bf16（18）、fp16（20）、fp32（16）",
          kind="choice", choices=PRECISIONS, default="mixed"),
    replace(sizes.sequence(), meaning="tokens of a sequence (for activations)", zh="序列长度（算激活用）",
            optional=True),
    sizes.batch("sequences of a micro-batch", "每个 micro-batch 的序列数"),
    sizes.hidden(optional=True),
    sizes.heads(optional=True),
    replace(sizes.layers(), optional=True),
    sizes.microbatches(1),
    CHUNKS,
    SCHEDULE,
    SEQUENCE_PARALLEL,
    RECOMPUTE,
    RANK,
)  # fmt: skip
OUTPUTS = (
    Output("total", "S", "weights, gradients and optimizer on the GPU", "该卡上权重、梯度与优化器之和",
           unit="GB", formula=_total_formula),
    Output("weights", "W", "weights", "权重", unit="GB", formula=_part_formula(0, 3)),
    Output("gradients", "G", "gradients", "梯度", unit="GB", formula=_part_formula(1, 2)),
    Output("optimizer", "O", "optimizer state with the fp32 master weights",
           "优化器状态（含 fp32 主权重）", unit="GB", formula=_part_formula(2, 1)),
    Output("per_parameter", "k", "bytes a parameter on a GPU",
           "每张卡每个参数的字节数", unit="B", formula=bytes_formula),
    Output("held", "n", "parameters a GPU of that rank works on, before ZeRO divides anything",
           "该 rank 每张卡负责的参数量（ZeRO 切分之前）", unit="parameters", formula=_held_formula),
    Output("activations", "A", "activations of that rank at its peak", "该 rank 的激活峰值", unit="GB",
           formula=_activation_formula),
    Output("in_flight", "m", "micro-batches that rank holds at once", "该 rank 同时保存的 micro-batch 数",
           unit="micro-batches", formula=_in_flight_formula),
    Output("gpu", "S_g", "model states and activations of the GPU together", "该卡的模型状态与激活之和", unit="GB",
           formula="total+activations"),
)  # fmt: skip
_VARY = Variations(_memory, INPUTS, OUTPUTS)


TRAINING_MEMORY = Calculator(
    name="training-memory",
    title="Training memory of one GPU",
    zh="训练时每张卡的显存",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_memory,
    slips=(
        _VARY.changed("total", "data parallelism alone divides nothing; ZeRO does",
                      "数据并行本身不切分任何状态，ZeRO 才切分", zero=3, only=lambda inputs: inputs["zero"] == 0),
        *(_stage(stage) for stage in range(4)),
        _of_parameters(2, "those are the fp16 weights alone", "这只是 fp16 权重"),
        _of_parameters(4, "those are weights and gradients; the optimizer is missing", "这只有权重和梯度，漏了优化器"),
        _of_parameters(12, "the fp32 master weights were forgotten", "漏了 fp32 主权重",
                       lambda inputs: bool(inputs["zero"] == 0)),
        _VARY.changed("total", "tensor and pipeline parallelism were forgotten: each GPU holds 1/(P·t)",
                      "漏了张量并行和流水线并行：每张卡只有 1/(P·t)", stages=1, tensor_parallel=1, rank=None),
        _VARY.changed("total", "18 bytes: gradients were counted in fp32", "按 18 字节计算：梯度用了 fp32",
                      precision="bf16"),
        _VARY.changed("total", "16 bytes: gradients were counted in 16 bits", "按 16 字节计算：梯度用了 16 位",
                      precision="mixed"),
        _VARY.scaled("optimizer", "·2/3", Fraction(2, 3),
                     "the fp32 master weights were forgotten: two moments and the copy are 12 bytes",
                     "漏了 fp32 主权重：一阶、二阶动量加主权重共 12 字节",
                     only=lambda inputs: inputs["precision"] != "fp32"),
        _VARY.instead("weights", "total", "that is everything, not the weights", "这是全部状态，不只是权重"),
        _VARY.instead("gpu", "total", "the activations were forgotten", "漏了激活"),
        _VARY.instead("gpu", "activations", "the model states were forgotten", "漏了模型状态"),
        Slip("activations", _as_gpipe_formula,
             "all M micro-batches were counted; the schedule holds fewer, 1F1B min(M, P-r)",
             "按全部 M 个 micro-batch 计算了；该调度保存的更少，1F1B 为 min(M, P-r)", _as_gpipe),
        _VARY.changed("activations", "one micro-batch only: several are in flight",
                      "只算了一个 micro-batch，流水线里同时有多个", microbatches=1, schedule="gpipe"),
        _VARY.changed("activations", "recomputation was left out", "漏了重计算", recompute="none"),
        _VARY.changed("activations", "sequence parallelism was left out: 10sbh stays undivided",
                      "漏了序列并行：10sbh 没有被切分", sequence_parallel="no"),
        _VARY.changed("activations", "the attention term 5as/h was left out", "漏了注意力项 5as/h",
                      recompute="selective", only=lambda inputs: inputs["recompute"] == "none"),
    ),
    about="Adam in mixed precision keeps 2 + 2 + 12 bytes a parameter. ZeRO 1 divides the optimizer by N, 2 the "
    "gradients too, 3 the weights too. With a sequence length, the activations in flight on the rank are added.",
    about_zh="混合精度 Adam 每个参数保存 2 + 2 + 12 字节。ZeRO 1 把优化器除以 N，2 再切梯度，3 再切权重。"
    "给出序列长度时再加上该 rank 在途的激活。",
    source="Rajbhandari et al. 2020, ZeRO, section 3.1 and figure 1; Korthikanti et al. 2022, table 2 (activations)",
    example="training-memory --model gpt-3-175b --zero 1 --data-parallel 16 --stages 8 --tensor-parallel 8 "
    "--sequence 2048 --microbatches 64 --recompute selective",
)  # fmt: skip
