"""FLOPs of an iteration, and how much of the peak a run reaches."""

from fractions import Fraction

from studykit.calculators import sizes
from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip, both
from studykit.calculators.figures import Number
from studykit.calculators.presets import GPU, MODEL, architecture
from studykit.calculators.variation import Variations, remembered

PETA, TERA = 10**15, 10**12


@remembered
def _flops(inputs: Inputs) -> dict[str, Number]:
    from studykit.pipeline.flops import step_flops

    model = architecture(inputs)
    shape = {"model": model} if model else {name: inputs[name] for name in ("layers", "hidden", "vocabulary")}
    found = step_flops(
        sequence=inputs["sequence"],
        batch=inputs["batch"],
        recompute=inputs["recompute"],
        training=inputs["training"] == "yes",
        **shape,
    )
    figures: dict[str, Number] = {
        "model": Fraction(found.model) / PETA,
        "hardware": Fraction(found.hardware) / PETA,
        "per_token": Fraction(found.per_token) / 10**9,
    }
    if inputs["step_time"]:
        rate = Fraction(found.model) / (Fraction(inputs["step_time"]) * inputs["gpus"])
        peak = Fraction(inputs["peak"]) * TERA
        figures |= {
            "achieved": rate / TERA,
            "mfu": rate / peak,
            "hfu": rate * Fraction(found.hardware) / Fraction(found.model) / peak,
        }
    return figures


def _model_formula(inputs: Inputs) -> str:
    if inputs["model"]:
        return _counted_flops(inputs)
    return f"{72 if inputs['training'] == 'yes' else 24}·b·s·L·h^2·(1+s/(6·h)+v/(12·L·h))/10^15"


def _counted_flops(inputs: Inputs) -> str:
    if inputs["training"] == "no":
        return both("2 FLOPs for each weight a token meets, and the attention scores",
                    "每个 token 经过的每个权重 2 FLOPs，再加注意力得分")  # fmt: skip
    return both("6 FLOPs for each weight a token meets, and the attention scores",
                "每个 token 经过的每个权重 6 FLOPs，再加注意力得分")  # fmt: skip


def _hardware_formula(inputs: Inputs) -> str:
    """What is run again: nothing, the attention core, or every layer's forward."""
    if inputs["recompute"] == "none" or inputs["training"] == "no":
        return "model"
    if inputs["model"]:
        return both("model FLOPs and what is run again", "模型 FLOPs 加上重算的部分")
    again = "4·b·s^2·L·h" if inputs["recompute"] == "selective" else "24·b·s·L·h^2·(1+s/(6·h))"
    return f"model+{again}/10^15"


def _trains(inputs: Inputs) -> bool:
    return bool(inputs["training"] == "yes")


INPUTS = (
    MODEL,
    sizes.layers(),
    sizes.hidden(),
    sizes.vocabulary(0),
    sizes.sequence(),
    sizes.batch("sequences of an iteration, over all replicas", "一次迭代的序列数（所有副本合计）"),
    Input("recompute", "recompute", "activation recomputation", "激活重计算", kind="choice",
          choices=("none", "selective", "full"), default="none"),
    Input("training", "training", "forward and backward, or the forward alone",
          "训练（前向加反向）还是只有前向", kind="choice",
          choices=("yes", "no"), default="yes"),
    Input("step_time", "T", "time of an iteration (for MFU)", "一次迭代的时间（算 MFU 用）", unit="s", kind="float",
          low=Fraction(1, 10**9), high=10**9, optional=True),
    Input("gpus", "n", "GPUs of the run", "GPU 总数", low=1, high=10**7, default=1),
    GPU,
    Input("peak", "X", "dense peak of one GPU",
          "单卡稠密算力峰值", unit="TFLOPS", kind="float", low=Fraction(1, 1000), high=10**6,
          default=312),
)  # fmt: skip
OUTPUTS = (
    Output("model", "C", "model FLOPs of an iteration, without recomputation",
           "一次迭代的模型 FLOPs（不含重计算）", unit="PFLOP",
           formula=_model_formula),
    Output("hardware", "C_h", "FLOPs really run, recomputation included",
           "实际执行的 FLOPs（含重计算）", unit="PFLOP", formula=_hardware_formula),
    Output("per_token", "C_1", "model FLOPs a token", "每个 token 的模型 FLOPs", unit="GFLOP",
           formula="model·10^6/(b·s)"),
    Output("achieved", "R", "model FLOPs a second and GPU",
           "每张卡每秒的模型 FLOPs", unit="TFLOPS", formula="model·1000/(T·n)"),
    Output("mfu", "MFU", "model FLOPs utilisation",
           "模型 FLOPs 利用率", percent=True, formula="model·1000/(T·n·X)"),
    Output("hfu", "HFU", "hardware FLOPs utilisation",
           "硬件 FLOPs 利用率", percent=True, formula="hardware·1000/(T·n·X)"),
)  # fmt: skip
_VARY = Variations(_flops, INPUTS, OUTPUTS)


