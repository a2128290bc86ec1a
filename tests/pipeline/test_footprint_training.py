"""Training memory: the ZeRO and Korthikanti tables, and what must hold between the ranks."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.pipeline.activations import block_of, edge_activations, in_flight, layer_activations
from studykit.pipeline.footprint_training import Precision, model_states, training_memory
from studykit.pipeline.placement import layers_by_stage, parameters_by_stage
from studykit.pipeline.published_models import gpt, models
from studykit.pipeline.simulate import simulate

# Rajbhandari et al. 2020, table 1: billions of parameters, data-parallel size, GB with stages 1, 2, 3
ZERO = [
    (7.5, 1, 120, 120, 120),
    (7.5, 4, 52.5, 41.3, 30),
    (7.5, 16, 35.6, 21.6, 7.5),
    (7.5, 64, 31.4, 16.6, 1.88),
    (7.5, 256, 30.4, 15.4, 0.47),
    (7.5, 1024, 30.1, 15.1, 0.12),
    (128, 4, 896, 704, 512),
    (128, 16, 608, 368, 128),
    (128, 64, 536, 284, 32),
    (1000, 4, 7000, 5500, 4000),
    (1000, 16, 4750, 2875, 1000),
    (1000, 1024, 4011, 2013, 15.6),
]


@pytest.mark.parametrize(("billions", "replicas", "first", "second", "third"), ZERO)
def test_model_states_are_those_of_the_zero_table(
    billions: float, replicas: int, first: float, second: float, third: float
) -> None:
    found = [model_states(billions * 1e9, data_parallel=replicas, zero=stage).total / 1e9 for stage in (1, 2, 3)]
    # the table cuts some figures off instead of rounding them (35.625 is 35.6, 2218.75 is 2218)
    for value, printed in zip(found, (first, second, third), strict=True):
        assert value == pytest.approx(printed, rel=0.006, abs=0.005)
    assert model_states(billions * 1e9, data_parallel=replicas).total == billions * 16e9


# Megatron-Core, distributed optimizer: bytes a parameter as a function of the data-parallel size
@pytest.mark.parametrize(
    ("precision", "alone", "fixed", "divided"),
    [("fp16", 20, 4, 16), ("bf16", 18, 6, 12), ("fp32", 16, 8, 8), (20, 20, 4, 16), (18, 18, 6, 12), (16, 16, 4, 12)],
)
@pytest.mark.parametrize("replicas", [1, 3, 64])
def test_bytes_a_parameter_are_those_of_the_distributed_optimizer(
    precision: str | int, alone: int, fixed: int, divided: int, replicas: int
) -> None:
    assert model_states(1, precision=precision).total == alone
    sharded = model_states(1, data_parallel=replicas, zero=1, precision=precision).total
    assert sharded == fixed + Fraction(divided, replicas)


@given(st.integers(1, 10**12), st.integers(1, 1024), st.integers(1, 4), st.integers(1, 4), st.integers(1, 16))
def test_stage_3_divides_everything(count: int, replicas: int, w: int, g: int, o: int) -> None:
    precision = Precision(w, g, o)
    states = model_states(count, data_parallel=replicas, zero=3, precision=precision)
    assert states.total * replicas == count * (w + g + o)


# Korthikanti et al. 2022, section 5: the share of a layer that the attention core keeps
@pytest.mark.parametrize(
    ("heads", "hidden", "core", "saved"),
    [(96, 12288, 80, 70), (128, 20480, 64, 65)],
)
def test_selective_recompute_saves_what_the_paper_says(heads: int, hidden: int, core: int, saved: int) -> None:
    def bytes_with(recompute: str) -> Fraction:
        return Fraction(layer_activations(sequence=2048, batch=1, hidden=hidden, heads=heads, recompute=recompute))

    unit = 2048 * hidden
    assert bytes_with("none") == unit * (34 + core)
    assert bytes_with("selective") == unit * 34
    assert int(100 * (1 - bytes_with("selective") / bytes_with("none"))) == saved


@given(st.integers(1, 8192), st.integers(1, 16), st.integers(1, 64), st.sampled_from([1, 2, 4, 8]), st.integers(1, 128))
def test_activations_follow_table_2(s: int, b: int, groups: int, t: int, width: int) -> None:
    a = groups * t
    h = a * width
    sbh, fives = s * b * h, Fraction(5 * a * s, h)

    def kept(**options: object) -> object:
        return layer_activations(sequence=s, batch=b, hidden=h, heads=a, tensor_parallel=t, **options)  # type: ignore[arg-type]

    assert kept() == sbh * (10 + Fraction(24, t) + fives / t)
    assert kept(sequence_parallel=True) == Fraction(sbh, t) * (34 + fives)
    assert kept(recompute="selective") == sbh * (10 + Fraction(24, t))
    assert kept(recompute="selective", sequence_parallel=True) == Fraction(34 * sbh, t)
    assert kept(recompute="full") == 2 * sbh
    assert kept(recompute="full", split_saved_input=True) == Fraction(2 * sbh, t)


@given(st.integers(1, 64), st.integers(1, 16), st.integers(1, 40000))
def test_another_feed_forward_follows_megatrons_estimator(heads: int, width: int, ffn: int) -> None:
    # Megatron-LM, theoretical_memory_usage: sbh (18 + 4 ffn/h) with selective recompute and sequence parallel
    shape = replace(gpt("row", 2, heads * width, heads), ffn=ffn)
    kept = layer_activations(
        sequence=64, batch=1, hidden=shape.hidden, heads=heads, recompute="selective", block=block_of(shape)
    )
    assert kept == 64 * shape.hidden * (18 + Fraction(4 * ffn, shape.hidden))


def test_a_models_own_block_is_counted_tensor_by_tensor() -> None:
    # Llama-2 70B: two norms' and two linear inputs; q, 2 x kv/8, output; gate, up and product of 28,672; softmax
    s, h, f = 4096, 8192, 28672
    plan = training_memory("Llama-2 70B", sequence=s, own_block=True)
    tensors = 2 * (4 * s * h + s * (h + 2 * 1024 + h) + 3 * s * f + 64 * s * s)
    assert plan.per_layer == tensors
    assert plan.per_layer < training_memory("Llama-2 70B", sequence=s).per_layer


@pytest.mark.parametrize("schedule", ["naive", "gpipe", "1f1b", "interleaved", "looped-bfs"])
@pytest.mark.parametrize("stages", [1, 2, 4, 5])
@pytest.mark.parametrize("rounds", [1, 2, 3])
@pytest.mark.parametrize("chunks", [1, 2, 3])
def test_micro_batches_in_flight_are_those_of_the_timeline(
    schedule: str, stages: int, rounds: int, chunks: int
) -> None:
    if schedule in ("naive", "gpipe", "1f1b"):
        chunks = 1
    plan = simulate(
        schedule,
        stages=stages,
        microbatches=rounds * stages,
        chunks=chunks,
        forward=Fraction(1),
        backward_input=Fraction(1),
        backward_weight=Fraction(1),
    )
    assert in_flight(schedule, stages, rounds * stages, chunks) == plan.peak_activations


@pytest.mark.parametrize("stages", [1, 2, 3, 5, 8])
def test_zero_bubble_schedules_hold_what_their_formulas_say(stages: int) -> None:
    # Qi et al. 2024, Zero Bubble Pipeline Parallelism, table 1: activations and what weight gradients still need
    half = Fraction(1, 2)
    enough = 3 * stages
    assert in_flight("zb-h1", stages, enough, weight_share=half) == tuple(
        stages - rank + rank * half for rank in range(stages)
    )
    assert in_flight("zb-h2", stages, enough, weight_share=half) == tuple(
        2 * stages - 2 * rank - 1 + 2 * rank * half for rank in range(stages)
    )
    for schedule in ("zb-h1", "zb-h2"):
        plan = simulate(schedule, stages=stages, microbatches=enough)
        assert in_flight(schedule, stages, enough, weight_share=0) == plan.peak_activations
        assert max(in_flight(schedule, stages, enough)) <= 2 * stages - 1


@pytest.mark.parametrize("stages", [2, 4, 6])
def test_two_way_schedules_hold_one_more_or_half(stages: int) -> None:
    # DeepSeek-AI 2024, DeepSeek-V3, table 2: PP + 1 activations with DualPipe
    for schedule, held in (("dualpipe", stages + 1), ("dualpipev", Fraction(2 * stages + 1, 2))):
        plan = simulate(schedule, stages=stages, microbatches=4 * stages)
        assert in_flight(schedule, stages, 4 * stages) == (held,) * stages == plan.peak_activations


def test_the_first_rank_of_1f1b_holds_all_layers_worth_of_activations() -> None:
    # Korthikanti et al. 2022, 4.2.3: with p micro-batches in flight the first stage holds L layers' activations
    plan = training_memory("GPT-3", sequence=2048, microbatches=64, stages=8, tensor_parallel=8, sequence_parallel=True)
    assert plan.activations[0] == Fraction(2048 * 12288 * 96, 8) * (34 + 80)
    assert 8 * plan.activations[-1] == plan.activations[0]
    interleaved = training_memory(
        "GPT-3",
        sequence=2048,
        microbatches=64,
        stages=8,
        chunks=3,
        schedule="interleaved",
        tensor_parallel=8,
        sequence_parallel=True,
    )
    assert interleaved.activations[0] == plan.activations[0] * (1 + Fraction(7, 8 * 3))


def test_edges_add_what_section_4_3_says() -> None:
    sbh, v, t = 2048 * 4 * 6144, 51200, 8
    mask, head = edge_activations(sequence=2048, batch=4, hidden=6144, vocabulary=v, tensor_parallel=t)
    assert mask == Fraction(sbh, t)
    assert head == Fraction(4 * sbh, t) * (1 + Fraction(v, 6144))
    shape = gpt("22B", 48, 6144, 64)
    bare, full = (
        training_memory(shape, sequence=2048, batch=4, tensor_parallel=8, sequence_parallel=True, edges=edges)
        for edges in (False, True)
    )
    assert full.activations[0] - bare.activations[0] == mask + head


@given(st.sampled_from(list(models)), st.integers(1, 8), st.sampled_from([1, 2, 4]))
def test_the_ranks_hold_the_model(name: str, stages: int, t: int) -> None:
    shape = models[name]
    held = parameters_by_stage(shape, stages, t)
    repeated = sum(shape.layer_parameters(layer).repeated for layer in range(shape.layers))
    repeated += shape.final_norm_parameters + shape.positions * shape.hidden
    copy = shape.head_parameters if shape.tied_embeddings and stages > 1 else 0
    assert sum(held) * t == shape.parameters + copy + (t - 1) * repeated


def test_experts_are_divided_by_expert_parallelism() -> None:
    whole, spread = (parameters_by_stage(models["DeepSeek-V3"], 1, 1, ranks)[0] for ranks in (1, 64))
    assert whole - spread == Fraction(58 * 256 * 3 * 7168 * 2048 * 63, 64)


def test_layers_may_be_given() -> None:
    assert layers_by_stage(10, 4) == (3, 3, 2, 2)
    assert layers_by_stage(10, 4, [1, 4, 4, 1]) == (1, 4, 4, 1)
    plan = training_memory(parameters=99, layers=10, hidden=8, heads=2, sequence=4, stages=2, layers_per_stage=[4, 6])
    assert plan.layers == (4, 6)
    assert plan.parameters == (Fraction(99, 2), Fraction(99, 2))


def test_a_gpt_by_its_dimensions_is_the_model_of_these_dimensions() -> None:
    shape = gpt("row", 48, 6144, 64)
    layout = {"sequence": 2048, "stages": 4, "tensor_parallel": 2, "microbatches": 8}
    by_dimensions = training_memory(layers=48, hidden=6144, heads=64, vocabulary=51200, **layout)  # type: ignore[arg-type]
    assert by_dimensions == training_memory(shape, **layout)  # type: ignore[arg-type]


def test_counts_from_a_simulation_are_taken_as_they_are() -> None:
    peaks = simulate("zb-h1", stages=4, microbatches=8).peak_activations
    plan = training_memory("GPT-3", sequence=128, microbatches=8, stages=4, schedule=peaks)
    assert plan.in_flight == peaks


def test_parts_add_up_on_every_rank() -> None:
    plan = training_memory(
        "Llama-2 70B",
        sequence=4096,
        microbatches=16,
        stages=4,
        tensor_parallel=8,
        data_parallel=4,
        zero=2,
        precision="bf16",
    )
    assert plan.gpus == 128
    for rank in range(4):
        parts = plan.weights[rank] + plan.gradients[rank] + plan.optimizer[rank] + plan.activations[rank]
        assert parts == plan.total[rank]
    assert plan.peak == max(plan.total) == plan.total[0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"model": "GPT-3", "stages": 97}, "stages is 97; expected at most the 96 layers"),
        ({"model": "GPT-3", "zero": 4}, "zero is 4; expected a whole number from 0 to 3"),
        ({"model": "GPT-3", "precision": 17}, "precision is 17; expected one of mixed"),
        ({"model": "GPT-3", "sequence": 8, "recompute": "some"}, "recompute is 'some'"),
        ({"model": "GPT-3", "sequence": 8, "schedule": "chimera"}, "schedule is 'chimera'; expected one of naive"),
        ({"model": "GPT-3", "sequence": 8, "tensor_parallel": 7}, "expected a divisor of the 96 heads"),
        ({"model": "Mixtral 8x7B", "expert_parallel": 3}, "expected a divisor of the 8 experts"),
        ({"model": "GPT-3", "stages": 2, "layers_per_stage": [1, 2]}, "expected 2 counts"),
        ({}, "parameters is 0; expected a finite number of more than 0"),
    ],
)
def test_what_cannot_be_is_refused(arguments: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match="expected") as refused:
        training_memory(**arguments)  # type: ignore[arg-type]
    assert sentence in str(refused.value)
