"""The batch that fits: how many sequences' KV cache finds room beside the weights."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from studykit.calculators.declare import Calculator, Input, Inputs, Output, Slip
from studykit.calculators.figures import Number
from studykit.calculators.formula import with_values
from studykit.calculators.inference_memory import SERVED, held_formula, mha_formula, served
from studykit.calculators.kv_cache import gpu_formula, shares_heads
from studykit.calculators.presets import GIGA, GPU, giga
from studykit.calculators.variation import Variations, remembered


@remembered
def _fit(inputs: Inputs) -> dict[str, Number]:
    from studykit.pipeline.footprint_inference import inference_memory
    from studykit.pipeline.inverse import greatest_batch

    arguments = served(inputs)
    memory = Fraction(inputs["memory"]) * GIGA
    count = greatest_batch(memory=memory, utilisation=Fraction(inputs["utilisation"]), **arguments)
    one = inference_memory(batch=1, **arguments)
    fullest = one.total.index(max(one.total))
    return {
        "batch": count,
        "weights": giga(one.weights[fullest]),
        "per_sequence": giga(one.kv_cache[fullest]),
        "held": one.parameters[fullest],
        "room": giga(memory * Fraction(inputs["utilisation"]) - Fraction(one.weights[fullest])),
    }


def _rough(room: Callable[[Inputs, dict[str, Number]], Any]) -> Callable[[Inputs], Number | None]:
    """Sequences that a wrongly reckoned room would hold."""

    def value(inputs: Inputs) -> Number | None:
        found = _fit(inputs)
        return max(0, Fraction(room(inputs, found)) // Fraction(found["per_sequence"]))

    return value


def _mha(inputs: Inputs) -> Number | None:
    if not shares_heads(inputs):
        return None
    found = _fit(inputs)
    shared = inputs["kv_heads"] if inputs["attention"] == "gqa" else 1
    kept = min(inputs["tensor_parallel"], shared)
    wider = Fraction(inputs["heads"], shared) * Fraction(kept, inputs["tensor_parallel"])
    return Fraction(found["room"]) // (Fraction(found["per_sequence"]) * wider)


def _batch_formula(inputs: Inputs) -> str:
    fits = "floor((G·u-weights)/per_sequence)"
    return fits if _fit(inputs)["room"] >= 0 else f"max(0, {fits})"


def _rounded_up(inputs: Inputs) -> Number | None:
    found = _fit(inputs)
    return -(-Fraction(found["room"]) // Fraction(found["per_sequence"])) if found["room"] > 0 else None


def _one(formula: str) -> str:
    """The cache's formula for one sequence."""
    return with_values(formula, {"b": 1})


INPUTS = (
    GPU,
    Input("memory", "G", "memory of one GPU",
          "单卡显存", unit="GB", kind="float", low=Fraction(1, 1000), high=100_000),
    Input("utilisation", "u", "share of it that may be used",
          "可用的比例", kind="float", low=Fraction(1, 100), high=1,
          default=Fraction(9, 10)),
    *SERVED,
)  # fmt: skip
OUTPUTS = (
    Output("batch", "b", "sequences that fit at once", "能同时放下的序列数", unit="sequences",
           formula=_batch_formula),
    Output("weights", "W", "weights of the fullest GPU", "显存最紧的卡上的权重", unit="GB", formula="held·w/10^9"),
    Output("per_sequence", "k", "KV cache of one sequence on that GPU", "一条序列在该卡上的 KV 缓存", unit="GB",
           formula=lambda inputs: _one(gpu_formula(inputs))),
    Output("room", "R", "room left for the cache on that GPU", "该卡上留给缓存的空间", unit="GB",
           formula="G·u-weights"),
    Output("held", "n_w", "parameters on that GPU", "该卡上的参数量", unit="parameters", formula=held_formula),
)  # fmt: skip
_VARY = Variations(_fit, INPUTS, OUTPUTS)


BATCH_FIT = Calculator(
    name="batch-fit",
    title="Greatest batch that fits",
    zh="能放下的最大 batch",
    inputs=INPUTS,
    outputs=OUTPUTS,
    function=_fit,
    slips=(
        Slip("batch", "floor(G·u/per_sequence)", "the weights were forgotten", "漏了权重",
             _rough(lambda inputs, _found: Fraction(inputs["memory"]) * Fraction(inputs["utilisation"]))),
        Slip("batch", "floor((G-weights)/per_sequence)", "the utilisation was forgotten", "漏了可用比例",
             _rough(lambda inputs, found: Fraction(inputs["memory"]) - Fraction(found["weights"]))),
        Slip("batch", "ceil((G·u-weights)/per_sequence)", "rounded up: that many do not fit", "向上取整了，放不下",
             _rounded_up),
        Slip("batch", lambda inputs: f"floor(room/({_one(mha_formula(inputs))}))",
             "every query head was given its own keys and values (MHA); GQA shares them",
             "每个查询头都算了一份 KV（MHA）；GQA 是共享的", _mha),
        _VARY.changed("batch", "the pipeline stages were forgotten", "漏了流水线级数", stages=1),
        _VARY.changed("batch", "tensor parallelism was forgotten", "漏了张量并行", tensor_parallel=1),
        Slip("room", "G·u", "the weights were forgotten", "漏了权重",
             lambda inputs: Fraction(inputs["memory"]) * Fraction(inputs["utilisation"])),
        _VARY.changed("room", "the utilisation was forgotten", "漏了可用比例", utilisation=1),
    ),
    about="Sequences whose KV cache fits beside the weights on every GPU of the layout.",
    about_zh="按给定布局，放下权重之后还能容纳多少条序列的 KV 缓存。",
    source="Kwon et al. 2023 (vLLM, section 3)",
    example="batch-fit --model llama-2-70b --gpu a100-80gb-sxm --sequence 4096 --tensor-parallel 4",
)  # fmt: skip
