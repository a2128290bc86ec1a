"""Communication: ring algorithms run block by block, and the volumes papers state."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.pipeline.collectives import Link, collective
from studykit.pipeline.published_models import models
from studykit.pipeline.traffic import communication

sizes = st.integers(1, 12)


def ring_all_reduce(ranks: int) -> tuple[int, int]:
    """Blocks each rank sends and steps taken until every rank holds every block summed over all ranks."""
    held = [[{rank} for _ in range(ranks)] for rank in range(ranks)]
    steps = sent = 0
    for gathering in (False, True):
        for step in range(ranks - 1):
            moves = [(rank, (rank + 1) % ranks, (rank + gathering - step) % ranks) for rank in range(ranks)]
            values = [set(held[source][block]) for source, _, block in moves]
            for (_, target, block), value in zip(moves, values, strict=True):
                held[target][block] = value if gathering else held[target][block] | value
            steps, sent = steps + 1, sent + 1
    assert all(block == set(range(ranks)) for rank in held for block in rank)
    return sent, steps


@given(sizes, st.integers(1, 10**6))
def test_an_all_reduce_sends_what_a_ring_run_block_by_block_sends(ranks: int, unit: int) -> None:
    sent, steps = ring_all_reduce(ranks)
    found = collective("all-reduce", unit * ranks, ranks, bandwidth=unit, latency=3)
    assert (found.sent, found.steps) == (sent * unit, steps)
    assert found.time == 3 * steps + sent


@given(sizes, st.integers(0, 10**6))
def test_an_all_reduce_is_a_reduce_scatter_and_an_all_gather(ranks: int, data: int) -> None:
    whole, first, second = (
        collective(kind, data, ranks, bandwidth=7, latency=Fraction(1, 3))
        for kind in ("all-reduce", "reduce-scatter", "all-gather")
    )
    assert whole.sent == first.sent + second.sent
    assert first.time is not None
    assert second.time is not None
    assert whole.time == first.time + second.time


@pytest.mark.parametrize(
    ("kind", "factor"),
    # NVIDIA nccl-tests, doc/PERFORMANCE.md: bus bandwidth over algorithm bandwidth
    [
        ("all-reduce", Fraction(14, 8)),
        ("all-gather", Fraction(7, 8)),
        ("reduce-scatter", Fraction(7, 8)),
        ("all-to-all", Fraction(7, 8)),
        ("broadcast", 1),
    ],
)
def test_bus_factors_are_those_of_nccl_tests(kind: str, factor: Fraction) -> None:
    assert collective(kind, 800, 8).bus_factor == factor


def test_nothing_moves_on_one_rank() -> None:
    for kind in ("all-reduce", "all-gather", "reduce-scatter", "all-to-all", "broadcast", "p2p"):
        alone = collective(kind, 100, 1, bandwidth=1, latency=1)
        assert (alone.sent, alone.steps, alone.time) == (0, 0, 0)


def test_printed_link_rates_are_both_directions() -> None:
    # 32 x 2048 x 12288 elements of 2 bytes over 8 GPUs: 4.7 ms if 600 GB/s went one way, 9.4 ms as it is
    data = 32 * 2048 * 12288 * 2
    wrong, right = (collective("all-reduce", data, 8, bandwidth=rate).time for rate in (600e9, 300e9))
    assert wrong == pytest.approx(4.7e-3, rel=0.01)
    assert right == pytest.approx(9.4e-3, rel=0.01)


@given(st.integers(1, 8), st.integers(1, 4096), st.integers(1, 512), st.integers(1, 8), st.integers(1, 12))
def test_tensor_parallel_volume_is_8bsh(b: int, s: int, h: int, t: int, layers: int) -> None:
    # Narayanan et al. 2021, 3.2: l_stage x 8bsh (t-1)/t elements a device and micro-batch
    moved = communication(sequence=s, batch=b, hidden=h, layers=layers, tensor_parallel=t, bytes_per_element=1)
    assert moved.tensor_per_layer == Fraction(8 * b * s * h * (t - 1), t)
    assert moved.tensor.sent == (layers * moved.tensor_per_layer,)
    with_sequence = communication(
        sequence=s, batch=b, hidden=h, layers=layers, tensor_parallel=t, bytes_per_element=1, sequence_parallel=True
    )
    assert with_sequence.tensor.sent == moved.tensor.sent
    again = communication(
        sequence=s, batch=b, hidden=h, layers=layers, tensor_parallel=t, bytes_per_element=1, recompute="full"
    )
    assert again.tensor.sent == (moved.tensor.sent[0] * Fraction(3, 2),)
    forward = communication(
        sequence=s, batch=b, hidden=h, layers=layers, tensor_parallel=t, bytes_per_element=1, training=False
    )
    assert forward.tensor.sent == (moved.tensor.sent[0] * Fraction(1, 2),)


@given(st.integers(1, 8), st.integers(1, 32), st.integers(1, 4), st.booleans())
def test_pipeline_hops_are_those_of_every_micro_batch(stages: int, m: int, chunks: int, training: bool) -> None:
    moved = communication(
        sequence=5, hidden=3, layers=64, stages=stages, microbatches=m, chunks=chunks, training=training
    )
    hops = (stages * chunks - 1) if stages > 1 else 0
    assert sum(moved.pipeline.operations) == m * hops * (2 if training else 1)
    assert moved.hop == 5 * 3 * 2
    assert moved.pipeline.sent == tuple(count * 30 for count in moved.pipeline.operations)


def test_interleaving_more_than_doubles_the_hops() -> None:
    one, two = (communication(sequence=1, hidden=1, layers=8, stages=4, chunks=v, training=False) for v in (1, 2))
    assert (sum(one.pipeline.operations), sum(two.pipeline.operations)) == (3, 7)


@pytest.mark.parametrize(("zero", "volumes"), [(0, 2), (1, 2), (2, 2), (3, 3)])
def test_data_parallel_volumes_are_those_of_zero(zero: int, volumes: int) -> None:
    # Rajbhandari et al. 2020, 7: 2, 2 and 3 times the parameters, less the rank's own part
    moved = communication(
        sequence=1, hidden=1, layers=4, parameters=4800, stages=4, tensor_parallel=3, data_parallel=8, zero=zero
    )
    assert moved.data.sent == (volumes * Fraction(7, 8) * 400 * 2,) * 4
    assert moved.gpus == 96


def test_gradients_may_be_wider_than_weights() -> None:
    moved = communication(sequence=1, hidden=1, layers=1, parameters=64, data_parallel=2, zero=1, gradient_bytes=4)
    assert moved.data.sent == (64 * 4 // 2 + 64 * 2 // 2,)


def test_experts_exchange_each_token_once_for_each_active_expert() -> None:
    moved = communication("Mixtral 8x7B", sequence=4096, expert_parallel=8, stages=2, training=False)
    each = 4096 * 4096 * 2 * 2 * Fraction(7, 8)
    assert moved.expert.sent == (16 * 2 * each,) * 2
    training = communication("Mixtral 8x7B", sequence=4096, expert_parallel=8, stages=2)
    assert training.expert.sent == (16 * 4 * each,) * 2


def test_only_layers_with_experts_exchange() -> None:
    moved = communication("DeepSeek-V3", sequence=1, expert_parallel=64, stages=61, training=False)
    assert moved.expert.operations[:4] == (0, 0, 0, 2)
    by_hand = communication(
        sequence=1, hidden=7168, layers=61, stages=61, expert_parallel=64, experts_active=8, expert_layers=58,
        training=False,
    )  # fmt: skip
    assert by_hand.expert == moved.expert


def test_times_are_latency_and_bytes_over_bandwidth() -> None:
    moved = communication(
        sequence=100,
        hidden=10,
        layers=4,
        stages=2,
        tensor_parallel=2,
        microbatches=3,
        bandwidth=1000,
        latency=1,
        pipeline_link=Link(500, 2),
    )
    # 4 all-reduces a layer, two layers, three micro-batches; each 2 steps and 2000 bytes
    assert moved.tensor.time == (24 * (2 * 1 + 2), 24 * (2 * 1 + 2))
    # three sends of 2000 bytes from each side
    assert moved.pipeline.time == (3 * (2 + 4), 3 * (2 + 4))
    assert moved.data.time == (0, 0)
    assert communication(sequence=1, hidden=1, layers=1).tensor.time is None


def test_scatter_gather_sends_each_rank_its_part() -> None:
    # Narayanan et al. 2021, 4.1
    moved = communication(sequence=2048, hidden=12288, layers=96, stages=8, tensor_parallel=8, scatter_gather=True)
    assert moved.hop == 2048 * 12288 * 2 // 8


def test_a_named_model_sends_the_gradients_of_its_ranks() -> None:
    moved = communication("Llama-2 7B", sequence=4096, data_parallel=2)
    assert moved.data.sent == (models["Llama-2 7B"].parameters * 2,)
    assert moved.sent == (moved.data.sent[0],)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: collective("gossip", 1, 2), "kind is 'gossip'; expected one of all-reduce"),
        (lambda: collective("p2p", -1, 2), "data is -1"),
        (lambda: collective("p2p", 1, 2, bandwidth=0), "bandwidth is 0; expected a finite number of more than 0"),
        (lambda: communication(sequence=1), "hidden is 0"),
        (lambda: communication(sequence=1, hidden=1, layers=1, stages=2), "stages is 2; expected at most the 1 layers"),
        (lambda: communication(sequence=1, hidden=1, layers=1, zero=5), "zero is 5"),
        (lambda: communication(sequence=1, hidden=1, layers=1, data_parallel=2), "parameters is 0; expected"),
        (lambda: communication(sequence=1, hidden=1, layers=1, expert_layers=2), "expert_layers is 2"),
    ],
)
def test_what_cannot_be_is_refused(call: object, sentence: str) -> None:
    with pytest.raises(ValueError, match="expected") as refused:
        call()  # type: ignore[operator]
    assert sentence in str(refused.value)
