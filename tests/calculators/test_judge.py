"""Judging: rounding to the digits typed, tolerance, slips, and never a slip for a right answer."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from studykit.calculators.answer import judge
from studykit.calculators.declare import Slip

SEVEN_23RDS = Fraction(7, 23)
ratios = st.fractions(Fraction(1, 500), Fraction(499, 500), max_denominator=500)


def rounded(exact: Fraction, digits: int, mode: str = ROUND_HALF_EVEN) -> Decimal:
    """`exact` to significant digits, by the decimal module."""
    return Context(prec=digits, rounding=mode).divide(Decimal(exact.numerator), Decimal(exact.denominator))


@pytest.mark.parametrize(
    "text", ["30.4%", "0.304", "7/23", "３０％", "约30%", "30 pct", "百分之三十", "14/46", "30.43%", "0.30"]
)
def test_right(text: str) -> None:
    found = judge(text, SEVEN_23RDS)
    assert (found.right, found.imprecise, found.suggested) == (True, False, 3)


@pytest.mark.parametrize("text", ["0.3", "三成", "3成"])
def test_one_digit_is_right_but_imprecise(text: str) -> None:
    found = judge(text, SEVEN_23RDS)
    assert (found.right, found.imprecise) == (True, True)


def test_one_digit_that_does_not_fit_two_is_not_right() -> None:
    found = judge("0.2", Fraction(7, 39))  # 17.9 %
    assert (found.right, found.imprecise) == (False, True)


@pytest.mark.parametrize("text", ["31%", "1/3", "30.5%", "30.40%", "0", "-30.4%", "300%"])
def test_wrong(text: str) -> None:
    assert not judge(text, SEVEN_23RDS).right


@pytest.mark.parametrize(
    ("text", "exact"), [("0.5", Fraction(1, 2)), ("5", Fraction(5)), ("0", Fraction(0)), ("50%", Fraction(1, 2))]
)
def test_an_exact_short_answer_is_not_imprecise(text: str, exact: Fraction) -> None:
    found = judge(text, exact)
    assert (found.right, found.imprecise) == (True, False)


@given(ratios, st.integers(2, 8), st.sampled_from([ROUND_HALF_EVEN, ROUND_HALF_UP]))
def test_any_rounding_to_two_digits_or_more_is_right(exact: Fraction, digits: int, mode: str) -> None:
    number = rounded(exact, digits, mode)
    assert judge(f"{number:f}", exact).right
    assert judge(f"{number.scaleb(2):f}%", exact).right


@given(ratios, st.integers(3, 6))
def test_cut_off_instead_of_rounded_is_not_right(exact: Fraction, digits: int) -> None:
    cut, near = rounded(exact, digits, ROUND_DOWN), rounded(exact, digits, ROUND_HALF_UP)
    assume(cut != near)
    assume(exact - Fraction(cut) != Fraction(near) - exact)  # halfway, both are roundings
    found = judge(f"{cut:f}", exact)
    shorter = rounded(exact, len(cut.normalize().as_tuple().digits), ROUND_HALF_UP)
    if cut.normalize() != shorter.normalize():
        assert not found.right


@given(ratios, st.fractions(Fraction(1, 100), Fraction(1, 2), max_denominator=100))
def test_tolerance_is_relative(exact: Fraction, tolerance: Fraction) -> None:
    for share, right in ((Fraction(9, 10), True), (Fraction(11, 10), False)):
        typed = exact * (1 + tolerance * share)
        assert judge(f"{typed.numerator}/{typed.denominator}", exact, tolerance=tolerance).right is right


def slip_of(value: Fraction) -> tuple[Slip, Fraction]:
    return Slip("ratio", "(P-1)/M", "the ideal convention", "理想口径", lambda _inputs: value), value


@example(Fraction(1, 247), Fraction(177, 439), 2)
@given(ratios, ratios, st.integers(2, 5))
def test_a_slip_is_named_only_if_the_answer_is_not_right(exact: Fraction, wrong: Fraction, digits: int) -> None:
    typed = rounded(wrong, digits)
    found = judge(f"{typed:f}", exact, slips=[slip_of(wrong)])
    plain = judge(f"{typed:f}", exact)
    assert found.right is plain.right
    assert (found.slip is None) is found.right
    if found.slip:
        assert found.suggested == 1
        # 0.40 for 1/247 is both 177/439 and a percentage read as a fraction; either name is true.
        assert "(P-1)/M" in found.used or found.slip == plain.slip


def test_the_two_formulas_stand_side_by_side() -> None:
    symbols = {"P": 8, "M": 16}
    found = judge("43.75%", SEVEN_23RDS, slips=[slip_of(Fraction(7, 16))], formula="(P-1)/(M+P-1)", symbols=symbols)
    assert found.used == "(P-1)/M = (8-1)/16 = 7/16 = 43.75 %"
    assert found.correct == "(P-1)/(M+P-1) = (8-1)/(16+8-1) = 7/23 = 30.43 %"


@pytest.mark.parametrize(
    ("text", "exact", "unit", "words"),
    [("30.4", SEVEN_23RDS, "", "sign"), ("0.304%", SEVEN_23RDS, "", "percent sign"),
     ("29.2 GB", Fraction(314, 10), "GB", "1024"), ("31.4 GiB", Fraction(314, 10), "GB", "1000"),
     ("251.2 GB", Fraction(314, 10), "GB", "bits"), ("31.4 Gb", Fraction(314, 10), "GB", "eight times too small"),
     ("12 s", Fraction(12), "ms", "thousand"), ("12000 s", Fraction(12), "s", "thousand")],
)  # fmt: skip
def test_slips_of_units(text: str, exact: Fraction, unit: str, words: str) -> None:
    found = judge(text, exact, unit=unit)
    assert found.slip is not None
    assert words in found.slip.explain


def test_a_slip_of_the_percentage_is_found_without_its_sign() -> None:
    found = judge("43.75", SEVEN_23RDS, slips=[slip_of(Fraction(7, 16))])
    assert found.slip is not None
    assert found.slip.formula == "(P-1)/M"


@pytest.mark.parametrize(
    ("hinted", "seconds", "grade"),
    [(False, None, 3), (True, None, 2), (False, 4.0, 4), (False, 60.0, 3), (True, 1.0, 2)],
)
def test_the_grade_suggested_for_a_right_answer(hinted: bool, seconds: float | None, grade: int) -> None:
    assert judge("30.4%", SEVEN_23RDS, hinted=hinted, seconds=seconds).suggested == grade


def test_what_cannot_be_read_is_not_judged() -> None:
    found = judge("no idea", SEVEN_23RDS)
    assert (found.right, found.value, found.suggested) == (False, None, None)


def test_another_kind_of_unit_is_said() -> None:
    found = judge("30 ms", Fraction(30), unit="GB")
    assert not found.right
    assert "ms" in found.message


def test_a_float_result_is_judged_like_a_fraction() -> None:
    assert judge("0.1", 0.1 + 0.2 - 0.2).right
    assert judge("1.41", 2**0.5).right
    assert not judge("1.42", 2**0.5).right
