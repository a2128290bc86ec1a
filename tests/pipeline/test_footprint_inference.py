"""Memory of serving: KV cache of every kind of attention, and weights in few bits."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.pipeline.footprint_inference import inference_memory
from studykit.pipeline.kv_cache import kv_bytes, kv_elements
from studykit.pipeline.published_models import models
from studykit.pipeline.quantisation import QUANTISATIONS, Quantisation, weight_bytes
from studykit.pipeline.quantities import exact

# bytes of KV cache a token, 2-byte elements
PER_TOKEN = [
    ("DeepSeek-V3", 70_272),  # Insights into DeepSeek-V3 (2025), table 1: 70.272 KB
    ("Qwen2.5 72B", 327_680),  # the same: 327.680 KB
    ("Llama-3 405B", 516_096),  # the same: 516.096 KB
    ("Llama-2 70B", 320 * 1024),
    ("Llama-3 8B", 128 * 1024),
    ("Llama-2 7B", 512 * 1024),
]


@pytest.mark.parametrize(("name", "size"), PER_TOKEN)
def test_kv_bytes_a_token_are_those_published(name: str, size: int) -> None:
    assert kv_bytes(name, sequence=1).per_token == size


def test_kv_bytes_without_a_named_model() -> None:
    # Kwon et al. 2023, PagedAttention, 3: OPT-13B takes 800 KB a token, a request of 2,048 tokens 1.6 GB
    cache = kv_bytes(layers=40, hidden=5120, sequence=2048)
    assert cache.per_token == 800 * 1024
    assert cache.per_request == 800 * 1024 * 2048
    assert cache.attention == "mha"


@pytest.mark.parametrize(
    ("kind", "widths", "elements"),
    [
        ("mha", {"hidden": 4096}, 2 * 4096),
        ("mha", {"heads": 32, "head_dim": 128}, 2 * 4096),
        ("gqa", {"kv_heads": 8, "head_dim": 128}, 2 * 8 * 128),
        ("mqa", {"head_dim": 128}, 2 * 128),
        ("mla", {"kv_rank": 512, "rope_dim": 64}, 576),
    ],
)
def test_each_kind_of_attention_caches_its_own(kind: str, widths: dict[str, int], elements: int) -> None:
    assert kv_elements(kind, **widths) == elements
    cache = kv_bytes(attention=kind, layers=3, sequence=5, bytes_per_element=1, **widths)  # type: ignore[arg-type]
    assert cache.total == 15 * elements


@given(
    st.sampled_from(["Llama-2 7B", "Llama-2 70B", "Mixtral 8x7B", "Qwen2.5 72B"]),
    st.integers(1, 8),
    st.sampled_from([1, 2, 4, 8]),
    st.integers(1, 64),
    st.integers(1, 9000),
)
def test_the_ranks_hold_the_cache_once_while_heads_divide(
    name: str, stages: int, t: int, batch: int, sequence: int
) -> None:
    cache = kv_bytes(name, sequence=sequence, batch=batch, stages=stages, tensor_parallel=t)
    assert sum(cache.by_rank) * t == cache.total == cache.per_token * sequence * batch


def test_heads_and_latents_that_cannot_be_divided_are_kept_twice() -> None:
    eight, sixteen = (kv_bytes("Llama-2 70B", sequence=9, tensor_parallel=t).by_rank[0] for t in (8, 16))
    assert eight == sixteen
    one, many = (kv_bytes("DeepSeek-V3", sequence=9, tensor_parallel=t).by_rank[0] for t in (1, 8))
    assert one == many
    with pytest.raises(ValueError, match="tensor_parallel is 3; expected a divisor or a multiple of 8 KV heads"):
        kv_bytes("Llama-2 70B", sequence=9, tensor_parallel=3)


@given(st.integers(0, 10_000), st.integers(1, 64))
def test_pages_are_filled_up(sequence: int, block: int) -> None:
    tokens = exact(kv_bytes("Llama-3 8B", sequence=sequence, block=block).per_request) / (128 * 1024)
    assert tokens % block == 0
    assert sequence <= tokens < sequence + block


def test_a_window_bounds_the_cache() -> None:
    assert kv_bytes("Mistral 7B", sequence=32768, window=4096) == kv_bytes("Mistral 7B", sequence=4096)


# bits a weight with scales, from the sources named in QUANTISATIONS
@pytest.mark.parametrize(
    ("name", "bits"),
    [
        ("nf4", 4.5),  # Dettmers et al. 2023, 3: 32 / 64 = 0.5 bits a weight of scales
        ("nf4-double", 4 + 8 / 64 + 32 / (64 * 256)),  # the same: 0.127
        ("mxfp4", 4.25),  # OCP MX 1.0: 8 shared bits for 32 elements
        ("q4-0", 8 * 18 / 32),  # ggml: bytes a block over weights a block
        ("q4-1", 8 * 20 / 32),
        ("q8-0", 8 * 34 / 32),
        ("q4-k", 8 * 144 / 256),
        ("q6-k", 8 * 210 / 256),
        ("gptq-4bit", 4 + 20 / 128),
    ],
)
def test_bits_a_weight_count_scales_and_zero_points(name: str, bits: float) -> None:
    assert float(QUANTISATIONS[name].bits_per_weight) == bits
    assert weight_bytes(8192, name) == 1024 * bits


def test_weights_of_a_named_model_in_each_type() -> None:
    sizes = [inference_memory("Llama-2 70B", weights=kind).peak for kind in ("fp16", "int8", "int4", "gptq-4bit")]
    count = models["Llama-2 70B"].parameters
    assert sizes == [2 * count, count, Fraction(count, 2), Fraction(count * 133, 256)]


def test_a_model_by_its_parameters_alone() -> None:
    # 70 billion parameters in 2 bytes over 4 GPUs: 35 GB each, whichever way they are divided
    for layout in ({"stages": 4}, {"tensor_parallel": 4}, {"stages": 2, "tensor_parallel": 2}):
        plan = inference_memory(parameters=70_000_000_000, **layout)  # type: ignore[arg-type]
        assert set(plan.weights) == {35_000_000_000}
        assert plan.gpus == 4


@given(st.sampled_from(list(models)), st.integers(1, 8), st.integers(0, 32), st.integers(0, 10**9))
def test_parts_add_up_on_every_rank(name: str, stages: int, batch: int, workspace: int) -> None:
    plan = inference_memory(name, sequence=100, batch=batch, stages=stages, workspace=workspace)
    assert len(plan.total) == stages == len(plan.layers)
    for rank in range(stages):
        assert plan.total[rank] == plan.weights[rank] + plan.kv_cache[rank] + workspace
    assert sum(plan.kv_cache) == plan.kv_per_token * 100 * batch


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"model": "Llama-2 70B", "weights": "int3"}, "weights is 'int3'; expected bytes a weight or one of fp32"),
        ({"model": "Llama-2 70B", "sequence": -1}, "sequence is -1"),
        ({"parameters": 5, "sequence": 4, "attention": "linear", "layers": 2}, "attention is 'linear'"),
        ({"parameters": 5, "sequence": 4, "layers": 2}, "hidden is 0"),
        ({"model": "Llama-2 70B", "bytes_per_element": 0}, "bytes_per_element is 0"),
        ({}, "parameters is 0"),
    ],
)
def test_what_cannot_be_is_refused(arguments: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match="expected") as refused:
        inference_memory(**arguments)  # type: ignore[arg-type]
    assert sentence in str(refused.value)


def test_a_quantisation_of_no_bits_is_refused() -> None:
    with pytest.raises(ValueError, match="bits is 0"):
        Quantisation(bits=0)
    with pytest.raises(ValueError, match="group is -1"):
        Quantisation(bits=4, group=-1)
