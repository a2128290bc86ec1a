"""How numbers are read: checked by name, floats as the decimals they print as, results in the caller's kind."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.pipeline.quantities import amount, amounts, ceiling, choice, exact, given_back, whole


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_survives_being_read_exactly(value: float) -> None:
    assert float(exact(value)) == value
    assert given_back(exact(value), 1.0) == value


def test_a_float_is_the_decimal_it_prints_as() -> None:
    assert exact(0.1) == Fraction(1, 10)
    assert exact(1e22) == 10**22


@given(st.fractions())
def test_exact_numbers_stay_exact(value: Fraction) -> None:
    back = given_back(value, 1, Fraction(1, 2))
    assert back == value
    assert isinstance(back, int) == (value.denominator == 1)
    assert ceiling(value) - 1 < value <= ceiling(value)


@pytest.mark.parametrize("value", [True, None, "3", float("nan"), float("inf"), -float("inf"), 2 + 0j, [1]])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"stages is .*; expected a whole number of at least 1"):
        whole("stages", value)
    with pytest.raises(ValueError, match=r"p2p is .*; expected a finite number of at least 0"):
        amount("p2p", value)


@given(st.integers(-5, 5), st.integers(-5, 5), st.integers(-5, 5))
def test_bounds_are_kept(value: int, least: int, most: int) -> None:
    if least <= value <= most:
        assert whole("n", float(value), least, most) == amount("n", value, least, most) == value
    else:
        with pytest.raises(ValueError, match="n is"):
            whole("n", value, least, most)
        with pytest.raises(ValueError, match="n is"):
            amount("n", value, least, most)


def test_numbers_of_any_size_are_read_or_refused() -> None:
    assert whole("n", 10**400) == amount("n", 10**400) == 10**400
    with pytest.raises(ValueError, match="more than a float holds"):
        given_back(Fraction(10**400), 1.0)


def test_sequences_say_which_value_is_wrong() -> None:
    assert amounts("costs", (1, 0.5)) == (1, 0.5)
    with pytest.raises(ValueError, match=r"costs\[1\] is -1"):
        amounts("costs", [1, -1])
    with pytest.raises(ValueError, match="costs is 5; expected a sequence"):
        amounts("costs", 5)


def test_choices_are_read_however_they_are_typed() -> None:
    assert choice("kind", " All_Reduce", ("all-reduce",)) == "all-reduce"
    with pytest.raises(ValueError, match="kind is 'x'; expected one of a, b"):
        choice("kind", "x", ("a", "b"))
