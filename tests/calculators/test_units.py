"""Units: the small table against pint, and what is converted, ignored or refused."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.calculators.answer import judge
from studykit.calculators.checking import judge_output
from studykit.calculators.figures import shown
from studykit.calculators.reading import read_answer
from studykit.calculators.units import convert, measure
from studykit.locale import set_language
from tests.calculators.cases import NAMES, example, prepared

IN_PINT = {
    "B": "byte", "KB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte", "KiB": "kibibyte",
    "MiB": "mebibyte",
    "GiB": "gibibyte", "TiB": "tebibyte", "bit": "bit", "Gbit": "gigabit", "Gb": "gigabit", "GB/s": "gigabyte/second",
    "Gb/s": "gigabit/second", "Gbps": "gigabit/second", "GB/h": "gigabyte/hour", "s": "second", "ms": "millisecond",
    "us": "microsecond", "µs": "microsecond", "ns": "nanosecond", "min": "minute", "h": "hour", "秒": "second",
    "毫秒": "millisecond",
}  # fmt: skip


@pytest.fixture(scope="module")
def pint_registry(tmp_path_factory: pytest.TempPathFactory) -> Any:
    pint = pytest.importorskip("pint")
    return pint.UnitRegistry(cache_folder=tmp_path_factory.mktemp("pint"))


@pytest.mark.parametrize("unit", IN_PINT)
def test_the_table_agrees_with_pint(unit: str, pint_registry: Any) -> None:
    found = measure(unit)
    assert found is not None
    base = {"byte": "byte", "second": "second", "byte/second": "byte/second"}[found.kind]
    assert float(found.factor) == pytest.approx(pint_registry.Quantity(1, IN_PINT[unit]).to(base).magnitude, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [("80 GiB", "GB", Fraction(2**30 * 80, 10**9)), ("80G", "GB", 80), ("640 Gbit", "GB", 80),
    ("4.8 Tb/s", "GB/s", 600),
     ("12 ms", "s", Fraction(12, 1000)), ("12 ms/token", "ms", 12), ("100/s", "tok/s", 100),
     ("100 tok/s", "tok/s", 100),
     ("7B", "parameters", 7 * 10**9), ("7B 参数", "parameters", 7 * 10**9), ("70亿", "parameters", 7 * 10**9),
     ("7B", "GB", Fraction(7, 10**9)), ("312e12 FLOP/s", "TFLOPS", 312), ("312 TFLOPs", "TFLOPS", 312),
     ("16 micro-batches", "micro-batches", 16), ("64 节点", "nodes", 64), ("5 gb", "GB", 5), ("20 GB/GPU", "GB", 20),
     ("1.26x", "", Fraction(126, 100)), ("30%", "", Fraction(3, 10)), ("2 megabytes", "B", 2 * 10**6),
     ("30%", "GB", None), ("5 s", "GB", None), ("5 GB/s", "GB", None), ("12 ms", "", None), ("5 zzz", "GB", None)],
)  # fmt: skip
def test_converted_where_it_is_of_the_same_kind(text: str, unit: str, expected: Fraction | int | None) -> None:
    found = convert(read_answer(text), unit)
    assert found == pytest.approx(expected) if isinstance(found, float) else found == expected


@given(
    st.integers(1, 10**6),
    st.sampled_from(["KB", "MB", "GB", "TB", "KiB", "MiB", "GiB"]),
    st.sampled_from(["B", "MB", "GiB"]),
)
def test_there_and_back(number: int, typed: str, wanted: str) -> None:
    there = convert(read_answer(f"{number} {typed}"), wanted)
    one_back = convert(read_answer(f"1 {wanted}"), typed)
    assert there is not None
    assert one_back is not None
    assert there * one_back == number


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("spoken", ["en", "zh_CN"])
def test_an_answer_as_it_is_shown_is_read_as_right(name: str, spoken: str) -> None:
    """The right figure, copied from the screen with its unit, in either language."""
    calculator, inputs = prepared(name, example(name))
    values = calculator.compute(inputs).values
    set_language(spoken)
    try:
        for output in calculator.outputs:
            if values.get(output.name):
                text = shown(values[output.name], output.unit, percent=output.percent)
                assert judge_output(calculator, inputs, output.name, text).right, text
    finally:
        set_language()


@pytest.mark.parametrize(("spoken", "text"), [("en", "30.43 %"), ("zh_CN", "30.43%")])
def test_the_percent_sign_stands_as_the_language_has_it(spoken: str, text: str) -> None:
    set_language(spoken)
    try:
        assert shown(Fraction(7, 23), percent=True) == text
    finally:
        set_language()


@pytest.mark.parametrize("text", ["21.5 千兆字节", "21.5 吉字节", "0.0215 太字节", "21470 兆字节", "215亿字节"])
def test_bytes_in_chinese(text: str) -> None:
    assert judge(text, Fraction("21.47"), unit="GB").right


def test_a_gain_is_no_factor_and_said_to_be_one() -> None:
    found = judge("26%", Fraction(44, 35), unit="x", formula="44/35")
    assert not found.right
    assert found.slip is not None
    assert "how many times" in found.slip.explain
    assert judge("126%", Fraction(44, 35), unit="x").right
