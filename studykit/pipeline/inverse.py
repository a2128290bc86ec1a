"""Inverse questions, answered exactly: the least or the greatest that keeps a promise.

Targets written as floats are read as the decimals they print as, so "10 %" of bubble at 8 stages takes 63
micro-batches and not the 64 that 1 - 0.9 = 0.09999999999999998 would give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from studykit.pipeline.architecture import Architecture
from studykit.pipeline.footprint_inference import inference_memory
from studykit.pipeline.footprint_training import training_memory
from studykit.pipeline.inference import filling_groups
from studykit.pipeline.published_models import find_model
from studykit.pipeline.quantities import Number, amount, choice, exact, whole
from studykit.pipeline.uniform import (
    CONVENTIONS,
    UNIFORM_SCHEDULES,
    Shape,
    bubble_ratio,
    refusal,
    shape_of,
    step_parts,
)

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

_LIMIT = 1 << 40
"""Beyond any real run: a search that reaches it is told that no number will do."""


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

    Where the zero-bubble formulas do not cover few micro-batches, those are simulated.

    Args:
        target: bubble ratio in `convention`, above 0; or give `efficiency`, 1 - bubble in the total convention.
        schedule: one of UNIFORM_SCHEDULES.
        multiple_of: M must be a multiple of this, such as P for Megatron's interleaving.

    Raises:
        ValueError: a number out of range, or a target no number of micro-batches reaches.

    >>> [least_microbatches(0.1, stages=stages) for stages in (2, 4, 8, 16)]
    [9, 27, 63, 135]
    >>> least_microbatches(efficiency=0.9, stages=8), least_microbatches(0.1, stages=8, strict=True)
    (63, 64)
    >>> least_microbatches(0.1, stages=8, schedule="interleaved", chunks=3)     # 21 do not divide into its 2 rounds
    22
    >>> least_microbatches(0.1, stages=8, schedule="interleaved", chunks=3, multiple_of=8)
    24
    """
    promise = _Promise(target, efficiency, schedule, convention, strict)
    base = shape_of(stages, 1, chunks, forward, backward_input, backward_weight)
    step = whole("multiple_of", multiple_of)
    first = _least(lambda count: promise.kept_or_unasked(replace(base, microbatches=count * step)))
    count = first * step if first else 0
    # between two multiples of the stages a shape may be one the schedule cannot run; the next multiple always can
    for microbatches in range(count, count + 2 * base.stages * step + 1, step) if count else ():
        if promise.kept(replace(base, microbatches=microbatches)):
            return promise.beyond(base, "microbatches", microbatches, range(microbatches - step, 0, -step))
    wrong = refusal(promise.schedule, base, promise.convention) if count else ""
    raise ValueError(
        f"no number of microbatches keeps a {promise.schedule} bubble of {promise.target} on {base.stages} stages; "
        f"expected {wrong or 'a larger target'}"
    )


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
    most: int = 65536,
) -> int:
    """The greatest P, up to `most`, whose bubble ratio stays within `target`.

    >>> greatest_stages(0.1, microbatches=64), greatest_stages(0.2, microbatches=32)
    (8, 9)
    """
    promise = _Promise(target, efficiency, schedule, convention, strict)
    base = shape_of(1, microbatches, chunks, forward, backward_input, backward_weight)
    broken = _least(lambda stages: not promise.kept_or_unasked(replace(base, stages=stages)))
    for stages in range(min(broken - 1 if broken else most, whole("most", most)), 0, -1):
        if promise.kept(replace(base, stages=stages)):
            limit = min(whole("most", most), 2 * base.microbatches + 2)
            return promise.beyond(base, "stages", stages, range(stages + 1, limit + 1))
    raise ValueError(
        f"no number of stages keeps a {promise.schedule} bubble of {promise.target} with {microbatches} microbatches; "
        "expected a larger target or other microbatches"
    )


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
    name = choice("schedule", schedule, ("interleaved", "looped-bfs", "interleaved-zb"))
    promise = _Promise(target, efficiency, name, convention, strict)
    base = shape_of(stages, microbatches, 1, forward, backward_input, backward_weight)
    wrong = refusal(name, base, promise.convention)
    if wrong:
        raise ValueError(f"{name} with {stages} stages and {microbatches} microbatches; expected {wrong}")
    found = _least(lambda chunks: promise.kept(replace(base, chunks=chunks)))
    if not found:
        raise ValueError(f"no number of chunks keeps a bubble of {promise.target}; expected more microbatches")
    return found


class _Promise:
    """A bubble ratio to keep."""

    def __init__(
        self, target: Number | None, efficiency: Number | None, schedule: str, convention: str, strict: bool
    ) -> None:
        self.schedule = choice("schedule", schedule, UNIFORM_SCHEDULES)
        self.convention = choice("convention", convention, CONVENTIONS)
        self.strict = strict
        if (target is None) == (efficiency is None):
            raise ValueError("target and efficiency are both or neither given; expected one of them")
        if target is not None:
            self.target = exact(amount("target", target))
        else:
            self.target = 1 - exact(amount("efficiency", efficiency, most=1))
            self.convention = self.convention if self.convention == "span" else "total"

    def kept(self, shape: Shape) -> bool:
        return not refusal(self.schedule, shape, self.convention) and self._within(shape)

    def kept_or_unasked(self, shape: Shape) -> bool:
        """As `kept`, but a shape that cannot run is judged by the formula without its condition, to stay monotone."""
        return self._within(shape, unasked=True)

    def beyond(self, base: Shape, field: str, found: int, candidates: Iterable[int]) -> int:
        """The last of `candidates` in a row that keeps the promise, where no formula tells and a simulation must."""
        for candidate in candidates:
            shape = _with(base, field, candidate)
            if not refusal(self.schedule, shape, self.convention):
                break
            ratio = _simulated(self.schedule, shape, self.convention)
            if ratio is not None and not self._enough(ratio):
                break
            found = candidate if ratio is not None else found
        return found

    def _within(self, shape: Shape, *, unasked: bool = False) -> bool:
        idle, work = step_parts(self.schedule, shape, self.convention, unasked=unasked)
        return self._enough(idle / work if self.convention == "ideal" else idle / (idle + work))

    def _enough(self, ratio: Fraction) -> bool:
        return ratio < self.target if self.strict else ratio <= self.target


def _with(base: Shape, field: str, count: int) -> Shape:
    return replace(base, stages=count) if field == "stages" else replace(base, microbatches=count)


def _simulated(schedule: str, shape: Shape, convention: str) -> Fraction | None:
    """The bubble by simulation, None where the schedule cannot run."""
    # late, because every other question is answered without the simulator
    from studykit.pipeline.refusal import InfeasibleSchedule
    from studykit.pipeline.simulate import simulate

    try:
        plan = simulate(
            schedule,
            stages=shape.stages,
            microbatches=shape.microbatches,
            chunks=shape.chunks,
            forward=shape.forward,
            backward_input=shape.backward_input,
            backward_weight=shape.backward_weight,
        )
    except InfeasibleSchedule:
        return None
    return Fraction(plan.bubble(convention))


def _least(holds: Callable[[int], bool]) -> int:
    """The least count from 1 at which a condition that stays true once true holds; 0 if there is none."""
    high = 1
    while not holds(high):
        high *= 2
        if high > _LIMIT:
            return 0
    low = high // 2 + 1
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return high


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
    broken = _least(lambda count: not fits(count))
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
