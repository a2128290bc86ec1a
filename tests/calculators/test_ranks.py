"""Figures of a rank that is named, and of the fullest one, against the model's own lists by rank."""

from typing import Any

import pytest

from studykit.calculators.declare import get, parse_inputs
from studykit.calculators.inputs import RefusalError
from studykit.pipeline import simulate, training_memory
from studykit.pipeline.kv_cache import kv_bytes

TRAINED: dict[str, Any] = {"stages": 8, "tensor_parallel": 8, "data_parallel": 16, "zero": 1, "microbatches": 64,
                           "sequence": 2048, "recompute": "selective"}  # fmt: skip


def values(name: str, **given: Any) -> dict[str, float]:
    calculator = get(name)
    found = calculator.compute(parse_inputs(calculator, given)).values
    return {output: float(value) for output, value in found.items()}


@pytest.mark.parametrize("rank", [None, *range(8)])
def test_training_memory(rank: int | None) -> None:
    model = training_memory("GPT-3", sequence_parallel=True, **TRAINED)
    found = values("training-memory", model="gpt-3-175b", sequence_parallel="yes", rank=rank, **TRAINED)
    at = max(range(8), key=lambda each: model.total[each]) if rank is None else rank
    assert found["gpu"] * 1e9 == pytest.approx(float(model.total[at]))
    assert found["activations"] * 1e9 == pytest.approx(float(model.activations[at]))
    assert found["in_flight"] == model.in_flight[at]


@pytest.mark.parametrize("rank", range(4))
def test_peak_activations_and_the_cache(rank: int) -> None:
    plan = simulate("1f1b", stages=4, microbatches=8)
    found = values("bubble", schedule="1f1b", stages=4, microbatches=8, rank=rank)
    assert found["peak_activations"] == plan.peak_activations[rank]
    cache = kv_bytes("Llama-2 7B", sequence=100, stages=3)
    if rank < 3:
        found = values("kv-cache", model="llama-2-7b", sequence=100, stages=3, rank=rank)
        assert found["per_gpu"] * 1e9 == pytest.approx(float(cache.by_rank[rank]))


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("bubble", {"schedule": "1f1b", "stages": 4, "microbatches": 8}),
        ("kv-cache", {"model": "llama-2-7b", "sequence": 1, "stages": 4}),
        ("inference-memory", {"model": "llama-2-7b", "sequence": 1, "stages": 4}),
        ("activation-memory", {"model": "llama-2-7b", "sequence": 1, "stages": 4}),
        ("training-memory", {"model": "llama-2-7b", "stages": 4}),
    ],
)
def test_a_rank_that_is_not_there_is_a_sentence(name: str, given: dict[str, Any]) -> None:
    with pytest.raises(RefusalError, match="rank is 4; expected 0 to 3"):
        values(name, rank=4, **given)
