"""Activation bytes of a transformer layer in training, and how many micro-batches a rank keeps.

Source: Korthikanti et al. 2022, Reducing Activation Recomputation in Large Transformer Models, section 4: a layer with
a 4h feed-forward and dropout, 2-byte elements, 1-byte dropout masks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from studykit.pipeline.architecture import Architecture
from studykit.pipeline.quantities import Number, amount, amounts, choice, given_back, whole

__all__ = ["RECOMPUTE", "Block", "block_of", "edge_activations", "in_flight", "layer_activations"]

RECOMPUTE = ("none", "selective", "full")


def layer_activations(
    *,
    sequence: int,
    batch: int,
    hidden: int,
    heads: int,
    tensor_parallel: int = 1,
    sequence_parallel: bool = False,
    recompute: str = "none",
    split_saved_input: bool = False,
    block: Block | None = None,
) -> Number:
    """Bytes one layer's forward leaves on a GPU for one micro-batch of `batch` sequences.

    - none: sbh(34 + 5as/h); tensor parallel sbh(10 + 24/t + 5as/ht); with sequence parallel sbh/t (34 + 5as/h)
    - selective (the attention core is computed again, as flash attention does too): the same without 5as/h
    - full (only the layer's input is kept): 2sbh; `split_saved_input` keeps 1/t of it on each rank

    `block` replaces the paper's 10, 24 and 5 by those of another layer.

    >>> layer_activations(sequence=2048, batch=1, hidden=12288, heads=96) // 2**20
    2736
    >>> layer_activations(sequence=2048, batch=1, hidden=12288, heads=96, tensor_parallel=8, sequence_parallel=True,
    ...     recompute="selective") == 34 * 2048 * 12288 // 8
    True
    """
    s, b, h = whole("sequence", sequence), whole("batch", batch), whole("hidden", hidden)
    a, t = whole("heads", heads), whole("tensor_parallel", tensor_parallel)
    if a % t:
        raise ValueError(f"tensor_parallel is {t}; expected a divisor of the {a} heads")
    kept, parts = choice("recompute", recompute, RECOMPUTE), block or Block()
    if kept == "full":
        return given_back(Fraction(2 * s * b * h, t if split_saved_input else 1))
    core = Fraction(parts.core * a * s * s * b, t) if kept == "none" else Fraction(0)
    whole_part = Fraction(parts.outside * s * b * h, t if sequence_parallel else 1)
    return given_back(whole_part + parts.split * Fraction(s * b * h, t) + core)


@dataclass(frozen=True, slots=True)
class Block:
    """What a layer keeps: bytes over sbh outside and inside the tensor-parallel parts, bytes over as^2 b in the core.

    The defaults are the paper's layer: 2 norms (4), the inputs of attention and feed-forward (4) and 2 dropout masks
    outside; Q, K, V, the projection's input (8) and both sides of the 4h activation function (16) inside; softmax,
    its dropout mask and output (5) in the core.
    """

    outside: int = 10
    split: Fraction = Fraction(24)
    core: int = 5


def block_of(model: Architecture, layer: int = 0) -> Block:
    """The parts of a model's own layer: its feed-forward width, gate, KV heads, and no dropout where it has none.

    A gated feed-forward keeps gate, up and their product. Of a mixture of experts, the tokens spread evenly. An
    estimate for MLA, whose compressed vectors are not counted.

    >>> from studykit.pipeline.published_models import models
    >>> block_of(models["GPT-3"]) == Block(), block_of(models["Llama-2 7B"]).split
    (True, Fraction(193, 8))
    """
    dropout = model.biases
    width = model.ffn
    if model.is_expert_layer(layer):
        width = (model.experts_active + model.experts_shared) * model.expert_ffn
    attention = 2 * 2 * model.heads * model.head_dim + 2 * 2 * model.kv_heads * model.head_dim
    inside = Fraction(attention + 2 * (3 if model.gated else 2) * width, model.hidden)
    return Block(10 if dropout else 8, inside, 5 if dropout else 2)


def edge_activations(
    *, sequence: int, batch: int, hidden: int, vocabulary: int, tensor_parallel: int = 1
) -> tuple[Number, Number]:
    """Bytes of one micro-batch outside the layers: (embedding's dropout mask, final norm with head and loss).

    sbh/t, and 4sbh/t (1 + v/h), of which 4sbv/t are the logits in fp32 (section 4.3).
    """
    s, b, h = whole("sequence", sequence), whole("batch", batch), whole("hidden", hidden)
    v, t = whole("vocabulary", vocabulary, least=0), whole("tensor_parallel", tensor_parallel)
    return given_back(Fraction(s * b * h, t)), given_back(Fraction(4 * s * b * (h + v), t))


_IN_FLIGHT = ("naive", "gpipe", "looped-bfs", "1f1b", "interleaved", "zb-h1", "zb-h2", "zb-v", "dualpipe", "dualpipev")


def in_flight(
    schedule: str | Sequence[Number], stages: int, microbatches: int, chunks: int = 1, *, weight_share: Number = 1
) -> tuple[Number, ...]:
    """Micro-batches of a whole rank whose activations each rank holds at its peak, one number a rank.

    `schedule` may be the counts themselves, such as a simulated plan's `peak_activations`. By name: naive 1; gpipe
    and looped-bfs M; 1f1b min(M, P-r); interleaved min(MV, (V-1)g + 2(P-1-r) + 1)/V with g = M // max(1, M//P); zb-v
    at most P, dualpipe P + 1 and dualpipev P + 1/2. zb-h1 holds (P-r) + r w and zb-h2 (2P-2r-1) + 2r w, where
    `weight_share` is w, the part of an activation (0 to 1) that a postponed weight gradient still needs.

    >>> in_flight("1f1b", 4, 8), in_flight("interleaved", 4, 8, 2)[0]
    ((4, 3, 2, 1), Fraction(11, 2))
    """
    p, m = whole("stages", stages), whole("microbatches", microbatches)
    if not isinstance(schedule, str):
        return amounts("schedule", schedule, p)
    name, v = choice("schedule", schedule, _IN_FLIGHT), whole("chunks", chunks)
    share = amount("weight_share", weight_share, most=1)
    return tuple(_held(name, rank, p, m, v, share) for rank in range(p))


def _held(name: str, rank: int, p: int, m: int, v: int, share: Number) -> Number:
    after = p - 1 - rank
    if name == "1f1b":
        return min(m, after + 1)
    if name == "interleaved":
        group = m // max(1, m // p)
        return given_back(Fraction(min(m * v, (v - 1) * group + 2 * after + 1), v))
    if name in ("zb-h1", "zb-h2"):
        full, postponed = (after + 1, rank) if name == "zb-h1" else (2 * after + 1, 2 * rank)
        full = min(m, full)
        return full + min(m - full, postponed) * share
    if name == "dualpipev":
        return given_back(min(Fraction(m), Fraction(2 * p + 1, 2)))
    return min(m, {"naive": 1, "zb-v": p, "dualpipe": p + 1}.get(name, m))
