"""Reading what people type: every spelling that must work, and everything that must be refused, quickly."""

import time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studykit.calculators.answer import AnswerError, read_answer

RATIOS = [
    ("30%", Fraction(3, 10)), ("30 %", Fraction(3, 10)), ("0.304", Fraction(304, 1000)), ("7/23", Fraction(7, 23)),
    ("30.4 pct", Fraction(304, 1000)), ("30.4 percent", Fraction(304, 1000)), ("30.4 per cent", Fraction(304, 1000)),
    ("百分之三十", Fraction(3, 10)), ("百分之三十点四", Fraction(304, 1000)), ("百分之30.4", Fraction(304, 1000)),
    ("三成", Fraction(3, 10)), ("3成", Fraction(3, 10)), ("三成半", Fraction(35, 100)), ("七成五", Fraction(3, 4)),
    ("三分之一", Fraction(1, 3)), ("23分之7", Fraction(7, 23)), ("千分之五", Fraction(1, 200)),
    ("一半", Fraction(1, 2)),
    ("３０％", Fraction(3, 10)), ("０．３０４", Fraction(304, 1000)), ("７／２３", Fraction(7, 23)),
    ("约30%", Fraction(3, 10)), ("≈30%", Fraction(3, 10)), ("~30%", Fraction(3, 10)),
    ("大约 30% 左右", Fraction(3, 10)),
    ("about 30%", Fraction(3, 10)), ("= 30%", Fraction(3, 10)), ("7/23 ≈ 30.4%", Fraction(304, 1000)),
    ("3‰", Fraction(3, 1000)), ("30%。", Fraction(3, 10)), ("½", Fraction(1, 2)), ("1½", Fraction(3, 2)),
    ("(8-1)/(16+8-1)", Fraction(7, 23)), ("(8−1)÷(16＋8−1)", Fraction(7, 23)), ("7/23*100%", Fraction(7, 23)),
    ("(7/23*100)%", Fraction(7, 23)), ("-5%", Fraction(-1, 20)), ("30% (total)", Fraction(3, 10)),
]  # fmt: skip
NUMBERS = [
    ("1,234.5", Fraction(12345, 10), ""), ("1 000 000", Fraction(10**6), ""), ("1_000_000", Fraction(10**6), ""),
    ("1.5e12", Fraction(15 * 10**11), ""), ("1.5E+12", Fraction(15 * 10**11), ""), ("1.5T", Fraction(15 * 10**11), ""),
    ("1.5万亿", Fraction(15 * 10**11), ""), ("3亿", Fraction(3 * 10**8), ""), ("3亿5千万", Fraction(35 * 10**7), ""),
    ("两千万", Fraction(2 * 10**7), ""), ("一百零三", Fraction(103), ""), ("三百五", Fraction(350), ""),
    ("1.5×10⁹", Fraction(15 * 10**8), ""), ("1.5*10^9", Fraction(15 * 10**8), ""), ("10²", Fraction(100), ""),
    ("1.5 billion", Fraction(15 * 10**8), ""), ("4 × 32 × 8", Fraction(1024), ""), ("4x32x8", Fraction(1024), ""),
    ("2^10", Fraction(1024), ""), ("80GB", Fraction(80), "GB"), ("600 GB/s", Fraction(600), "GB/s"),
    ("12 ms", Fraction(12), "ms"), ("1200 tok/s", Fraction(1200), "tok/s"), ("1.26x", Fraction(126, 100), "x"),
    ("1.26×", Fraction(126, 100), "x"), ("1.26 倍", Fraction(126, 100), "x"), ("×1.26", Fraction(126, 100), "x"),
    ("16 micro-batches", Fraction(16), "micro-batches"), ("64 个", Fraction(64), "个"),
    ("80G", Fraction(80 * 10**9), ""),
    ("2*80*1024 B", Fraction(163840), "B"),
]  # fmt: skip
HOSTILE = [
    "9**9**9", "9^9^9^9", "__import__('os').system('true')", "9" * 10_000, "nan", "NaN", "inf", "-inf", "∞", "1e400",
    "1e99999", "(" * 100 + "1" + ")" * 100, "(" * 9_000, "-" * 199 + "1", "1\x002", "\x00", "", "   ", "1,2", "0,304",
    "30~31%", "<20%", "1;2", "1\n2;3", "1 if 1 else 2", "[1]*9", "(1).__class__", "lambda: 1", "1/0", "0**-1",
    "(-1)**0.5", "10**-9999", "abc", "%", "/", "１" * 300, "1e1e1", "0.1.2", "٣", "²", "5 %%", "x", "x4 x4",
    "1" + "+1" * 99 + "+", "(9**99)**(9**99)", "9" * 99 + "**" + "9" * 90, "一二三四五六七八九十百千", "百分之",
    "分之一", "7千" * 90, "1分" * 60, "是" * 200, "a is " * 35, "\\frac{" * 30, "(7" * 60, "1 to " * 40,
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), RATIOS)
def test_ratios(text: str, value: Fraction) -> None:
    assert read_answer(text).value == value


