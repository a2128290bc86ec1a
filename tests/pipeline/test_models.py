"""Parameter counts of published models, against what their authors and their weights' files state."""

from dataclasses import replace

import pytest

from studykit.pipeline.architecture import Architecture
from studykit.pipeline.flops import gpt_parameters
from studykit.pipeline.published_models import find_model, gpt, models

# exact totals: the number of elements in the published weights (safetensors "total parameters")
EXACT = {
    "LLaMA 7B": 6_738_415_616,
    "LLaMA 13B": 13_015_864_320,
    "LLaMA 65B": 65_285_660_672,
    "Llama-2 7B": 6_738_415_616,
    "Llama-2 13B": 13_015_864_320,
    "Llama-2 70B": 68_976_648_192,
    "Llama-3 8B": 8_030_261_248,
    "Llama-3 70B": 70_553_706_496,
    "Llama-3 405B": 405_853_388_800,
    "Qwen2.5 7B": 7_615_616_512,
    "Qwen2.5 72B": 72_706_203_648,
    "Mistral 7B": 7_241_732_096,
    "Mixtral 8x7B": 46_702_792_704,
}

# published totals in billions, and how they are rounded (half a unit of the last printed digit)
PUBLISHED = {
    "GPT-3 175B": (174.6, 0.05),  # Brown et al. 2020, table D.1: 174,600 M
    "Megatron 530B": (529.6, 0.05),  # Narayanan et al. 2021, table 1
    "Megatron 1T": (1008.0, 0.05),  # Narayanan et al. 2021, table 1
    "LLaMA 7B": (6.7, 0.05),  # Touvron et al. 2023, table 2
    "LLaMA 13B": (13.0, 0.05),
    "LLaMA 33B": (32.5, 0.05),
    "LLaMA 65B": (65.2, 0.1),  # printed 65.2, not rounded up from 65.29
    "Llama-2 70B": (69.0, 0.05),  # model page
    "Llama-3 8B": (8.03, 0.005),  # model page
    "Llama-3 70B": (70.6, 0.05),  # model page
    "Llama-3 405B": (406, 0.5),  # model page
    "Qwen2.5 7B": (7.61, 0.01),  # model card: 7.61B, 6.53B without embeddings
    "Qwen2.5 72B": (72.7, 0.05),  # model card
    "Mixtral 8x7B": (46.7, 0.05),  # Mistral's announcement
    "DeepSeek-V3": (671, 0.5),  # technical report, abstract
}

# Narayanan et al. 2021, table 1: billions, heads, hidden, layers (V = 51,200, s = 2,048)
SC21 = [
    (1.7, 24, 2304, 24),
    (3.6, 32, 3072, 30),
    (7.5, 32, 4096, 36),
    (18.4, 48, 6144, 40),
    (39.1, 64, 8192, 48),
    (76.1, 80, 10240, 60),
    (145.6, 96, 12288, 80),
    (310.1, 128, 16384, 96),
    (529.6, 128, 20480, 105),
    (1008.0, 160, 25600, 128),
]


@pytest.mark.parametrize("name", EXACT)
def test_every_element_of_the_weights_is_counted(name: str) -> None:
    assert models[name].parameters == EXACT[name]


@pytest.mark.parametrize("name", PUBLISHED)
def test_totals_are_those_published(name: str) -> None:
    billions, rounding = PUBLISHED[name]
    assert abs(models[name].parameters / 1e9 - billions) <= rounding
    assert models[name].published / 1e9 == pytest.approx(billions, abs=rounding)


@pytest.mark.parametrize(("name", "billions", "rounding"), [("Mixtral 8x7B", 12.9, 0.05), ("DeepSeek-V3", 37, 0.6)])
def test_active_parameters_are_those_published(name: str, billions: float, rounding: float) -> None:
    assert abs(models[name].active_parameters / 1e9 - billions) <= rounding


def test_parameters_without_embeddings_are_those_published() -> None:
    shape = models["Qwen2.5 7B"]  # model card: 6.53 billion without embeddings
    rest = shape.parameters - shape.embedding_parameters - shape.head_parameters
    assert round(rest / 1e9, 2) == 6.53


