"""Inverse questions: the answer keeps the promise and the next smaller or larger does not, by simulation."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.pipeline import bubble_target
from studykit.pipeline.footprint_inference import inference_memory
from studykit.pipeline.footprint_training import training_memory
from studykit.pipeline.inverse import (
    greatest_batch,
    greatest_microbatch,
    greatest_sequence,
    greatest_stages,
    least_chunks,
    least_microbatches,
    least_stages_for_memory,
)
from studykit.pipeline.refusal import InfeasibleSchedule
from studykit.pipeline.simulate import simulate
from studykit.pipeline.uniform import CONVENTIONS, UNIFORM_SCHEDULES, bubble_ratio

TIMES = [(1, 1, 1), (1, 2, 1), (3, 2, 2), (2, 1, 3), (10, 11, 8)]
CHUNKED = ("interleaved", "looped-bfs", "interleaved-zb")
FREE = [schedule for schedule in UNIFORM_SCHEDULES if schedule != "naive"]


@pytest.fixture(scope="module", autouse=True)
def impatient() -> Iterator[None]:
    """Targets no size keeps are given up soon: a refusal says nothing about the answers, which are what is tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bubble_target, "_PATIENCE", 1_000_000)
        yield


def simulated(
    schedule: str, stages: int, microbatches: int, chunks: int, times: Mapping[str, int], convention: str
) -> Fraction | None:
    """The bubble by simulation, None where the schedule refuses to run."""
    exact = {name: Fraction(time) for name, time in times.items()}
    try:
        plan = simulate(schedule, stages=stages, microbatches=microbatches, chunks=chunks, **exact)
    except InfeasibleSchedule:
        return None
    return Fraction(plan.bubble(convention))


def named(times: tuple[int, int, int]) -> dict[str, int]:
    return dict(zip(("forward", "backward_input", "backward_weight"), times, strict=True))


@pytest.mark.parametrize("schedule", UNIFORM_SCHEDULES)
def test_closed_forms_equal_the_simulation_wherever_they_answer(schedule: str) -> None:
    answered = dict.fromkeys(CONVENTIONS, 0)
    for times in map(named, TIMES):
        for stages in (1, 2, 3, 4, 6):
            for microbatches in (1, 2, 3, 4, 5, 8, 11, 12, 16):
                for chunks in (1, 2, 3) if schedule in CHUNKED else (1,):
                    shape = {"stages": stages, "microbatches": microbatches, "chunks": chunks}
                    ratios = {}
                    for convention in CONVENTIONS:
                        with suppress(ValueError):
                            ratios[convention] = bubble_ratio(schedule, **shape, **times, convention=convention)
                            answered[convention] += 1
                    if ratios:  # one simulation, read by each convention that has an answer
                        exact = {name: Fraction(time) for name, time in times.items()}
                        plan = simulate(schedule, stages=stages, microbatches=microbatches, chunks=chunks, **exact)
                        assert {name: Fraction(plan.bubble(name)) for name in ratios} == ratios, (shape, times)
    assert min(answered.values()) > 5


# the study notes' table: at 10 % of bubble (90 % busy), total convention
@pytest.mark.parametrize(("stages", "least"), [(2, 9), (4, 27), (8, 63), (16, 135)])
def test_least_micro_batches_for_ten_percent_are_exact(stages: int, least: int) -> None:
    assert least_microbatches(0.1, stages=stages) == least
    assert least_microbatches(efficiency=0.9, stages=stages) == least
    assert least_microbatches(Fraction(1, 10), stages=stages, schedule="gpipe") == least
    assert least_microbatches(0.1, stages=stages, strict=True) == least + 1
    assert least_microbatches(0.1, stages=stages, convention="ideal") == 10 * (stages - 1)


