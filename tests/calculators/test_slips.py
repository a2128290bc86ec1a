"""The wrong answers that must be recognised, each by the formula people use, over all sizes."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from studykit.calculators.answer import Judgement
from studykit.calculators.checking import judge_output, judge_outputs, together
from studykit.calculators.declare import get, parse_inputs

stages, microbatches = st.integers(2, 32), st.integers(1, 128)


def judged(name: str, output: str, typed: Fraction | str, **inputs: Any) -> Judgement:
    calculator = get(name)
    text = typed if isinstance(typed, str) else f"{typed.numerator}/{typed.denominator}"
    return judge_output(calculator, parse_inputs(calculator, inputs), output, text)


def said(found: Judgement) -> str:
    assert not found.right
    assert found.slip is not None, found.message
    assert found.used
    assert found.correct
    return found.slip.explain


@given(stages, microbatches, st.sampled_from(["forward", "gpipe", "1f1b"]))
def test_the_ideal_convention(P: int, M: int, schedule: str) -> None:
    found = judged("bubble", "ratio", Fraction(P - 1, M), schedule=schedule, stages=P, microbatches=M)
    assert "ideal" in said(found)
    assert found.used.startswith("(P-1)/M = ")


@given(stages, microbatches)
def test_the_total_convention_where_ideal_is_asked(P: int, M: int) -> None:
    found = judged(
        "bubble", "ratio", Fraction(P - 1, M + P - 1), schedule="1f1b", stages=P, microbatches=M, convention="ideal"
    )
    assert "total" in said(found)


@given(stages, microbatches)
def test_numerators_and_denominators_that_are_off_by_one(P: int, M: int) -> None:
    right = Fraction(P - 1, M + P - 1)
    for wrong in (Fraction(P, M + P - 1), Fraction(P - 1, M + P)):
        assume(wrong != right)
        assert said(judged("bubble", "ratio", wrong, schedule="gpipe", stages=P, microbatches=M))


@given(stages, microbatches)
def test_time_for_ratio_and_forward_only(P: int, M: int) -> None:
    given_ = {"schedule": "1f1b", "stages": P, "microbatches": M}
    assume(
        Fraction(3 * (P - 1)) not in (Fraction(P - 1, M), Fraction(P, M), Fraction(100 * (P - 1), M + P - 1))
    )  # ties
    assert "time" in said(judged("bubble", "ratio", Fraction(3 * (P - 1)), **given_))
    assert "forward only" in said(judged("bubble", "time", Fraction(P - 1), **given_))


@given(stages, st.integers(1, 8), st.integers(2, 4))
def test_a_forgotten_v(P: int, rounds: int, V: int) -> None:
    M = P * rounds
    found = judged(
        "bubble", "ratio", Fraction(P - 1, M + P - 1), schedule="interleaved", stages=P, microbatches=M, chunks=V
    )
    assert "V was forgotten" in said(found)


@given(st.integers(2, 16), st.integers(2, 8))
def test_all_microbatches_in_memory(P: int, more: int) -> None:
    M = P * more
    found = judged("bubble", "peak_activations", Fraction(M), schedule="1f1b", stages=P, microbatches=M)
    assert "GPipe" in said(found)


def test_halving_the_ratio_of_inference() -> None:
    found = judged("bubble", "ratio", Fraction(7, 46), schedule="forward", stages=8, microbatches=16)
    assert "inference" in said(found)


@pytest.mark.parametrize(
    ("name", "output", "typed", "inputs", "words"),
    [
        ("bubble", "ratio", "30.4", {"schedule": "1f1b", "stages": 8, "microbatches": 16}, "sign"),
        ("bubble", "ratio", "0.304%", {"schedule": "1f1b", "stages": 8, "microbatches": 16}, "percent sign"),
        ("kv-cache", "total", "171.8 GB", {"model": "llama-2-70b", "sequence": 4096, "batch": 16}, "MHA"),
        ("kv-cache", "total", "20.0 GB", {"model": "llama-2-70b", "sequence": 4096, "batch": 16}, "1024"),
        ("kv-cache", "per_token", "2560 KiB", {"model": "llama-2-70b", "sequence": 1}, "MHA"),
        ("layout", "gpus", "64", {"stages": 64, "tensor_parallel": 8}, "nodes"),
        ("layout", "nodes", "512", {"stages": 64, "tensor_parallel": 8}, "GPUs"),
        ("interleaving", "speedup", "3.18", {"stages": 4, "microbatches": 8, "chunks": 4}, "bubble ratio"),
        ("training-memory", "total", "16.6 GB", {"parameters": "7.5B", "zero": 1, "data_parallel": 64}, "stage 2"),
        ("all-reduce", "sent", "0.875 GB", {"data": "1 GB", "ranks": 8}, "twice"),
        ("quantised-size", "size", "28.9 GB", {"parameters": "7B", "bits": 4, "group": 128}, "bits"),
        ("min-microbatches", "microbatches", "64", {"stages": 8, "target": "10%"}, "one too many"),
        ("min-microbatches", "microbatches", "70", {"stages": 8, "target": "10%"}, "ideal"),
        ("decode", "bubble", "3/7", {"stages": 4, "groups": 4, "stage_time": "5"}, "steady"),
        ("ttft", "ttft", "96 ms", {"stages": 4, "chunks": 8, "chunk_time": 3}, "overlap"),
    ],
)
def test_named(name: str, output: str, typed: str, inputs: dict[str, Any], words: str) -> None:
    assert words in said(judged(name, output, typed, **inputs))


def test_a_slip_that_rounds_to_the_right_value_is_not_named() -> None:
    """P=2, M=100: 1/101 is 0.99 %, and the ideal 1/100 is 1.0 %; `1.0%` is wrong, `0.99%` is right."""
    inputs = {"schedule": "1f1b", "stages": 2, "microbatches": 1000}
    assert judged("bubble", "ratio", "0.10%", **inputs).right
    assert judged("bubble", "ratio", "0.0999%", **inputs).right


@given(st.integers(2, 16), st.integers(1, 64), st.text(max_size=30))
def test_whatever_is_typed_is_judged_or_asked_again(P: int, M: int, text: str) -> None:
    found = judged("bubble", "ratio", text, schedule="1f1b", stages=P, microbatches=M)
    assert found.message
    assert (found.suggested is None) is (found.value is None and not found.right and "unit" not in found.message)


def test_several_outputs_at_once() -> None:
    calculator = get("bubble")
    inputs = parse_inputs(calculator, {"schedule": "1f1b", "stages": 8, "microbatches": 16})
    outputs = ("ratio", "makespan")
    assert together(judge_outputs(calculator, inputs, outputs, "30.4%; 69")).right
    assert together(judge_outputs(calculator, inputs, outputs, "30.4%，69")).right
    found = together(judge_outputs(calculator, inputs, outputs, "30.4%, 48"))
    assert not found.right
    assert found.suggested == 1
    assert "time of the whole step: Not right" in found.message
    assert together(judge_outputs(calculator, inputs, outputs, "30.4%")).suggested is None