@pytest.mark.parametrize(("text", "value", "unit"), NUMBERS)
def test_numbers_and_units(text: str, value: Fraction, unit: str) -> None:
    reading = read_answer(text)
    assert (reading.value, reading.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "digits"),
    [("30%", 2), ("0.3", 1), ("0.30", 2), ("30.4%", 3), ("1,234.5", 5), ("1.5T", 2), ("三成", 1), ("百分之三十", 2),
     ("0.0304", 3), ("3亿", 1), ("7/23", None), ("(8-1)/23", None)],
)  # fmt: skip
def test_digits_typed(text: str, digits: int | None) -> None:
    assert read_answer(text).digits == digits


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_input_is_refused_at_once(text: str) -> None:
    before = time.process_time()
    if text not in ("٣", "²"):  # digits of other scripts and a lone exponent: refused or a number, but quickly
        with pytest.raises(AnswerError):
            read_answer(text)
    assert time.process_time() - before < 0.1


SEVEN_23RDS = Fraction(7, 23)
_PIECES = st.sampled_from(
    [*"0123456789.,%*/^()+-eE xX~≈约成亿万千百分之点倍", "**", "__", "GB", "import", "9**9", "\x00"]
)


@given(st.one_of(st.text(max_size=250), st.lists(_PIECES, max_size=120).map("".join)))
@example("9**9**9**9")
def test_any_text_is_a_number_or_a_sentence(text: str) -> None:
    before = time.process_time()
    try:
        reading = read_answer(text)
    except AnswerError as error:
        assert str(error)  # noqa: PT017 - refusing is as good as reading, and either may happen
    else:
        assert float(reading.value) == float(reading.value)
        assert abs(float(reading.value)) < 1e301
    assert time.process_time() - before < 0.25


@given(st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=4))
def test_decimals_are_exact(number: Decimal) -> None:
    assert read_answer(str(number)).value == Fraction(number)


@given(st.integers(0, 10**12))
def test_thousands_separators(number: int) -> None:
    assert read_answer(f"{number:,}").value == number
    assert read_answer(f"{number:_}").value == number


@given(st.integers(1, 999), st.integers(1, 999))
def test_a_fraction_is_exact_whatever_stands_around_it(top: int, bottom: int) -> None:
    assert read_answer(f"约 {top} / {bottom}").value == Fraction(top, bottom)
    assert read_answer(f"{bottom}分之{top}").value == Fraction(top, bottom)


_NUMBERS = st.sampled_from(
    ["30.4%", "0.304", "7/23", "三成", "百分之三十", "1.5 GB", "640 GB/s", "3亿", "1,024", "12 ms"]
)
_SENTENCES = st.sampled_from([
    "{}", "答案是{}", "气泡率约为 {}", "应该是 {}。", "大约是 {} 吧", "结果：{}", "「{}」", "${}$", "bubble is {}",
    "M = {}",     "answer: {}", "it equals {}", "一共有 {}", "about {}", "（{}）",
])  # fmt: skip


@given(_NUMBERS, _SENTENCES)
def test_a_sentence_with_one_number_says_that_number(number: str, sentence: str) -> None:
    alone, said = read_answer(number), read_answer(sentence.format(number))
    assert (said.value, said.unit, said.percent) == (alone.value, alone.unit, alone.percent)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1:3", Fraction(1, 3)), ("3比1", Fraction(3)), ("1分30秒", Fraction(90)), ("2 min 30 s", Fraction(150)),
     ("7/23 (30.4%)", SEVEN_23RDS), ("30.4%（7/23）", Fraction(304, 1000)), (r"$\frac{7}{23}$", SEVEN_23RDS),
     (r"30.4\%", Fraction(304, 1000)), ("至少 27 个", Fraction(27)), ("近30%", Fraction(3, 10)),
     ("1e-3", Fraction(1, 1000))],
)  # fmt: skip
def test_other_ways_of_saying_a_number(text: str, value: Fraction) -> None:
    assert read_answer(text).value == value


@pytest.mark.parametrize(
    ("text", "word"),
    [("30%-40%", "range"), ("30～40%", "range"), ("8到16", "range"), ("不到 20%", "bound"), ("≤20%", "bound"),
     ("20%以下", "bound"), ("不是 30%", "bound"), ("less than 20%", "bound"), ("7/23 (43.75%)", "number"),
     ("0x10", "number"), ("P=8, M=16", "number"), ("H100 需要 3 张", "number"), ("三点5", "number")],
)  # fmt: skip
def test_what_is_not_one_number_says_why(text: str, word: str) -> None:
    with pytest.raises(AnswerError, match=word):
        read_answer(text)
