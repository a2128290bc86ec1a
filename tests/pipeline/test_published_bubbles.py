"""Bubble figures printed in papers, from the times and sizes printed with them."""

from fractions import Fraction

import pytest

from studykit.pipeline import bubble_ratio, simulate

# Qi et al. 2024, Zero Bubble Pipeline Parallelism, tables 5 (bubble rates, span convention) and 9 (profiled times in
# ms): model, P, M, then T_F, T_B, T_W and T_comm, then the rates of 1F1B, ZB-H1 and ZB-H2. Each profile belongs to
# the smallest M of its model, so only these rows follow from it.
ZERO_BUBBLE = [
    ("1.5B", 8, 24, (18.522, 18.086, 9.337, 0.601), (0.2431, 0.1585, 0.1083)),
    ("6.2B", 8, 24, (29.718, 29.444, 19.927, 0.527), (0.2347, 0.1323, 0.0698)),
    ("14.6B", 16, 48, (11.347, 11.248, 8.132, 0.377), (0.2552, 0.1397, 0.0672)),
    ("28.3B", 32, 96, (10.419, 10.207, 7.715, 0.408), (0.2646, 0.1421, 0.0641)),
]


@pytest.mark.parametrize(("model", "P", "M", "times", "rates"), ZERO_BUBBLE, ids=[row[0] for row in ZERO_BUBBLE])
def test_bubble_rates_of_the_zero_bubble_paper(
    model: str, P: int, M: int, times: tuple[float, float, float, float], rates: tuple[float, float, float]
) -> None:
    names = ("forward", "backward_input", "backward_weight", "p2p")
    for schedule, rate in zip(("1f1b", "zb-h1", "zb-h2"), rates, strict=True):
        plan = simulate(schedule, stages=P, microbatches=M, **dict(zip(names, times, strict=True)))  # type: ignore[arg-type]
        assert plan.bubble("span") == pytest.approx(rate, abs=5.1e-5), (model, schedule)


@pytest.mark.parametrize(
    ("schedule", "rate"),
    # the overview of the Zero Bubble repository, for T_F = T_B = T_W: (p-1)/m, (p-1)/3m, 0, 0
    [("1f1b", Fraction(7, 32)), ("zb-h1", Fraction(7, 96)), ("zb-h2", Fraction(0)), ("zb-v", Fraction(0))],
)
def test_bubbles_of_the_zero_bubble_overview(schedule: str, rate: Fraction) -> None:
    one = Fraction(1)
    plan = simulate(schedule, stages=8, microbatches=32, forward=one, backward_input=one, backward_weight=one)
    assert (plan.span - plan.work) / plan.work == rate


@pytest.mark.parametrize("D", [4, 6, 8, 16, 32])
def test_bubble_ratios_of_chimera(D: int) -> None:
    # Li and Hoefler 2021, 3.1 and table 2: (D-2)/(2N+D-2) where a backward takes as long as a forward, else
    # (D-2)/(3N/2+D-2) where it takes twice as long, for N = D
    even = bubble_ratio("chimera", stages=D, microbatches=D, backward_input=1, backward_weight=0)
    assert even == Fraction(D - 2, 2 * D + D - 2)
    twice = bubble_ratio("chimera", stages=D, microbatches=D, backward_input=1, backward_weight=1)
    assert twice == Fraction(D - 2) / (Fraction(3 * D, 2) + D - 2)


@pytest.mark.parametrize("PP", [2, 4, 8, 16])
def test_bubble_times_of_the_deepseek_v3_table(PP: int) -> None:
    # DeepSeek-AI 2024, table 2, with F = 1, B = 2, W = 1 and a fused F&B of 3
    F, B, W, fused = 1, 2, 1, 3
    bubbles = {
        "1f1b": (PP - 1) * (F + B),
        "zb-h1": (PP - 1) * (F + B - 2 * W),
        "dualpipe": (Fraction(PP, 2) - 1) * (fused + B - 3 * W),
    }
    for schedule, bubble in bubbles.items():
        assert simulate(schedule, stages=PP, microbatches=4 * PP).idle == bubble


def test_interleaving_divides_the_bubble_time_by_v() -> None:
    # Narayanan et al. 2021, 2.2.2
    for V in (1, 2, 3, 4):
        step = {"stages": 8, "microbatches": 64, "convention": "ideal"}
        assert bubble_ratio("interleaved", chunks=V, **step) == Fraction(7, 64) / V  # type: ignore[arg-type]


def test_numbers_of_the_llama_3_report() -> None:
    # Grattafiori et al. 2024, 3.3.2: the bubble is (PP - 1)/(V M), M a multiple of PP or not
    for V, M in ((1, 8), (2, 16), (4, 12)):
        ratio = bubble_ratio("interleaved", stages=4, microbatches=M, chunks=V, convention="ideal")
        assert ratio == Fraction(3, V * M)
