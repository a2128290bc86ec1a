"""Lists of parameters of every FSRS version, held to fsrs-rs; wrong ones refused with a sentence."""

import fsrs_rs_python
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import SettingsError
from studykit.spacing.parameters import DEFAULTS, HIGHEST, LOWEST, checked, converted, version_of
from studykit.spacing.scheduler import scheduler

# The defaults that FSRS-4.5 and FSRS-5 shipped with (open-spaced-repetition, "The Algorithm").
FSRS_45 = (0.4872, 1.4003, 3.7145, 13.8206, 5.1618, 1.2298, 0.8975, 0.031, 1.6474, 0.1367, 1.0461, 2.1072, 0.0793,
           0.3246, 1.587, 0.2272, 2.8755)  # fmt: skip
FSRS_5 = (0.40255, 1.18385, 3.173, 15.69105, 7.1949, 0.5345, 1.4604, 0.0046, 1.54575, 0.1192, 1.01925, 1.9395, 0.11,
          0.29605, 2.2698, 0.2315, 2.9898, 0.51655, 0.6621)  # fmt: skip


@pytest.mark.parametrize("older", [FSRS_45, FSRS_5, DEFAULTS])
def test_an_older_list_becomes_what_fsrs_rs_makes_of_it(older: tuple[float, ...]) -> None:
    theirs = fsrs_rs_python.check_and_fill_parameters(list(older))
    assert converted(older) == pytest.approx(theirs, rel=1e-6)
    assert checked(older) == pytest.approx(theirs, rel=1e-6)  # all three lie within FSRS-6's ranges


@given(st.lists(st.floats(-50.0, 50.0), min_size=17, max_size=17))
def test_a_converted_list_is_always_one_that_fsrs_6_takes(older: list[float]) -> None:
    made = checked(older)
    assert all(low <= value <= high for value, low, high in zip(made, LOWEST, HIGHEST, strict=True))
    assert checked(made) == made


@pytest.mark.parametrize("count", [1, 13, 16, 18, 20, 22, 35])
def test_a_wrong_count_is_a_sentence(count: int) -> None:
    with pytest.raises(SettingsError, match=f"{count} parameters were given; a list has 17 \\(FSRS-4.5\\), 19"):
        checked([0.5] * count)


def test_a_list_must_be_of_the_version_it_is_said_to_be() -> None:
    assert version_of(FSRS_5) == version_of(FSRS_5, "FSRS-5") == "FSRS-5"
    with pytest.raises(SettingsError, match="19 parameters were given; a list has 21 for FSRS-6"):
        scheduler("fsrs", parameters=FSRS_5, version="FSRS-6")
    with pytest.raises(SettingsError, match="no parameters of 'FSRS-9'"):
        version_of(FSRS_5, "FSRS-9")


def test_a_number_out_of_range_is_named() -> None:
    with pytest.raises(SettingsError, match=r"w20 is 0\.9; it must lie between 0.1 and 0.8"):
        checked([*DEFAULTS[:20], 0.9])
    with pytest.raises(SettingsError, match="not a number"):
        checked([float("nan"), *FSRS_45[1:]])
