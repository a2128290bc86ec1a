"""What the GPUs of a parallel layout send one another in an iteration, and how long that takes by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from studykit.pipeline.architecture import Architecture
from studykit.pipeline.collectives import Collective, Link, collective
from studykit.pipeline.placement import even_parameters, layers_by_stage, parameters_by_stage
from studykit.pipeline.published_models import find_model
from studykit.pipeline.quantities import Number, amount, choice, exact, given_back, whole

__all__ = ["Communication", "Traffic", "communication"]


@dataclass(frozen=True, slots=True)
class Traffic:
    """What one kind of parallelism sends in an iteration. One value a stage, for one GPU of that stage."""

    kind: str
    """"tensor", "pipeline", "data" or "expert"."""
    operation: str
    """What is done, such as "all-reduce" or "reduce-scatter + all-gather"."""
    data: Number
    """Bytes of one operation's tensor on the busiest stage."""
    operations: tuple[int, ...]
    """How many operations (p2p: sends) each stage takes part in."""
    sent: tuple[Number, ...]
    """Bytes one GPU sends."""
    time: tuple[Number, ...] | None
    """Time in communication with nothing overlapped; None where no link was given."""


@dataclass(frozen=True, slots=True)
class Communication:
    """All traffic of an iteration. Bytes are what one GPU of a stage sends."""

    gpus: int
    """stages x tensor_parallel x data_parallel."""
    tensor_per_layer: Number
    """Bytes one GPU sends for tensor parallelism, a layer and micro-batch, all passes: 8bsh(t-1)/t elements."""
    hop: Number
    """Bytes one GPU sends across a stage boundary, a micro-batch and direction: bsh elements."""
    tensor: Traffic
    pipeline: Traffic
    data: Traffic
    expert: Traffic

    @property
    def sent(self) -> tuple[Number, ...]:
        """Bytes one GPU of each stage sends, all kinds together."""
        parts = (self.tensor, self.pipeline, self.data, self.expert)
        return tuple(sum(amounts) for amounts in zip(*(part.sent for part in parts), strict=True))


def communication(
    model: Architecture | str | None = None,
    *,
    sequence: int,
    batch: int = 1,
    microbatches: int = 1,
    layers: int = 0,
    hidden: int = 0,
    parameters: Number = 0,
    stages: int = 1,
    chunks: int = 1,
    tensor_parallel: int = 1,
    data_parallel: int = 1,
    expert_parallel: int = 1,
    experts_active: int = 0,
    expert_layers: int = 0,
    layers_per_stage: Sequence[int] | None = None,
    bytes_per_element: Number = 2,
    gradient_bytes: Number | None = None,
    sequence_parallel: bool = False,
    scatter_gather: bool = False,
    recompute: str = "none",
    zero: int = 0,
    training: bool = True,
    bandwidth: Number | None = None,
    latency: Number = 0,
    tensor_link: Link | None = None,
    pipeline_link: Link | None = None,
    data_link: Link | None = None,
    expert_link: Link | None = None,
) -> Communication:
    """Volumes and times of tensor, pipeline, data and expert parallelism for one iteration.

    Tensor parallelism all-reduces `bsh` elements twice a layer in the forward pass, twice in the backward and twice
    more with full recompute (Shoeybi et al. 2019); with sequence parallelism each all-reduce becomes a reduce-scatter
    and an all-gather of the same volume (Korthikanti et al. 2022, 4.2.2). Pipeline: `bsh` a hop and direction, or 1/t
    of it with sequence parallelism or the scatter/gather optimisation (Narayanan et al. 2021, 4.1). Data: ring
    all-reduce of the gradients; ZeRO 1 and 2 reduce-scatter them and all-gather the weights, ZeRO 3 gathers the
    weights twice, so 3 instead of 2 volumes (Rajbhandari et al. 2020, 7). Experts: an all-to-all out and one back a
    layer and pass, for each active expert.

    Args:
        model: an Architecture or published name, or else layers, hidden, parameters, experts_active and
            expert_layers.
        sequence, batch: tokens a sequence, sequences a micro-batch.
        microbatches: M, micro-batches each replica runs in the iteration.
        stages, chunks: P and V of the pipeline.
        tensor_parallel, data_parallel, expert_parallel: sizes of the groups. Experts live inside the data-parallel
            group, so they add no GPUs.
        bytes_per_element: of activations and weights.
        gradient_bytes: bytes of a gradient on the wire; as `bytes_per_element` when left out.
        zero: ZeRO stage, 0 to 3.
        training: False leaves the forward pass, and no data-parallel traffic.
        bandwidth, latency: one link for all kinds (bytes a unit of time in one direction); the `..._link`s override.

    Raises:
        ValueError: a size out of range.

    >>> moved = communication(sequence=2048, hidden=12288, layers=96, stages=8, tensor_parallel=8)
    >>> moved.tensor_per_layer == 8 * 2048 * 12288 * 7 // 8 * 2, moved.hop == 2048 * 12288 * 2
    (True, True)
    """
    shape = find_model(model) if model is not None else None
    hidden = shape.hidden if shape else whole("hidden", hidden)
    counts = layers_by_stage(shape.layers if shape else layers, stages, layers_per_stage)
    t, d = whole("tensor_parallel", tensor_parallel), whole("data_parallel", data_parallel)
    e = whole("expert_parallel", expert_parallel)
    width = amount("bytes_per_element", bytes_per_element, above=True)
    activation = whole("batch", batch) * whole("sequence", sequence) * hidden * width
    local = given_back(exact(activation) / t, activation)
    hop = local if sequence_parallel or scatter_gather else activation
    passes = _passes(training, recompute)
    runs = passes * whole("microbatches", microbatches)
    every = Link(bandwidth, latency) if bandwidth is not None else None
    if shape:
        active, moe = shape.experts_active, _expert_layers(shape, counts)
        held = parameters_by_stage(shape, stages, t, e, layers_per_stage)
    else:
        active, moe = whole("experts_active", experts_active, least=0), _spread(expert_layers, counts)
        # without replicas nobody sends gradients, so the count is not needed
        held = even_parameters(amount("parameters", parameters, above=training and d > 1), stages, t)
    routed = (local if sequence_parallel else activation) * active
    gradient = amount("gradient_bytes", width if gradient_bytes is None else gradient_bytes, above=True)
    return Communication(
        gpus=len(counts) * t * d,
        tensor_per_layer=collective("all-reduce", activation, t).sent * 2 * passes,
        hop=hop,
        tensor=_tensor(activation, t, tuple(2 * runs * n for n in counts), sequence_parallel, tensor_link or every),
        pipeline=_pipeline(hop, len(counts), chunks, microbatches, training, pipeline_link or every),
        data=_data(held, d if training else 1, zero, (gradient, width), data_link or every),
        expert=_expert(routed, e, tuple(2 * runs * n for n in moe), expert_link or every),
    )


