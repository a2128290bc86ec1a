"""TeX becomes plain signs only where that says the same."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.tui.prose.maths import readable
from studykit.tui.prose.tex_pieces import joined
from studykit.tui.prose.tex_reader import NotPlainError, pieces_of
from tests.linear import in_proportion


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
        (r"\sqrt{2}", "√2"),
        (r"\sqrt[3]{x+1}", "³√(x+1)"),
        (r"2\frac{a}{b}", "2(a/b)"),  # brackets where a product would take a part of the fraction
        (r"\frac{a}{b}^2", "(a/b)²"),
        (r"\frac{\frac{a}{b}}{c}", "(a/b)/c"),
        (r"\frac{n-1}{n} \times P", "((n-1)/n) × P"),
        (r"\log\frac{1}{p}", "log(1/p)"),
        (r"\frac{\log x}{y}", "(log x)/y"),
        (r"\frac{\max(a, b)}{c}", "max(a, b)/c"),
        (r"\frac{a}{bc}", "a/(bc)"),
        (r"e^{-x^2}", "e^(-x²)"),
        (r"x^{T}", "x^T"),  # no superscript T that every font has
        (r"W_Q^{(h)}", "W_Q^(h)"),
        (r"3d_{\text{model}}", "3d_model"),
        (r"d_{model} V", "d_model V"),
        (r"X \in \mathbb{R}^{B\times n}", "X ∈ ℝ^(B×n)"),
        (r"\sum_{i=1}^{n} x_i", "Σ(i=1…n) xᵢ"),
        (r"\frac{\partial L}{\partial z^{(l)}}", "∂L/∂z^(l)"),
        (r"\hat{x}_i = \mu_{\max}", "x̂ᵢ = μ_max"),
        (r"\left\| W \right\| \ll 1", "‖ W ‖ ≪ 1"),
        (r"1.6 \text{ GB} / 600\text{GB/s}", "1.6 GB / 600 GB/s"),
        (
            "f(x) = \\begin{cases}\nx, & \\text{if } x > 0 \\\\\n0, & x \\leq 0\n\\end{cases}",
            "f(x) = { x, if x > 0; 0, x ≤ 0 }",
        ),
        ("\\begin{aligned} T &= M t \\\\ U &= 2 \\end{aligned}", "T = M t\nU = 2"),
    ],
)
def test_what_converts_exactly(tex: str, text: str) -> None:
    assert readable(tex) == text


@pytest.mark.parametrize(
    "tex",
    [
        r"\unknown{x} + \alpha",
        r"\frac{a}",
        r"\frac{a}{b",
        r"x^",
        r"^2",
        r"a + _b",
        r"\left( a",
        r"\begin{tikzpicture} x \end{tikzpicture}",
        r"\begin{cases} 1",
        r"a & b",
        r"\sqrt[q]{x}",
        "{" * 60 + "x" + "}" * 60,
    ],
)
def test_what_does_not_stays_as_it_was_written(tex: str) -> None:
    assert readable(tex) == tex


@st.composite
def formulas(draw: st.DrawFn, depth: int = 3) -> tuple[str, Fraction]:
    """TeX, and what it comes to: sums, fractions, and fractions as factors in every way that TeX writes a product."""
    if depth == 0 or draw(st.booleans()):
        number = draw(st.integers(1, 19))
        return str(number), Fraction(number)
    (left, a), (right, b) = draw(formulas(depth - 1)), draw(formulas(depth - 1))
    kind = draw(st.sampled_from(["sum", "difference", "fraction", "product"]))
    if kind == "sum":
        return f"{left} + {right}", a + b
    if kind == "difference" or b == 0:
        return f"\\left({left}\\right) - ({right})", a - b
    fraction = f"\\frac{{{left}}}{{{right}}}"
    if kind == "fraction":
        return fraction, a / b
    (other, c), by = draw(formulas(depth - 1)), draw(st.sampled_from([r" \cdot ", r"\times ", "", r"\,", "(2)", "^2"]))
    more = {"(2)": Fraction(2), "^2": a / b}.get(by, Fraction(1))
    return f"{fraction}{by}\\frac{{{other}}}{{3}}", a / b * more * c / 3


def _evaluated(plain: str) -> float:
    """Python's reading of the plain form: left to right, factors side by side multiplied."""
    text = plain.replace("·", "*").replace("×", "*").replace("²", "**2")
    text = re.sub(r"(?<=[\d)]) *(?=\()|(?<=\)) *(?=\d)", "*", text)
    return float(eval(text))


@given(formulas())
def test_the_plain_form_has_the_value_of_the_formula(formula: tuple[str, Fraction]) -> None:
    tex, value = formula
    plain = readable(tex)
    assert "frac" not in plain
    assert _evaluated(plain) == pytest.approx(float(value), rel=1e-9, abs=1e-9)


WORDS = r"\frac \sqrt \left \right \text \sum \begin{cases} \end{cases} \\ \hat \max \times \leq \partial \mathbb \|"
MARKS = "{ } {} [ ] ( ) ^ _ ' & | x 12 / + 气泡 ."
TOKENS = st.sampled_from([*WORDS.split(), *MARKS.split(), "\\", " ", "\n"])


@given(st.lists(TOKENS, max_size=24).map("".join))
def test_any_tex_is_taken(tex: str) -> None:
    plain = readable(tex)
    assert plain == tex.strip() or not re.search(r"\\(?:frac|sqrt|left|text|begin)", plain)


def pieces_or_none(tex: str) -> str | None:
    try:
        return joined(pieces_of(tex))
    except NotPlainError:
        return None


@pytest.mark.parametrize("one", ["{", "x_", r"\frac1", r"\text{a}", r"\left(", "a^b", r"\sum_i", r"x\,"])
def test_a_long_formula_takes_time_by_its_length(one: str) -> None:
    assert in_proportion(lambda size: lambda: pieces_or_none(one * size), 400, 4000, floor=0.02)


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    assert isinstance(readable(text), str)
