"""Bytes of the key/value cache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studykit.pipeline.architecture import Architecture
from studykit.pipeline.placement import layers_by_stage
from studykit.pipeline.published_models import find_model
from studykit.pipeline.quantities import Number, amount, ceiling, exact, given_back, whole

__all__ = ["KVCache", "kv_bytes", "kv_elements"]


@dataclass(frozen=True, slots=True)
class KVCache:
    """Bytes of a KV cache."""

    attention: str
    per_token_layer: Number
    """Bytes of one token in one layer, on all tensor-parallel ranks together counted once."""
    per_token: Number
    """Bytes of one token in all layers."""
    per_request: Number
    """Bytes of one sequence."""
    total: Number
    """Bytes of the batch, counted once."""
    by_rank: tuple[Number, ...]
    """Bytes on one GPU of each stage, with what tensor-parallel ranks keep twice."""


def kv_elements(
    attention: str = "mha",
    *,
    heads: int = 0,
    head_dim: int = 0,
    kv_heads: int = 0,
    hidden: int = 0,
    kv_rank: int = 0,
    rope_dim: int = 0,
) -> int:
    """Elements cached for a token in a layer: MHA 2h, GQA 2 n_kv d, MQA 2d, MLA r_kv + d_rope.

    >>> kv_elements("mha", hidden=4096), kv_elements("gqa", kv_heads=8, head_dim=128)
    (8192, 2048)
    >>> kv_elements("mla", kv_rank=512, rope_dim=64)
    576
    """
    kind = str(attention).casefold()
    if kind == "mla":
        return whole("kv_rank", kv_rank) + whole("rope_dim", rope_dim, least=0)
    if kind == "mha":
        return 2 * (whole("hidden", hidden) if not heads else whole("heads", heads) * whole("head_dim", head_dim))
    if kind == "gqa":
        return 2 * whole("kv_heads", kv_heads) * whole("head_dim", head_dim)
    if kind == "mqa":
        return 2 * whole("head_dim", head_dim)
    raise ValueError(f"attention is {attention!r}; expected mha, gqa, mqa or mla")


def kv_bytes(
    model: Architecture | str | None = None,
    *,
    sequence: int,
    batch: int = 1,
    bytes_per_element: Number = 2,
    attention: str | None = None,
    layers: int = 0,
    heads: int = 0,
    kv_heads: int = 0,
    head_dim: int = 0,
    hidden: int = 0,
    kv_rank: int = 0,
    rope_dim: int = 0,
    stages: int = 1,
    tensor_parallel: int = 1,
    layers_per_stage: Sequence[int] | None = None,
    block: int = 1,
    window: int | None = None,
) -> KVCache:
    """Bytes of the KV cache of `batch` sequences of `sequence` tokens, by rank.

    A stage holds the cache of its own layers; a tensor-parallel rank its share of KV heads. With more ranks than KV
    heads each keeps one whole head, and MLA's latent vector is kept whole on every rank.

    Args:
        model: an Architecture or published name; else attention ("mha", "gqa", "mqa", "mla"; guessed from what is
            given), layers and the widths `kv_elements` takes.
        sequence: tokens of each sequence, prompt and output.
        batch: sequences held at once, all groups in flight together.
        bytes_per_element: 2 for fp16/bf16, 1 for fp8/int8.
        block: tokens a page of a paged cache holds; a sequence fills its last page.
        window: tokens kept at most (sliding-window attention).

    Raises:
        ValueError: a size out of range, or a tensor_parallel that neither divides the KV heads nor is divided by them.

    >>> cache = kv_bytes("Llama-2 70B", sequence=4096, stages=4, tensor_parallel=2)
    >>> cache.per_token // 1024, cache.by_rank[0] // 2**20
    (320, 160)
    """
    if model is not None:
        shape = find_model(model)
        kind, count, elements, kv_count = shape.attention, shape.layers, shape.kv_elements, shape.kv_heads
    else:
        kind = str(attention or _guess(heads, kv_heads, kv_rank)).casefold()
        count = whole("layers", layers)
        elements = kv_elements(
            kind, heads=heads, head_dim=head_dim, kv_heads=kv_heads, hidden=hidden, kv_rank=kv_rank, rope_dim=rope_dim
        )
        kv_count = {"mha": heads, "gqa": kv_heads, "mqa": 1, "mla": 1}[kind]
    width = amount("bytes_per_element", bytes_per_element, above=True)
    tokens = _kept_tokens(sequence, block, window)
    copies = _copies(kind, kv_count, whole("tensor_parallel", tensor_parallel))
    each = exact(width) * elements
    request = each * count * tokens
    sequences = whole("batch", batch, least=0)
    by_stage = layers_by_stage(count, stages, layers_per_stage)
    return KVCache(
        attention=kind,
        per_token_layer=given_back(each, width),
        per_token=given_back(each * count, width),
        per_request=given_back(request, width),
        total=given_back(request * sequences, width),
        by_rank=tuple(given_back(each * held * tokens * sequences / copies, width) for held in by_stage),
    )


def _guess(heads: int, kv_heads: int, kv_rank: int) -> str:
    if kv_rank:
        return "mla"
    return "mha" if not kv_heads or kv_heads == heads else "mqa" if kv_heads == 1 else "gqa"


def _kept_tokens(sequence: int, block: int, window: int | None) -> int:
    tokens = whole("sequence", sequence, least=0)
    if window is not None:
        tokens = min(tokens, whole("window", window))
    page = whole("block", block)
    return ceiling(exact(tokens) / page) * page


def _copies(kind: str, kv_heads: int, tensor_parallel: int) -> int:
    """By how much a tensor-parallel rank's part of the cache is smaller than the whole."""
    if kind == "mla" or not kv_heads:
        return 1 if kind == "mla" else tensor_parallel
    if tensor_parallel % kv_heads and kv_heads % tensor_parallel:
        raise ValueError(
            f"tensor_parallel is {tensor_parallel}; expected a divisor or a multiple of {kv_heads} KV heads"
        )
    return min(tensor_parallel, kv_heads)