def _passes(training: bool, recompute: str) -> int:
    """How often a layer's collectives run: forward, backward, and the forward again with full recompute."""
    again = choice("recompute", recompute, ("none", "selective", "full"))
    return 1 if not training else 3 if again == "full" else 2


def _expert_layers(shape: Architecture, counts: tuple[int, ...]) -> tuple[int, ...]:
    ends = tuple(accumulate(counts, initial=0))
    return tuple(sum(map(shape.is_expert_layer, range(*span))) for span in pairwise(ends))


def _spread(expert_layers: int, counts: tuple[int, ...]) -> tuple[int, ...]:
    """Expert layers as the last ones of the model."""
    dense = sum(counts) - whole("expert_layers", expert_layers, least=0, most=sum(counts))
    ends = tuple(accumulate(counts, initial=0))
    return tuple(end - max(start, min(dense, end)) for start, end in pairwise(ends))


def _repeated(kind: str, once: Sequence[Collective], operations: tuple[int, ...], link: Link | None) -> Traffic:
    """Traffic of running all collectives of `once` the number of times each stage does."""
    name = " + ".join(dict.fromkeys(part.kind for part in once))
    sent, steps = sum(part.sent for part in once), sum(part.steps for part in once)
    time = tuple(link.time(sent * count, steps * count) for count in operations) if link else None
    return Traffic(kind, name, once[0].data, operations, tuple(sent * count for count in operations), time)


def _tensor(
    activation: Number, t: int, operations: tuple[int, ...], sequence_parallel: bool, link: Link | None
) -> Traffic:
    kinds = ("reduce-scatter", "all-gather") if sequence_parallel else ("all-reduce",)
    return _repeated("tensor", [collective(kind, activation, t) for kind in kinds], operations, link)


def _expert(routed: Number, e: int, operations: tuple[int, ...], link: Link | None) -> Traffic:
    return _repeated("expert", [collective("all-to-all", routed, e)], operations, link)


def _pipeline(hop: Number, stages: int, chunks: int, microbatches: int, training: bool, link: Link | None) -> Traffic:
    """Sends of each stage: every chunk forward but the model's last, and backward but its first."""
    v = whole("chunks", chunks)
    sends = [v - (stage == stages - 1) + (v - (stage == 0)) * training for stage in range(stages)]
    operations = tuple(microbatches * count if stages > 1 else 0 for count in sends)
    return _repeated("pipeline", [collective("p2p", hop, 2)], operations, link)


def _data(held: tuple[Number, ...], d: int, zero: int, widths: tuple[Number, Number], link: Link | None) -> Traffic:
    """One operation a stage: what `zero` sends for the parameters each stage holds."""
    gradient, weight = widths
    plan = (
        (("all-reduce", gradient),),
        (("reduce-scatter", gradient), ("all-gather", weight)),
        (("reduce-scatter", gradient), ("all-gather", weight)),
        (("reduce-scatter", gradient), ("all-gather", weight), ("all-gather", weight)),
    )[whole("zero", zero, least=0, most=3)]
    stages = [
        _repeated("data", [collective(kind, count * width, d) for kind, width in plan], (1,), link) for count in held
    ]
    time = tuple(stage.time[0] for stage in stages if stage.time) if link else None
    busiest = max(stages, key=lambda stage: stage.data)
    return replace(busiest, operations=(1,) * len(held), sent=tuple(stage.sent[0] for stage in stages), time=time)
