"""TeX becomes plain signs only where that says the same."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.tui.prose.maths import readable


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\frac{p-1}{m+p-1}", "(p-1)/(m+p-1)"),
        (r"\frac{1}{2}", "1/2"),
        (r"O(n^2)", "O(n²)"),
        (r"x_i \times y_{12}", "xᵢ × y₁₂"),
        (r"P \leq 8", "P ≤ 8"),
        (r"\alpha x", "αx"),
        (r"\text{气泡率} = \frac{P-1}{M+P-1}", "气泡率 = (P-1)/(M+P-1)"),
        (r"\left(a+b\right)", "(a+b)"),
        (r"M \geq 4P \rightarrow 20\%", "M ≥ 4P → 20%"),
    ],
)
def test_what_converts_exactly(tex: str, text: str) -> None:
    assert readable(tex) == text


@pytest.mark.parametrize(
    "tex",
    [
        r"\sqrt{2}",
        r"2\frac{a}{b}",  # a product whose grouping the plain form would lose
        r"\frac{a}{b}^2",
        r"\frac{\frac{a}{b}}{c}",
        r"e^{x^2}",
        r"x^{T}",  # no superscript T that every font has
        r"\begin{cases} 1 \\ 2 \end{cases}",
        r"\leftarrow_{x}^{y}" + r"\unknown",
        r"a_{bcd}",
    ],
)
def test_what_does_not_stays_as_it_was_written(tex: str) -> None:
    assert readable(tex) == tex


NUMBER = st.integers(1, 9).map(str)
SUM = st.lists(NUMBER, min_size=1, max_size=3).map("+".join)


@given(SUM, SUM, SUM)
def test_a_fraction_keeps_its_value(top: str, bottom: str, other: str) -> None:
    """Python, reading the plain form, finds the value that the TeX has."""
    plain = readable(rf"{other} + \frac{{{top}}}{{{bottom}}} - 1")
    expected = (
        sum(map(int, other.split("+"))) + Fraction(sum(map(int, top.split("+"))), sum(map(int, bottom.split("+")))) - 1
    )
    assert abs(eval(plain) - float(expected)) < 1e-9


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    assert isinstance(readable(text), str)