@given(
    st.sampled_from(FREE),
    st.sampled_from(CONVENTIONS),
    st.integers(1, 5),
    st.integers(1, 3),
    st.sampled_from(TIMES),
    st.fractions(Fraction(1, 20), Fraction(3, 4), max_denominator=40),
    st.booleans(),
)
def test_no_fewer_micro_batches_keep_the_target(
    schedule: str,
    convention: str,
    stages: int,
    chunks: int,
    times: tuple[int, int, int],
    target: Fraction,
    strict: bool,
) -> None:
    chunks = chunks if schedule in CHUNKED else 1
    try:
        least = least_microbatches(
            target,
            stages=stages,
            schedule=schedule,
            chunks=chunks,
            convention=convention,
            strict=strict,
            **named(times),
        )
    except ValueError:
        return
    for microbatches in range(1, least + 1):
        ratio = simulated(schedule, stages, microbatches, chunks, named(times), convention)
        kept = ratio is not None and (ratio < target if strict else ratio <= target)
        if microbatches == least:
            assert kept
        else:
            assert not kept


@given(
    st.sampled_from([*FREE, "naive"]),
    st.sampled_from(CONVENTIONS),
    st.integers(1, 9),
    st.sampled_from(TIMES),
    st.fractions(Fraction(1, 20), Fraction(3, 4), max_denominator=40),
)
def test_no_more_stages_keep_the_target(
    schedule: str, convention: str, microbatches: int, times: tuple[int, int, int], target: Fraction
) -> None:
    try:
        greatest = greatest_stages(
            target,
            microbatches=microbatches,
            schedule=schedule,
            convention=convention,
            most=3 * microbatches,
            **named(times),  # type: ignore[arg-type]
        )
    except ValueError:
        return
    kept = [
        stages
        for stages in range(1, 3 * microbatches + 1)
        if (ratio := simulated(schedule, stages, microbatches, 1, named(times), convention)) is not None
        and ratio <= target
    ]
    assert greatest == kept[-1]


@given(st.integers(1, 300), st.fractions(Fraction(1, 50), Fraction(9, 10), max_denominator=60), st.integers(1, 4))
def test_no_deeper_pipeline_keeps_the_target(microbatches: int, target: Fraction, chunks: int) -> None:
    greatest = greatest_stages(target, microbatches=microbatches, schedule="looped-bfs", chunks=chunks)

    def ratio(stages: int) -> Fraction:
        return bubble_ratio("looped-bfs", stages=stages, microbatches=microbatches, chunks=chunks)

    assert ratio(greatest) <= target < ratio(greatest + 1)


@given(st.integers(1, 16), st.integers(1, 8), st.fractions(Fraction(1, 50), Fraction(9, 10), max_denominator=60))
def test_no_fewer_chunks_keep_the_target(stages: int, rounds: int, target: Fraction) -> None:
    least = least_chunks(target, stages=stages, microbatches=rounds * stages)

    def ratio(chunks: int) -> Fraction:
        return bubble_ratio("interleaved", stages=stages, microbatches=rounds * stages, chunks=chunks)

    assert ratio(least) <= target
    assert least == 1 or ratio(least - 1) > target


def test_published_and_noted_cases() -> None:
    # 64 stages and 256 micro-batches: 19.7 % without interleaving, 7.6 % with three chunks
    assert least_chunks(0.1, stages=64, microbatches=256) == 3
    assert float(bubble_ratio("interleaved", stages=64, microbatches=256, chunks=3)) == pytest.approx(0.076, abs=5e-4)
    # (P-1)/(3M+P-1) of ZB-H1 at F = I = W
    assert bubble_ratio("zb-h1", stages=8, microbatches=24) == Fraction(7, 79)
    assert least_microbatches(Fraction(7, 79), stages=8, schedule="zb-h1") == 24


def test_a_search_that_must_look_at_every_size_ends() -> None:
    # F < B leaves a gap a unit of P, so this ratio never falls below a tenth; no formula says so between units
    with pytest.raises(ValueError, match="more would take too long to simulate"):
        least_microbatches(0.1, stages=8, schedule="chimera")
    # a unit that is not full costs more: 4 micro-batches are better than 6
    step = {"stages": 4, "backward_weight": 0}
    assert bubble_ratio("chimera", microbatches=4, **step) < bubble_ratio("chimera", microbatches=6, **step)  # type: ignore[arg-type]
    assert least_microbatches(Fraction(1, 5), stages=4, schedule="chimera", backward_weight=0) == 4


