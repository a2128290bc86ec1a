"""Which layers and how many parameters each rank of a layout holds."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from studykit.pipeline.architecture import Architecture
from studykit.pipeline.quantities import Number, exact, given_back, whole

__all__ = ["even_parameters", "layers_by_stage", "parameters_by_stage"]


def layers_by_stage(layers: int, stages: int, given: Sequence[int] | None = None) -> tuple[int, ...]:
    """Layers on each stage: `given` if it adds up, else as even as possible with the longer stages first.

    >>> layers_by_stage(80, 8), layers_by_stage(126, 4)
    ((10, 10, 10, 10, 10, 10, 10, 10), (32, 32, 31, 31))
    """
    layers, stages = whole("layers", layers), whole("stages", stages)
    if given is not None:
        counts = tuple(whole(f"layers_per_stage[{index}]", count, least=0) for index, count in enumerate(given))
        if len(counts) != stages or sum(counts) != layers:
            raise ValueError(
                f"layers_per_stage is {counts}; expected {stages} counts, one for each stage, that add up to {layers}"
            )
        return counts
    if stages > layers:
        raise ValueError(f"stages is {stages}; expected at most the {layers} layers")
    return tuple(layers // stages + (stage < layers % stages) for stage in range(stages))


def even_parameters(parameters: Number, stages: int, tensor_parallel: int) -> tuple[Number, ...]:
    """A parameter count divided evenly over stages and tensor-parallel ranks."""
    share = given_back(exact(parameters) / (stages * tensor_parallel), parameters)
    return (share,) * stages


def parameters_by_stage(
    model: Architecture,
    stages: int,
    tensor_parallel: int = 1,
    expert_parallel: int = 1,
    layers_per_stage: Sequence[int] | None = None,
) -> tuple[Number, ...]:
    """Parameters on one GPU of each stage: its layers, the embedding on the first, final norm and head on the last.

    Matrices are divided by tensor parallelism; norms, routers and latent down-projections are on every GPU. A tied
    head needs its own copy of the embedding when the first and the last stage differ.
    """
    counts = layers_by_stage(model.layers, stages, layers_per_stage)
    t, e = whole("tensor_parallel", tensor_parallel), whole("expert_parallel", expert_parallel)
    if model.experts and model.experts % e:
        raise ValueError(f"expert_parallel is {e}; expected a divisor of the {model.experts} experts")
    return _by_stage(model, counts, t, e)


@lru_cache(maxsize=64)
def _by_stage(model: Architecture, counts: tuple[int, ...], t: int, e: int) -> tuple[Number, ...]:
    """Kept, as one question is answered for the same placement again and again, with other widths and lengths."""
    # All dense layers are alike, and all with experts; the first and the last layer stand for them.
    dense, sparse = _layer_share(model, 0, t, e), _layer_share(model, model.layers - 1, t, e)
    stages, layer = len(counts), 0
    amounts: list[Number] = []
    for stage, count in enumerate(counts):
        with_experts = sum(map(model.is_expert_layer, range(layer, layer + count)))
        held = (count - with_experts) * dense + with_experts * sparse
        layer += count
        if stage == 0:
            held += Fraction(model.vocabulary * model.hidden, t) + model.positions * model.hidden
        if stage == stages - 1:
            shared = model.tied_embeddings and stages == 1
            held += model.final_norm_parameters + (0 if shared else Fraction(model.head_parameters, t))
        amounts.append(given_back(held))
    return tuple(amounts)


def _layer_share(model: Architecture, layer: int, tensor_parallel: int, expert_parallel: int) -> Fraction:
    parts = model.layer_parameters(layer)
    return (
        Fraction(parts.split, tensor_parallel)
        + Fraction(parts.keys_values, min(tensor_parallel, model.kv_heads))
        + parts.repeated
        + Fraction(parts.experts, tensor_parallel * expert_parallel)
    )
