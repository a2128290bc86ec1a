"""What a model takes, by the pipeline model's formulas, for figures as notes give them: the one place for these.

Figures are floats in base units: bytes, tokens, operations, seconds. The pipeline model is loaded when a note first
needs it. What it does not take (half a layer, 40 bytes a number) raises ValueError: then there is nothing to judge.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

Given = TypeVar("Given")


def taken(rule: Callable[[Given], list[float]], given: Given) -> list[float]:
    """What a rule says of the numbers of a sentence: nothing where the model does not take them."""
    try:
        return rule(given)
    except ValueError:
        return []


def cache_of_token(
    layers: float, *, kv_heads: float = 0, head_dim: float = 0, hidden: float = 0, width: float = 2
) -> float:
    """Bytes of the keys and values of a token in all layers: of all of `hidden`, or of heads with `head_dim`."""
    from studykit.pipeline.kv_cache import kv_bytes
    from studykit.pipeline.quantities import whole

    return float(
        kv_bytes(
            sequence=1,
            attention="mha" if hidden else "gqa",
            layers=whole("layers", layers),
            kv_heads=whole("kv_heads", kv_heads, least=0),
            head_dim=whole("head_dim", head_dim, least=0),
            hidden=whole("hidden", hidden, least=0),
            bytes_per_element=float(width),
        ).per_token
    )


def weights(parameters: float, width: float) -> float:
    """Bytes of the weights at `width` bytes each, up to 8."""
    from studykit.pipeline.quantisation import weight_bytes

    return float(weight_bytes(parameters, float(width)))


def training_states(parameters: float, widths: tuple[int, int, int], *, zero: int, gpus: int) -> float:
    """Bytes of weights, gradients and optimizer states on each of the GPUs, by the bytes a parameter of each."""
    from studykit.pipeline.footprint_training import Precision, model_states

    return float(model_states(parameters, data_parallel=gpus, zero=zero, precision=Precision(*widths)).total)


def token_operations(parameters: float) -> tuple[float, float]:
    """Operations of a token: forward alone (2N), and with the backward pass (6N)."""
    from studykit.pipeline.flops import flops_per_token

    return float(flops_per_token(parameters, training=False)), float(flops_per_token(parameters))


def training_operations(parameters: float, tokens: float) -> list[float]:
    """Operations of a training run: 6ND, and 8ND with full recomputation."""
    from studykit.pipeline.flops import flops_per_token

    return [float(flops_per_token(parameters, recompute=again)) * tokens for again in ("none", "full")]


def all_reduce_sent(data: float, ranks: float) -> float:
    """Bytes that each rank sends in a ring all-reduce of `data` bytes: 2(N-1)/N of them."""
    return _sent("all-reduce", ranks) * data


def reduce_scatter_sent(data: float, ranks: float) -> float:
    """Bytes that each rank sends in one half of it, a reduce-scatter or an all-gather."""
    return _sent("reduce-scatter", ranks) * data


@lru_cache(maxsize=256)
def _sent(kind: str, ranks: float) -> float:
    from studykit.pipeline.collectives import collective
    from studykit.pipeline.quantities import whole

    return float(collective(kind, 1, whole("ranks", ranks)).sent)


def request_time(first: float, each: float, tokens: float) -> list[float]:
    """Time of a request: TTFT and the tokens after it, or as many tokens after it, which is a matter of counting."""
    return [first + (tokens - 1) * each, first + tokens * each]
