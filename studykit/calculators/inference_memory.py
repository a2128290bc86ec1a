"""Memory of serving a model on one GPU: weights, KV cache, and what is set aside."""

from fractions import Fraction
from typing import Any

from studykit.calculators import sizes
from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip, both
from studykit.calculators.figures import Number
from studykit.calculators.kv_cache import ATTENTION, HEADS, SERVING_RANK, cache_arguments, gpu_formula, shares_heads
from studykit.calculators.pipeline_run import chosen_rank
from studykit.calculators.presets import GIGA, MODEL, architecture, giga
from studykit.calculators.variation import Variations, remembered

SERVED = (
    MODEL,
    sizes.parameters(),
    sizes.element_bytes("weight_bytes", "w", "bytes of a weight", "每个权重的字节数"),
    sizes.sequence(),
    Input("layers", "L", "layers", "层数", low=1, high=10_000),
    ATTENTION,
    *HEADS,
    sizes.element_bytes("kv_bytes", "e", "bytes of a cached element", "每个缓存元素的字节数"),
    sizes.stages(),
    sizes.tensor_parallel(),
)
WORKSPACE = Input("workspace", "w0", "GB set aside on each GPU for activations and the runtime",
"每张卡为激活和运行时预留的 GB",
                  unit="GB", kind="float", low=0, high=10_000, default=0)  # fmt: skip


def served(inputs: Inputs) -> dict[str, Any]:
    """The arguments about model and layout that the memory functions share."""
    model = architecture(inputs)
    common = {
        "sequence": inputs["sequence"],
        "stages": inputs["stages"],
        "tensor_parallel": inputs["tensor_parallel"],
        "bytes_per_element": inputs["weight_bytes"],
        "kv_bytes_per_element": inputs["kv_bytes"],
    }
    if model is not None and inputs["parameters"] in (None, model.parameters) and _as_published(inputs, model):
        return {**common, "model": model}
    if inputs["parameters"] is None:
        raise ValueError("neither a model nor parameters is given; expected one of them")
    arguments = {"parameters": inputs["parameters"], "layers": inputs["layers"], **cache_arguments(inputs)}
    return {**common, **arguments}


def _as_published(inputs: Inputs, model: Any) -> bool:
    """Whether the attention is the model's own, so that its parameters can be counted matrix by matrix."""
    return bool(inputs["attention"] == model.attention)


def held_formula(inputs: Inputs) -> str:
    """The parameters on one GPU: spread evenly where their number alone is known, else counted."""
    return counted_matrices() if "model" in served(inputs) else even_share(inputs)


def even_share(inputs: Inputs) -> str:
    """A bare number of parameters spread over the GPUs of a replica."""
    return "Q/(P·t)" if inputs["stages"] * inputs["tensor_parallel"] > 1 else "Q"


def counted_matrices() -> str:
    """What stands for a formula where a published model's matrices are added up."""
    return both("every matrix of the rank's layers, embedding and head", "该 rank 各层、词嵌入和输出头的所有矩阵之和")


@remembered
def _memory(inputs: Inputs) -> dict[str, Number]:
    from studykit.pipeline.footprint_inference import inference_memory

    found = inference_memory(batch=inputs["batch"], workspace=Fraction(inputs["workspace"]) * GIGA, **served(inputs))
    total = found.total
    rank = chosen_rank(inputs, total)
    return {
        "total": giga(total[rank]),
        "weights": giga(found.weights[rank]),
        "kv_cache": giga(found.kv_cache[rank]),
        "gpus": found.gpus,
        "held": found.parameters[rank],
    }


def _mha(inputs: Inputs) -> Number | None:
    if not shares_heads(inputs):
        return None
    found, shared = _memory(inputs), inputs["kv_heads"] if inputs["attention"] == "gqa" else 1
    copies = min(inputs["tensor_parallel"], shared)
    wider = Fraction(inputs["heads"], shared) * Fraction(copies, inputs["tensor_parallel"])
    return found["total"] + found["kv_cache"] * (wider - 1)


