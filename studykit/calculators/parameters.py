"""Parameters of a transformer: all of them, and those one token uses."""

from studykit.calculators import sizes
from studykit.calculators.declare import Calculator, Inputs, Output, Slip
from studykit.calculators.figures import Number
from studykit.calculators.presets import MODEL, architecture
from studykit.calculators.variation import changed, other_output, remembered


@remembered
def _parameters(inputs: Inputs) -> dict[str, Number]:
    from studykit.pipeline.flops import gpt_parameters

    model = architecture(inputs)
    if model is not None:
        return {"total": model.parameters, "active": model.active_parameters}
    count = gpt_parameters(inputs["layers"], inputs["hidden"], inputs["vocabulary"], inputs["sequence"])
    return {"total": count, "active": count}


def _formula(inputs: Inputs) -> str:
    return "" if inputs["model"] else "12·L·h^2+13·L·h+(v+s)·h"


def _gpt(inputs: Inputs) -> bool:
    return not inputs["model"]


PARAMETERS = Calculator(
    name="parameters",
    title="Parameters of a model",
    zh="模型的参数量",
    inputs=(MODEL, sizes.layers(), sizes.hidden(), sizes.vocabulary(0), sizes.sequence(0)),
    outputs=(
        Output("total", "Q", "all parameters", "全部参数", unit="parameters", formula=_formula),
        Output("active", "Q_a", "parameters one token uses",
               "每个 token 使用的参数", unit="parameters", formula=_formula),
    ),
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
        Slip("total", "", "those are the active parameters; all experts have to be stored",
             "这是激活参数；所有专家都要存储",
             other_output(_parameters, "active")),
        Slip("active", "", "that is everything; a token uses only some of the experts",
             "这是全部参数；每个 token 只用部分专家",
             other_output(_parameters, "total")),
        Slip("total", "", "the vocabulary was left out", "漏了词表", changed(_parameters, "total", vocabulary=0)),
    ),
    about="A GPT model has 12·L·h² + 13·L·h + (v+s)·h parameters; a named model is counted matrix by matrix.",
    about_zh="GPT 模型有 12·L·h² + 13·L·h + (v+s)·h 个参数；公开模型按各矩阵逐一计数。",
    source="Narayanan et al. 2021 (SC'21, eq. 2); the model's own report",
    example="parameters --layers 96 --hidden 12288 --vocabulary 51200 --sequence 2048",
)  # fmt: skip