@pytest.mark.parametrize(("billions", "heads", "hidden", "layers"), SC21)
def test_gpt_sizes_are_those_of_the_megatron_table(billions: float, heads: int, hidden: int, layers: int) -> None:
    assert round(gpt_parameters(layers, hidden, 51200, 2048) / 1e9, 1) == billions
    counted = gpt("row", layers, hidden, heads).parameters
    # the equation leaves out the LayerNorm after the last layer
    assert counted == gpt_parameters(layers, hidden, 51200, 2048) + 2 * hidden


def test_the_smallest_gpt2_is_counted_to_the_element() -> None:
    # Radford et al. 2019; the released weights hold 124,439,808
    assert gpt("GPT-2", 12, 768, 12, vocabulary=50257, sequence=1024).parameters == 124_439_808


@pytest.mark.parametrize("name", models)
def test_every_model_names_its_source_and_fits_together(name: str) -> None:
    shape = models[name]
    assert shape.source
    assert shape.active_parameters <= shape.parameters
    assert (shape.active_parameters < shape.parameters) == bool(shape.experts)
    assert sum(shape.layer_parameters(layer).total for layer in range(shape.layers)) < shape.parameters


@pytest.mark.parametrize(
    ("typed", "name"),
    [("llama2-70b", "Llama-2 70B"), ("LLAMA 3 8b", "Llama-3 8B"), ("gpt-3", "GPT-3 175B"), ("mixtral", "Mixtral 8x7B")],
)
def test_names_are_found_however_they_are_typed(typed: str, name: str) -> None:
    assert find_model(typed).name == name
    assert typed in models


def test_an_unknown_name_suggests_a_near_one() -> None:
    with pytest.raises(KeyError, match="Llama-2 70B"):
        models["llama2-71b"]
    with pytest.raises(ValueError, match="no model is called 'bert'"):
        find_model("bert")


@pytest.mark.parametrize(
    ("name", "attention"),
    [("Llama-2 7B", "mha"), ("Llama-2 70B", "gqa"), ("DeepSeek-V3", "mla")],
)
def test_the_kind_of_attention_is_told(name: str, attention: str) -> None:
    assert models[name].attention == attention
    assert replace(models["Llama-2 7B"], kv_heads=1).attention == "mqa"


def test_matrix_parameters_are_what_a_token_is_multiplied_with() -> None:
    shape = gpt("row", 4, 64, 4, vocabulary=100)
    assert shape.matrix_parameters == 12 * 4 * 64**2 + 100 * 64
    # DeepSeek-V3: all active parameters but the embedding and the norms
    v3 = models["DeepSeek-V3"]
    norms = 61 * (2 * 7168 + 1536 + 512) + 7168 + 58 * 256
    assert v3.matrix_parameters == v3.active_parameters - v3.embedding_parameters - norms


def test_a_deepseek_layer_holds_the_tensors_of_its_weights_file() -> None:
    # the names and shapes of DeepSeek-V3's modeling code and config.json
    attention = {
        "q_a_proj": 1536 * 7168,
        "q_a_layernorm": 1536,
        "q_b_proj": 128 * (128 + 64) * 1536,
        "kv_a_proj_with_mqa": (512 + 64) * 7168,
        "kv_a_layernorm": 512,
        "kv_b_proj": 128 * (128 + 128) * 512,
        "o_proj": 7168 * 128 * 128,
        "input_layernorm": 7168,
        "post_attention_layernorm": 7168,
    }
    expert = 3 * 7168 * 2048
    shape = models["DeepSeek-V3"]
    assert shape.layer_parameters(2).total == sum(attention.values()) + 3 * 7168 * 18432
    moe = shape.layer_parameters(3)
    # 256 routed experts and a shared one; the router and its correction bias
    assert moe.total == sum(attention.values()) + 257 * expert + 256 * 7168 + 256
    assert moe.active == moe.total - 248 * expert


@pytest.mark.parametrize(
    "changes", [{"kv_heads": 3}, {"layers": 0}, {"heads": -1}, {"experts": 2, "experts_active": 3}]
)
def test_a_shape_that_cannot_be_is_refused(changes: dict[str, int]) -> None:
    fields = {name: getattr(models["Llama-2 7B"], name) for name in Architecture.__dataclass_fields__}
    with pytest.raises(ValueError, match=r"expected"):
        Architecture(**(fields | changes))
