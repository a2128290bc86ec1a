"""Prefill of one long prompt in chunks that follow each other down the pipeline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from studykit.pipeline.quantities import Number, amount, amounts, exact, whole

__all__ = ["Prefill", "chunk_cost", "equal_cost_boundaries", "equal_cost_chunks", "prefill"]


@dataclass(frozen=True, slots=True)
class Prefill:
    """A chunked prefill. Times are in the caller's unit."""

    stages: int
    chunk_tokens: tuple[int, ...] | None
    """Tokens of each chunk, None where only times were given."""
    chunk_costs: tuple[Number, ...]
    """Time of each chunk through the whole model, all stages added up."""
    stage_costs: tuple[tuple[Number, ...], ...]
    """Time of each chunk (row) on each stage (column)."""
    ends: tuple[tuple[Number, ...], ...]
    """When each chunk (row) leaves each stage (column)."""
    ttft: Number
    """Time to first token: the end of the last chunk on the last stage, plus sampling."""
    work: Number
    """Busy time of all ranks together."""
    bubble: Number
    """Idle share of all ranks until the last chunk is out (total convention)."""
    slowest_sum: Number
    """A floor no order can beat: the busy time of the busiest stage."""


def prefill(
    stages: int,
    chunks: int | Sequence[int] = 1,
    *,
    prompt: int | None = None,
    chunk_size: int | None = None,
    balanced: bool = False,
    fixed: Number = 0,
    linear: Number = 0,
    quadratic: Number = 0,
    stage_time: Number | Sequence[Number] | None = None,
    shares: Sequence[Number] | None = None,
    p2p: Number = 0,
    sampling: Number = 0,
) -> Prefill:
    """Time to first token of a prompt cut into chunks: `E[k,s] = max(E[k-1,s], E[k,s-1] + c) + cost[k] * share[s]`.

    A chunk of x tokens after L earlier ones costs `fixed + linear x + quadratic (2 L x + x^2)` in the whole model
    (`chunk_cost`), of which each stage takes 1/P, or its share. Even chunks take `(C+P-1) t + (P-1) c`.

    Args:
        stages: P, at least 1.
        chunks: how many chunks (as even as possible, the longer first), or the tokens of each chunk.
        prompt: tokens of the prompt; needed with the cost coefficients unless `chunks` lists sizes.
        chunk_size: cut the prompt into chunks of this many tokens, the last one shorter, instead of `chunks`.
        balanced: choose chunk sizes that cost the same (`equal_cost_chunks`) instead of equal sizes.
        fixed, linear, quadratic: the cost of a chunk in the whole model, in time, per token and per token pair.
        stage_time: instead of coefficients, the time of a chunk on one stage; a sequence gives one for each chunk.
        shares: relative weight of each stage; even when left out.
        p2p: c, one-way time between neighbouring stages.
        sampling: added once after the last stage.

    Raises:
        ValueError: a number out of range, or neither or both of `stage_time` and the coefficients.

    >>> prefill(4, 8, stage_time=3, p2p=1).ttft          # (8 + 4 - 1) 3 + 3
    36
    >>> prefill(4, prompt=8192, chunk_size=2048, linear=1, quadratic=Fraction(1, 8192)).chunk_costs
    (2560, 3584, 4608, 5632)
    """
    stages = whole("stages", stages)
    weights = tuple(map(exact, amounts("shares", shares, stages))) if shares is not None else (Fraction(1),) * stages
    if not sum(weights):
        raise ValueError("shares are all 0; expected at least one stage with a share")
    c, after = amount("p2p", p2p), amount("sampling", sampling)
    if stage_time is not None:
        if fixed or linear or quadratic or prompt is not None or chunk_size is not None:
            raise ValueError("stage_time stands beside prompt or cost coefficients; expected one or the other")
        sizes, costs = None, _costs_from_times(stages, chunks, stage_time)
    else:
        coefficients = amount("fixed", fixed), amount("linear", linear), amount("quadratic", quadratic)
        if not any(coefficients):
            raise ValueError("no cost is given; expected stage_time, or fixed, linear or quadratic with a prompt")
        sizes = _chunk_sizes(prompt, chunks, chunk_size, (coefficients[1], coefficients[2]) if balanced else None)
        costs = _costs_from_sizes(sizes, *coefficients)
    return _run(stages, sizes, costs, weights, c, after)


def _run(
    stages: int,
    sizes: tuple[int, ...] | None,
    costs: tuple[Number, ...],
    weights: tuple[Fraction, ...],
    c: Number,
    after: Number,
) -> Prefill:
    table = _stage_costs(costs, weights, floats=any(isinstance(value, float) for value in (*costs, c, after)))
    ends = _ends(table, c)
    last = ends[-1][-1]
    work = sum(costs)
    capacity = stages * last
    return Prefill(
        stages=stages,
        chunk_tokens=sizes,
        chunk_costs=costs,
        stage_costs=table,
        ends=ends,
        ttft=last + after,
        work=work,
        bubble=_tidy(1 - (Fraction(work) / capacity if not isinstance(capacity, float) else work / capacity)),
        slowest_sum=max(sum(column) for column in zip(*table, strict=True)),
    )


def _costs_from_times(
    stages: int, chunks: int | Sequence[int], stage_time: Number | Sequence[Number]
) -> tuple[Number, ...]:
    if isinstance(stage_time, Sequence):
        times = amounts("stage_time", stage_time)
        if chunks not in (1, len(times)):
            raise ValueError(f"stage_time has {len(times)} values; expected one for each of {chunks} chunks")
    else:
        times = (amount("stage_time", stage_time),) * whole("chunks", chunks)
    if not times or not max(times):
        raise ValueError("stage_time is 0 for every chunk; expected at least one chunk that takes time")
    return tuple(time * stages for time in times)