def test_more_stages_than_any_machine_has_are_refused_before_they_fill_the_memory() -> None:
    with pytest.raises(ValueError, match="stages is 1000000000; expected a whole number from 1 to 65536"):
        least_microbatches(0.1, stages=10**9)


def test_what_no_number_reaches_is_said() -> None:
    with pytest.raises(ValueError, match="no number of microbatches keeps a naive bubble"):
        least_microbatches(0.1, stages=4, schedule="naive")
    with pytest.raises(ValueError, match="expected more microbatches"):
        least_chunks(0.1, stages=8, microbatches=4)
    with pytest.raises(ValueError, match="expected that P must be even"):
        least_microbatches(0.1, stages=3, schedule="dualpipe")
    with pytest.raises(ValueError, match="both or neither"):
        least_microbatches(stages=3)
    with pytest.raises(ValueError, match="target is -1"):
        least_microbatches(-1, stages=3)
    with pytest.raises(ValueError, match="efficiency is 2"):
        least_microbatches(efficiency=2, stages=3)
    with pytest.raises(ValueError, match="schedule is 'pipedream'; expected one of"):
        least_microbatches(0.1, stages=3, schedule="pipedream")


LAYOUTS = st.fixed_dictionaries({"stages": st.integers(1, 4), "tensor_parallel": st.sampled_from([1, 2, 4])})


@given(LAYOUTS, st.integers(1, 20_000), st.integers(20, 200), st.sampled_from(["fp16", "gptq-4bit"]))
def test_one_more_sequence_does_not_fit(layout: dict[str, int], sequence: int, gigabytes: int, weights: str) -> None:
    memory = gigabytes * 10**9
    batch = greatest_batch("Llama-2 13B", memory=memory, sequence=sequence, utilisation=0.9, weights=weights, **layout)
    room = Fraction(9, 10) * memory

    def peak(count: int) -> Fraction:
        plan = inference_memory("Llama-2 13B", sequence=sequence, batch=count, weights=weights, **layout)  # type: ignore[arg-type]
        return Fraction(plan.peak)

    assert peak(batch + 1) > room
    assert batch == 0 or peak(batch) <= room


@given(LAYOUTS, st.integers(1, 16), st.integers(10, 80))
def test_one_more_token_does_not_fit(layout: dict[str, int], batch: int, gigabytes: int) -> None:
    memory = gigabytes * 10**9
    tokens = greatest_sequence("Llama-3 8B", memory=memory, batch=batch, **layout)

    def peak(count: int) -> Fraction:
        return Fraction(inference_memory("Llama-3 8B", sequence=count, batch=batch, **layout).peak)  # type: ignore[arg-type]

    assert peak(tokens + 1) > memory
    assert tokens == 0 or peak(tokens) <= memory


def test_one_more_sequence_a_micro_batch_does_not_fit() -> None:
    layout = {"stages": 8, "tensor_parallel": 8, "microbatches": 64, "sequence_parallel": True, "data_parallel": 4}
    batch = greatest_microbatch("GPT-3", memory=80e9, sequence=2048, recompute="selective", zero=1, **layout)

    def peak(count: int) -> Fraction:
        plan = training_memory("GPT-3", sequence=2048, batch=count, recompute="selective", zero=1, **layout)  # type: ignore[arg-type]
        return Fraction(plan.peak)

    assert batch >= 1
    assert peak(batch) <= 80 * 10**9 < peak(batch + 1)


def test_the_least_stages_that_hold_a_model() -> None:
    stages = least_stages_for_memory("Llama-3 405B", memory=80e9, tensor_parallel=8, utilisation=0.9)
    assert inference_memory("Llama-3 405B", stages=stages, tensor_parallel=8).peak <= 72e9
    assert inference_memory("Llama-3 405B", stages=stages - 1, tensor_parallel=8).peak > 72e9
    with pytest.raises(ValueError, match="expected enough for one layer"):
        least_stages_for_memory("Llama-3 405B", memory=1e9)


def test_weights_that_do_not_fit_leave_no_room() -> None:
    assert greatest_batch("Llama-2 70B", memory=80e9, sequence=4096) == 0
    assert greatest_sequence("Llama-2 70B", memory=80e9) == 0
