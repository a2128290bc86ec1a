"""Chunked prefill: against the longest path through the grid of chunks and stages, and equal-cost chunks."""

from fractions import Fraction
from functools import cache
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.pipeline.chunked_prefill import chunk_cost, equal_cost_boundaries, equal_cost_chunks, prefill

sizes = st.lists(st.integers(1, 500), min_size=1, max_size=7)
coefficients = st.fractions(min_value=0, max_value=4, max_denominator=8)


def longest_path(costs: list[list[Fraction]], c: Fraction) -> Fraction:
    """Every way down the grid: next chunk on the same stage, or next stage after a hop."""

    @cache
    def end(chunk: int, stage: int) -> Fraction:
        before = [Fraction(0)]
        if chunk:
            before.append(end(chunk - 1, stage))
        if stage:
            before.append(end(chunk, stage - 1) + c)
        return max(before) + costs[chunk][stage]

    return end(len(costs) - 1, len(costs[0]) - 1)


@given(sizes, st.integers(1, 6), coefficients, coefficients, coefficients, coefficients)
def test_ttft_is_the_longest_path(
    chunks: list[int], stages: int, fixed: Fraction, linear: Fraction, quadratic: Fraction, c: Fraction
) -> None:
    if not fixed + linear + quadratic:
        linear = Fraction(1)
    plan = prefill(stages, chunks, fixed=fixed, linear=linear, quadratic=quadratic, p2p=c)
    costs, before = [], 0
    for size in chunks:
        whole = fixed + linear * size + quadratic * (2 * before * size + size * size)
        costs.append([whole / stages] * stages)
        before += size
    assert plan.ttft == longest_path(costs, c)
    assert plan.ttft >= plan.slowest_sum
    assert plan.bubble == 1 - Fraction(plan.work) / (stages * plan.ttft)


@given(st.integers(1, 12), st.integers(1, 40), st.integers(1, 9), st.integers(0, 9))
def test_equal_chunks_have_the_known_form(stages: int, chunks: int, t: int, c: int) -> None:
    assert prefill(stages, chunks, stage_time=t, p2p=c).ttft == (chunks + stages - 1) * t + (stages - 1) * c


@given(st.lists(st.integers(1, 4), min_size=2, max_size=5), st.integers(1, 5))
def test_shares_give_each_stage_its_part(shares: list[int], chunks: int) -> None:
    plan = prefill(len(shares), chunks, stage_time=sum(shares), shares=shares)
    costs = [[Fraction(share * len(shares)) for share in shares]] * chunks
    assert plan.ttft == longest_path(costs, Fraction(0))


@given(sizes, coefficients, coefficients)
def test_cutting_never_changes_the_work_that_grows(chunks: list[int], linear: Fraction, quadratic: Fraction) -> None:
    starts = [0, *accumulate(chunks)]
    costs = (chunk_cost(a, b - a, linear=linear, quadratic=quadratic) for a, b in pairwise(starts))
    total = sum(chunks)
    assert sum(costs) == linear * total + quadratic * total * total


@given(st.integers(1, 200_000), st.integers(1, 64), st.floats(0, 5), st.floats(0, 1e-2))
def test_equal_cost_chunks_cost_the_same(prompt: int, chunks: int, linear: float, quadratic: float) -> None:
    if linear + quadratic < 1e-6:
        linear = 1.0
    ends = (0.0, *equal_cost_boundaries(prompt, chunks, linear=linear, quadratic=quadratic))
    costs = [chunk_cost(a, b - a, linear=linear, quadratic=quadratic) for a, b in pairwise(ends)]
    assert max(costs) == pytest.approx(min(costs), rel=1e-6)
    assert ends[-1] == prompt


@given(st.integers(1, 5000), st.integers(1, 64), st.integers(0, 3), st.integers(0, 3))
def test_whole_chunks_add_up_to_the_prompt(prompt: int, chunks: int, linear: int, quadratic: int) -> None:
    chunks = min(chunks, prompt)
    found = equal_cost_chunks(prompt, chunks, linear=linear + (not quadratic), quadratic=quadratic)
    assert sum(found) == prompt
    assert len(found) == chunks
    assert min(found) >= 1
    # later chunks look back further and so are not longer; rounding may move a token
    assert all(later <= earlier + 1 for earlier, later in pairwise(found))


def test_balanced_chunks_bring_the_first_token_earlier() -> None:
    even = prefill(8, 16, prompt=131072, linear=1.0, quadratic=1 / 4096)
    balanced = prefill(8, 16, prompt=131072, linear=1.0, quadratic=1 / 4096, balanced=True)
    assert balanced.work == pytest.approx(even.work)
    assert balanced.ttft < even.ttft
    assert max(balanced.chunk_costs) < max(even.chunk_costs)


def test_a_prompt_is_cut_by_count_by_size_or_as_told() -> None:
    assert prefill(2, 3, prompt=10, linear=1).chunk_tokens == (4, 3, 3)
    assert prefill(2, prompt=10, chunk_size=4, linear=1).chunk_tokens == (4, 4, 2)
    assert prefill(2, [5, 3, 2], linear=1).chunk_tokens == (5, 3, 2)


def test_floats_agree_with_fractions() -> None:
    exact = prefill(4, 7, prompt=1000, linear=1, quadratic=Fraction(1, 500), p2p=3)
    rough = prefill(4, 7, prompt=1000, linear=1.0, quadratic=0.002, p2p=3.0)
    assert rough.ttft == pytest.approx(float(exact.ttft), rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"stages": 2, "chunks": 4}, "no cost is given"),
        ({"stages": 2, "chunks": 4, "linear": 1}, "prompt is missing"),
        ({"stages": 2, "chunks": 4, "prompt": 3, "linear": 1}, "chunks is 4; expected a whole number from 1 to 3"),
        ({"stages": 2, "chunks": [3, 4], "prompt": 8, "linear": 1}, "chunks hold 7 tokens; expected the 8"),
        ({"stages": 2, "chunks": 2, "stage_time": 1, "linear": 1}, "expected one or the other"),
        ({"stages": 2, "chunks": 2, "stage_time": 0}, "stage_time is 0"),
        ({"stages": 2, "chunks": 2, "stage_time": 1, "shares": [0, 0]}, "shares are all 0"),
        ({"stages": 2, "chunks": 3, "stage_time": [1, 2]}, "stage_time has 2 values"),
        ({"stages": 2, "chunks": 0, "stage_time": 1}, "chunks is 0"),
    ],
)
def test_what_cannot_be_is_refused(arguments: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match="expected") as refused:
        prefill(**arguments)  # type: ignore[arg-type]
    assert sentence in str(refused.value)