def _chunk_sizes(
    prompt: int | None,
    chunks: int | Sequence[int],
    chunk_size: int | None,
    balance: tuple[Number, Number] | None,
) -> tuple[int, ...]:
    if isinstance(chunks, Sequence):
        sizes = tuple(whole(f"chunks[{index}]", size) for index, size in enumerate(chunks))
        if not sizes or (prompt is not None and sum(sizes) != prompt):
            raise ValueError(f"chunks hold {sum(sizes)} tokens; expected the {prompt or 'tokens'} of the prompt")
        return sizes
    if prompt is None:
        raise ValueError("prompt is missing; expected its number of tokens")
    prompt = whole("prompt", prompt)
    if chunk_size is not None:
        size = whole("chunk_size", chunk_size)
        return (size,) * (prompt // size) + ((prompt % size,) if prompt % size else ())
    count = whole("chunks", chunks, most=prompt)
    if balance:
        return equal_cost_chunks(prompt, count, linear=balance[0], quadratic=balance[1])
    return tuple(prompt // count + (index < prompt % count) for index in range(count))


def chunk_cost(
    before: Number, tokens: Number, *, fixed: Number = 0, linear: Number = 0, quadratic: Number = 0
) -> Number:
    """Cost of `tokens` tokens after `before` earlier ones: fixed + linear x + quadratic (2 L x + x^2).

    The quadratic part of all chunks of a prompt adds up to quadratic N^2, however it is cut.

    >>> chunk_cost(2048, 2048, linear=1, quadratic=Fraction(1, 2048))
    Fraction(8192, 1)
    """
    return fixed + linear * tokens + quadratic * (2 * before * tokens + tokens * tokens)


def _costs_from_sizes(sizes: tuple[int, ...], fixed: Number, linear: Number, quadratic: Number) -> tuple[Number, ...]:
    before, costs = 0, []
    for size in sizes:
        costs.append(_tidy(chunk_cost(before, size, fixed=fixed, linear=linear, quadratic=quadratic)))
        before += size
    return tuple(costs)


def _tidy(value: Number) -> Number:
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else value


def _stage_costs(
    costs: tuple[Number, ...], weights: tuple[Fraction, ...], *, floats: bool
) -> tuple[tuple[Number, ...], ...]:
    whole_weight = sum(weights)
    shares = tuple(weight / whole_weight for weight in weights)
    if floats:
        ratios = tuple((share.numerator, share.denominator) for share in shares)
        return tuple(tuple(float(cost) * top / bottom for top, bottom in ratios) for cost in costs)
    pieces = {share: tuple(_tidy(Fraction(cost) * share) for cost in costs) for share in dict.fromkeys(shares)}
    return tuple(zip(*(pieces[share] for share in shares), strict=True))


def _ends(table: tuple[tuple[Number, ...], ...], c: Number) -> tuple[tuple[Number, ...], ...]:
    """The recurrence itself; the first stage has no sender and so no p2p."""
    above: tuple[Number, ...] = (0,) * len(table[0])
    rows = []
    for costs in table:
        row: list[Number] = []
        for stage, cost in enumerate(costs):
            arrival = row[-1] + c if stage else 0
            row.append(_tidy(max(above[stage], arrival) + cost))
        above = tuple(row)
        rows.append(above)
    return tuple(rows)


def equal_cost_boundaries(prompt: int, chunks: int, *, linear: Number, quadratic: Number) -> tuple[float, ...]:
    """Real-valued ends of the chunks that make every chunk cost exactly the same.

    The cost of the first L tokens is `b L + a L^2`, whatever the cuts, so chunk k must end where that reaches k/C of
    the whole: `L = (sqrt(b^2 + 4 a k T / C) - b) / 2a`. A fixed cost a chunk changes nothing.

    >>> [round(end) for end in equal_cost_boundaries(1000, 4, linear=0, quadratic=1)]
    [500, 707, 866, 1000]
    """
    prompt, chunks = whole("prompt", prompt), whole("chunks", chunks)
    b, a = float(amount("linear", linear)), float(amount("quadratic", quadratic))
    if not a and not b:
        raise ValueError("linear and quadratic are both 0; expected a chunk's cost to depend on its tokens")
    total = b * prompt + a * prompt * prompt
    # the form without a difference of near-equal numbers, which also holds at a = 0
    ends = [
        2 * share / (b + math.sqrt(b * b + 4 * a * share)) for share in (total * k / chunks for k in range(1, chunks))
    ]
    return (*ends, float(prompt))


def equal_cost_chunks(prompt: int, chunks: int, *, linear: Number, quadratic: Number) -> tuple[int, ...]:
    """Whole-token chunk sizes nearest to those of equal cost; they add up to the prompt, each at least 1.

    >>> equal_cost_chunks(1000, 4, linear=0, quadratic=1)
    (500, 207, 159, 134)
    >>> equal_cost_chunks(1000, 4, linear=1, quadratic=0)
    (250, 250, 250, 250)
    """
    chunks = whole("chunks", chunks, most=whole("prompt", prompt))
    ends = [0]
    for index, end in enumerate(equal_cost_boundaries(prompt, chunks, linear=linear, quadratic=quadratic), start=1):
        ends.append(min(max(round(end), ends[-1] + 1), prompt - (chunks - index)))
    return tuple(later - earlier for earlier, later in pairwise(ends))
