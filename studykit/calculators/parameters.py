"""Parameters of a transformer: all of them, and those one token uses."""

from studykit.calculators import sizes
from studykit.calculators.declare import Calculator, Inputs, Output, Slip, both
from studykit.calculators.figures import Number
from studykit.calculators.presets import MODEL, architecture
from studykit.calculators.variation import Variations, remembered


@remembered
def _parameters(inputs: Inputs) -> dict[str, Number]:
    from studykit.pipeline.flops import gpt_parameters

    model = architecture(inputs)
    if model is not None:
        return {"total": model.parameters, "active": model.active_parameters}
    count = gpt_parameters(inputs["layers"], inputs["hidden"], inputs["vocabulary"], inputs["sequence"])
    return {"total": count, "active": count}


def _formula(inputs: Inputs) -> str:
    return (
        both("every matrix of the published shape", "公开结构的所有矩阵之和")
        if inputs["model"]
        else "12·L·h^2+13·L·h+(v+s)·h"
    )


def _active_formula(inputs: Inputs) -> str:
    if not inputs["model"]:
        return _formula(inputs)
    return both("the matrices a token meets, active experts only", "一个 token 经过的矩阵（只算激活的专家）")


def _gpt(inputs: Inputs) -> bool:
    return not inputs["model"]


INPUTS = (MODEL, sizes.layers(), sizes.hidden(), sizes.vocabulary(0), sizes.sequence(0))  # fmt: skip
OUTPUTS = (
    Output("total", "Q", "all parameters", "总参数", unit="parameters", formula=_formula),
    Output("active", "Q_a", "parameters one token uses",
           "每个 token 激活的参数", unit="parameters", formula=_active_formula),
)  # fmt: skip
_VARY = Variations(_parameters, INPUTS, OUTPUTS)


PARAMETERS = Calculator(
    name="parameters",
    title="Parameters of a model",
    zh="模型的参数量",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_parameters,
    slips=(
        Slip("total", "12·L·h^2", "biases, norms and embeddings were left out", "漏了偏置、归一化和词嵌入",
             lambda inputs: 12 * inputs["layers"] * inputs["hidden"] ** 2 if _gpt(inputs) else None),
        Slip("total", "12·L·h^2+13·L·h", "the embeddings were left out", "漏了词嵌入",
             lambda inputs: _parameters({**inputs, "vocabulary": 0, "sequence": 0})["total"] if _gpt(inputs) else None),
        Slip("total", "4·L·h^2", "attention alone: the feed-forward has 8h² more", "只算了注意力；前馈还有 8h²",
             lambda inputs: 4 * inputs["layers"] * inputs["hidden"] ** 2 if _gpt(inputs) else None),
        Slip("total", "8·L·h^2", "the feed-forward alone: attention has 4h² more", "只算了前馈；注意力还有 4h²",
             lambda inputs: 8 * inputs["layers"] * inputs["hidden"] ** 2 if _gpt(inputs) else None),
        Slip("total", "12·h^2", "one layer only",
             "只算了一层", lambda inputs: 12 * inputs["hidden"] ** 2 if _gpt(inputs) else None),
        _VARY.instead("total", "active", "those are the active parameters; all experts have to be stored",
                      "这是激活参数；所有专家都要存储"),
        _VARY.instead("active", "total", "that is everything; a token uses only some of the experts",
                      "这是全部参数；每个 token 只用部分专家"),
        _VARY.changed("total", "the vocabulary was left out", "漏了词表", vocabulary=0, only=_gpt),
    ),
    about="A GPT model has 12·L·h² + 13·L·h + (v+s)·h parameters; a named model is counted matrix by matrix.",
    about_zh="GPT 模型有 12·L·h² + 13·L·h + (v+s)·h 个参数；公开模型按各矩阵逐一计数。",
    source="Narayanan et al. 2021 (SC'21, eq. 2); the model's own report",
    example="parameters --layers 96 --hidden 12288 --vocabulary 51200 --sequence 2048",
)  # fmt: skip
