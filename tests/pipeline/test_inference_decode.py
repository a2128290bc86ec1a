"""Decode: the closed form against an event-by-event run of the loop, and the figures it is known by."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.pipeline.inference import decode, filling_groups

times = st.fractions(min_value=0, max_value=9, max_denominator=6)
stage_lists = st.lists(times, min_size=1, max_size=6).filter(any)


def last_end(groups: int, tokens: int, stage_time: Sequence[Fraction], c: Fraction, back: Fraction) -> Fraction:
    """The loop run op by op: ranks take the groups in turn, each as early as rank and input allow."""
    free = [Fraction(0)] * len(stage_time)
    ready = [Fraction(0)] * groups
    end = Fraction(0)
    for _ in range(tokens):
        for group in range(groups):
            arrival = ready[group]
            for stage, time in enumerate(stage_time):
                free[stage] = max(free[stage], arrival) + time
                end = free[stage]
                arrival = end + c
            ready[group] = end + back
    return end


@given(stage_lists, st.integers(1, 8), st.integers(1, 6), times, times)
def test_total_time_is_that_of_the_loop_run_op_by_op(
    stage_time: list[Fraction], groups: int, tokens: int, c: Fraction, back: Fraction
) -> None:
    run = decode(len(stage_time), groups, tokens, stage_time, p2p=c, sampling_return=back)
    assert run.total == last_end(groups, tokens, stage_time, c, back)


@given(stage_lists, st.integers(1, 8), times, times)
def test_tpot_is_the_steady_distance_between_tokens(
    stage_time: list[Fraction], groups: int, c: Fraction, back: Fraction
) -> None:
    run = decode(len(stage_time), groups, 1, stage_time, p2p=c, sampling_return=back)
    later, earlier = (last_end(groups, tokens, stage_time, c, back) for tokens in (9, 8))
    assert later - earlier == run.tpot


@given(st.integers(1, 12), st.integers(1, 24), st.integers(1, 50), st.integers(1, 9))
def test_even_stages_follow_the_two_regimes(stages: int, groups: int, tokens: int, t: int) -> None:
    run = decode(stages, groups, tokens, t)
    expected = (tokens * groups + stages - 1) * t if groups >= stages else (tokens * stages + groups - 1) * t
    assert run.total == expected
    assert (run.bubble == 0) == (groups >= stages) == run.full


@given(stage_lists, times, times)
def test_the_filling_number_of_groups_is_the_least_that_keeps_the_slowest_stage_busy(
    stage_time: list[Fraction], c: Fraction, back: Fraction
) -> None:
    stages = len(stage_time)
    fill = filling_groups(stages, stage_time, p2p=c, sampling_return=back)
    slowest = stage_time.index(max(stage_time))
    assert decode(stages, fill, 1, stage_time, p2p=c, sampling_return=back).utilisation[slowest] == 1
    if fill > 1:
        assert decode(stages, fill - 1, 1, stage_time, p2p=c, sampling_return=back).utilisation[slowest] < 1


@pytest.mark.parametrize("tenth", [0.1, 0.7, 1e-3, 3.3])
def test_floats_are_read_as_the_decimals_they_print_as(tenth: float) -> None:
    assert filling_groups(3, tenth) == 3
    assert filling_groups(30, tenth) == 30


def test_throughput_counts_every_request_of_every_group() -> None:
    run = decode(4, 4, 100, Fraction(1, 100), group_size=8)
    assert run.tpot == Fraction(1, 25)
    assert run.throughput == 800
    assert run.mean_throughput == 3200 / run.total


def test_depth_alone_adds_no_latency_but_the_hops() -> None:
    whole, deep = decode(1, 1, 1, 80), decode(8, 1, 1, 10)
    assert whole.pass_time == deep.pass_time == 80
    assert decode(8, 1, 1, 10, p2p=2).pass_time == 80 + 7 * 2


def test_a_steady_loop_has_none_of_the_bubble_of_one_step() -> None:
    assert decode(8, 8, 1000, 1).bubble == 0
    assert decode(8, 2, 1000, 1).bubble == Fraction(3, 4)


def test_kinds_of_numbers_come_back_as_they_went_in() -> None:
    assert isinstance(decode(4, 4, 2, 0.5).tpot, float)
    assert isinstance(decode(4, 4, 2, 2).tpot, int)
    assert decode(3, 2, 2, Fraction(1, 3)).tpot == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"stages": 0}, "stages is 0; expected a whole number of at least 1"),
        ({"groups": 1.5}, "groups is 1.5; expected a whole number"),
        ({"tokens": True}, "tokens is True"),
        ({"stage_time": -1}, "stage_time is -1; expected a finite number of at least 0"),
        ({"stage_time": float("nan")}, "stage_time is nan"),
        ({"stage_time": [1, 2]}, "stage_time has 2 values; expected 4"),
        ({"stage_time": 0}, "stage_time is 0 on every stage"),
        ({"p2p": float("inf")}, "p2p is inf"),
        ({"sampling_return": "1"}, "sampling_return is '1'"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(arguments: dict[str, object], sentence: str) -> None:
    given_arguments = {"stages": 4, "groups": 4, "tokens": 2, "stage_time": 1, **arguments}
    with pytest.raises(ValueError, match="expected") as refused:
        decode(**given_arguments)  # type: ignore[arg-type]
    assert sentence in str(refused.value)
