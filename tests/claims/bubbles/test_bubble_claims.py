"""Stated bubbles: inputs nearby, conventions, slots, bounds and least numbers of micro-batches."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.calculators.inputs import parse_inputs
from studykit.calculators.registry import get
from studykit.claims.judging.bubble import IDEAL, TOTAL, Size, ratio
from tests.claims.notes import alarms, report, severities

SETTINGS = [
    "P=8, M=16 时气泡率为 {}",
    "PP=8, M=16：气泡占比约 {}",
    "8 级流水线、16 个 micro-batch，气泡 {}",
    "With 8 stages and 16 micro-batches the bubble ratio is {}.",
    "气泡 {} for P=8, M=16",
    "## P=8, M=16\n\n气泡率: {}",
    "```python\npp_size = 8\nnum_microbatches=16\n\nbubble = 7/(7+16) = {}\n```",
    "```\n8-way流水线, 16个micro-batches:\n\nGPU0 | F1\n\n气泡: {}\n```",
    "- pp_size = 8\n- num_micro_batches = 32/2 = 16\n- 气泡占比 ≈ {}",
]


@pytest.mark.parametrize("chunks", [1, 2, 3])
@pytest.mark.parametrize("convention", [TOTAL, IDEAL])
def test_the_ratio_is_the_calculators(chunks: int, convention: str) -> None:
    calculator = get("bubble")
    for stages, microbatches in ((2, 2), (4, 8), (4, 16), (8, 16), (8, 64), (16, 32)):
        case = Size(stages, microbatches, chunks)
        inputs = parse_inputs(calculator, {key: str(value) for key, value in case.inputs(convention).items()})
        assert ratio(case, convention) == pytest.approx(float(calculator.compute(inputs).values["ratio"]), rel=1e-12)


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_result_is_judged_by_the_inputs_nearby(setting: str) -> None:
    for right in ("30.4%", "30%"):
        found = report(setting.format(right))
        assert found.checked >= 1
        assert not found.findings
    if "7/(7+16)" not in setting:
        wrong = alarms(setting.format("12.5%"))
        assert [round(finding.value or 0, 3) for finding in wrong] == [0.304]
        assert wrong[0].inputs["stages"] == 8
        assert wrong[0].calculator == "bubble"


@pytest.mark.parametrize(
    "line",
    [
        "P=8, M=16：DualPipe 的气泡 5%",
        "P=8, M=16：zero bubble 调度气泡 1%",
        "P=8, M=16 时采用 interleaved，气泡 12%",
        "P=8, M=16：气泡减少 30%",
        "P=8, M=16：目标气泡率 5% 以下",
        "P=4-8, M=16：气泡 5%",
        "micro_batch_size=16, P=8，气泡 5%",
        "P=8：气泡 5%",
        "P=8, M=16：GPU 利用率 45%",  # measured, and no bubble is spoken of
        "P=8, M=16 之外，M = 4N 时气泡 20%",
        "把 P=8 换成 P=4、M=16 换成 M=32 以后，收益 5%",
    ],
)
def test_what_cannot_be_judged_is_left_alone(line: str) -> None:
    assert not report(f"# 流水线\n\n{line}\n\n气泡一词在别处。").findings


def test_interleaving_counts_chunks() -> None:
    text = "P=8, M=16, V=2 的 interleaved 气泡率 {}"
    assert not report(text.format("17.9%")).findings
    assert len(alarms(text.format("38%"))) == 1


def test_another_convention_is_no_mistake_but_mixing_two_is() -> None:
    ideal = "P=4, M=16：气泡率 = 3/16 = 18.75%"
    assert severities(ideal) == ["convention"]
    assert severities(f"P=4, M=8：气泡率 = 3/(8+3) = 27.3%\n\n{ideal}") == ["inconsistent"]
    said = "P=4, M=16：按 ideal 口径，气泡率 = 3/16 = 18.75%"
    assert not report(f"P=4, M=8：气泡率 = 3/(8+3) = 27.3%\n\n{said}").findings


def test_efficiency_is_the_rest() -> None:
    scene = "```\n4-way流水线, 8个micro-batches, 有气泡\n效率: {}\n```"
    assert not report(scene.format("32/(4×11) ≈ 73%")).findings
    assert [finding.stated for finding in alarms(scene.format("(11-6)/11 ≈ 45%"))] == ["45%"]


def test_less_bubble_is_not_as_much_more_throughput() -> None:
    assert not alarms("气泡 27.3% → 8.6%，吞吐提高约 1.26 倍")
    found = alarms("气泡 27.3% → 8.6%，效率提高约3倍")
    assert [round(finding.value or 0, 2) for finding in found] == [1.26]


@given(st.integers(2, 64), st.integers(1, 512))
def test_true_ratios_raise_no_alarm(stages: int, microbatches: int) -> None:
    exact = Fraction(stages - 1, microbatches + stages - 1) * 100
    for shown in (f"{float(exact):.1f}%", f"约 {float(exact):.0f}%"):
        assert not alarms(f"PP={stages}, M={microbatches}：气泡占比 {shown}")


@given(st.integers(2, 64), st.integers(1, 512), st.sampled_from([0.5, 0.7, 1.5, 2.0]))
def test_false_ratios_are_found(stages: int, microbatches: int, factor: float) -> None:
    exact, ideal = (stages - 1) / (microbatches + stages - 1), (stages - 1) / microbatches
    stated = exact * factor
    if 0.02 < stated < 1 and abs(stated / ideal - 1) > 0.05:
        assert len(alarms(f"PP={stages}, M={microbatches}：气泡占比 {stated * 100:.1f}%")) == 1


SLOTS = "4 级流水线，8 个 micro-batch，有气泡：\n总时间: 11个时间单位\n气泡: {}个时间单位\n"


@pytest.mark.parametrize(("stated", "right"), [(3, True), (12, True), (6, False), (8, False)])
def test_slots_follow_from_the_total(stated: int, right: bool) -> None:
    assert bool(alarms(SLOTS.format(stated))) is not right


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("气泡 <10% for P=64, M=256", False),
        ("气泡 <20% for P=64, M=256", True),
        ("M≥4P → bubble <20%", True),
        ("M = 4P 时气泡 < 10%", False),
        ("$M \\geq 4P$ for acceptable (<20%) bubble overhead", True),
        ("当 M ≥ 9P 时，气泡占比低于 10%", True),
        ("P=8 需要至少 63 个 micro-batch 达到 90% 效率，否则气泡太大", True),
        ("P=8 需要至少 64 个 micro-batch 达到 90% 效率，否则气泡太大", True),
        ("P=8 需要至少 40 个 micro-batch 达到 90% 效率，否则气泡太大", False),
    ],
)
def test_bounds(line: str, right: bool) -> None:
    found = report(line)
    assert found.checked == 1
    assert bool(found.findings) is not right


def test_a_bound_that_fails_says_what_would_help() -> None:
    message = alarms("气泡 <10% for P=64, M=256")[0].message
    assert "19.7 %" in message
    assert "V=3" in message


@given(st.integers(2, 64), st.sampled_from([50, 75, 80, 90, 95]))
def test_the_least_number_agrees_with_its_definition(stages: int, percent: int) -> None:
    target = Fraction(percent, 100)
    least = math.ceil((stages - 1) * target / (1 - target))
    assert Fraction(least, least + stages - 1) >= target
    line = f"PP={stages}，需要至少 {{}} 个micro-batches达到{percent}%效率，气泡才小"
    assert not report(line.format(least)).findings
    if least > 20:
        assert alarms(line.format(int(least * 0.6)))
