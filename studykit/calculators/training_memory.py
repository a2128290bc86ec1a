"""Model states of training on one GPU: weights, gradients and optimizer, with ZeRO and mixed precision."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from studykit.calculators import sizes
from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip
from studykit.calculators.figures import Number
from studykit.calculators.presets import MODEL, architecture, giga
from studykit.calculators.variation import changed, other_output, remembered

PRECISIONS = ("mixed", "bf16", "fp16", "fp32")


@remembered
def _states(inputs: Inputs) -> dict[str, Number]:
    from studykit.pipeline.footprint_training import model_states

    held = parameters_on_a_gpu(inputs)
    states = model_states(
        held, data_parallel=inputs["data_parallel"], zero=inputs["zero"], precision=inputs["precision"]
    )
    return {
        "total": giga(states.total),
        "weights": giga(states.weights),
        "gradients": giga(states.gradients),
        "optimizer": giga(states.optimizer),
        "per_parameter": Fraction(states.total) / Fraction(held),
    }


def parameters_on_a_gpu(inputs: Inputs) -> Fraction:
    """Parameters of the fullest stage's GPU: counted for a named model, spread evenly for a bare number."""
    from studykit.pipeline.placement import parameters_by_stage

    model = architecture(inputs)
    if model is not None and inputs["parameters"] in (None, model.parameters):
        held = parameters_by_stage(model, inputs["stages"], inputs["tensor_parallel"])
        return max(Fraction(each) for each in held)
    if inputs["parameters"] is None:
        raise ValueError("neither a model nor parameters is given; expected one of them")
    share: Fraction = Fraction(inputs["parameters"]) / (inputs["stages"] * inputs["tensor_parallel"])
    return share


def bytes_formula(inputs: Inputs) -> str:
    """Bytes a parameter by ZeRO stage: 16 = 2 + 2 + 12 in mixed precision."""
    weights, gradients, optimizer = {"mixed": (2, 2, 12), "bf16": (2, 4, 12), "fp16": (2, 2, 16), "fp32": (4, 4, 8)}[
        inputs["precision"]
    ]
    return {
        0: f"{weights + gradients + optimizer}",
        1: f"({weights + gradients}+{optimizer}/N)",
        2: f"({weights}+{gradients + optimizer}/N)",
        3: f"{weights + gradients + optimizer}/N",
    }[int(inputs["zero"])]


def _total_formula(inputs: Inputs) -> str:
    return f"Q/(P·t)·{bytes_formula(inputs)}/10^9" if not inputs["model"] else ""


def _total_with(**changes: Any) -> Callable[[Inputs], str]:
    return lambda inputs: _total_formula({**inputs, **changes})


def _bare(formula: str) -> Callable[[Inputs], str]:
    """A formula over Q, which a named model spreads unevenly over its stages."""
    return lambda inputs: "" if inputs["model"] else formula


def _stage(stage: int) -> Slip:
    return Slip("total", lambda inputs: _total_formula({**inputs, "zero": stage}), f"that is ZeRO stage {stage}",
                f"这是 ZeRO 第 {stage} 阶段", changed(_states, "total", zero=stage))  # fmt: skip


TRAINING_MEMORY = Calculator(
    name="training-memory",
    title="Model states of training on one GPU",
    zh="训练时每张卡的模型状态显存",
    inputs=(
        MODEL,
        sizes.parameters(),
        Input("zero", "Z", "ZeRO stage", "ZeRO 阶段", low=0, high=3, default=0),
        sizes.data_parallel(),
        sizes.stages(),
        sizes.tensor_parallel(),
        Input("precision", "precision", "mixed (16 bytes a parameter), bf16 (18), fp16 (20) or fp32 (16)",
              "mixed（每参数 16 字节）、bf16（18）、fp16（20）、fp32（16）",
              kind="choice", choices=PRECISIONS, default="mixed"),
    ),
    outputs=(
        Output("total", "S", "weights, gradients and optimizer on the fullest GPU", "最满的卡上权重、梯度与优化器之和",
               unit="GB", formula=_total_formula),
        Output("weights", "W", "weights", "权重", unit="GB"),
        Output("gradients", "G", "gradients", "梯度", unit="GB"),
        Output("optimizer", "O", "optimizer state with the fp32 master weights",
               "优化器状态（含 fp32 主权重）", unit="GB"),
        Output("per_parameter", "k", "bytes a parameter on a GPU",
               "每张卡每个参数的字节数", unit="B", formula=bytes_formula),
    ),
    function=_states,
    slips=(
        Slip("total", _total_with(zero=3), "data parallelism alone divides nothing; ZeRO does",
             "数据并行本身不切分任何状态，ZeRO 才切分",
             lambda inputs: changed(_states, "total", zero=3)(inputs) if inputs["zero"] == 0 else None),
        *(_stage(stage) for stage in range(4)),
        Slip("total", _bare("2·Q/(P·t)/10^9"), "those are the fp16 weights alone", "这只是 fp16 权重",
             lambda inputs: giga(parameters_on_a_gpu(inputs) * 2)),
        Slip("total", _bare("4·Q/(P·t)/10^9"), "those are weights and gradients; the optimizer is missing",
             "这只有权重和梯度，漏了优化器",
             lambda inputs: giga(parameters_on_a_gpu(inputs) * 4)),
        Slip("total", _bare("12·Q/(P·t)/10^9"), "the fp32 master weights were forgotten", "漏了 fp32 主权重",
             lambda inputs: giga(parameters_on_a_gpu(inputs) * 12) if inputs["zero"] == 0 else None),
        Slip("total", "", "tensor and pipeline parallelism were forgotten: each GPU holds 1/(P·t)",
             "漏了张量并行和流水线并行：每张卡只有 1/(P·t)", changed(_states, "total", stages=1, tensor_parallel=1)),
        Slip("total", _total_with(precision="bf16"), "18 bytes: gradients were counted in fp32",
             "按 18 字节计算：梯度用了 fp32",
             changed(_states, "total", precision="bf16")),
        Slip("total", _total_with(precision="mixed"), "16 bytes: gradients were counted in 16 bits",
             "按 16 字节计算：梯度用了 16 位",
             changed(_states, "total", precision="mixed")),
        Slip("optimizer", "",
             "the fp32 master weights were forgotten: two moments and the copy are 12 bytes",
             "漏了 fp32 主权重：两个动量加主权重共 12 字节",
             lambda inputs: _states(inputs)["optimizer"] * Fraction(2, 3) if inputs["precision"] != "fp32" else None),
        Slip("weights", "", "that is everything, not the weights",
             "这是全部状态，不只是权重", other_output(_states, "total")),
    ),
    about="Adam in mixed precision keeps 2 + 2 + 12 bytes a parameter. ZeRO 1 divides the optimizer by N, 2 the "
    "gradients "
    "too, 3 the weights too.",
    about_zh="混合精度 Adam 每个参数保存 2 + 2 + 12 字节。ZeRO 1 把优化器除以 N，2 再切梯度，3 再切权重。",
    source="Rajbhandari et al. 2020, ZeRO, section 3.1 and figure 1",
    example="training-memory --parameters 7.5B --zero 1 --data-parallel 64",
)  # fmt: skip
