"""Cutting uneven layers into contiguous stages so that the largest stage is as small as it can be."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from math import lcm

from studykit.pipeline.quantities import Number, amount, amounts, exact, given_back, whole

__all__ = ["Partition", "partition"]


@dataclass(frozen=True, slots=True)
class Partition:
    """A split of layers into stages; costs are in the caller's unit."""

    bounds: tuple[int, ...]
    """Stage s holds the layers from bounds[s] up to, not including, bounds[s + 1]."""
    layers: tuple[int, ...]
    """How many layers each stage holds."""
    stage_costs: tuple[Number, ...]
    """Cost of each stage, the embedding in the first and the head in the last."""
    largest: Number
    """The largest stage, which sets the pace of the pipeline; no contiguous split has a smaller one."""
    mean: Number
    efficiency: Number
    """mean / largest: the busy share of the ranks once the pipeline is full."""

    @property
    def groups(self) -> tuple[range, ...]:
        """The layer numbers of each stage."""
        return tuple(range(start, end) for start, end in pairwise(self.bounds))


def partition(
    costs: Sequence[Number], stages: int, *, embedding: Number = 0, head: Number = 0, alone: bool = False
) -> Partition:
    """The best contiguous split of `costs` (one a layer) into `stages` stages, and its efficiency.

    Among the splits with the smallest largest stage, a fairly even one is chosen.

    Args:
        costs: cost of each layer, none negative.
        stages: P, from 1 to the number of layers.
        embedding: cost added to the first stage.
        head: cost added to the last stage.
        alone: whether the embedding or the head may fill a stage with no layer beside it; otherwise every stage
            holds a layer.

    Raises:
        ValueError: a cost that is negative or not finite, no cost at all, or more stages than layers to fill them.

    >>> best = partition([1, 2, 3, 4, 5, 6], 3)
    >>> best.layers, best.largest, best.efficiency
    ((3, 2, 1), 9, Fraction(7, 9))
    >>> partition([1] * 32, 4, head=3).layers
    (8, 9, 9, 6)
    """
    values = amounts("costs", costs)
    first, last = amount("embedding", embedding), amount("head", head)
    pieces = [0, *values, 0] if alone else list(values)
    stages = whole("stages", stages)
    if stages > len(pieces):
        raise ValueError(f"stages is {stages}; expected at most {len(pieces)}, one for each layer")
    weights = [exact(value) for value in pieces]
    weights[0] += exact(first)
    weights[-1] += exact(last)
    if not any(weights):
        raise ValueError("costs are all 0; expected at least one that is not")
    ends = _bounds(_integers(weights), stages)
    bounds = tuple(min(max(end - 1, 0), len(values)) for end in ends) if alone else ends
    return _described(bounds, ends, weights, (*values, first, last))


def _integers(weights: list[Fraction]) -> list[int]:
    """The same proportions in whole numbers, so that the search compares exactly and quickly."""
    scale = lcm(*{weight.denominator for weight in weights})
    return [int(weight * scale) for weight in weights]


def _bounds(weights: list[int], stages: int) -> tuple[int, ...]:
    sums = [0, *accumulate(weights)]
    cap = _least_cap(sums, max(weights), stages)
    earliest = _earliest_bounds(sums, cap, stages)
    bounds = [0]
    for stage in range(stages - 1):
        start = bounds[-1]
        reach = min(bisect_right(sums, sums[start] + cap) - 1, len(weights) - (stages - 1 - stage))
        ideal = sums[start] + (sums[-1] - sums[start]) // (stages - stage)
        bounds.append(min(max(_nearest(sums, ideal), earliest[stage + 1], start + 1), reach))
    return (*bounds, len(weights))


def _least_cap(sums: list[int], largest: int, stages: int) -> int:
    low, high = max(largest, -(-sums[-1] // stages)), sums[-1]
    while low < high:
        middle = (low + high) // 2
        if _stages_needed(sums, middle, stages) <= stages:
            high = middle
        else:
            low = middle + 1
    return low


def _stages_needed(sums: list[int], cap: int, limit: int) -> int:
    """How many stages a greedy fill under `cap` takes; `limit + 1` as soon as it is more than `limit`."""
    start, used = 0, 0
    while start < len(sums) - 1:
        used += 1
        if used > limit:
            break
        start = bisect_right(sums, sums[start] + cap) - 1
    return used


def _earliest_bounds(sums: list[int], cap: int, stages: int) -> list[int]:
    """The smallest place each bound may take so that the layers after it still fit under `cap`."""
    bounds = [len(sums) - 1]
    for _ in range(stages):
        bounds.append(bisect_left(sums, sums[bounds[-1]] - cap))
    return bounds[::-1]


def _nearest(sums: list[int], target: int) -> int:
    after = bisect_left(sums, target)
    if after and target - sums[after - 1] <= sums[min(after, len(sums) - 1)] - target:
        return after - 1
    return after


def _described(
    bounds: tuple[int, ...], ends: tuple[int, ...], weights: list[Fraction], given: tuple[Number, ...]
) -> Partition:
    sums = [sum(weights[start:end], Fraction(0)) for start, end in pairwise(ends)]
    mean, largest = sum(sums, Fraction(0)) / len(sums), max(sums)
    return Partition(
        bounds=bounds,
        layers=tuple(end - start for start, end in pairwise(bounds)),
        stage_costs=tuple(given_back(value, *given) for value in sums),
        largest=given_back(largest, *given),
        mean=given_back(mean, *given),
        efficiency=given_back(mean / largest, *given),
    )
