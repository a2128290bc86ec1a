"""Typed arithmetic: exact against Python's own, and nothing beyond arithmetic."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.calculators.expression import ExpressionError, evaluate, power

numbers = st.one_of(st.integers(0, 999).map(str), st.decimals(0, 99, places=2).map(str))
expressions = st.recursive(
    numbers,
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({''.join(parts)})"),
    max_leaves=8,
)


def by_hand(text: str) -> Fraction:
    """Python's own arithmetic on Fractions, by rewriting every number."""
    import re

    return Fraction(eval(re.sub(r"\d+(\.\d+)?", lambda found: f"Fraction('{found[0]}')", text), {"Fraction": Fraction}))


@given(expressions)
def test_equal_to_exact_arithmetic(text: str) -> None:
    if len(text) > 200:
        return
    try:
        expected = by_hand(text)
    except ZeroDivisionError:
        with pytest.raises(ExpressionError):
            evaluate(text)
    else:
        assert evaluate(text) == expected


@pytest.mark.parametrize(
    "text",
    ["a", "a.b", "f(1)", "[1]", "'a'*9", "{1}", "1 if 1 else 2", "lambda: 1", "f'{1}'", "1;2", "1\n2", "not 1",
    "1 and 2",
     "a := 1", "import os", "x = 1", "1 << 9", "1 // 0", "True", "None", "1j", "9**9**9", "(1", ""],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("microbatches % stages == 0", True),
        ("P < 8", False),
        ("stages * 2 <= microbatches", True),
        ("kind == '1f1b'", True),
    ],
)
def test_conditions_over_names(text: str, expected: bool) -> None:
    names: dict[str, Any] = {"microbatches": 16, "stages": 8, "P": 8, "kind": "1f1b"}
    assert evaluate(text, names) is expected


@given(st.integers(-50, 50), st.integers(-20, 20))
def test_small_powers_are_exact(base: int, exponent: int) -> None:
    if base or exponent > 0:
        assert power(base, exponent) == Fraction(base) ** exponent
