"""Figures that others published, through the calculators; the source of each stands beside it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.calculators.declare import get, parse_inputs
from studykit.pipeline import closed_form

ONE = Fraction(1)


def figure(name: str, output: str, **given: object) -> float:
    calculator = get(name)
    return float(calculator.compute(parse_inputs(calculator, given)).values[output])


@pytest.mark.parametrize(
    ("stages", "target", "least"), [(2, "10%", 9), (4, "10%", 27), (8, "10%", 63), (16, "10%", 135)]
)
def test_least_microbatches(stages: int, target: str, least: int) -> None:
    """From (P-1)/(M+P-1) <= 1/10, M >= 9(P-1), exactly."""
    assert figure("min-microbatches", "microbatches", stages=stages, target=target) == least


@pytest.mark.parametrize(("zero", "gigabytes"), [(0, 120), (1, 31.4), (2, 16.6), (3, 1.88)])
def test_zero_figure_1(zero: int, gigabytes: float) -> None:
    """Rajbhandari et al. 2020, figure 1: 7.5 B parameters on 64 GPUs."""
    found = figure("training-memory", "total", parameters="7.5B", data_parallel=64, zero=zero)
    assert found == pytest.approx(gigabytes, rel=0.005)


@pytest.mark.parametrize(("precision", "size"), [("mixed", 16), ("bf16", 18), ("fp16", 20)])
def test_bytes_a_parameter(precision: str, size: int) -> None:
    """ZeRO, 3.1 (2+2+12); Megatron-Core's distributed optimizer (18 with fp32 gradients, 20 with both kept)."""
    assert figure("training-memory", "per_parameter", parameters="1e9", precision=precision) == size


def test_kv_cache_of_llama_2_70b() -> None:
    """320 KiB a token: 2 x 8 KV heads x 128 x 2 bytes x 80 layers (Touvron et al. 2023, table 1)."""
    assert figure("kv-cache", "per_token", model="llama-2-70b", sequence=1) == 320


def test_activations_of_gpt_3() -> None:
    """Korthikanti et al. 2022, table 2 at s=2048, b=1, h=12288, a=96, t=8 with sequence parallelism: sbh/t (34+80)."""
    found = figure(
        "activation-memory", "per_layer", model="gpt-3-175b", sequence=2048, tensor_parallel=8, sequence_parallel="yes"
    )
    assert found == pytest.approx(2048 * 12288 * (34 + 80) / 8 / 1e9, rel=1e-9)


def test_parameters_of_gpt_3() -> None:
    """Narayanan et al. 2021, table 1: 174.6 B at 96 layers of 12288 with a vocabulary of 51,200."""
    found = figure("parameters", "total", layers=96, hidden=12288, vocabulary=51200, sequence=2048)
    assert found / 1e9 == pytest.approx(174.6, abs=0.05)


def test_flops_of_gpt_3_by_equation_3() -> None:
    """SC'21, eq. 3: 96 B s L h^2 (1 + s/6h + V/16Lh), with every layer's forward run twice."""
    found = figure(
        "flops", "hardware", layers=96, hidden=12288, vocabulary=51200, sequence=2048, batch=1536, recompute="full"
    )
    paper = 96 * 1536 * 2048 * 96 * 12288**2 * (1 + 2048 / (6 * 12288) + 51200 / (16 * 96 * 12288)) / 1e15
    assert found == pytest.approx(paper, rel=1e-9)


@pytest.mark.parametrize(
    ("stages", "microbatches", "percent"), [(8, 16, 30.4), (4, 16, 15.8), (64, 256, 19.7), (8, 32, 17.9), (4, 8, 27.3)]
)
def test_bubbles_of_the_gpipe_paper_formula(stages: int, microbatches: int, percent: float) -> None:
    """Huang et al. 2019, 2.3: (K-1)/(M+K-1)."""
    found = figure("bubble", "ratio", schedule="gpipe", stages=stages, microbatches=microbatches)
    assert 100 * found == pytest.approx(percent, abs=0.05)


def test_interleaving_gains_less_than_it_shrinks_the_bubble() -> None:
    """SC'21, 2.2.2: the bubble time is divided by V. P=4, M=8, V=4: 27.3 % becomes 8.6 %, a step is 1.26 x faster."""
    given = {"stages": 4, "microbatches": 8, "chunks": 4}
    assert figure("interleaving", "ratio_before", **given) == pytest.approx(3 / 11)
    assert figure("interleaving", "ratio_after", **given) == pytest.approx(3 / 35)
    assert figure("interleaving", "speedup", **given) == pytest.approx(float(Fraction(44, 35)))


def test_zero_bubble_h1() -> None:
    """Qi et al. 2023: with F=I=W the bubble time is (P-1)F, so total (P-1)/(3M+P-1) = 8.86 % at P=8, M=24."""
    found = figure("bubble", "ratio", schedule="zb-h1", stages=8, microbatches=24, forward=1, backward=2)
    assert 100 * found == pytest.approx(8.86, abs=0.005)


def test_ring_all_reduce() -> None:
    """Patarasuk and Yuan 2009: each of N ranks sends 2(N-1)/N of the data."""
    assert figure("all-reduce", "sent", data="1 GB", ranks=8) == pytest.approx(1.75)


def test_gptq_group_of_128() -> None:
    """Frantar et al. 2023: 4 bits with a 16-bit scale and a 4-bit zero point a group of 128 is 4.156 bits."""
    assert figure("quantised-size", "bits_per_weight", parameters="7B", format="gptq-4bit") == pytest.approx(4.15625)


@given(
    st.integers(2, 40),
    st.fractions(Fraction(1, 50), Fraction(1, 2), max_denominator=50),
    st.sampled_from(["forward", "gpipe", "1f1b"]),
    st.sampled_from(["total", "ideal"]),
    st.booleans(),
    st.integers(1, 6),
)
def test_least_microbatches_against_the_ratio_itself(
    stages: int, target: Fraction, schedule: str, convention: str, below: bool, step: int
) -> None:
    """The least M whose ratio keeps the target, by asking the model about it and about the one before."""
    calculator = get("min-microbatches")
    more = {"schedule": schedule, "convention": convention, "below": "yes" if below else "no", "multiple_of": step}
    found = calculator.compute(parse_inputs(calculator, {"stages": stages, "target": target, **more})).values
    count = int(found["microbatches"])

    def kept(microbatches: int) -> bool:
        size = {"stages": stages, "microbatches": microbatches}
        form = closed_form(schedule, **size, forward=ONE, backward_input=ONE, backward_weight=ONE)
        ratio = form.bubble(convention)
        assert ratio is not None
        return ratio < target if below else ratio <= target

    assert count % step == 0
    assert kept(count)
    assert count == step or not kept(count - step)


@pytest.mark.parametrize(("gpu", "peak"), [("v100", 125), ("a10", 125), ("l4", 121), ("3090", 71), ("h100", 989.5)])
def test_every_published_gpu_fills_in_its_16_bit_peak(gpu: str, peak: float) -> None:
    given = {
        "gpu": gpu,
        "layers": 32,
        "hidden": 4096,
        "vocabulary": 32000,
        "sequence": 2048,
        "batch": 8,
        "step_time": "1 s",
        "gpus": 1,
    }
    assert figure("flops", "mfu", **given) == pytest.approx(figure("flops", "achieved", **given) / peak)
