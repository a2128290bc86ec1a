"""Chinese numerals, against a writer of them that knows nothing of the reader."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.calculators.chinese import multiplier, numeral

DIGITS = "零一二三四五六七八九"


def section(number: int) -> str:
    """A number below 10,000 in full, with 零 for each gap."""
    text, gap = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + unit
            gap = False
        else:
            gap = True
    return text


def written(number: int) -> str:
    """A number below 10^12 in full: 一亿零二十万零三."""
    parts, text = [(number // 10**8, "亿"), (number // 10**4 % 10**4, "万"), (number % 10**4, "")], ""
    for value, unit in parts:
        if value:
            text += ("零" if text and value < 1000 else "") + section(value) + unit
    return text or "零"


@given(st.integers(1, 10**12 - 1))
def test_what_is_written_in_full_reads_back(number: int) -> None:
    found = numeral(written(number))
    assert found is not None
    assert found[0] == number


@pytest.mark.parametrize(
    ("text", "value"),
    [("十", 10), ("十五", 15), ("二十", 20), ("两百", 200), ("三百五", 350), ("一万五", 15_000), ("二〇二四", 2024),
     ("零点三", Fraction(3, 10)), ("三十点四", Fraction(304, 10)), ("一点五亿", 15 * 10**7), ("万", None),
     ("点三", None),
     ("三三十", None), ("一百一千", None), ("三点", None), ("abc", None), ("", None), ("一" * 41, None)],
)  # fmt: skip
def test_usage(text: str, value: Fraction | int | None) -> None:
    found = numeral(text)
    assert (found and found[0]) == value


def test_multipliers() -> None:
    assert [multiplier(text) for text in ("万", "亿", "万亿", "千万", "百", "x", "")] == [
        10**4,
        10**8,
        10**12,
        10**7,
        100,
        None,
        None,
    ]
