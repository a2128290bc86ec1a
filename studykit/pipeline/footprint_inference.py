"""GPU memory of serving a model, by rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studykit.pipeline.architecture import Architecture
from studykit.pipeline.kv_cache import kv_bytes
from studykit.pipeline.placement import even_parameters, layers_by_stage, parameters_by_stage
from studykit.pipeline.published_models import find_model
from studykit.pipeline.quantisation import Quantisation, find_quantisation, weight_bytes
from studykit.pipeline.quantities import Number, amount, whole

__all__ = ["InferenceMemory", "inference_memory"]


@dataclass(frozen=True, slots=True)
class InferenceMemory:
    """Bytes on one GPU of each pipeline stage, one value a rank."""

    parameters: tuple[Number, ...]
    weights: tuple[Number, ...]
    """With the scales and zero points of quantised weights."""
    kv_cache: tuple[Number, ...]
    workspace: tuple[Number, ...]
    """What the caller sets aside for activations and the runtime."""
    kv_per_token: Number
    """KV bytes of one token in all layers, counted once."""
    layers: tuple[int, ...]
    gpus: int

    @property
    def total(self) -> tuple[Number, ...]:
        return tuple(map(sum, zip(self.weights, self.kv_cache, self.workspace, strict=True)))

    @property
    def peak(self) -> Number:
        """The fullest GPU."""
        return max(self.total)


def inference_memory(
    model: Architecture | str | None = None,
    *,
    sequence: int = 0,
    batch: int = 1,
    parameters: Number = 0,
    layers: int = 0,
    attention: str | None = None,
    heads: int = 0,
    kv_heads: int = 0,
    head_dim: int = 0,
    hidden: int = 0,
    kv_rank: int = 0,
    rope_dim: int = 0,
    stages: int = 1,
    tensor_parallel: int = 1,
    expert_parallel: int = 1,
    layers_per_stage: Sequence[int] | None = None,
    weights: Quantisation | str | Number | None = None,
    bytes_per_element: Number = 2,
    kv_bytes_per_element: Number = 2,
    workspace: Number = 0,
    block: int = 1,
    window: int | None = None,
) -> InferenceMemory:
    """Memory of weights and KV cache for `batch` sequences of `sequence` tokens, by rank.

    Args:
        model: an Architecture or published name; or else `parameters` (spread evenly) and, for the cache, layers and
            the widths `kv_bytes` takes. Without `sequence` the cache is 0.
        batch: sequences held at once, all groups in flight together.
        weights: how weights are stored: a Quantisation or the name of one ("fp8", "gptq-4bit", ...); plain
            `bytes_per_element` when left out.
        kv_bytes_per_element: 2 for fp16/bf16, 1 for fp8/int8.
        workspace: bytes on each GPU for activations, CUDA context and the like.

    Raises:
        ValueError: a size out of range, or neither model nor parameters.

    >>> plan = inference_memory("Llama-2 70B", sequence=4096, batch=16, stages=2, tensor_parallel=4)
    >>> [round(part / 1e9, 1) for part in (plan.weights[0], plan.kv_cache[0])], plan.gpus
    ([17.2, 2.7], 8)
    """
    shape = find_model(model) if model is not None else None
    p, t = whole("stages", stages), whole("tensor_parallel", tensor_parallel)
    if shape:
        held = parameters_by_stage(shape, p, t, expert_parallel, layers_per_stage)
        layers = shape.layers
    else:
        held = even_parameters(amount("parameters", parameters, above=True), p, t)
    cache: tuple[Number, ...] = (0,) * p
    per_token: Number = 0
    if sequence:
        kv = kv_bytes(
            shape,
            sequence=sequence,
            batch=batch,
            bytes_per_element=kv_bytes_per_element,
            attention=attention,
            layers=layers,
            heads=heads,
            kv_heads=kv_heads,
            head_dim=head_dim,
            hidden=hidden,
            kv_rank=kv_rank,
            rope_dim=rope_dim,
            stages=p,
            tensor_parallel=t,
            layers_per_stage=layers_per_stage,
            block=block,
            window=window,
        )
        cache, per_token = kv.by_rank, kv.per_token
    stored = find_quantisation(bytes_per_element if weights is None else weights)
    return InferenceMemory(
        parameters=held,
        weights=tuple(map({count: weight_bytes(count, stored) for count in set(held)}.__getitem__, held)),
        kv_cache=cache,
        workspace=(amount("workspace", workspace),) * p,
        kv_per_token=per_token,
        layers=layers_by_stage(layers, p, layers_per_stage) if layers else (0,) * p,
        gpus=p * t * expert_parallel if shape and shape.experts else p * t,
    )
