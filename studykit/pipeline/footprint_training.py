"""GPU memory of a training run, by rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from studykit.pipeline.activations import block_of, edge_activations, in_flight, layer_activations
from studykit.pipeline.architecture import Architecture
from studykit.pipeline.placement import even_parameters, layers_by_stage, parameters_by_stage
from studykit.pipeline.published_models import find_model, gpt
from studykit.pipeline.quantities import Number, amount, exact, given_back, whole

__all__ = ["PRECISIONS", "ModelStates", "Precision", "TrainingMemory", "model_states", "training_memory"]


@dataclass(frozen=True, slots=True)
class Precision:
    """Bytes a parameter of each model state."""

    weights: Number
    gradients: Number
    optimizer: Number
    """Master weights and moments, with whatever else ZeRO stage 1 divides."""
    source: str = ""

    @property
    def total(self) -> Number:
        return self.weights + self.gradients + self.optimizer


_MEGATRON = "Megatron-Core, distributed optimizer"
PRECISIONS: Mapping[str, Precision] = MappingProxyType(
    {
        "mixed": Precision(2, 2, 12, "Rajbhandari et al. 2020, ZeRO, 3.1: 16 bytes"),
        "bf16": Precision(2, 4, 12, f"{_MEGATRON}: bf16 with fp32 gradients, 18 bytes"),
        "fp16": Precision(2, 2, 16, f"{_MEGATRON}: fp16 with fp32 main gradients beside, 20 bytes"),
        "fp32": Precision(4, 4, 8, f"{_MEGATRON}: all in fp32, 16 bytes"),
    }
)
"""Bytes a parameter under Adam, by name; 16, 18 and 20 are other names of the first three."""

_BY_TOTAL = {16: "mixed", 18: "bf16", 20: "fp16"}


@dataclass(frozen=True, slots=True)
class ModelStates:
    """Bytes of the model states on one GPU."""

    weights: Number
    gradients: Number
    optimizer: Number

    @property
    def total(self) -> Number:
        return self.weights + self.gradients + self.optimizer


def model_states(
    parameters: Number,
    *,
    data_parallel: int = 1,
    zero: int = 0,
    precision: str | int | Precision = "mixed",
) -> ModelStates:
    """Bytes of weights, gradients and optimizer state of `parameters` parameters on one GPU.

    ZeRO stage 1 divides the optimizer state by the data-parallel size N, stage 2 the gradients too, stage 3 the
    weights too: of 16 bytes, 4 + 12/N, 2 + 14/N and 16/N.

    >>> model_states(7_500_000_000, data_parallel=64, zero=1).total     # ZeRO, figure 1: 31.4 GB
    31406250000
    """
    count, n = amount("parameters", parameters), whole("data_parallel", data_parallel)
    stage, kinds = whole("zero", zero, least=0, most=3), find_precision(precision)

    def held(width: Number, from_stage: int) -> Number:
        return given_back(exact(count) * exact(width) / (n if stage >= from_stage else 1), count, width)

    return ModelStates(held(kinds.weights, 3), held(kinds.gradients, 2), held(kinds.optimizer, 1))


def find_precision(precision: str | int | Precision) -> Precision:
    """A precision as it is, by name, or by its 16, 18 or 20 bytes a parameter."""
    if isinstance(precision, Precision):
        return precision
    name = _BY_TOTAL.get(precision, "") if isinstance(precision, int) else str(precision).casefold()
    if name not in PRECISIONS:
        raise ValueError(f"precision is {precision!r}; expected one of {', '.join(PRECISIONS)}, 16, 18 or 20")
    return PRECISIONS[name]


@dataclass(frozen=True, slots=True)
class TrainingMemory:
    """Bytes on one GPU of each pipeline stage, one value a rank."""

    parameters: tuple[Number, ...]
    """Parameters a GPU of the stage works on, before ZeRO divides anything."""
    weights: tuple[Number, ...]
    gradients: tuple[Number, ...]
    optimizer: tuple[Number, ...]
    activations: tuple[Number, ...]
    """Peak activations: layers x bytes a layer x micro-batches in flight, and the edges where asked for."""
    in_flight: tuple[Number, ...]
    """Micro-batches of a whole rank held at the peak."""
    layers: tuple[int, ...]
    per_layer: Number
    """Activation bytes of one layer and micro-batch."""
    gpus: int

    @property
    def states(self) -> tuple[Number, ...]:
        """Weights, gradients and optimizer together."""
        return tuple(map(sum, zip(self.weights, self.gradients, self.optimizer, strict=True)))

    @property
    def total(self) -> tuple[Number, ...]:
        """Everything."""
        return tuple(map(sum, zip(self.states, self.activations, strict=True)))

    @property
    def peak(self) -> Number:
        """The fullest GPU."""
        return max(self.total)


def training_memory(
    model: Architecture | str | None = None,
    *,
    sequence: int = 0,
    batch: int = 1,
    microbatches: int = 1,
    parameters: Number = 0,
    layers: int = 0,
    hidden: int = 0,
    heads: int = 0,
    vocabulary: int = 0,
    stages: int = 1,
    chunks: int = 1,
    schedule: str | Sequence[Number] = "1f1b",
    weight_share: Number = 1,
    tensor_parallel: int = 1,
    data_parallel: int = 1,
    expert_parallel: int = 1,
    layers_per_stage: Sequence[int] | None = None,
    zero: int = 0,
    precision: str | int | Precision = "mixed",
    recompute: str = "none",
    sequence_parallel: bool = False,
    split_saved_input: bool = False,
    own_block: bool = False,
    edges: bool = False,
) -> TrainingMemory:
    """Memory of training: weights, gradients, optimizer by ZeRO stage, and activations in flight, by rank.

    Args:
        model: an Architecture or published name; or else `parameters`, spread evenly, with layers, hidden and heads
            where activations are asked for; or these and the vocabulary of a GPT-3-style model without `parameters`.
            Without `sequence` activations are 0.
        sequence, batch: tokens a sequence, sequences a micro-batch.
        microbatches: M, micro-batches of an iteration and replica.
        stages, chunks, schedule: the pipeline; `schedule` is a name `in_flight` knows or the micro-batches each rank
            holds, such as `simulate(...).peak_activations`; `weight_share` as in `in_flight`.
        zero: ZeRO stage 0 to 3 over `data_parallel` replicas.
        precision: "mixed" (16 bytes a parameter), "bf16" (18), "fp16" (20), "fp32", or a Precision.
        recompute: "none", "selective" or "full"; activations follow Korthikanti et al. 2022 (`layer_activations`),
            whose layer has a 4h feed-forward and dropout, whatever the model.
        own_block: take the model's own feed-forward, KV heads and dropout instead (`block_of`, of its last layer).
        edges: add what the embedding and the head keep (`edge_activations`).

    Raises:
        ValueError: a size out of range, or neither a model nor parameters nor layers.

    >>> plan = training_memory("GPT-3", sequence=2048, microbatches=64, stages=8, tensor_parallel=8, data_parallel=16,
    ...     zero=1, recompute="selective", sequence_parallel=True)
    >>> [round(bytes_ / 1e9) for bytes_ in plan.total]
    [24, 22, 21, 19, 18, 17, 15, 15]
    """
    shape = find_model(model) if model is not None else None
    if shape is None and not parameters and layers:
        shape = gpt("GPT", layers, hidden, heads, vocabulary=vocabulary, sequence=sequence)
    p, t = whole("stages", stages), whole("tensor_parallel", tensor_parallel)
    n = whole("data_parallel", data_parallel)
    if shape:
        layers, hidden, heads, vocabulary = shape.layers, shape.hidden, shape.heads, shape.vocabulary
        held = parameters_by_stage(shape, p, t, expert_parallel, layers_per_stage)
    else:
        held = even_parameters(amount("parameters", parameters, above=True), p, t)
    counts = layers_by_stage(layers, p, layers_per_stage) if layers else (0,) * p
    flying = in_flight(schedule, p, microbatches, chunks, weight_share=weight_share)
    per_layer: Number = 0
    kept: tuple[Number, ...] = (0,) * p
    if sequence:
        per_layer = layer_activations(
            sequence=sequence,
            batch=batch,
            hidden=hidden,
            heads=heads,
            tensor_parallel=t,
            sequence_parallel=sequence_parallel,
            recompute=recompute,
            split_saved_input=split_saved_input,
            block=block_of(shape, layers - 1) if own_block and shape else None,
        )
        outside = (
            edge_activations(sequence=sequence, batch=batch, hidden=hidden, vocabulary=vocabulary, tensor_parallel=t)
            if edges
            else (0, 0)
        )
        kept = _activations(counts, flying, per_layer, outside)
    states = [model_states(count, data_parallel=n, zero=zero, precision=precision) for count in held]
    return TrainingMemory(
        parameters=held,
        weights=tuple(state.weights for state in states),
        gradients=tuple(state.gradients for state in states),
        optimizer=tuple(state.optimizer for state in states),
        activations=kept,
        in_flight=flying,
        layers=counts,
        per_layer=per_layer,
        gpus=p * t * n,
    )


def _activations(
    counts: tuple[int, ...], flying: tuple[Number, ...], per_layer: Number, outside: tuple[Number, Number]
) -> tuple[Number, ...]:
    """The embedding's mask lives as long as a micro-batch on the first rank; the head's only while it runs."""
    kept = []
    for rank, (count, held) in enumerate(zip(counts, flying, strict=True)):
        total = exact(held) * (count * exact(per_layer) + (exact(outside[0]) if rank == 0 else 0))
        if rank == len(counts) - 1:
            total += exact(outside[1])
        kept.append(given_back(total, held, per_layer))
    return tuple(kept)
