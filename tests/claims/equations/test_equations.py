"""Equations in prose, code and TeX: which are judged, and how."""

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.claims.notes import alarms, report

RIGHT = [
    "7/(7+16) = 30%",
    "4 × 32 × 8 = 1024",
    "2 × 70B × 2 bytes = 280GB",
    "140GB / 8 = 17.5GB",
    "70B × 2 bytes = 130 GB",  # 130.4 GiB, loosely called GB
    "4096 × 8 ≈ 32K",
    "12 × 96 × 12288² ≈ 174B",
    "1.6 GB / 600 GB/s ≈ 2.7 ms",
    "4800MHz × 64位 × 2通道 = 76.8 GB/s",
    "500 × 8 = 4 GB",  # MB left unsaid
    "$300 + 199\\times 40 = 8260$ ms",
    "$\\frac{7}{7+16} \\approx 30.4\\%$",
    "$15/207 = 7.2\\%$",
    "(32/8)×(32/8)=4×4=16个线程",
    "2 (K 和 V) × 32 (层) × 4096 × 2 bytes = 512 KB",
    "s = sqrt(65.3 / 0.31) = sqrt(210.6) = 14.5",
    "1 - 0.27 = 0.73",
    "65536 / 3000 = 21 个块",  # cut off to whole blocks
    "3亿 × 2 = 6亿",
    "1.5万亿 / 3亿 = 5000",
    "1000 tok/s × 60 = 60000 tok/min",
    "(819/2048) × 100% ≈ 40%",
    "总计 = 8 × 4 × 2 = 64 GPU",
    "10 % 3 = 1",
    "2^10 = 1024",
    "1,024 * 1,024 = 1,048,576",
    "3 乘 4 等于 12，3 × 4 等于 12",
]
WRONG = [
    ("7/(7+16) = 31.8%", 30.43),
    ("3×4=13", 12),
    ("2 × 70B × 2 bytes = 140GB", 280),
    ("140GB / 8 = 18.5GB", 17.5),
    ("2 × 2048 × 4096 × 14336 = 239M", 240518.2),
    ("算术强度 = 2K FLOP / (2K × 4 bytes) = 0.5 FLOP/Byte", 0.25),
    ("1.6 GB / 25 GB/s ≈ 6.4 ms", 64),
    ("$15/207 = 9.2\\%$", 7.246),
    ("$\\frac{7}{23} = 40.4\\%$", 30.43),
    ("7/23 = **45%** 的气泡", 30.43),
    ("16×16×4 = 2048 线程", 1024),
]
LEFT_ALONE = [
    "x = 3",
    "for i in 1..8: a[3-1] = 2",
    "dp[i-1] + 1 = 3",
    "`(i + 2) % 4 = 0`",
    "2M × 2 = 64，其中 M=16",
    "4P × 2 = 32（P=4）",
    "1 warp = 32 × 4 bytes",
    "-128 (INT8) = 10000000",
    "1 + 1 = 10 (二进制) 的 0110",
    "-127 + 0 = 10000001",
    "101 + 10 = 1011",
    "3-4 倍 × 2 = 100",
    "隐藏维度 × 2 = 8192",
    "(头数 × 维度) × 2 = 100",
    "f(3 × 4) = 20",
    "DDR5-4800 × 2 = 3",
    "H100-80GB × 8 = 3",
    "2024-10-19 = 5",
    "Ubuntu 20.04 → 22.04",
    "x += 3 * 4; y == 2 * 3 == 7",
    "3 × 3 → 64 通道",
    "1.2.3 + 4 = 5",
    "log 8 × 2 = 5",
    "|0.034 - 0.0354| / 0.034 = 9.1%",
    "2 × 3 = 6 × N",
    "5 & 3 + 1 = 9",
    "nums[0] + nums[1] = 7",
    "$5/小时 × 24 = $9",
    "0x10 + 1 = 3",
]


@pytest.mark.parametrize("line", RIGHT)
def test_right_equations_are_judged_and_found_right(line: str) -> None:
    for text in (line, f"```text\n{line}\n```", f"- 于是 {line}。", f"| 甲 | {line} |"):
        found = report(text)
        assert found.checked >= 1, text
        assert not found.findings, text