def mha_formula(inputs: Inputs) -> str:
    """The cache of one GPU in symbols, as if every query head had its own keys and values."""
    return gpu_formula({**inputs, "attention": "mha"})


INPUTS = (*SERVED, sizes.batch("sequences held at once", "同时保存的序列数"), WORKSPACE, SERVING_RANK)
OUTPUTS = (
    Output("total", "m", "weights, KV cache and workspace of the GPU", "该卡的权重、KV 缓存与预留之和", unit="GB",
           formula="weights + kv_cache + w0"),
    Output("weights", "W", "weights of that GPU", "该卡的权重", unit="GB", formula="held·w/10^9"),
    Output("kv_cache", "KV", "KV cache of that GPU", "该卡的 KV 缓存", unit="GB", formula=gpu_formula),
    Output("gpus", "g", "GPUs", "GPU 数", unit="GPUs", formula="P·t"),
    Output("held", "n_w", "parameters on that GPU", "该卡上的参数量", unit="parameters", formula=held_formula),
)  # fmt: skip
_VARY = Variations(_memory, INPUTS, OUTPUTS)


INFERENCE_MEMORY = Calculator(
    name="inference-memory",
    title="Memory of serving on one GPU",
    zh="推理时每张卡的显存",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_memory,
    slips=(
        Slip("total", "weights + w0", "the KV cache was forgotten", "漏了 KV 缓存",
             lambda inputs: _memory(inputs)["weights"] + Fraction(inputs["workspace"])),
        Slip("total", "kv_cache + w0", "the weights were forgotten", "漏了权重",
             lambda inputs: _memory(inputs)["kv_cache"] + Fraction(inputs["workspace"])),
        Slip("total", lambda inputs: f"weights + {mha_formula(inputs)} + w0",
             "every query head was given its own keys and values (MHA); GQA shares them",
             "每个查询头都算了一份 KV（MHA）；GQA 是共享的", _mha),
        _VARY.changed("total", "one sequence only: the batch was forgotten", "只算了一条序列，漏了 batch", batch=1),
        _VARY.changed("total", "that is the whole model; it is spread over P·t GPUs", "这是整个模型，要分到 P·t 张卡上",
                      stages=1, tensor_parallel=1, rank=None),
        _VARY.changed("total", "the pipeline stages were forgotten", "漏了流水线级数", stages=1, rank=None),
        _VARY.changed("total", "tensor parallelism was forgotten", "漏了张量并行", tensor_parallel=1),
        _VARY.changed("total", "weights in fp32: four bytes instead of two", "权重按 fp32 的 4 字节算了",
                      weight_bytes=4, only=lambda inputs: inputs["weight_bytes"] == 2),
        _VARY.changed("weights", "that is the whole model; it is spread over P·t GPUs",
                      "这是整个模型，要分到 P·t 张卡上", stages=1, tensor_parallel=1, rank=None),
        _VARY.scaled("weights", "·8", 8, "bits for bytes", "把 bit 当成了 byte"),
        _VARY.changed("kv_cache", "one sequence only: the batch was forgotten", "只算了一条序列，漏了 batch", batch=1),
        Slip("gpus", "P", "tensor parallelism was forgotten", "漏了张量并行", lambda inputs: inputs["stages"]),
        Slip("gpus", "t", "the pipeline stages were forgotten",
             "漏了流水线级数", lambda inputs: inputs["tensor_parallel"]),
    ),
    about="Weights and KV cache of one GPU, the fullest unless a rank is named. "
    "A stage holds the weights and the cache of its own layers.",
    about_zh="一张卡上的权重与 KV 缓存；不指定 rank 时取最满的卡。每级只存自己那些层的权重和缓存。",
    source="Kwon et al. 2023 (vLLM, section 3); Pope et al. 2022, Efficiently Scaling Transformer Inference",
    example="inference-memory --model llama-2-70b --sequence 4096 --batch 16 --stages 2 --tensor-parallel 4",
)  # fmt: skip
