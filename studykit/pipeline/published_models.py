"""Published language models: their shapes, each with its source."""

from __future__ import annotations

from functools import partial

from studykit.pipeline.architecture import Architecture
from studykit.pipeline.registry import Registry

__all__ = ["find_model", "gpt", "models"]

_llama_block = partial(Architecture, gated=True, biases=False, norm="rms")
_LLAMA = "Touvron et al. 2023, LLaMA, table 2; config.json of the weights"
_LLAMA2 = "Touvron et al. 2023, Llama 2, table 1; config.json of the weights"
_LLAMA3 = "Grattafiori et al. 2024, The Llama 3 Herd of Models, table 3; config.json of the weights"
_QWEN25 = "Qwen team 2024, Qwen2.5 technical report, table 1; model cards (parameter counts) and config.json"
_SC21 = "Narayanan et al. 2021 (SC'21), table 1"


def gpt(
    name: str, layers: int, hidden: int, heads: int, *, vocabulary: int = 51200, sequence: int = 2048
) -> Architecture:
    """A GPT-3-style model: 4h feed-forward, learned positions, biases, tied embeddings.

    Its `parameters` are `12Lh^2 + 13Lh + (V+s)h + 2h`, which is SC'21 eq. 2 and the final LayerNorm.

    >>> round(gpt("GPT-3", 96, 12288, 96, vocabulary=50257).parameters / 1e9, 1)
    174.6
    """
    if heads < 1 or hidden % heads:
        raise ValueError(f"heads is {heads}; expected a divisor of hidden, which is {hidden}")
    return Architecture(
        name=name,
        layers=layers,
        hidden=hidden,
        ffn=4 * hidden,
        heads=heads,
        kv_heads=heads,
        head_dim=hidden // heads,
        vocabulary=vocabulary,
        context=sequence,
        positions=sequence,
        tied_embeddings=True,
    )


def _published_gpt(shape: Architecture, published: float, source: str, aliases: tuple[str, ...] = ()) -> Architecture:
    fields = {name: getattr(shape, name) for name in Architecture.__dataclass_fields__}
    return Architecture(**(fields | {"published": published, "source": source, "aliases": aliases}))


def _llama(
    name: str,
    layers: int,
    hidden: int,
    ffn: int,
    heads: int,
    kv_heads: int,
    vocabulary: int,
    context: int,
    published: float,
    source: str,
    *,
    qkv_biases: bool = False,
    tied_embeddings: bool = False,
    aliases: tuple[str, ...] = (),
) -> Architecture:
    return _llama_block(
        name=name,
        layers=layers,
        hidden=hidden,
        ffn=ffn,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=128,
        vocabulary=vocabulary,
        context=context,
        published=published,
        source=source,
        qkv_biases=qkv_biases,
        tied_embeddings=tied_embeddings,
        aliases=aliases,
    )


models: Registry[Architecture] = Registry(
    "model",
    [
        _published_gpt(
            gpt("GPT-3 175B", 96, 12288, 96, vocabulary=50257),
            174.6e9,
            "Brown et al. 2020, GPT-3, tables 2.1 (175.0B) and D.1 (174,600M)",
            ("GPT-3", "GPT3"),
        ),
        _published_gpt(
            gpt("Megatron 530B", 105, 20480, 128),
            529.6e9,
            f"{_SC21}; Smith et al. 2022, Megatron-Turing NLG 530B",
            ("MT-NLG 530B", "Megatron-Turing NLG 530B"),
        ),
        _published_gpt(gpt("Megatron 1T", 128, 25600, 160), 1008.0e9, _SC21, ("Megatron 1008B",)),
        _llama("LLaMA 7B", 32, 4096, 11008, 32, 32, 32000, 2048, 6.7e9, _LLAMA),
        _llama("LLaMA 13B", 40, 5120, 13824, 40, 40, 32000, 2048, 13.0e9, _LLAMA),
        _llama("LLaMA 33B", 60, 6656, 17920, 52, 52, 32000, 2048, 32.5e9, _LLAMA, aliases=("LLaMA 30B",)),
        # the paper prints 65.2B; the weights hold 65.29e9
        _llama("LLaMA 65B", 80, 8192, 22016, 64, 64, 32000, 2048, 65.2e9, _LLAMA),
        _llama("Llama-2 7B", 32, 4096, 11008, 32, 32, 32000, 4096, 6.7e9, _LLAMA2),
        _llama("Llama-2 13B", 40, 5120, 13824, 40, 40, 32000, 4096, 13.0e9, _LLAMA2),
        _llama("Llama-2 70B", 80, 8192, 28672, 64, 8, 32000, 4096, 69.0e9, _LLAMA2),
        _llama("Llama-3 8B", 32, 4096, 14336, 32, 8, 128256, 8192, 8.03e9, _LLAMA3, aliases=("Llama-3.1 8B",)),
        _llama("Llama-3 70B", 80, 8192, 28672, 64, 8, 128256, 8192, 70.6e9, _LLAMA3, aliases=("Llama-3.1 70B",)),
        _llama(
            "Llama-3 405B", 126, 16384, 53248, 128, 8, 128256, 131072, 405.9e9, _LLAMA3, aliases=("Llama-3.1 405B",)
        ),
        _llama("Qwen2.5 7B", 28, 3584, 18944, 28, 4, 152064, 131072, 7.61e9, _QWEN25, qkv_biases=True),
        _llama("Qwen2.5 72B", 80, 8192, 29568, 64, 8, 152064, 131072, 72.7e9, _QWEN25, qkv_biases=True),
        _llama("Mistral 7B", 32, 4096, 14336, 32, 8, 32000, 8192, 7.24e9, "Jiang et al. 2023, Mistral 7B, table 1"),
        _llama_block(
            name="Mixtral 8x7B",
            layers=32,
            hidden=4096,
            ffn=14336,
            heads=32,
            kv_heads=8,
            head_dim=128,
            vocabulary=32000,
            context=32768,
            experts=8,
            experts_active=2,
            expert_ffn=14336,
            published=46.7e9,
            published_active=12.9e9,
            source="Jiang et al. 2024, Mixtral of Experts, table 1; Mistral's announcement (46.7B, 12.9B active)",
            aliases=("Mixtral",),
        ),
        _llama_block(
            name="DeepSeek-V3",
            layers=61,
            hidden=7168,
            ffn=18432,
            heads=128,
            kv_heads=128,
            head_dim=128,
            vocabulary=129280,
            context=131072,
            experts=256,
            experts_active=8,
            experts_shared=1,
            expert_ffn=2048,
            dense_layers=3,
            router_bias=True,
            query_rank=1536,
            kv_rank=512,
            rope_dim=64,
            value_dim=128,
            published=671e9,
            published_active=37e9,
            source="DeepSeek-AI 2024, DeepSeek-V3 technical report, 4.2; config.json (main model, without MTP)",
            aliases=("DeepSeek-R1", "DeepSeek-V3 671B", "deepseek v3"),
        ),
    ],
)
"""Published models by name: `models["Llama-2 70B"].parameters`."""


def find_model(model: Architecture | str) -> Architecture:
    """An architecture as it is, or the published one of that name; an unknown name raises ValueError."""
    if isinstance(model, Architecture):
        return model
    try:
        return models[model]
    except KeyError as unknown:
        raise ValueError(str(unknown.args[0])) from None