FLOPS = Calculator(
    name="flops",
    title="FLOPs of a step, and MFU",
    zh="每步的 FLOPs 与 MFU",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_flops,
    slips=(
        _VARY.changed("model", "the forward alone: the backward takes twice as much again",
                      "只算了前向，反向还有前向的两倍", training="no"),
        _VARY.scaled("model", "·2/3", Fraction(2, 3),
                     "forward and backward counted alike: the backward is twice the forward",
                     "把反向当成与前向一样多；反向是前向的两倍", only=_trains),
        Slip("model", lambda inputs: _hardware_formula({**inputs, "recompute": "full"}),
             "with recomputation: that is what the hardware runs, not the model's FLOPs",
             "计入了重计算：这是硬件执行量，不是模型 FLOPs",
             lambda inputs: _flops({**inputs, "recompute": "full"})["hardware"]),
        _VARY.scaled("model", "/2", Fraction(1, 2), "a multiply-add was counted as one operation",
                     "把乘加算成了一次运算"),
        Slip("model", "model/b", "one sequence only", "只算了一条序列",
             lambda inputs: _flops(inputs)["model"] / inputs["batch"]),
        Slip("hardware", "model", "recomputation was left out", "漏了重计算", lambda inputs: _flops(inputs)["model"]),
        _VARY.scaled("per_token", "/3", Fraction(1, 3),
                     "the forward alone: about 2 FLOPs a parameter, 6 in training",
                     "只算了前向：每参数约 2 FLOPs，训练为 6", only=_trains),
        _VARY.instead("mfu", "hfu", "with recomputation: that is the hardware's utilisation (HFU)",
                      "计入了重计算：这是 HFU"),
        _VARY.scaled("mfu", "/2", Fraction(1, 2), "the sparse peak was used: dense models run at half of it",
                     "用了稀疏峰值；稠密模型只有其一半"),
        _VARY.changed("mfu", "the GPUs were forgotten", "漏了 GPU 数", gpus=1),
        _VARY.scaled("mfu", "/3", Fraction(1, 3), "the forward alone", "只算了前向", only=_trains),
        _VARY.instead("hfu", "mfu", "recomputation was left out: that is MFU", "漏了重计算：这是 MFU"),
        _VARY.changed("achieved", "that is over all GPUs", "这是所有卡的合计", gpus=1),
    ),
    about="A GPT block takes 24·h² + 4·s·h FLOPs a token and layer forward, twice that backward. MFU leaves "
    "recomputation out.",
    about_zh="GPT 每层每 token 前向为 24·h² + 4·s·h FLOPs，反向是其两倍。MFU 不计重计算。",
    source="Narayanan et al. 2021 (SC'21, eq. 3); Chowdhery et al. 2022 (PaLM, appendix B)",
    example="flops --layers 96 --hidden 12288 --vocabulary 51200 --sequence 2048 --batch 1536 --step-time 12 --gpus "
    "2240",
)  # fmt: skip
