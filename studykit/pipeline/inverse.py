"""Inverse questions, answered exactly: the least or the greatest that keeps a promise.

Targets written as floats are read as the decimals they print as, so "10 %" of bubble at 8 stages takes 63
micro-batches and not the 64 that 1 - 0.9 = 0.09999999999999998 would give.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from studykit.pipeline.architecture import Architecture
from studykit.pipeline.bubble_target import Target, greatest_that_keeps, least, least_that_keeps
from studykit.pipeline.footprint_inference import inference_memory
from studykit.pipeline.footprint_training import training_memory
from studykit.pipeline.inference import filling_groups
from studykit.pipeline.published_models import find_model
from studykit.pipeline.quantities import Number, amount, exact, whole
from studykit.pipeline.uniform import bubble_ratio, even_stages

__all__ = [
    "bubble_ratio",
    "filling_groups",
    "greatest_batch",
    "greatest_microbatch",
    "greatest_sequence",
    "greatest_stages",
    "least_chunks",
    "least_microbatches",
    "least_stages_for_memory",
]

MOST_STAGES = 65_536
"""More are no pipeline: the search refuses them."""


def least_microbatches(
    target: Number | None = None,
    *,
    stages: int,
    efficiency: Number | None = None,
    schedule: str = "1f1b",
    chunks: int = 1,
    forward: Number = 1,
    backward_input: Number = 1,
    backward_weight: Number = 1,
    convention: str = "total",
    strict: bool = False,
    multiple_of: int = 1,
) -> int:
    """The least M whose bubble ratio is at most `target` (below it if `strict`), on even stages without p2p.

    Where no formula holds, runs are simulated.

    Args:
        target: bubble ratio in `convention`, above 0; or give `efficiency`, 1 - bubble in the total convention.
        stages: from 1 to 65,536, as what a run needs grows with them.
        schedule: one of UNIFORM_SCHEDULES, or an alias.
        multiple_of: M must be a multiple of this, such as P for Megatron's interleaving.

    Raises:
        ValueError: a number out of range, a target no number of micro-batches reaches, or a search that
            takes too much simulation.

    >>> [least_microbatches(0.1, stages=stages) for stages in (2, 4, 8, 16)]
    [9, 27, 63, 135]
    >>> least_microbatches(efficiency=0.9, stages=8), least_microbatches(0.1, stages=8, strict=True)
    (63, 64)
    >>> least_microbatches(0.1, stages=8, schedule="interleaved", chunks=3)     # 21 do not divide into its 2 rounds
    22
    >>> least_microbatches(0.1, stages=8, schedule="interleaved", chunks=3, multiple_of=8)
    24
    """
    promise = Target(target, efficiency, convention, strict)
    count = whole("stages", stages, most=MOST_STAGES)
    base = even_stages(schedule, count, 1, chunks, forward, backward_input, backward_weight)
    step = whole("multiple_of", multiple_of)
    found = least_that_keeps(base, promise, step)
    if not found:
        can = any(base.sized(M=step * count).runs() for count in range(1, 2 * base.shape.P + 2))
        raise ValueError(
            f"no number of microbatches keeps a {base.schedule.name} bubble of {promise.ratio} on {stages} stages; "
            f"expected {'a larger target' if can else 'that ' + base.schedule.condition}"
        )
    return found


def greatest_stages(
    target: Number | None = None,
    *,
    microbatches: int,
    efficiency: Number | None = None,
    schedule: str = "1f1b",
    chunks: int = 1,
    forward: Number = 1,
    backward_input: Number = 1,
    backward_weight: Number = 1,
    convention: str = "total",
    strict: bool = False,
    most: int = MOST_STAGES,
) -> int:
    """The greatest P, up to `most`, whose bubble ratio stays within `target`; otherwise as `least_microbatches`.

    >>> greatest_stages(0.1, microbatches=64), greatest_stages(0.2, microbatches=32)
    (8, 9)
    """
    promise = Target(target, efficiency, convention, strict)
    base = even_stages(schedule, 1, microbatches, chunks, forward, backward_input, backward_weight)
    found = greatest_that_keeps(base, promise, whole("most", most))
    if not found:
        raise ValueError(
            f"no number of stages keeps a {base.schedule.name} bubble of {promise.ratio} with {microbatches} "
            "microbatches; expected a larger target or other microbatches"
        )
    return found


def least_chunks(
    target: Number | None = None,
    *,
    stages: int,
    microbatches: int,
    efficiency: Number | None = None,
    schedule: str = "interleaved",
    forward: Number = 1,
    backward_input: Number = 1,
    backward_weight: Number = 1,
    convention: str = "total",
    strict: bool = False,
) -> int:
    """The least V (chunks a rank) whose bubble ratio is at most `target`.

    >>> least_chunks(0.1, stages=64, microbatches=256)
    3
    """
    promise = Target(target, efficiency, convention, strict)
    base = even_stages(schedule, stages, microbatches, 1, forward, backward_input, backward_weight)
    name = base.schedule.name
    if not base.schedule.chunks.allowed(3):
        raise ValueError(f"schedule is {schedule!r}; expected one that takes any number of chunks")
    if not base.sized(V=2).runs():
        raise ValueError(
            f"{name} with {stages} stages and {microbatches} microbatches; expected that {base.schedule.condition}"
        )
    found = least(lambda chunks: promise.kept(base.sized(V=chunks)))
    if not found:
        raise ValueError(f"no number of chunks keeps a {name} bubble of {promise.ratio}; expected more microbatches")
    return found


def _budget(memory: Number, utilisation: Number) -> Fraction:
    share = amount("utilisation", utilisation, above=True, most=1)
    return exact(amount("memory", memory, above=True)) * exact(share)


def greatest_batch(
    model: Architecture | str | None = None,
    *,
    memory: Number,
    sequence: int,
    utilisation: Number = 1,
    **layout: object,
) -> int:
    """The greatest number of sequences whose weights and KV cache fit every GPU; 0 if the weights alone do not.

    Args:
        memory: bytes of one GPU.
        sequence: tokens of each sequence, prompt and output.
        utilisation: share of the memory that may be used, such as 0.9.
        layout: the other arguments of `inference_memory`.

    >>> greatest_batch("Llama-2 70B", memory=80e9, sequence=4096, tensor_parallel=4, utilisation=0.9)
    111
    """
    room = _budget(memory, utilisation)

    def total(batch: int) -> tuple[Number, ...]:
        return inference_memory(model, sequence=sequence, batch=batch, **layout).total  # type: ignore[arg-type]

    return _greatest_linear(total(0), total(1), room)


def _greatest_linear(base: Sequence[Number], one: Sequence[Number], room: Fraction) -> int:
    """How many times `one - base` fits beside `base` on every rank."""
    if any(exact(fixed) > room for fixed in base):
        return 0
    counts = [
        (room - exact(fixed)) // (exact(step) - exact(fixed))
        for fixed, step in zip(base, one, strict=True)
        if exact(step) > exact(fixed)
    ]
    if not counts:
        raise ValueError("sequence takes no cache on any rank; expected a size that grows with the batch")
    return int(min(counts))


def greatest_sequence(
    model: Architecture | str | None = None,
    *,
    memory: Number,
    batch: int = 1,
    utilisation: Number = 1,
    **layout: object,
) -> int:
    """The longest sequence, in tokens, of `batch` sequences that fits every GPU; 0 if none does.

    >>> greatest_sequence("Llama-3 8B", memory=24e9, utilisation=0.9)
    42262
    """
    room = _budget(memory, utilisation)

    def fits(tokens: int) -> bool:
        plan = inference_memory(model, sequence=tokens, batch=batch, **layout)  # type: ignore[arg-type]
        return all(exact(total) <= room for total in plan.total)

    return _greatest(fits)


def greatest_microbatch(
    model: Architecture | str | None = None,
    *,
    memory: Number,
    sequence: int,
    utilisation: Number = 1,
    **layout: object,
) -> int:
    """The most sequences in a micro-batch whose training memory fits every GPU; 0 if none does.

    `layout` holds the other arguments of `training_memory`.
    """
    room = _budget(memory, utilisation)

    def fits(batch: int) -> bool:
        plan = training_memory(model, sequence=sequence, batch=batch, **layout)  # type: ignore[arg-type]
        return all(exact(total) <= room for total in plan.total)

    return _greatest(fits)


def _greatest(fits: Callable[[int], bool]) -> int:
    if not fits(1):
        return 0
    broken = least(lambda count: not fits(count))
    if not broken:
        raise ValueError("memory is never full however large the size; expected one that grows")
    return broken - 1


def least_stages_for_memory(
    model: Architecture | str, *, memory: Number, utilisation: Number = 1, **layout: object
) -> int:
    """The least P at which weights (and, with `sequence`, the KV cache) fit every GPU; ValueError if none does.

    >>> least_stages_for_memory("Llama-3 405B", memory=80e9, tensor_parallel=8, utilisation=0.9)
    2
    """
    room, shape = _budget(memory, utilisation), find_model(model)
    for stages in range(1, shape.layers + 1):
        plan = inference_memory(shape, stages=stages, **layout)  # type: ignore[arg-type]
        if all(exact(total) <= room for total in plan.total):
            return stages
    raise ValueError(f"memory is {memory}; expected enough for one layer of {shape.name} a stage")