@pytest.mark.parametrize(("line", "value"), WRONG)
def test_wrong_equations_are_found_with_their_value(line: str, value: float) -> None:
    found = alarms(f"# t\n\n{line}\n")
    assert len(found) == 1
    assert found[0].value == pytest.approx(value, rel=0.01)
    assert (found[0].line, found[0].severity, found[0].calculator) == (3, "wrong", "arithmetic")


@pytest.mark.parametrize("line", LEFT_ALONE)
def test_what_is_no_equation_of_plain_numbers_is_left_alone(line: str) -> None:
    for text in (line, f"```c\n{line}\n```"):
        assert not report(text).findings


@pytest.mark.parametrize("bullet", ["- ", "* ", "+ ", "  - ", "\t- "])
def test_the_mark_of_a_list_is_no_sign(bullet: str) -> None:
    assert report(f"{bullet}2 * 64 * 8192 = 1,048,576").checked == 1
    assert not report(f"{bullet}2 * 64 * 8192 = 1,048,576").findings


def test_a_chain_is_judged_link_by_link() -> None:
    assert not alarms("(8-1)/(64+8-1) = 7/71 = 9.9%")
    assert [finding.stated for finding in alarms("(8-1)/(64+8-1) = 7/71 = 19.9%")] == ["19.9%"]


def test_an_equation_goes_on_across_a_line_break() -> None:
    assert not alarms("3 × (4 + 4)\n= 24")
    assert [finding.line for finding in alarms("3 × (4 + 4)\n= 34")] == [2]


def test_a_unit_lost_between_two_steps_is_found() -> None:
    assert [finding.line for finding in alarms("```\n2 × (2048 × 4096 × 14336)\n= 2 × 120M = 240M\n```")] == [3]


def test_markup_around_numbers_is_passed_over() -> None:
    assert report("`20×8192²×8192` ≈ **11 TFLOPs**").checked == 1
    assert not report("`20×8192²×8192` ≈ **11 TFLOPs**").findings
    assert alarms("`20×8192²×8192` ≈ **21 TFLOPs**")


def test_the_column_is_that_of_the_number() -> None:
    assert alarms("所以 3×4=13")[0].column == len("所以 3×4=") + 1


def test_near_misses_are_imprecise_and_no_alarm() -> None:
    found = report("1 / 6 = 0.166")
    assert not found.findings or {finding.severity for finding in found.findings} == {"imprecise"}
    assert [str(finding.severity) for finding in report("7/23 = 30.9%").findings] == ["imprecise"]


def test_floor_division_is_python_and_a_comment_elsewhere() -> None:
    assert not alarms("```python\nx = 7 // 2 = 3\n```")
    assert not alarms("```c\n#define N 256  // 64×64 / (8×8) = 64\n```")


NUMBERS = st.integers(1, 9999)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_true_products_and_sums_raise_no_alarm(a: int, b: int, c: int) -> None:
    assert not report(f"于是 {a} × {b} + {c} = {a * b + c}").findings


@given(NUMBERS, NUMBERS, st.integers(1, 3), st.sampled_from(["=", "≈", "等于"]))
def test_true_quotients_raise_no_alarm_however_rounded(a: int, b: int, digits: int, sign: str) -> None:
    shown = f"{Fraction(100 * a, b).__float__():.{digits}f}"
    if float(shown):
        assert not alarms(f"占 {a}/{b} {sign} {shown}%。")


@example(148, 150, Fraction(1, 2))  # 11100: its digits are those of a bit pattern
@given(NUMBERS, st.integers(2, 9999), st.sampled_from([Fraction(1, 2), Fraction(4, 5), Fraction(5, 4), Fraction(3)]))
def test_false_products_are_found(a: int, b: int, factor: Fraction) -> None:
    stated = int(a * b * factor)
    if stated and abs(stated - a * b) > 1:
        found = alarms(f"于是 {a} × {b} = {stated}")
        assert [finding.value for finding in found] == [a * b]
