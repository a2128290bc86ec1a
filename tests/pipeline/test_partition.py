"""Partition: no contiguous split is better than the one found."""

import random
import time
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.pipeline.balance import partition

costs_lists = st.lists(
    st.one_of(st.integers(0, 999), st.fractions(0, 99, max_denominator=9)), min_size=1, max_size=9
).filter(any)
extra = st.integers(0, 30)


def every_split(pieces: int, stages: int) -> Sequence[tuple[int, ...]]:
    return [(0, *cuts, pieces) for cuts in combinations(range(1, pieces), stages - 1)]


def largest(costs: Sequence[Fraction | int], bounds: tuple[int, ...], embedding: int, head: int) -> Fraction | int:
    sums: list[Fraction | int] = [sum(costs[start:end]) for start, end in pairwise(bounds)]
    sums[0] += embedding
    sums[-1] += head
    return max(sums)


@settings(max_examples=120)
@given(costs_lists, st.data(), extra, extra)
def test_no_split_is_better(costs: list[Fraction | int], data: st.DataObject, embedding: int, head: int) -> None:
    stages = data.draw(st.integers(1, len(costs)))
    best = partition(costs, stages, embedding=embedding, head=head)
    assert best.largest == min(largest(costs, b, embedding, head) for b in every_split(len(costs), stages))
    assert best.largest == largest(costs, best.bounds, embedding, head)
    assert min(best.layers) >= 1
    assert sum(best.layers) == len(costs)
    assert best.efficiency == Fraction(sum(best.stage_costs)) / (stages * best.largest)


@given(costs_lists, st.data(), extra, extra)
def test_with_edges_alone_no_split_is_better(
    costs: list[Fraction | int], data: st.DataObject, embedding: int, head: int
) -> None:
    pieces = [embedding, *costs, head]
    stages = data.draw(st.integers(1, len(pieces)))
    best = partition(costs, stages, embedding=embedding, head=head, alone=True)
    assert best.largest == min(largest(pieces, bounds, 0, 0) for bounds in every_split(len(pieces), stages))
    assert best.largest == largest(costs, best.bounds, embedding, head)
    assert sum(best.layers) == len(costs)


@given(st.integers(1, 200), st.data())
def test_equal_layers_spread_as_evenly_as_they_can(layers: int, data: st.DataObject) -> None:
    stages = data.draw(st.integers(1, layers))
    assert partition([1] * layers, stages).largest == -(-layers // stages)


@given(st.lists(st.floats(0.001, 1e6), min_size=1, max_size=8), st.data())
def test_floats_are_compared_exactly(costs: list[float], data: st.DataObject) -> None:
    stages = data.draw(st.integers(1, len(costs)))
    exact = [Fraction(repr(cost)) for cost in costs]
    best = partition(costs, stages)
    assert best.largest == float(min(largest(exact, bounds, 0, 0) for bounds in every_split(len(costs), stages)))


def test_a_heavy_head_takes_layers_from_the_last_stage() -> None:
    best = partition([1] * 32, 4, head=3)
    assert best.layers[-1] < best.layers[0]
    assert best.largest == 9
    assert best.efficiency == Fraction(35, 36)


def test_the_groups_name_the_layers() -> None:
    assert partition([3, 1, 1, 1], 2).groups == (range(0, 1), range(1, 4))


def test_a_thousand_layers_on_64_stages_are_quick() -> None:
    source = random.Random(7)
    costs = [source.random() for _ in range(1000)]
    start = time.process_time()
    best = partition(costs, 64, embedding=0.5, head=2.5)
    assert time.process_time() - start < 2, "two orders of magnitude above what it takes"
    assert max(best.stage_costs) == best.largest
    assert best.efficiency > 0.9


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([1, 2], 3), "stages is 3; expected at most 2"),
        (([1, 2], 0), "stages is 0"),
        (([1, -2], 1), r"costs[1] is -2"),
        (([0, 0], 1), "costs are all 0"),
        (("12", 1), "costs is '12'"),
        (([], 1), "expected at most 0"),
    ],
)
def test_what_cannot_be_is_refused(arguments: tuple[Sequence[int], int], sentence: str) -> None:
    with pytest.raises(ValueError, match="expected") as refused:
        partition(*arguments)
    assert sentence in str(refused.value)
