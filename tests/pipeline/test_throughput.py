"""FLOPs and utilisation against the tables of the papers that define them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.pipeline.flops import (
    flops_per_token,
    gpt_parameters,
    hfu,
    mfu,
    roofline,
    step_flops,
    throughput,
    training_time,
)
from studykit.pipeline.published_models import gpt, models


@given(st.integers(1, 128), st.integers(1, 20000), st.integers(0, 60000), st.integers(1, 8192), st.integers(1, 4096))
def test_full_recompute_is_sc21_equation_3(layers: int, h: int, v: int, s: int, b: int) -> None:
    step = step_flops(layers=layers, hidden=h, vocabulary=v, sequence=s, batch=b, recompute="full")
    equation = 96 * b * s * layers * h**2 * (1 + Fraction(s, 6 * h) + Fraction(v, 16 * layers * h))
    assert step.hardware == step.with_full_recompute == equation
    # Korthikanti et al. 2022, appendix A
    assert step.model == 72 * b * s * layers * h**2 * (1 + Fraction(s, 6 * h) + Fraction(v, 12 * layers * h))


@given(st.integers(1, 128), st.integers(1, 20000), st.integers(0, 60000), st.integers(1, 8192))
def test_parameters_are_sc21_equation_2(layers: int, h: int, v: int, s: int) -> None:
    equation = 12 * layers * h**2 * (1 + Fraction(13, 12 * h) + Fraction(v + s, 12 * layers * h))
    assert gpt_parameters(layers, h, v, s) == equation


@given(st.integers(1, 16), st.integers(1, 8), st.integers(1, 64), st.integers(1, 512), st.integers(1, 9), st.booleans())
def test_a_gpt_by_name_counts_as_the_formula_does(
    layers: int, heads: int, width: int, s: int, b: int, training: bool
) -> None:
    h = heads * width
    shape = gpt("row", layers, h, heads, vocabulary=1000, sequence=s)
    by_model = step_flops(shape, sequence=s, batch=b, training=training, recompute="full")
    assert by_model == step_flops(
        layers=layers, hidden=h, vocabulary=1000, sequence=s, batch=b, training=training, recompute="full"
    )


# Narayanan et al. 2021, table 1: layers, hidden, GPUs, batch, achieved TFLOP/s a GPU, aggregate PFLOP/s
TABLE_1 = [
    (24, 2304, 32, 512, 137, 4.4),
    (30, 3072, 64, 512, 138, 8.8),
    (36, 4096, 128, 512, 142, 18.2),
    (40, 6144, 256, 1024, 135, 34.6),
    (48, 8192, 512, 1536, 138, 70.8),
    (60, 10240, 1024, 1792, 140, 143.8),
    (80, 12288, 1536, 2304, 148, 227.1),
    (96, 16384, 1920, 2160, 155, 297.4),
    (105, 20480, 2520, 2520, 163, 410.2),
    (128, 25600, 3072, 3072, 163, 502.0),
]


@pytest.mark.parametrize(("layers", "hidden", "gpus", "batch", "each", "together"), TABLE_1)
def test_achieved_rates_of_the_megatron_table_fit_together(
    layers: int, hidden: int, gpus: int, batch: int, each: float, together: float
) -> None:
    step = step_flops(layers=layers, hidden=hidden, vocabulary=51200, sequence=2048, batch=batch, recompute="full")
    seconds = step.hardware / (together * 1e15)
    rates = throughput(seconds, batch=batch, sequence=2048, gpus=gpus, flops=step, peak=312e12)
    assert rates.hardware_flops_per_gpu is not None
    assert rates.hfu is not None
    assert round(rates.hardware_flops_per_gpu / 1e12) == pytest.approx(each, abs=1)
    assert rates.hfu == pytest.approx(each / 312, abs=0.005)


# Korthikanti et al. 2022, tables 3 and 5: layers, hidden, batch, GPUs, seconds an iteration, MFU %, HFU %
KORTHIKANTI = [
    (48, 6144, 4, 8, 1.10, 41.5, 43.7),
    (96, 12288, 64, 64, 13.75, 51.4, 52.8),
    (105, 20480, 280, 280, 37.83, 56.0, 57.0),
    (128, 25600, 512, 512, 71.49, 56.3, 57.0),
]


@pytest.mark.parametrize(("layers", "hidden", "batch", "gpus", "seconds", "model", "hardware"), KORTHIKANTI)
def test_utilisation_is_that_of_the_selective_recompute_table(
    layers: int, hidden: int, batch: int, gpus: int, seconds: float, model: float, hardware: float
) -> None:
    step = step_flops(
        layers=layers,
        hidden=hidden,
        vocabulary=51200,
        sequence=2048,
        batch=batch,
        recompute="selective-korthikanti",
    )
    rates = throughput(seconds, batch=batch, sequence=2048, gpus=gpus, flops=step, peak=312e12)
    assert rates.mfu is not None
    assert rates.hfu is not None
    assert 100 * rates.mfu == pytest.approx(model, abs=0.4)  # the times are printed to three digits
    assert 100 * rates.hfu == pytest.approx(hardware, abs=0.4)
    assert rates.hfu == pytest.approx(float(hfu(step, seconds, gpus, 312e12)))


def test_selective_recompute_repeats_the_attention_core_once() -> None:
    step = step_flops(layers=96, hidden=12288, sequence=2048, batch=1, recompute="selective")
    assert step.recompute == 4 * 2048**2 * 12288 * 96
    printed = step_flops(layers=96, hidden=12288, sequence=2048, batch=1, recompute="selective-korthikanti")
    core = Fraction(2048, 6 * 12288)
    assert printed.recompute * (1 + core) == printed.model * core


def test_palm_utilisation() -> None:
    # Chowdhery et al. 2022, table 3 and appendix B: 540.35 B, 118 layers, 48 heads of 256, 6,144 TPU v4 of 275 TFLOP/s
    attention = 12 * 118 * 48 * 256 * 2048
    assert round(100 * mfu(238_300, 6 * 540.35e9 + attention, 6144, 275e12), 1) == 46.2
    assert round(100 * mfu(238_300, 6 * 540.35e9, 6144, 275e12), 1) == 45.7


def test_training_cost_a_token_of_deepseek_v3() -> None:
    # Insights into DeepSeek-V3 (2025), table 2: 250 GFLOPs a token in training, causal, 4,096 tokens
    assert round(step_flops("DeepSeek-V3", sequence=4096, causal=True).per_token / 1e9) == 250


def test_training_times_of_section_5_1() -> None:
    # Narayanan et al. 2021, 5.1: 34 days on 1,024 GPUs at 140 TFLOP/s; 84 days on 3,072 at 163
    assert round(training_time(175e9, 300e9, 1024, 140e12) / 86400) == 34
    assert round(training_time(1.008e12, 450e9, 3072, 163e12) / 86400) == 84
    assert training_time(10, 12, 2, 3, recompute="none") == 120


def test_rules_of_thumb() -> None:
    assert flops_per_token(7_000_000_000) == 42_000_000_000
    assert flops_per_token(7_000_000_000, training=False) == 14_000_000_000
    assert flops_per_token(1, recompute="full") == 8
    # 2N is the forward of a model without attention scores and embedding
    forward = step_flops("Llama-2 7B", sequence=1, training=False).forward
    assert forward == pytest.approx(2 * models["Llama-2 7B"].parameters, rel=0.03)


def test_a_mixture_of_experts_computes_with_its_active_parameters() -> None:
    step = step_flops("Mixtral 8x7B", sequence=1)
    assert step.per_token == pytest.approx(6 * 12.88e9, rel=0.02)


def test_causal_counts_half_of_the_scores() -> None:
    full, half = (step_flops("Llama-2 7B", sequence=4096, causal=causal).forward for causal in (False, True))
    assert full - half == 32 * 2 * 4096 * 4096 * 4096


def test_throughput_is_work_over_time() -> None:
    rates = throughput(Fraction(1, 2), batch=8, sequence=100, gpus=4)
    assert (rates.samples, rates.tokens, rates.tokens_per_gpu) == (16, 1600, 400)
    assert rates.mfu is None
    assert isinstance(throughput(0.5, batch=8).tokens, float)


@pytest.mark.parametrize(("batch", "bound"), [(1, "memory"), (1000, "compute")])
def test_decoding_is_bound_by_memory_until_the_batch_is_large(batch: int, bound: str) -> None:
    step = roofline(2 * 7e9 * batch, 14e9, peak=312e12, bandwidth=2.039e12)
    assert step.bound == bound
    assert step.attainable <= 312e12
    assert step.time == max(step.compute_time, step.memory_time)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: step_flops(sequence=1, layers=1), "hidden is 0"),
        (lambda: step_flops(sequence=1, layers=1, hidden=1, recompute="half"), "recompute is 'half'; expected one of"),
        (lambda: throughput(0, batch=1), "step_time is 0; expected a finite number of more than 0"),
        (lambda: mfu(1, 1, 0, 1), "gpus is 0"),
        (lambda: roofline(1, 0, 1, 1), "moved_bytes is 0"),
        (lambda: training_time(1, 1, 1, float("nan")), "flops_per_gpu is nan"),
    ],
)
def test_what_cannot_be_is_refused(call: object, sentence: str) -> None:
    with pytest.raises(ValueError, match="expected") as refused:
        call()  # type: ignore[operator]
    assert sentence in str(refused.value)
