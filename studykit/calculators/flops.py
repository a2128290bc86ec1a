"""FLOPs of an iteration, and how much of the peak a run reaches."""

from fractions import Fraction

from studykit.calculators import sizes
from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip
from studykit.calculators.figures import Number
from studykit.calculators.presets import GPU, MODEL, architecture
from studykit.calculators.variation import changed, other_output, remembered

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
    if inputs["model"] or inputs["training"] == "no":
        return ""
    return "72·b·s·L·h^2·(1+s/(6·h)+v/(12·L·h))/10^15"


FLOPS = Calculator(
    name="flops",
    title="FLOPs of a step, and MFU",
    zh="一步的浮点运算量与 MFU",
    inputs=(
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
              "单卡稠密峰值", unit="TFLOPS", kind="float", low=Fraction(1, 1000), high=10**6,
              default=312),
    ),
    outputs=(
        Output("model", "C", "model FLOPs of an iteration, without recomputation",
               "一次迭代的模型 FLOPs（不含重计算）", unit="PFLOP",
               formula=_model_formula),
        Output("hardware", "C_h", "FLOPs really run, recomputation included",
               "实际执行的 FLOPs（含重计算）", unit="PFLOP"),
        Output("per_token", "C_1", "model FLOPs a token", "每个 token 的模型 FLOPs", unit="GFLOP"),
        Output("achieved", "R", "model FLOPs a second and GPU",
               "每张卡每秒的模型 FLOPs", unit="TFLOPS", formula="model·1000/(T·n)"),
        Output("mfu", "MFU", "model FLOPs utilisation",
               "模型 FLOPs 利用率", percent=True, formula="model·1000/(T·n·X)"),
        Output("hfu", "HFU", "hardware FLOPs utilisation",
               "硬件 FLOPs 利用率", percent=True, formula="hardware·1000/(T·n·X)"),
    ),
    function=_flops,
    slips=(
        Slip("model", "", "the forward alone: the backward takes twice as much again",
             "只算了前向；反向还有其两倍", changed(_flops, "model", training="no")),
        Slip("model", "", "forward and backward counted alike: the backward is twice the forward",
             "把反向当成与前向一样多；反向是前向的两倍",
             lambda inputs: _flops(inputs)["model"] * Fraction(2, 3) if inputs["training"] == "yes" else None),
        Slip("model", "", "with recomputation: that is what the hardware runs, not the model's FLOPs",
             "计入了重计算：这是硬件执行量，不是模型 FLOPs",
             lambda inputs: _flops({**inputs, "recompute": "full"})["hardware"]),
        Slip("model", "", "a multiply-add was counted as one operation", "把乘加算成了一次运算",
             lambda inputs: _flops(inputs)["model"] / 2),
        Slip("model", "", "one sequence only", "只算了一条序列", changed(_flops, "model", batch=1)),
        Slip("hardware", "", "recomputation was left out", "漏了重计算", other_output(_flops, "model")),
        Slip("per_token", "", "the forward alone: about 2 FLOPs a parameter, 6 in training",
             "只算了前向：每参数约 2 FLOPs，训练为 6",
             changed(_flops, "per_token", training="no")),
        Slip("mfu", "", "with recomputation: that is the hardware's utilisation (HFU)", "计入了重计算：这是 HFU",
             lambda inputs: _flops(inputs).get("hfu")),
        Slip("mfu", "", "the sparse peak was used: dense models run at half of it", "用了稀疏峰值；稠密模型只有其一半",
             lambda inputs: _flops(inputs)["mfu"] / 2),
        Slip("mfu", "", "the GPUs were forgotten", "漏了 GPU 数", changed(_flops, "mfu", gpus=1)),
        Slip("mfu", "", "the forward alone", "只算了前向", changed(_flops, "mfu", training="no")),
        Slip("hfu", "", "recomputation was left out: that is MFU",
             "漏了重计算：这是 MFU", lambda inputs: _flops(inputs).get("mfu")),
        Slip("achieved", "", "that is over all GPUs", "这是所有卡的合计", changed(_flops, "achieved", gpus=1)),
    ),
    about="A GPT block takes 24·h² + 4·s·h FLOPs a token and layer forward, twice that backward. MFU leaves "
    "recomputation out.",
    about_zh="GPT 每层每 token 前向为 24·h² + 4·s·h FLOPs，反向是其两倍。MFU 不计重计算。",
    source="Narayanan et al. 2021 (SC'21, eq. 3); Chowdhery et al. 2022 (PaLM, appendix B)",
    example="flops --layers 96 --hidden 12288 --vocabulary 51200 --sequence 2048 --batch 1536 --step-time 12 --gpus "
    "2240",
)  # fmt: skip
