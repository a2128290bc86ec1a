"""Figures that others published, each with its source."""

from fractions import Fraction

import pytest

from studykit.pipeline import simulate

from .schedule_cases import exact


@pytest.mark.parametrize(
    ("stages", "microbatches", "percent"), [(8, 16, 30.4), (4, 16, 15.8), (64, 256, 19.7), (4, 8, 27.3), (8, 64, 9.9)]
)
@pytest.mark.parametrize("schedule", ["gpipe", "1f1b"])
def test_total_bubble_of_even_stages(schedule: str, stages: int, microbatches: int, percent: float) -> None:
    """GPipe (2019), section 2.3: (K-1)/(M+K-1)."""
    plan = simulate(schedule, **exact(stages, microbatches, 1, (1, 1, 1)))
    assert plan.bubble("total") == Fraction(stages - 1, microbatches + stages - 1)
    assert round(100 * float(plan.bubble("total")), 1) == percent


@pytest.mark.parametrize("chunks", [1, 2, 4])
@pytest.mark.parametrize(("stages", "microbatches"), [(4, 8), (8, 8), (8, 64)])
def test_interleaving_divides_the_ideal_ratio_by_v(stages: int, microbatches: int, chunks: int) -> None:
    """Narayanan et al., SC'21, 2.2.2: bubble time fraction (1/v)(p-1)/m, m a multiple of p."""
    plan = simulate("interleaved", **exact(stages, microbatches, chunks, (1, 1, 1)))
    assert plan.bubble("ideal") == Fraction(stages - 1, chunks * microbatches)


def test_zb_h1_has_a_third_of_the_bubble_time_of_1f1b() -> None:
    """Qi et al., Zero Bubble (2024), 2.1, for T_F = T_B = T_W: P = 8, M = 24 gives (P-1)/(3M+P-1)."""
    plan, old = simulate("zb-h1", **exact(8, 24)), simulate("1f1b", **exact(8, 24))
    assert plan.bubble("total") == Fraction(7, 79)
    assert f"{float(plan.bubble('total')):.2%}" == "8.86%"
    assert plan.idle == old.idle / 3


def test_zb_h2_and_zb_v_have_none_within_their_span() -> None:
    """Qi et al. (2024), 2.2 and 6, for T_F = T_B = T_W."""
    assert simulate("zb-h2", **exact(8, 24)).bubble("span") == 0
    plan = simulate("zb-v", **exact(8, 32))
    assert plan.bubble("span") == 0
    assert f"{float(plan.bubble('total')):.1%}" == "3.5%"


@pytest.mark.parametrize(("P", "M"), [(4, 12), (8, 20), (16, 40)])
def test_bubbles_of_deepseeks_table(P: int, M: int) -> None:
    """DeepSeek-V3 report, table 2: 1F1B (PP-1)(F+B), ZB1P (PP-1)(F+B-2W), DualPipe (PP/2-1)(F&B+B-3W)."""
    F, B, W = 1, 2, 1
    assert simulate("1f1b", **exact(P, M)).idle == (P - 1) * (F + B)
    assert simulate("zb-h1", **exact(P, M)).idle == (P - 1) * (F + B - 2 * W)
    assert simulate("dualpipe", **exact(P, M)).idle == (P // 2 - 1) * (F + B + B - 3 * W)
    assert simulate("dualpipe", **exact(P, M)).peak_activations == (P + 1,) * P


@pytest.mark.parametrize("D", [4, 6, 8, 16, 32])
def test_chimera_of_its_table(D: int) -> None:
    """Li and Hoefler, Chimera (2021), table 2: (D-2)/(2N+D-2) at equal times, (D-2)/(3N/2+D-2) at B = 2F; D/2+1..D."""
    even = simulate("chimera", **exact(D, D, 1, (2, 1, 1)))
    assert even.bubble("total") == Fraction(D - 2, 2 * D + D - 2)
    double = simulate("chimera", **exact(D, D))
    assert double.bubble("total") == Fraction(2 * (D - 2), 3 * D + 2 * (D - 2))
    assert (min(even.peak_activations), max(even.peak_activations)) == (D // 2 + 1, D)


def test_1f1b_pays_for_hops_in_mid_run_and_gpipe_does_not() -> None:
    for M in (8, 16, 64):
        free, slow = exact(8, M), exact(8, M, p2p=Fraction(1, 10))
        paid = simulate("1f1b", **slow).makespan - simulate("1f1b", **free).makespan
        assert paid == Fraction(1, 10) * (2 * 7 * M // 8 + 2 * 6)
        assert simulate("gpipe", **slow).makespan - simulate("gpipe", **free).makespan == Fraction(1, 10) * 2 * 7


def test_dualpipev_where_its_formula_is_only_near() -> None:
    """P = 4, M = 8, F/I/W = 10/11/8: timing DeepSeek's order gives 266.5, the formula says 268."""
    assert simulate("dualpipev", **exact(4, 8, 1, (10, 11, 8))).makespan == Fraction(533, 2)


def test_weight_versions() -> None:
    """PipeDream (2019) stashes P-r; 2BW (2021) and the two-way schedules keep 2; those that flush keep 1."""
    sizes = {"stages": 4, "microbatches": 8}
    assert simulate("pipedream", **sizes).weight_versions == (4, 3, 2, 1)
    assert simulate("pipedream", stages=4, microbatches=2).weight_versions == (2, 2, 2, 1)
    for schedule in ("pipedream-2bw", "chimera", "dualpipe"):
        assert simulate(schedule, **sizes).weight_versions == (2, 2, 2, 2)
    for schedule in ("1f1b", "zb-v", "dualpipev"):
        assert simulate(schedule, **sizes).weight_versions == (1, 1, 1, 1)


def test_memory_of_the_zero_bubble_paper() -> None:
    """Qi et al. (2024), table 2: ZB-H1 (P-r)M_B + r M_W, ZB-H2 (2P-2r-1)M_B + 2r M_W on rank r."""
    P, big, part = 6, Fraction(34), Fraction(32)
    h1, h2 = simulate("zb-h1", **exact(P, 18)), simulate("zb-h2", **exact(P, 18))
    assert h1.peak_memory(big, part) == tuple((P - r) * big + r * part for r in range(P))
    assert h2.peak_memory(big, part) == tuple((2 * P - 2 * r - 1) * big + 2 * r * part for r in range(P))
    assert h2.peak_memory(1, 1) == (2 * P - 1,) * P
