"""The KV cache: bytes of a token, of all sequences, and of one GPU."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from studykit.calculators import sizes
from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip
from studykit.calculators.figures import Number
from studykit.calculators.pipeline_run import RANK, chosen_rank
from studykit.calculators.presets import MODEL, giga
from studykit.calculators.variation import Variations, remembered

SERVING_RANK = replace(RANK, symbol="i")

ATTENTION = Input("attention", "attention", "kind of attention", "注意力类型", kind="choice",
                  choices=("mha", "gqa", "mqa", "mla"), default="gqa")  # fmt: skip
HEADS = (
    Input("heads", "a", "attention heads (for mha)", "注意力头数（mha 用）", low=1, high=10_000, optional=True),
    Input("kv_heads", "n", "key/value heads (for gqa)", "KV 头数（gqa 用）", low=1, high=10_000, optional=True),
    Input("head_dim", "d", "width of a head", "每个头的维度", low=1, high=100_000, optional=True),
    Input("kv_rank", "r", "rank of the latent vector (for mla)",
          "压缩 KV 的秩（mla 用）", low=0, high=100_000, default=0),
    Input("rope_dim", "q", "width of the rotary key (for mla)",
          "旋转位置键的维度（mla 用）", low=0, high=100_000, default=0),
)  # fmt: skip


def cache_arguments(inputs: Inputs) -> dict[str, Any]:
    """What `kv_bytes` and `inference_memory` take about the attention, checked for what its kind needs."""
    needed = {"mha": ("heads", "head_dim"), "gqa": ("kv_heads", "head_dim"), "mqa": ("head_dim",), "mla": ("kv_rank",)}
    for name in needed[inputs["attention"]]:
        if not inputs[name]:
            raise ValueError(f"{name} is missing; {inputs['attention']} needs it, or name a model")
    keys = ("attention", "heads", "kv_heads", "head_dim", "kv_rank", "rope_dim")
    return {key: inputs[key] or 0 for key in keys}


@remembered
def _cache(inputs: Inputs) -> dict[str, Number]:
    from studykit.pipeline.kv_cache import kv_bytes

    found = kv_bytes(
        sequence=inputs["sequence"],
        batch=inputs["batch"],
        bytes_per_element=inputs["kv_bytes"],
        layers=inputs["layers"],
        stages=inputs["stages"],
        tensor_parallel=inputs["tensor_parallel"],
        **cache_arguments(inputs),
    )
    return {
        "total": giga(found.total),
        "per_token": Fraction(found.per_token) / 1024,
        "per_token_layer": found.per_token_layer,
        "per_request": giga(found.per_request),
        "per_gpu": giga(found.by_rank[chosen_rank(inputs, found.by_rank)]),
    }


def layer_formula(inputs: Inputs) -> str:
    """Bytes of a token in a layer, in symbols."""
    return {"mha": "2·a·d·e", "gqa": "2·n·d·e", "mqa": "2·d·e", "mla": "(r+q)·e"}[inputs["attention"]]


def gpu_formula(inputs: Inputs) -> str:
    """GB of the cache on one GPU of the rank: its own layers, and its share of the KV heads."""
    layers = sizes.layers_formula(inputs, inputs.get("rank"))
    text = f"{layer_formula(inputs)}·{layers}·s·b"
    shared = {"mha": "min(t, a)", "gqa": "min(t, n)"}.get(inputs["attention"])
    return f"{text}/{shared}/10^9" if shared and inputs["tensor_parallel"] > 1 else f"{text}/10^9"


def shares_heads(inputs: Inputs) -> bool:
    """Whether several query heads use one key and value, and how many there are is known."""
    return inputs["attention"] in ("gqa", "mqa") and bool(inputs["heads"])


def _two_bytes(inputs: Inputs) -> bool:
    return bool(inputs["kv_bytes"] == 2)


def _shared(output: str) -> tuple[Slip, ...]:
    return (
        _VARY.changed(output, "every query head was given its own keys and values (MHA); GQA shares them",
                      "每个查询头都算了一份 KV（MHA）；GQA 是共享的", attention="mha", only=shares_heads),
        _VARY.scaled(output, "/2", Fraction(1, 2), "keys or values alone: both are cached, so twice as much",
                     "只算了 K 或 V，两者都要缓存，应乘 2", only=lambda inputs: inputs["attention"] != "mla"),
        _VARY.changed(output, "one byte an element instead of two", "每个元素按 1 字节算了", kv_bytes=1,
                      only=_two_bytes),
        _VARY.changed(output, "four bytes an element instead of two", "每个元素按 4 字节算了", kv_bytes=4,
                      only=_two_bytes),
    )  # fmt: skip


CACHES = ("total", "per_token", "per_token_layer", "per_request", "per_gpu")
INPUTS = (
    MODEL,
    sizes.layers(),
    ATTENTION,
    *HEADS,
    sizes.sequence(),
    sizes.batch("sequences held at once", "同时保存的序列数"),
    sizes.element_bytes("kv_bytes", "e", "bytes of a cached element", "每个缓存元素的字节数"),
    sizes.stages(),
    sizes.tensor_parallel(),
    SERVING_RANK,
)
OUTPUTS = (
    Output("total", "KV", "cache of all sequences, over all GPUs", "所有序列的缓存（全部卡合计）", unit="GB",
           formula=lambda inputs: f"{layer_formula(inputs)}·L·s·b/10^9"),
    Output("per_token", "k", "cache of one token in all layers", "一个 token 在所有层的缓存", unit="KiB",
           formula=lambda inputs: f"{layer_formula(inputs)}·L/1024"),
    Output("per_token_layer", "k_L", "cache of one token in one layer", "一个 token 在一层的缓存", unit="B",
           formula=layer_formula),
    Output("per_request", "k_s", "cache of one sequence", "一条序列的缓存", unit="GB",
           formula=lambda inputs: f"{layer_formula(inputs)}·L·s/10^9"),
    Output("per_gpu", "k_g", "cache on one GPU of the rank", "该 rank 每张卡上的缓存", unit="GB", formula=gpu_formula),
)  # fmt: skip
_VARY = Variations(_cache, INPUTS, OUTPUTS)
KV_CACHE = Calculator(
    name="kv-cache",
    title="Size of the KV cache",
    zh="KV 缓存的大小",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_cache,
    slips=(
        *(slip for name in CACHES for slip in _shared(name)),
        _VARY.changed("total", "one layer only", "只算了一层", layers=1, stages=1, rank=None),
        _VARY.instead("total", "per_request", "one sequence only: the batch was forgotten",
                      "只算了一条序列，漏了 batch"),
        _VARY.instead("total", "per_gpu", "that is one GPU's share", "这是一张卡上的部分"),
        _VARY.changed("per_token", "one layer only", "只算了一层", layers=1, stages=1, rank=None),
        _VARY.instead("per_gpu", "total",
                      "that is the whole cache; a stage holds its own layers, a tensor-parallel rank its heads",
                      "这是全部缓存；每级只存自己的层，每个张量并行 rank 只存自己的头"),
        _VARY.changed("per_gpu", "the pipeline stages were forgotten: a stage holds L/P layers",
                      "漏了流水线：每级只有 L/P 层", stages=1, rank=None),
        _VARY.changed("per_gpu", "tensor parallelism was forgotten: a rank holds its share of the KV heads",
                      "漏了张量并行：每个 rank 只存自己的 KV 头", tensor_parallel=1),
        Slip("per_gpu", "total/(P·t)",
             "a KV head cannot be cut: with more ranks than KV heads each keeps one whole",
             "KV 头不能再切：卡数多于 KV 头时每张卡保留一整个头",
             lambda inputs: _cache(inputs)["total"] / (inputs["stages"] * inputs["tensor_parallel"])),
    ),
    about="Keys and values of every token, layer and KV head: MHA 2hb, GQA 2·n_kv·d·b, MLA (r_kv+d_rope)b a token "
    "and layer.",
    about_zh="每个 token、每层、每个 KV 头的 K 与 V：每 token 每层 MHA 为 2hb，GQA 为 2·n_kv·d·b，MLA 为 "
    "(r_kv+d_rope)b。",
    source="Shazeer 2019 (MQA); Ainslie et al. 2023 (GQA); DeepSeek-AI 2024 (DeepSeek-V2, MLA)",
    example="kv-cache --model llama-2-70b --sequence 4096 --batch 16 --stages 2 --tensor-parallel 4",
)  # fmt: skip
